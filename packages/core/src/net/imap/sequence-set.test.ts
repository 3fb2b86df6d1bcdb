import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSequenceSet, toSequenceSet } from './sequence-set.ts';

it('joins runs', () => {
  expect(toSequenceSet([3, 1, 2, 7, 9, 8, 12])).toBe('1:3,7:9,12');
});

it('names exactly the UIDs that were given', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (uids) => {
      expect(parseSequenceSet(toSequenceSet(uids), 200)).toEqual(uids.toSorted((a, b) => a - b));
    }),
  );
});

it('reads a run in either direction', () => {
  expect(parseSequenceSet('5:3,9', 10)).toEqual([3, 4, 5, 9]);
});

it.each(['', '*', '1:*', 'x', '1,,2', '1:2:3', '-1', '1:4294967295'])('takes %j for no set that can be listed', (set) => {
  expect(parseSequenceSet(set, 1000)).toBeNull();
});
