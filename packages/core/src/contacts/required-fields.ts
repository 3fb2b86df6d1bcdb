import type { Contact } from './contact.ts';
import type { RequiredField, RowProblem } from './contact-format.ts';
import { displayName } from './display-name.ts';

/** Wide enough for every address in use, and narrow enough to tell a column that holds something else. */
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/** What a contact lacks of what is required (SPEC C4); null if it has it all. */
export const requiredProblem = (contact: Contact, requires: readonly RequiredField[]): RowProblem | null => {
  if (requires.includes('name') && displayName(contact).trim() === '') return 'name-missing';
  if (!requires.includes('email')) return null;
  const address = contact.emails[0]?.address.trim() ?? '';
  if (address === '') return 'email-missing';
  return EMAIL.test(address) ? null : 'email-invalid';
};
