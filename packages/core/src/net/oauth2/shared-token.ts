import { MailferryError, throwIfCancelled } from '../../errors.ts';
import type { TokenSource } from '../credential.ts';

export interface FreshToken {
  readonly token: string;
  /** On the clock of `now`; Infinity where only a refusal tells. */
  readonly goodUntilMs: number;
}

export interface TokenMaker {
  /** Whom errors name. */
  readonly issuer: string;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  readonly make: (signal: AbortSignal) => Promise<FreshToken>;
}

/** RFC 6749 §A.12, without spaces: nothing that could break out of a SASL response. */
const TOKEN = /^[\x21-\x7e]+$/;

/**
 * One token for all who ask, made anew when it ran out or was refused. Those who ask meanwhile wait for the same new one; making
 * it is aborted when the last of them was cancelled. A token that comes again after it was refused is `token-refused`; making
 * another for the same refused token isn't tried again. What isn't a token at all is `token-failed`.
 */
export const shareToken = ({ issuer, now, make }: TokenMaker): TokenSource => {
  let current: FreshToken | undefined;
  let cameAgain: string | undefined;
  let making: SharedRun | undefined;

  const isGood = ({ token, goodUntilMs }: FreshToken, refused: string | undefined): boolean =>
    token !== refused && token !== cameAgain && now() < goodUntilMs;
  const renew = async (signal: AbortSignal): Promise<string> => {
    const fresh = await make(signal);
    if (!TOKEN.test(fresh.token)) throw new MailferryError('token-failed', { issuer, reason: 'what it gives is no token' });
    current = fresh;
    return fresh.token;
  };
  return {
    token: async (signal, refused) => {
      throwIfCancelled(signal);
      if (refused === undefined || refused !== cameAgain) {
        if (current && isGood(current, refused)) return current.token;
        if (!making?.isOpen) making = new SharedRun(renew);
        const token = await making.join(signal);
        if (token !== refused) return token;
        cameAgain = token;
      }
      throw new MailferryError('token-refused', { issuer, reply: 'it gives the token again that was refused' });
    },
  };
};

/** One run for several who wait, each with a signal of its own. */
class SharedRun {
  /** False once it ended or was aborted: the next one who asks needs a new run. */
  isOpen = true;
  readonly #abortion = new AbortController();
  readonly #result: Promise<string>;
  #waiting = 0;

  constructor(run: (signal: AbortSignal) => Promise<string>) {
    this.#result = run(this.#abortion.signal).finally(() => {
      this.isOpen = false;
    });
  }

  async join(signal: AbortSignal): Promise<string> {
    const { promise: cancelled, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(new MailferryError('cancelled', {}));
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting += 1;
    try {
      return await Promise.race([this.#result, cancelled]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#waiting -= 1;
      if (this.#waiting === 0) {
        this.isOpen = false;
        this.#abortion.abort();
      }
    }
  }
}
