import { describe, expect, it } from 'vitest';
import { type ContactDraft, emptyContact, emptyEmail } from './contact.ts';
import { MergeConflicts } from './merge-conflicts.ts';
import { mergeContacts } from './merge-contacts.ts';

const contact = (fill: Partial<ContactDraft>): ContactDraft => ({
  ...emptyContact(),
  emails: [{ ...emptyEmail(), address: 'kim@work.example' }],
  ...fill,
});

const conflicts = (...contacts: readonly ContactDraft[]): string[] => {
  const merged = new MergeConflicts(mergeContacts(contacts));
  return contacts.flatMap((one) => merged.of(one).map(({ field, value }) => `${field} ${value}`));
};

describe('MergeConflicts', () => {
  it('tells a value that stands in another field by chance', () => {
    const phones = [{ label: 'mobile', isPrimary: false, number: '010-1234-5678' }];
    const first = contact({ phones, others: [{ name: 'User 1', value: '999' }] });
    expect(conflicts(first, contact({ others: [{ name: 'User 1', value: '1234' }] }))).toEqual(['other 1234']);
  });

  it('tells the label that the same number has in another contact', () => {
    const phone = (label: string): ContactDraft => contact({ phones: [{ label, isPrimary: false, number: '010' }] });
    expect(conflicts(phone('mobile'), phone('work'))).toEqual(['phone.label work']);
  });

  it('finds no conflict in case, blanks, and notes that were put together', () => {
    const first = contact({ notes: 'one', groups: ['Friends'] });
    const second = contact({ notes: 'two', groups: ['friends'], emails: [{ ...emptyEmail(), address: 'KIM@work.example' }] });
    expect(conflicts(first, second)).toEqual([]);
  });

  it('asks thousands of contacts in linear time', () => {
    const all = Array.from({ length: 5000 }, (_, index) =>
      contact({
        phones: [{ label: 'mobile', isPrimary: false, number: `010-${index}` }],
        organizations: [{ name: `회사 ${index}`, department: '', title: '', role: '', office: '', phoneticName: '' }],
        notes: `메모 ${index}.`,
      }),
    );
    const start = performance.now();
    expect(conflicts(...all)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
