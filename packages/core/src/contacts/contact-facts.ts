import type { Contact, PostalAddress } from './contact.ts';
import { displayAddress } from './display-address.ts';
import { displayName } from './display-name.ts';
import { isoDate } from './iso-date.ts';

/** What there is to know of a contact, field by field: the words of reports. */
export const CONTACT_FIELDS = [
  'name',
  'name.prefix',
  'name.given',
  'name.middle',
  'name.family',
  'name.suffix',
  'name.nickname',
  'name.fileAs',
  'name.phoneticGiven',
  'name.phoneticMiddle',
  'name.phoneticFamily',
  'email',
  'email.label',
  'email.primary',
  'email.displayName',
  'email.type',
  'phone',
  'phone.label',
  'phone.primary',
  'address',
  'address.label',
  'address.primary',
  'address.street',
  'address.extended',
  'address.street3',
  'address.poBox',
  'address.city',
  'address.region',
  'address.postalCode',
  'address.country',
  'organization.name',
  'organization.department',
  'organization.title',
  'organization.role',
  'organization.office',
  'organization.phoneticName',
  'date',
  'url',
  'url.label',
  'url.primary',
  'messenger',
  'messenger.label',
  'messenger.primary',
  'messenger.protocol',
  'relation',
  'notes',
  'group',
  'photo',
  'other',
] as const;
export type ContactField = (typeof CONTACT_FIELDS)[number];

/** One thing that a contact says. */
export interface ContactFact {
  readonly field: ContactField;
  /** As it stands in the contact. */
  readonly value: string;
  /** What the value is for: the label of a telephone number or a date, the name of another field. */
  readonly label: string;
  /** What the fact is about, where it is about a value: the address that a label or a mark belongs to. */
  readonly of: string;
}

type OnFact = (field: ContactField, value: string, label: string, of: string) => void;

const NAME_PARTS = ['prefix', 'middle', 'suffix', 'nickname', 'fileAs', 'phoneticGiven', 'phoneticMiddle', 'phoneticFamily'] as const;
const ADDRESS_PARTS = ['street', 'extended', 'street3', 'poBox', 'city', 'region', 'postalCode', 'country'] as const;
const ORGANIZATION_PARTS = ['name', 'department', 'title', 'role', 'office', 'phoneticName'] as const;

const nameFacts = (contact: Contact, onFact: OnFact): void => {
  const { name } = contact;
  const shown = displayName(contact);
  if (shown !== '') onFact('name', shown, '', '');
  // A name of one part says no more than the name does.
  if (name.given !== '' && name.given !== shown) onFact('name.given', name.given, '', '');
  if (name.family !== '' && name.family !== shown) onFact('name.family', name.family, '', '');
  for (const part of NAME_PARTS) if (name[part] !== '' && name[part] !== shown) onFact(`name.${part}`, name[part], '', '');
};

/** The label of a value, and whether it is the primary one without being the first. */
const markFacts = (
  kind: 'email' | 'phone' | 'address' | 'url' | 'messenger',
  { label, isPrimary }: { readonly label: string; readonly isPrimary: boolean },
  index: number,
  of: string,
  onFact: OnFact,
): void => {
  if (label !== '') onFact(`${kind}.label`, label, '', of);
  if (isPrimary && index > 0) onFact(`${kind}.primary`, of, '', of);
};

const plain = (text: string): string => text.replace(/[\s,]+/g, '');

/** Whether an address as one text has a letter or digit that stands in none of its parts. */
const saysMore = (formatted: string, parts: readonly string[]): boolean => {
  let rest = plain(formatted);
  for (const part of parts.toSorted((a, b) => b.length - a.length)) rest = rest.replaceAll(plain(part), '');
  return /[\p{L}\p{N}]/u.test(rest);
};

const addressFacts = (address: PostalAddress, index: number, onFact: OnFact): void => {
  const { formatted, label } = address;
  const parts = ADDRESS_PARTS.filter((part) => address[part] !== '');
  const [first] = parts;
  const isInText = first === undefined || formatted === '' || plain(formatted).includes(plain(address[first]));
  const isStructured = parts.length > 1 || !isInText;
  const shown = displayAddress(address);
  if (shown === '') return;
  if (isStructured) for (const part of parts) onFact(`address.${part}`, address[part], label, '');
  const texts = parts.map((part) => address[part]);
  if (!isStructured || (formatted !== '' && saysMore(formatted, texts))) onFact('address', shown, label, '');
  markFacts('address', address, index, first === undefined ? shown : address[first], onFact);
};

const valueFacts = (contact: Contact, onFact: OnFact): void => {
  for (const [index, email] of contact.emails.entries()) {
    if (email.address !== '') onFact('email', email.address, email.label, '');
    if (email.displayName !== '') onFact('email.displayName', email.displayName, '', email.address);
    if (email.type !== '') onFact('email.type', email.type, '', email.address);
    if (email.address !== '') markFacts('email', email, index, email.address, onFact);
  }
  for (const [index, phone] of contact.phones.entries()) {
    if (phone.number === '') continue;
    onFact('phone', phone.number, phone.label, '');
    markFacts('phone', phone, index, phone.number, onFact);
  }
  for (const [index, url] of contact.urls.entries()) {
    if (url.url === '') continue;
    onFact('url', url.url, url.label, '');
    markFacts('url', url, index, url.url, onFact);
  }
  for (const [index, messenger] of contact.messengers.entries()) {
    if (messenger.handle === '') continue;
    onFact('messenger', messenger.handle, messenger.label, '');
    if (messenger.protocol !== '') onFact('messenger.protocol', messenger.protocol, '', messenger.handle);
    markFacts('messenger', messenger, index, messenger.handle, onFact);
  }
};

/** Calls for everything that the contact says; nothing for what is empty. */
export const forEachFact = (contact: Contact, onFact: OnFact): void => {
  nameFacts(contact, onFact);
  valueFacts(contact, onFact);
  for (const [index, address] of contact.addresses.entries()) addressFacts(address, index, onFact);
  for (const organization of contact.organizations) {
    for (const part of ORGANIZATION_PARTS) if (organization[part] !== '') onFact(`organization.${part}`, organization[part], '', '');
  }
  for (const { label, date } of contact.dates) if (date !== '') onFact('date', date, label, '');
  for (const { label, name } of contact.relations) if (name !== '') onFact('relation', name, label, '');
  if (contact.notes !== '') onFact('notes', contact.notes, '', '');
  for (const group of contact.groups) if (group !== '') onFact('group', group, '', '');
  if (contact.photo !== '') onFact('photo', contact.photo, '', '');
  for (const { name, value } of contact.others) if (value !== '') onFact('other', value, name, '');
};

/** Whether a label tells two facts of the field apart; that of an address or a number is a fact of its own. */
const isKeyedByLabel = (field: ContactField): boolean => field === 'date' || field === 'relation' || field === 'other';

const withPlainEnds = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).trim();

/** What counts as the same text: white space at the ends and the kind of line ends say nothing. */
const normalized = (field: ContactField, value: string): string => {
  if (field === 'name' || field === 'address') return value.replace(/[\s,]+/g, '');
  if (field === 'date') return isoDate(value) ?? withPlainEnds(value);
  return withPlainEnds(value);
};

/** Facts that say the same have the same key. */
const keyOf = (field: ContactField, value: string, label: string, of: string): string =>
  [field, isKeyedByLabel(field) ? label : '', withPlainEnds(of), normalized(field, value)].join('\0');

/** So few are asked one by one. */
const FEW = 64;

/** Everything that one contact says, to be asked for. */
class Facts {
  readonly #fields: ContactField[] = [];
  readonly #values: string[] = [];
  readonly #labels: string[] = [];
  readonly #ofs: string[] = [];
  /** Where the last one was found: contacts that say the same mostly say it in the same order. */
  #last = -1;
  #byKey: ReadonlyMap<string, number> | null = null;

  constructor(contact: Contact) {
    forEachFact(contact, (field, value, label, of) => {
      this.#fields.push(field);
      this.#values.push(value);
      this.#labels.push(label);
      this.#ofs.push(of);
    });
  }

  has(field: ContactField, value: string, label: string, of: string): boolean {
    const count = this.#fields.length;
    if (count > FEW) return this.#find(field, value, label, of);
    for (let step = 1; step <= count; step += 1) {
      const at = (this.#last + step) % count;
      if (!this.#isAt(at, field, value, label, of)) continue;
      this.#last = at;
      return true;
    }
    return false;
  }

  /** Of very many facts: the next one, else by what they say. */
  #find(field: ContactField, value: string, label: string, of: string): boolean {
    const next = (this.#last + 1) % this.#fields.length;
    const at = this.#isAt(next, field, value, label, of) ? next : this.#places().get(keyOf(field, value, label, of));
    if (at !== undefined) this.#last = at;
    return at !== undefined;
  }

  #places(): ReadonlyMap<string, number> {
    this.#byKey ??= new Map(
      this.#fields.map((field, at) => [keyOf(field, this.#values[at] ?? '', this.#labels[at] ?? '', this.#ofs[at] ?? ''), at]),
    );
    return this.#byKey;
  }

  #isAt(at: number, field: ContactField, value: string, label: string, of: string): boolean {
    if (this.#fields[at] !== field) return false;
    if (isKeyedByLabel(field) && this.#labels[at] !== label) return false;
    const [ownValue = '', ownOf = ''] = [this.#values[at], this.#ofs[at]];
    if (ownOf !== of && withPlainEnds(ownOf) !== withPlainEnds(of)) return false;
    return ownValue === value || normalized(field, ownValue) === normalized(field, value);
  }
}

/** The facts of `before` that `after` does not say. In the order of the contact. */
export const missingFacts = (before: Contact, after: Contact): ContactFact[] => {
  const said = new Facts(after);
  const missing: ContactFact[] = [];
  forEachFact(before, (field, value, label, of) => {
    if (!said.has(field, value, label, of)) missing.push({ field, value, label, of });
  });
  return missing;
};
