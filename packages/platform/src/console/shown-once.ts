import { randomBytes } from 'node:crypto';

const LIFE_MS = 10 * 60 * 1000;
const MAX_KEPT = 1000;

/** A secret on its way to the page that shows it. */
export interface Secret {
  readonly kind: 'password' | 'one-time-secret';
  readonly text: string;
}

/** Keeps what a page shows a single time, between the POST that made it and the GET that shows it. In memory, for 10 minutes. */
export class ShownOnce {
  readonly #kept = new Map<string, Secret & { readonly accountId: number; readonly until: number }>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Gives the key to ask with. `readerId` is the account that may see it. */
  keep(readerId: number, secret: Secret): string {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    const key = randomBytes(16).toString('base64url');
    this.#kept.set(key, { ...secret, accountId: readerId, until: this.#now().getTime() + LIFE_MS });
    return key;
  }

  /** Null the second time, for others, and when it is too late. */
  take(readerId: number, key: string): Secret | null {
    const found = this.#kept.get(key);
    if (found?.accountId !== readerId) return null;
    this.#kept.delete(key);
    return this.#now().getTime() < found.until ? found : null;
  }
}
