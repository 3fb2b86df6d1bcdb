import type { PreparedBody } from './prepare-body.ts';
import { ownBuffer, toBuffer } from './thread-jobs.ts';
import type { WorkThreads } from './work-threads.ts';

/** Bodies go to a thread together: each trip costs as much as some kilobytes of work. */
const BATCH_BYTES = 256 * 1024;

interface Waiting {
  readonly resolve: (prepared: PreparedBody) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hashes and deflates messages in threads, while others are on their way.
 * A body that was handed over may not be used any more.
 */
export class BodyPreparer {
  readonly #threads: WorkThreads;
  #bodies: Uint8Array[] = [];
  #waiting: Waiting[] = [];
  #bytes = 0;

  constructor(threads: WorkThreads) {
    this.#threads = threads;
  }

  /** Errors: `internal` when a thread is gone. */
  prepare(body: Buffer): Promise<PreparedBody> {
    const { promise, resolve, reject } = Promise.withResolvers<PreparedBody>();
    this.#bodies.push(ownBuffer(body));
    this.#waiting.push({ resolve, reject });
    this.#bytes += body.length;
    if (this.#bytes >= BATCH_BYTES) this.#send();
    else if (this.#bodies.length === 1) setImmediate(() => this.#send());
    return promise;
  }

  #send(): void {
    if (this.#bodies.length === 0) return;
    const [bodies, waiting] = [this.#bodies, this.#waiting];
    this.#bodies = [];
    this.#waiting = [];
    this.#bytes = 0;
    this.#threads.run({ kind: 'prepare', bodies }, bodies).then(
      ({ prepared }) => {
        for (const [i, { data, ...rest }] of prepared.entries()) waiting[i]?.resolve({ ...rest, data: toBuffer(data) });
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(error);
      },
    );
  }
}
