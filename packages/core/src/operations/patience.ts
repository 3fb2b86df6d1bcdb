import { type ErrorCode, isMailferryError, throwIfCancelled } from '../errors.ts';
import type { ProgressMeter } from './progress-meter.ts';

/** How often an error is waited out in a row, and how long the first wait is; each next one is twice as long. */
const RULES: Partial<Record<ErrorCode, { readonly tries: number; readonly firstWaitMs: number }>> = {
  'server-busy': { tries: 8, firstWaitMs: 1000 },
  'connection-lost': { tries: 4, firstWaitMs: 250 },
  'connection-stalled': { tries: 1, firstWaitMs: 1000 },
  'connection-refused': { tries: 4, firstWaitMs: 1000 },
  'token-failed': { tries: 3, firstWaitMs: 1000 },
};
const MAX_WAIT_MS = 60_000;
/** A server that asks for a longer pause is given up for this run. */
const MAX_ASKED_MS = 30 * 60_000;

/**
 * Waits out what a server asks for or stumbles over. What it told to wait for is kept to; otherwise waits double,
 * with some chance in them, so that many clients don't come back at once. Any success starts the count anew.
 */
export class Patience {
  readonly #progress: ProgressMeter;
  #failuresInARow = 0;

  constructor(progress: ProgressMeter) {
    this.#progress = progress;
  }

  /** To be called when something came. */
  succeeded(): void {
    this.#failuresInARow = 0;
  }

  /** Runs `work` until it gets through. Errors: the last one, when waiting is no use or has been for nothing too often; `cancelled`. */
  async keepTrying<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    for (;;) {
      try {
        const result = await work();
        this.succeeded();
        return result;
      } catch (error) {
        await this.waitOut(error, signal);
      }
    }
  }

  /** Returns after the wait that `error` calls for; throws it when there is none. */
  async waitOut(error: unknown, signal: AbortSignal): Promise<void> {
    if (!isMailferryError(error) || signal.aborted) throw error;
    const rule = RULES[error.code];
    if (!rule) throw error;
    const asked = error.retryAfterMs;
    this.#failuresInARow += 1;
    if (this.#failuresInARow > rule.tries || (asked ?? 0) > MAX_ASKED_MS) throw error;
    const doubled = Math.min(rule.firstWaitMs * 2 ** (this.#failuresInARow - 1), MAX_WAIT_MS);
    await this.#wait(asked ?? doubled * (1 + Math.random() / 4), signal);
  }

  async #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    using _ = this.#progress.waiting(new Date(Date.now() + waitMs));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
    });
    throwIfCancelled(signal);
  }
}
