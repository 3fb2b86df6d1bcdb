import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DistinctNames } from './distinct-names.ts';

it('gives every thing a name of its own, the first one its very name', () => {
  const names = new DistinctNames();
  expect(['a', 'b', 'a', 'a', 'a (2)', 'a'].map((name) => names.claim(name))).toEqual(['a', 'b', 'a (2)', 'a (3)', 'a (2) (2)', 'a (4)']);
});

it('never gives one twice', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'a (2)', 'a (3)', 'a (2) (2)'), { maxLength: 40 }), (wanted) => {
      const names = new DistinctNames();
      return new Set(wanted.map((name) => names.claim(name))).size === wanted.length;
    }),
  );
});

it('takes no longer for the last of many than for the first', () => {
  const names = new DistinctNames();
  for (let i = 0; i < 200_000; i += 1) names.claim('the same');
  expect(names.claim('the same')).toBe('the same (200001)');
});
