import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MerkleTree } from './merkle-tree.ts';

const rootOf = (leaves: readonly string[]): string => {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
};

const sha256 = (...pieces: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(pieces)).digest();

/** MTH as RFC 9162 §2.1.1 writes it down. */
const byDefinition = (leaves: readonly string[]): Buffer => {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), Buffer.from(first));
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), byDefinition(leaves.slice(0, k)), byDefinition(leaves.slice(k)));
};

describe('the root', () => {
  it('is the one of the RFC for any number of leaves', () => {
    fc.assert(fc.property(fc.array(fc.string(), { maxLength: 70 }), (leaves) => rootOf(leaves) === byDefinition(leaves).toString('hex')));
  });

  it('of nothing is the hash of nothing', () => {
    expect(rootOf([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('is another when leaves are swapped, doubled, left out or grouped otherwise', () => {
    const roots = [
      ['a', 'b', 'c'],
      ['b', 'a', 'c'],
      ['a', 'b', 'c', 'c'],
      ['a', 'b'],
      ['ab', 'c'],
      ['a', 'b', 'c', ''],
    ].map(rootOf);
    expect(new Set(roots).size).toBe(roots.length);
  });
});
