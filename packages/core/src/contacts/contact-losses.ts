import type { Contact } from './contact.ts';
import { type ContactFact, forEachFact, missingFacts } from './contact-facts.ts';
import { displayAddress } from './display-address.ts';
import { displayName } from './display-name.ts';
import { isNationalId } from './national-id.ts';
import { isSameContact } from './same-contact.ts';

/** Why something of a contact is not in the file that was written. Permanent. */
export const LOSS_REASONS = [
  /** The format has no place for it, or no more. */
  'no-place',
  /** It stands there in other words: in another field, or as a part of one. */
  'merged',
  /** A national id, not written without being asked for (SPEC C11), or a password on its way to another format. */
  'withheld',
  /** Two contacts were made one, and the other one's value stands there. */
  'conflict',
] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

/** Something of a contact that a reader of the written file does not get. */
export interface ContactLoss extends ContactFact {
  readonly reason: LossReason;
}

const plain = (text: string): string => text.replace(/[\s,]+/g, '').toLowerCase();

/** A shorter text stands in nearly every other one by chance. */
const TELLING_LENGTH = 3;

/** Everything that a contact says, to find out whether something stands in it in another place. */
class ContactText {
  readonly #values: string[] = [];

  constructor(contact: Contact) {
    forEachFact(contact, (_field, value) => this.#values.push(plain(value)));
  }

  /** In characters. */
  get length(): number {
    return this.#values.reduce((sum, one) => sum + one.length, 0);
  }

  holds(value: string): boolean {
    const text = plain(value);
    return this.#values.some((one) => one === text || (text.length >= TELLING_LENGTH && one.includes(text)));
  }
}

/** Names of fields that hold passwords. */
const PASSWORDS = new Set(['비밀번호', 'password', 'passwd', '암호']);

const isPassword = (name: string): boolean => PASSWORDS.has(name.trim().toLowerCase());

/** Whether the values of a field are secrets, which no report repeats. */
export const isSecretField = (name: string): boolean => isPassword(name) || isNationalId(name);

/** The contact as it goes into a file of another format: the passwords of a list of users are nothing for an address book. */
export const withoutPasswords = (contact: Contact): Contact =>
  contact.others.some(({ name }) => isPassword(name))
    ? { ...contact, others: contact.others.filter(({ name }) => !isPassword(name)) }
    : contact;

/** In characters: so much is not looked through to find a value in other words. */
const MAX_SEARCH = 200_000_000;

/** Whether an address of that label holds what the label was said of, though its parts stand there in one text. */
const isLabelHeld = ({ field, value, of }: ContactFact, { addresses }: Contact): boolean =>
  field === 'address.label' && addresses.some((address) => address.label === value && plain(displayAddress(address)).includes(plain(of)));

const reasonOf = (fact: ContactFact, held: Contact, text: ContactText | null): LossReason => {
  if (fact.field === 'other' && isSecretField(fact.label)) return 'withheld';
  // Parts of a name are short: they stand in the whole one, and nowhere else.
  if (fact.field.startsWith('name.')) return plain(displayName(held)).includes(plain(fact.value)) ? 'merged' : 'no-place';
  if (fact.of !== '') return isLabelHeld(fact, held) ? 'merged' : 'no-place';
  return text?.holds(fact.value) ? 'merged' : 'no-place';
};

/** What `contact` says and `held`, which is what was written of it, does not. */
export const contactLosses = (contact: Contact, held: Contact): ContactLoss[] => {
  if (isSameContact(contact, held)) return [];
  const missing = missingFacts(contact, held);
  if (missing.length === 0) return [];
  const heldText = new ContactText(held);
  const text = heldText.length * missing.length > MAX_SEARCH ? null : heldText;
  // A label or a mark is no loss of its own where its value is lost.
  const lost = new Set(missing.filter(({ of }) => of === '').map(({ field, value }) => `${field}\0${value}`));
  return missing
    .filter(({ field, of }) => of === '' || !lost.has(`${field.split('.', 1)[0]}\0${of}`))
    .map((fact) => ({ ...fact, reason: reasonOf(fact, held, text) }));
};
