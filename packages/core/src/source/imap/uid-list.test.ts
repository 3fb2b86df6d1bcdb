import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UidList } from './uid-list.ts';

it('has every UID once and in order, with a size that was given for it', () => {
  const entry = fc.tuple(fc.integer({ min: 1, max: 0xffff_ffff }), fc.integer({ min: 0, max: 0xffff_ffff }));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 3000 }), (entries) => {
      const list = new UidList();
      for (const [uid, sizeBytes] of entries) list.add(uid, sizeBytes);
      list.sort();
      const found = [...list];
      expect(found.map(({ locator }) => locator)).toEqual([...new Set(entries.map(([uid]) => uid))].toSorted((a, b) => a - b));
      expect(list.length).toBe(found.length);
      expect(list.highest).toBe(Math.max(0, ...entries.map(([uid]) => uid)));
      const given = new Set(entries.map(([uid, sizeBytes]) => `${uid} ${sizeBytes}`));
      for (const { locator, sizeBytes } of found) expect(given).toContain(`${locator} ${sizeBytes}`);
      expect([...list]).toEqual(found);
    }),
    { numRuns: 50 },
  );
});

it('keeps a size that is too big as the biggest', () => {
  const list = new UidList();
  list.add(1, 2 ** 40);
  expect([...list]).toEqual([{ locator: 1, sizeBytes: 0xffff_ffff }]);
});
