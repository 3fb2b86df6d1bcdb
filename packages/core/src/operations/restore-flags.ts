import { isSendable, isSystemFlag } from '../mail/flag.ts';

/** More keywords are not tried without one at a time. */
const MAX_SINGLY = 4;

/** `\Recent` is the server's (RFC 9051 §2.3.2). */
export const isRecent = (flag: string): boolean => flag.toLowerCase() === '\\recent';

/** Which flags a mailbox of the target takes, as far as is known; it learns from what is refused. */
export class TakenFlags {
  readonly #kept: ReadonlySet<string> | null;
  readonly #refused = new Set<string>();

  /** `kept`: what the mailbox says that it keeps, in lower case; null where it keeps any, or doesn't say. */
  constructor(kept: ReadonlySet<string> | null) {
    this.#kept = kept;
  }

  /** Those of a message's flags that are taken. */
  of(flags: readonly string[]): string[] {
    return flags.filter((flag) => isSendable(flag) && !isRecent(flag) && this.#isKept(flag) && !this.#refused.has(flag.toLowerCase()));
  }

  /** A message that was refused with some flags was taken with fewer: where that is one less, it is this one. */
  learn(refused: readonly string[], taken: readonly string[]): void {
    const [dropped, ...others] = refused.filter((flag) => !taken.includes(flag));
    if (dropped !== undefined && others.length === 0) this.#refused.add(dropped.toLowerCase());
  }

  #isKept(flag: string): boolean {
    return this.#kept?.has(flag.toLowerCase()) ?? (isSystemFlag(flag) || !flag.startsWith('\\'));
  }
}

/** What a message that was refused may be taken with: without one of its keywords, without any, without all flags. */
export const fewerFlags = (flags: readonly string[]): string[][] => {
  const keywords = flags.filter((flag) => !isSystemFlag(flag));
  const system = flags.filter(isSystemFlag);
  const isSingly = keywords.length > 1 && keywords.length <= MAX_SINGLY;
  return [
    ...(isSingly ? keywords.map((keyword) => flags.filter((flag) => flag !== keyword)) : []),
    ...(keywords.length > 0 ? [system] : []),
    ...(system.length > 0 ? [[]] : []),
  ];
};
