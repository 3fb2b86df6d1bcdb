import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toSequenceSet } from './sequence-set.ts';

const expand = (set: string): number[] =>
  set.split(',').flatMap((run) => {
    const [from = 0, to = from] = run.split(':').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });

it('joins runs', () => {
  expect(toSequenceSet([3, 1, 2, 7, 9, 8, 12])).toBe('1:3,7:9,12');
});

it('names exactly the UIDs that were given', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (uids) => {
      expect(expand(toSequenceSet(uids))).toEqual(uids.toSorted((a, b) => a - b));
    }),
  );
});
