import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MailferryError } from '../../errors.ts';
import type { PreparedBody } from './prepare-body.ts';
import { ownBuffer, type PreparedBatch } from './prepared-batch.ts';

/** Bodies go to a thread together: each trip costs as much as some kilobytes of work. */
const BATCH_BYTES = 256 * 1024;
/** More would wait for the writing of the part. */
const MAX_THREADS = 2;
/** Bodies are given back when a thread collects its garbage: the smaller its heap, the sooner. It holds 6 MB at a time. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 24 };

/** The sources run as they are in tests, and compiled everywhere else. */
const THREAD = new URL(`./preparer-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

interface Waiting {
  readonly resolve: (prepared: PreparedBody) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** The batches that it has, in its order. */
  readonly underWay: (readonly Waiting[])[];
}

/**
 * Hashes and deflates messages in threads of its own, while others are on their way.
 * A body that was handed over may not be used any more.
 */
export class BodyPreparer {
  readonly #threads: readonly Thread[];
  #bodies: Uint8Array[] = [];
  #waiting: Waiting[] = [];
  #bytes = 0;
  #failure: unknown;

  constructor() {
    this.#threads = Array.from({ length: Math.min(MAX_THREADS, availableParallelism()) }, () => this.#start());
  }

  /** Errors: `internal` when a thread is gone. */
  prepare(body: Buffer): Promise<PreparedBody> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<PreparedBody>();
    this.#bodies.push(ownBuffer(body));
    this.#waiting.push({ resolve, reject });
    this.#bytes += body.length;
    if (this.#bytes >= BATCH_BYTES) this.#send();
    else if (this.#bodies.length === 1) setImmediate(() => this.#send());
    return promise;
  }

  /** Ends the threads; whoever still waits gets an error. To be called, or the process stays. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(): Thread {
    const worker = new Worker(THREAD, { resourceLimits: THREAD_LIMITS });
    const thread: Thread = { worker, underWay: [] };
    worker.on('message', (batch: PreparedBatch) => {
      const waiting = thread.underWay.shift() ?? [];
      for (const [i, { data, ...rest }] of batch.entries()) {
        waiting[i]?.resolve({ ...rest, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength) });
      }
    });
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('a thread ended')));
    return thread;
  }

  /** To the thread that has the least to do. */
  #send(): void {
    if (this.#bodies.length === 0) return;
    const [thread] = this.#threads.toSorted((a, b) => a.underWay.length - b.underWay.length);
    thread?.underWay.push(this.#waiting);
    thread?.worker.postMessage(
      this.#bodies,
      this.#bodies.map(({ buffer }) => buffer as ArrayBuffer),
    );
    this.#bodies = [];
    this.#waiting = [];
    this.#bytes = 0;
  }

  #fail(cause: unknown): void {
    this.#failure ??= new MailferryError('internal', { reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
    const waiting = [...this.#threads.flatMap(({ underWay }) => underWay.splice(0).flat()), ...this.#waiting];
    for (const { reject } of waiting) reject(this.#failure);
    this.#waiting = [];
    this.#bodies = [];
  }
}
