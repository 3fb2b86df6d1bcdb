import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contact, emptyAddress, emptyContact } from './contact.ts';
import { missingFacts } from './contact-facts.ts';

const texts = (count: number, prefix: string): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

const address = (parts: Partial<Contact['addresses'][number]>): Contact => ({
  ...emptyContact(),
  addresses: [{ ...emptyAddress('work'), ...parts }],
});

const fields = (before: Contact, after: Contact): string[] =>
  missingFacts(before, after)
    .filter(({ of }) => of === '')
    .map(({ field, value }) => `${field} ${value}`);

const word = fc.constantFrom('a', ' a ', 'A', 'a\r\nb', 'a\nb', '1980-05-02', '1980.5.2', '');
const contact: fc.Arbitrary<Contact> = fc
  .record({
    notes: word,
    groups: fc.array(word, { maxLength: 3 }),
    phones: fc.array(fc.record({ label: word, isPrimary: fc.boolean(), number: word }), { maxLength: 3 }),
    dates: fc.array(fc.record({ label: word, date: word }), { maxLength: 3 }),
    others: fc.array(fc.record({ name: word, value: word }), { maxLength: 3 }),
  })
  .map((one) => ({ ...emptyContact(), ...one }));

describe('what one contact says and another one does not', () => {
  it('is the same whether they say little or very much else', () => {
    const fill = (one: Contact, more: readonly string[]): Contact => ({ ...one, groups: [...one.groups, ...more] });
    const more = texts(100, 'group ');
    fc.assert(
      fc.property(contact, contact, (a, b) => {
        expect(missingFacts(fill(a, more), fill(b, more.toReversed()))).toEqual(missingFacts(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it('is found in linear work, however much is missing', () => {
    const before = { ...emptyContact(), groups: texts(300_000, 'a') };
    const after = { ...emptyContact(), groups: [...texts(100_000, 'b'), ...texts(100_000, 'a').toReversed()] };
    expect(missingFacts(before, after)).toHaveLength(200_000);
  });

  it('is the address as a whole only where it says more than its parts', () => {
    const parts = { street: '테헤란로 1', city: '강남구', country: '대한민국' };
    const formatted = '대한민국 강남구, 테헤란로 1';
    expect(fields(address({ ...parts, formatted }), address(parts))).toEqual([]);
    expect(fields(address({ ...parts, formatted: `${formatted} (지하 2층)` }), address(parts))).toEqual([
      `address ${formatted} (지하 2층)`,
    ]);
    expect(fields(address({ formatted, country: '대한민국' }), address({ formatted }))).toEqual([]);
    expect(fields(address({ formatted: '길 1', country: '대한민국' }), address({ formatted: '길 1' }))).toEqual([
      'address.country 대한민국',
    ]);
  });
});
