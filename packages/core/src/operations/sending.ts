import PQueue from 'p-queue';
import { throwIfCancelled } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SealedPart } from '../ledger/part-records.ts';
import type { UploadTarget } from '../target/upload-target.ts';
import type { ProgressMeter } from './progress-meter.ts';
import { sendPart } from './send-parts.ts';

export interface SendingOptions {
  readonly directory: string;
  readonly ledger: Ledger;
  readonly target: UploadTarget;
  readonly signal: AbortSignal;
}

/**
 * Sends sealed parts one after the other, beside whatever else goes on. The first failure ends it,
 * and `signal` tells the others.
 */
export class Sending {
  readonly #options: SendingOptions;
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #failure = new AbortController();
  readonly #waiting = new Set<SealedPart>();
  #progress: ProgressMeter | null = null;
  #isStopped = false;
  #takenMessages = 0;
  #sentParts = 0;

  constructor(options: SendingOptions) {
    this.#options = options;
  }

  /** Aborted when the run is, or when a part could not be sent. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#options.signal, this.#failure.signal]);
  }

  /** Messages that the target took in this run. */
  get takenMessages(): number {
    return this.#takenMessages;
  }

  get sentParts(): number {
    return this.#sentParts;
  }

  /** Puts a part in the queue; gives back at once. */
  add(part: SealedPart): void {
    this.#waiting.add(part);
    const signal = this.signal;
    this.#queue
      .add(async () => {
        if (signal.aborted || this.#isStopped) return;
        this.#takenMessages += await sendPart({ ...this.#options, signal, progress: this.#progress }, part);
        this.#sentParts += 1;
        this.#waiting.delete(part);
      })
      .catch((error: unknown) => this.#failure.abort(error));
  }

  /** Waits until everything is sent, and shows it. Throws what ended it early. */
  async finish(progress: ProgressMeter): Promise<void> {
    const waiting = [...this.#waiting];
    progress.begin('uploading', {
      messages: waiting.reduce((sum, part) => sum + part.entryCount, 0),
      bytes: waiting.reduce((sum, part) => sum + part.sizeBytes, 0),
    });
    this.#progress = progress;
    await this.#queue.onIdle();
    this.throwIfFailed();
  }

  /** Waits for the part that is under way, without starting another. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#queue.onIdle();
  }

  throwIfFailed(): void {
    if (this.#failure.signal.aborted) throw this.#failure.signal.reason;
    throwIfCancelled(this.#options.signal);
  }
}
