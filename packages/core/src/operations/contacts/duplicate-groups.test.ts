import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyContact, emptyEmail } from '../../contacts/contact.ts';
import { DuplicateGroups, duplicateKeys } from './duplicate-groups.ts';

const contact = (full: string, ...addresses: string[]) => ({
  ...emptyContact(),
  name: { ...emptyContact().name, full },
  emails: addresses.map((address) => ({ ...emptyEmail(), address })),
});

describe('keys of a contact', () => {
  it('are its addresses, its name, or each address with the name', () => {
    const hong = contact('홍 길동', 'A@x.kr ', 'b@x.kr');
    expect(duplicateKeys(hong, 'email')).toEqual(['a@x.kr', 'b@x.kr']);
    expect(duplicateKeys(hong, 'name')).toEqual(['홍길동']);
    expect(duplicateKeys(hong, 'email-and-name')).toEqual(['a@x.kr\0홍길동', 'b@x.kr\0홍길동']);
    expect(duplicateKeys(contact(''), 'name')).toEqual([]);
  });
});

describe('groups of duplicates', () => {
  it('join contacts that share a key with each other only by way of a third', () => {
    const groups = new DuplicateGroups();
    for (const keys of [['a'], ['b'], ['c'], ['b', 'a'], []]) groups.add(keys);
    expect([...groups.several()]).toEqual([[0, [0, 1, 3]]]);
  });

  it('are those of the plain definition: all that can be reached by shared keys', () => {
    const key = fc.integer({ min: 0, max: 12 }).map(String);
    fc.assert(
      fc.property(fc.array(fc.array(key, { maxLength: 3 }), { maxLength: 30 }), (contacts) => {
        const groups = new DuplicateGroups();
        for (const keys of contacts) groups.add(keys);
        const reached = (start: number): number[] => {
          const found = new Set([start]);
          for (const index of found) {
            for (const [other, keys] of contacts.entries()) if (keys.some((one) => contacts[index]?.includes(one))) found.add(other);
          }
          return [...found].toSorted((a, b) => a - b);
        };
        for (const index of contacts.keys()) expect(groups.groupOf(index)).toBe(reached(index)[0]);
      }),
    );
  });
});
