import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ShortHashes } from './short-hash.ts';

const digitsOf = (...hashes: string[]): number => {
  const short = new ShortHashes();
  for (const hash of hashes) short.add(hash.padEnd(64, '0'));
  return short.digits();
};

describe('short hashes', () => {
  it.each<[string[], number]>([
    [[], 8],
    [['a'], 8],
    [['aaaaaaaa1', 'aaaaaaaa1'], 8],
    [['aaaaaaa1', 'aaaaaaa2'], 8],
    [['aaaaaaaa1', 'aaaaaaaa2'], 9],
    [['ffffffff0001', 'ffffffff0002', '0'], 12],
    [['aaaaaaaaaaaaaaaa1', 'aaaaaaaaaaaaaaaa2'], 8],
  ])('%j need %i digits', (hashes, expected) => {
    expect(digitsOf(...hashes)).toBe(expected);
  });

  it('tell many apart', () => {
    const hashes = Array.from({ length: 5_000 }, (_, n) => createHash('sha256').update(String(n)).digest('hex'));
    const digits = digitsOf(...hashes);
    expect(new Set(hashes.map((hash) => hash.slice(0, digits))).size).toBe(5_000);
  });
});
