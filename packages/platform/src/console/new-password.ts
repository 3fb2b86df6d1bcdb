import { randomInt } from 'node:crypto';

/** Without letters and digits that look alike. */
const KINDS = ['abcdefghjkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '-_.+='];
const LENGTH = 20;

const pick = (from: string): string => from.charAt(randomInt(from.length));

/** At random, with every kind of character in it, and as long as the policy wants, at least 20 (SPEC A10). */
export const newPassword = (minLength: number): string => {
  const all = KINDS.join('');
  const length = Math.max(LENGTH, minLength);
  for (;;) {
    const password = Array.from({ length }, () => pick(all)).join('');
    if (KINDS.every((kind) => [...kind].some((character) => password.includes(character)))) return password;
  }
};
