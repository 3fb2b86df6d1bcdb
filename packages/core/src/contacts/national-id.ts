import type { Contact } from './contact.ts';

/** Names of columns that hold national ids, without their blanks, in lower case. */
const NAMES = new Set(['governmentidnumber', 'nationalid', 'nationalidnumber', 'socialsecuritynumber', 'ssn']);

/** In Korean they go by several names, with more words around them. */
const KOREAN = /주민(?:등록)?번호|외국인등록번호/;

/** Whether a column or field holds national ids, which are written only where they are asked for (SPEC C11). */
export const isNationalId = (name: string): boolean => {
  const plain = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s._-]/g, '');
  return NAMES.has(plain) || KOREAN.test(plain);
};

/** The contact as it is written without being asked for more. */
export const withoutNationalIds = (contact: Contact): Contact =>
  contact.others.some(({ name }) => isNationalId(name))
    ? { ...contact, others: contact.others.filter(({ name }) => !isNationalId(name)) }
    : contact;
