import type { Contact } from './contact.ts';

/** Names of columns that hold national ids, without their blanks, in lower case. */
const NAMES = new Set([
  'governmentidnumber',
  'nationalid',
  'nationalidnumber',
  'socialsecuritynumber',
  'ssn',
  '외국인등록번호',
  '주민등록번호',
  '주민번호',
]);

/** Whether a column or field holds national ids, which are written only where they are asked for (SPEC C11). */
export const isNationalId = (name: string): boolean => NAMES.has(name.toLowerCase().replace(/[\s._-]/g, ''));

/** The contact as it is written without being asked for more. */
export const withoutNationalIds = (contact: Contact): Contact =>
  contact.others.some(({ name }) => isNationalId(name))
    ? { ...contact, others: contact.others.filter(({ name }) => !isNationalId(name)) }
    : contact;
