import { describe, expect, it } from 'vitest';
import { type Contact, emptyContact, emptyEmail, emptyOrganization } from './contact.ts';
import { missingFacts } from './contact-facts.ts';
import { mergeContacts } from './merge-contacts.ts';

const contact = (change: Partial<Contact>): Contact => ({ ...emptyContact(), ...change });
const email = (address: string, isPrimary = false) => ({ ...emptyEmail(), address, isPrimary });
const phone = (number: string) => ({ label: 'mobile', isPrimary: false, number });
const full = (name: string): Contact['name'] => ({ ...emptyContact().name, full: name });

describe('contacts of one person', () => {
  it('are put together: lists without repetition, gaps filled, notes one below the other', () => {
    const merged = mergeContacts([
      contact({ name: full('홍길동'), emails: [email('a@x.kr')], phones: [phone('010-1234-5678')], notes: '하나', groups: ['친구'] }),
      contact({
        name: { ...full('홍 길동'), nickname: '길동이' },
        emails: [email('A@x.kr'), email('b@x.kr')],
        phones: [phone('01012345678'), phone('02-1')],
        organizations: [{ ...emptyOrganization(), name: '한빛' }],
        notes: '둘',
        groups: ['가족', '친구'],
      }),
    ]);
    expect(merged.name).toMatchObject({ full: '홍길동', nickname: '길동이' });
    expect(merged.emails.map(({ address }) => address)).toEqual(['a@x.kr', 'b@x.kr']);
    expect(merged.phones.map(({ number }) => number)).toEqual(['010-1234-5678', '02-1']);
    expect(merged).toMatchObject({ organizations: [{ name: '한빛' }], notes: '하나\n둘', groups: ['친구', '가족'] });
  });

  it('keep what the first one says where they say different things, and the other is missing', () => {
    const [a, b] = [contact({ name: full('홍길동') }), contact({ name: full('홍판서') })];
    const merged = mergeContacts([a, b]);
    expect(merged.name.full).toBe('홍길동');
    expect(missingFacts(b, merged).map(({ field, value }) => [field, value])).toEqual([['name', '홍판서']]);
  });

  it('have one primary address at most', () => {
    const merged = mergeContacts([contact({ emails: [email('a@x.kr', true)] }), contact({ emails: [email('b@x.kr', true)] })]);
    expect(merged.emails.map(({ isPrimary }) => isPrimary)).toEqual([true, false]);
  });

  it('are two organizations where they work at two', () => {
    const at = (name: string, title = '') => contact({ organizations: [{ ...emptyOrganization(), name, title }] });
    expect(mergeContacts([at('한빛'), at('한빛', '과장'), at('대한')]).organizations).toMatchObject([
      { name: '한빛', title: '과장' },
      { name: '대한' },
    ]);
  });
});
