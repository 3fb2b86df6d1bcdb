import { randomBytes, randomInt } from 'node:crypto';

const KINDS = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '-_.!'];
const LENGTH = 20;

/** A password of 20 characters, or more where the policy wants them, with all four kinds among them. */
export const generatePassword = (minLength: number): string => {
  const characters = KINDS.map((kind) => kind.charAt(randomInt(kind.length)));
  const all = KINDS.join('');
  while (characters.length < Math.max(LENGTH, minLength)) characters.push(all.charAt(randomInt(all.length)));
  // Sorted by chance: where the kinds stand tells nothing.
  return characters
    .map((character) => ({ character, key: randomBytes(8).readBigUInt64LE() }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ character }) => character)
    .join('');
};
