import { setTimeout as sleep } from 'node:timers/promises';

interface Failures {
  count: number;
  lastAt: number;
}

const FORGET_MS = 10 * 60_000;
/** The wait doubles with every so many failures, up to 2^MAX_DOUBLINGS times the first. */
const FAILURES_A_STEP = 3;
const MAX_DOUBLINGS = 5;
/** So many failed log-ins of one address may wait for their answer at once. */
const MAX_WAITING = 100;
const MAX_KEYS = 50_000;

/** Slows those who guess passwords, by their address and by the user they try. A right password is never slowed. */
export class GuessBrake {
  readonly #firstMs: number;
  readonly #now: () => Date;
  readonly #failures = new Map<string, Failures>();
  readonly #waiting = new Map<string, number>();

  constructor(firstMs: number, now: () => Date) {
    this.#firstMs = firstMs;
    this.#now = now;
  }

  /** False while too many failed log-ins of that address wait for their answer. */
  admits(address: string): boolean {
    return (this.#waiting.get(address) ?? 0) < MAX_WAITING;
  }

  /** Notes a failure and resolves when it may be answered. */
  async wait(address: string, user: string): Promise<void> {
    const failures = Math.max(this.#note(`a ${address}`), this.#note(`u ${user.toLowerCase().slice(0, 320)}`));
    if (this.#firstMs === 0) return;
    this.#waiting.set(address, (this.#waiting.get(address) ?? 0) + 1);
    await sleep(this.#firstMs * 2 ** Math.min(Math.floor((failures - 1) / FAILURES_A_STEP), MAX_DOUBLINGS));
    const others = (this.#waiting.get(address) ?? 1) - 1;
    if (others > 0) this.#waiting.set(address, others);
    else this.#waiting.delete(address);
  }

  /** After a right password. The address stays as it is: its other guesses may be at other users. */
  forgive(user: string): void {
    this.#failures.delete(`u ${user.toLowerCase()}`);
  }

  /** Gives how many there were of late. */
  #note(key: string): number {
    const now = this.#now().getTime();
    const before = this.#failures.get(key);
    const count = before && now - before.lastAt < FORGET_MS ? before.count + 1 : 1;
    if (this.#failures.size >= MAX_KEYS) this.#failures.clear();
    this.#failures.set(key, { count, lastAt: now });
    return count;
  }
}
