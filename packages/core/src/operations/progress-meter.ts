import type { OnProgress, Phase, Progress } from './progress.ts';

/** Keeps the figures of a run and tells them on. Within a phase they only grow. */
export class ProgressMeter {
  readonly #onProgress: OnProgress;
  #progress: Progress = {
    phase: 'connecting',
    messagesDone: 0,
    messagesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    current: null,
    waitingUntil: null,
  };
  readonly #waits = new Set<Date>();

  constructor(onProgress: OnProgress | undefined) {
    this.#onProgress = onProgress ?? (() => undefined);
  }

  get phase(): Phase {
    return this.#progress.phase;
  }

  /** Begins a phase with its totals, as far as they are known. */
  begin(phase: Phase, totals: { messages?: number; bytes?: number } = {}): void {
    const { waitingUntil } = this.#progress;
    const { messages = 0, bytes = 0 } = totals;
    this.#tell({ phase, messagesDone: 0, messagesTotal: messages, bytesDone: 0, bytesTotal: bytes, current: null, waitingUntil });
  }

  /** Adds to what is to be done. */
  expect(messages: number, bytes: number): void {
    const { messagesTotal, bytesTotal } = this.#progress;
    this.#tell({ ...this.#progress, messagesTotal: messagesTotal + messages, bytesTotal: bytesTotal + bytes });
  }

  /** Adds to what is done. */
  advance(messages: number, bytes: number, current?: string): void {
    const { messagesDone, bytesDone } = this.#progress;
    this.#tell({
      ...this.#progress,
      messagesDone: messagesDone + messages,
      bytesDone: bytesDone + bytes,
      current: current ?? this.#progress.current,
    });
  }

  /** Says that something waits until then, until the result is disposed of. */
  waiting(until: Date): Disposable {
    this.#waits.add(until);
    this.#tellWaits();
    return {
      [Symbol.dispose]: () => {
        this.#waits.delete(until);
        this.#tellWaits();
      },
    };
  }

  #tellWaits(): void {
    const times = Array.from(this.#waits, (until) => until.getTime());
    this.#tell({ ...this.#progress, waitingUntil: times.length === 0 ? null : new Date(Math.max(...times)) });
  }

  #tell(progress: Progress): void {
    this.#progress = progress;
    this.#onProgress(progress);
  }
}
