import {
  type Contact,
  type ContactDraft,
  type ContactName,
  emptyContact,
  type Labelled,
  type Organization,
  type PostalAddress,
} from './contact.ts';
import { displayAddress } from './display-address.ts';
import { displayName } from './display-name.ts';

const digits = (number: string): string => number.replace(/[^\d+*#]/g, '') || number;
const folded = (text: string): string => text.trim().toLowerCase();
const plain = (text: string): string => text.replace(/[\s,]+/g, '').toLowerCase();

/** Adds the items that are not there yet, in their order. */
const union = <Item>(lists: readonly (readonly Item[])[], keyOf: (item: Item) => string): Item[] => {
  const found = new Map<string, Item>();
  for (const item of lists.flat()) if (!found.has(keyOf(item))) found.set(keyOf(item), item);
  return [...found.values()];
};

/** Of several values, only the first one that was marked stays the primary one. */
const onePrimary = <Item extends Labelled>(items: readonly Item[]): Item[] => {
  const primary = items.findIndex(({ isPrimary }) => isPrimary);
  return items.map((item, index) => (item.isPrimary && index !== primary ? { ...item, isPrimary: false } : item));
};

/** The first name, its gaps filled from others that are shown the same. */
const mergeNames = (contacts: readonly Contact[]): ContactName => {
  const [first] = contacts.filter((contact) => displayName(contact) !== '');
  if (!first) return emptyContact().name;
  const name = { ...first.name };
  for (const other of contacts) {
    if (plain(displayName(other)) !== plain(displayName(first)) && displayName(other) !== '') continue;
    for (const part of Object.keys(name) as (keyof ContactName)[]) name[part] ||= other.name[part];
  }
  return name;
};

/** Organizations of the same name are one; the gaps of the first are filled. */
const mergeOrganizations = (contacts: readonly Contact[]): Organization[] => {
  const merged: { -readonly [Part in keyof Organization]: string }[] = [];
  const byName = new Map<string, (typeof merged)[number]>();
  for (const organization of contacts.flatMap(({ organizations }) => organizations)) {
    const [first] = merged;
    // Only the first one can be without a name: any other would have been put into it.
    const same = first?.name === '' || organization.name === '' ? first : byName.get(folded(organization.name));
    const one = same ?? { ...organization };
    if (!same) merged.push(one);
    for (const part of Object.keys(one) as (keyof Organization)[]) one[part] ||= organization[part];
    if (one.name !== '') byName.set(folded(one.name), one);
  }
  return merged;
};

const addressKey = (address: PostalAddress): string => plain(displayAddress(address));

/** Texts one below the other, each once. */
const mergeNotes = (contacts: readonly Contact[]): string => {
  let merged = '';
  for (const { notes } of contacts) {
    if (notes.trim() === '' || merged.includes(notes)) continue;
    merged += merged === '' ? notes : `\n${notes}`;
  }
  return merged;
};

/**
 * One contact of several that stand for the same person: lists are put together, gaps filled, and where two say different things
 * the first one counts. What the others said and the result doesn't is told by `MergeConflicts`.
 */
export const mergeContacts = (contacts: readonly Contact[]): Contact => {
  const lists = <Key extends keyof Contact>(key: Key): Contact[Key][] => contacts.map((contact) => contact[key]);
  const merged: ContactDraft = {
    ...emptyContact(),
    name: mergeNames(contacts),
    emails: onePrimary(union(lists('emails'), ({ address }) => folded(address))),
    phones: onePrimary(union(lists('phones'), ({ number }) => digits(number))),
    addresses: onePrimary(union(lists('addresses'), addressKey)),
    organizations: mergeOrganizations(contacts),
    dates: union(lists('dates'), ({ label }) => label),
    urls: onePrimary(union(lists('urls'), ({ url }) => folded(url))),
    messengers: onePrimary(union(lists('messengers'), ({ protocol, handle }) => `${protocol}\0${folded(handle)}`)),
    relations: union(lists('relations'), ({ label, name }) => `${label}\0${folded(name)}`),
    notes: mergeNotes(contacts),
    groups: union(lists('groups'), folded),
    photo: contacts.find(({ photo }) => photo !== '')?.photo ?? '',
    others: union(lists('others'), ({ name }) => name),
  };
  return merged;
};
