import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MailferryError } from '../../errors.ts';
import type { Answer, Job } from './thread-jobs.ts';

/** More would wait for the disk. */
const MAX_THREADS = 2;
/** Bodies are given back when a thread collects its garbage: the smaller its heap, the sooner. It holds 6 MB at a time. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 24 };
/** The sources run as they are in tests, and compiled everywhere else. */
const THREAD = new URL(`./work-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Who waits for its answers, in its order. */
  readonly underWay: Waiting[];
}

/** Threads that deflate and check messages. They start with the first job, or before it. */
export class WorkThreads {
  #threads: readonly Thread[] = [];
  #failure: unknown;

  /** Starts them where they will be needed: that takes a while. */
  start(): void {
    if (this.#threads.length === 0)
      this.#threads = Array.from({ length: Math.min(MAX_THREADS, availableParallelism()) }, () => this.#start());
  }

  /** To the thread that has the least to do. The memory of `given` goes with the job. Errors: `internal` when a thread is gone. */
  run<Kind extends Job['kind']>(
    job: Job & { readonly kind: Kind },
    given: readonly Uint8Array[],
  ): Promise<Answer & { readonly kind: Kind }> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.start();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const [thread] = this.#threads.toSorted((a, b) => a.underWay.length - b.underWay.length);
    thread?.underWay.push({ resolve, reject });
    thread?.worker.postMessage(
      job,
      given.map(({ buffer }) => buffer as ArrayBuffer),
    );
    return promise as Promise<Answer & { readonly kind: Kind }>;
  }

  /** Ends the threads; whoever still waits gets an error. To be called, or the process stays. */
  async close(): Promise<void> {
    this.#fail(new Error('the threads were ended'));
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(): Thread {
    const worker = new Worker(THREAD, { resourceLimits: THREAD_LIMITS });
    const thread: Thread = { worker, underWay: [] };
    worker.on('message', (answer: Answer) => thread.underWay.shift()?.resolve(answer));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('a thread ended')));
    return thread;
  }

  #fail(cause: unknown): void {
    this.#failure ??= new MailferryError('internal', { reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
    for (const { reject } of this.#threads.flatMap(({ underWay }) => underWay.splice(0))) reject(this.#failure);
  }
}
