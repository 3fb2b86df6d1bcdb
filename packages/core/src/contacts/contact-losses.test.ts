import { describe, expect, it } from 'vitest';
import { type Contact, emptyAddress, emptyContact, emptyEmail } from './contact.ts';
import { contactLosses } from './contact-losses.ts';

const contact = (change: Partial<Contact>): Contact => ({ ...emptyContact(), ...change });
const named = (parts: Partial<Contact['name']>): Contact['name'] => ({ ...emptyContact().name, ...parts });
const lost = (before: Partial<Contact>, held: Partial<Contact>): string[] =>
  contactLosses(contact(before), contact(held)).map(({ field, label, reason }) =>
    [field, label, reason].filter((piece) => piece !== '').join(' '),
  );

describe('what a format could not hold', () => {
  it('is nothing where the same is said, whatever the white space and the order', () => {
    const [a, b] = [
      { label: 'work', isPrimary: false, number: '02-1' },
      { label: 'mobile', isPrimary: false, number: '010-2 ' },
    ];
    expect(lost({ phones: [a, b], notes: 'a\r\nb' }, { phones: [{ ...b, number: '010-2' }, a], notes: 'a\nb' })).toEqual([]);
  });

  it('stands in another field where parts of a name are joined, however short they are', () => {
    expect(lost({ name: named({ family: '김', given: '민준' }) }, { name: named({ full: '김민준' }) })).toEqual([
      'name.given merged',
      'name.family merged',
    ]);
  });

  it('stands in another field where parts of an address are put into one text, and so does its label', () => {
    const address = { ...emptyAddress('work'), street: '테헤란로 1', city: '강남구' };
    expect(lost({ addresses: [address] }, { addresses: [{ ...emptyAddress('work'), formatted: '강남구 테헤란로 1' }] })).toEqual([
      'address.street work merged',
      'address.city work merged',
      'address.label merged',
    ]);
  });

  it('is the label alone where a number stands under another one', () => {
    const phone = { label: 'car', isPrimary: false, number: '010-1' };
    expect(lost({ phones: [phone] }, { phones: [{ ...phone, label: 'other' }] })).toEqual(['phone.label no-place']);
  });

  it('is the number, and not its label besides, where the number is gone', () => {
    expect(lost({ phones: [{ label: 'car', isPrimary: false, number: '010-1' }] }, {})).toEqual(['phone car no-place']);
  });

  it('is which one is primary, unless that is the first', () => {
    const emails = (primary: number) =>
      ['a@x.kr', 'b@x.kr'].map((address, index) => ({ ...emptyEmail(), address, isPrimary: index === primary }));
    expect(lost({ emails: emails(0) }, { emails: emails(-1) })).toEqual([]);
    expect(lost({ emails: emails(1) }, { emails: emails(-1) })).toEqual(['email.primary no-place']);
  });

  it('C11: is withheld where it is a national id', () => {
    const others = [{ name: 'Government ID Number', value: '800101-1234567' }];
    expect(lost({ others }, {})).toEqual(['other Government ID Number withheld']);
  });

  it('tells dates apart by what they are, and knows one by its day', () => {
    const birthday = [{ label: 'birthday', date: '1980-05-02' }];
    expect(lost({ dates: birthday }, { dates: [{ label: 'birthday', date: '1980. 5. 2.' }] })).toEqual([]);
    expect(lost({ dates: birthday }, { dates: [{ label: 'anniversary', date: '1980-05-02' }] })).toEqual(['date birthday merged']);
    expect(lost({ dates: [{ label: 'birthday', date: '3/4/1980' }] }, { dates: [{ label: 'birthday', date: '1980-03-04' }] })).toEqual([
      'date birthday no-place',
    ]);
  });
});
