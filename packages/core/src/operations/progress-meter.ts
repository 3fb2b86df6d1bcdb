import type { OnProgress, Phase, Progress } from './progress.ts';

/** Keeps the figures of a run and tells them on. Within a phase they only grow. */
export class ProgressMeter {
  readonly #onProgress: OnProgress;
  #progress: Progress = { phase: 'connecting', messagesDone: 0, messagesTotal: 0, bytesDone: 0, bytesTotal: 0, current: null };

  constructor(onProgress: OnProgress | undefined) {
    this.#onProgress = onProgress ?? (() => undefined);
  }

  /** Begins a phase with its totals, as far as they are known. */
  begin(phase: Phase, totals: { messages?: number; bytes?: number } = {}): void {
    this.#tell({ phase, messagesDone: 0, messagesTotal: totals.messages ?? 0, bytesDone: 0, bytesTotal: totals.bytes ?? 0, current: null });
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

  #tell(progress: Progress): void {
    this.#progress = progress;
    this.#onProgress(progress);
  }
}
