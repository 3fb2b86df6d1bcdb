import { emptyAddress, emptyEmail, OTHER_NAMES, type OtherName } from '../contact.ts';
import {
  ADDRESS_ATTRIBUTES,
  AIM_ATTRIBUTES,
  type AttributeNames,
  BIRTH_ATTRIBUTES,
  DATE_ATTRIBUTES,
  DISPLAY_NAME,
  EMAIL_ATTRIBUTES,
  GROUP_ATTRIBUTES,
  LABELED_URI,
  MEMBER_OF,
  NAME_ATTRIBUTES,
  NOTES_ATTRIBUTES,
  ORGANIZATION_ATTRIBUTES,
  OTHER_ATTRIBUTES,
  PHONE_ATTRIBUTES,
  PHOTO_ATTRIBUTES,
  POSTAL_ADDRESS_ATTRIBUTES,
  RELATION_ATTRIBUTES,
  URL_ATTRIBUTES,
} from './attribute-names.ts';
import { addressText, pictureUri } from './attribute-value.ts';
import type { ContactFilling } from './contact-filling.ts';
import { valueInName } from './distinguished-name.ts';
import { takeLabeledUri } from './labeled-uri.ts';

/** What an attribute does to the contact. */
interface Taker {
  /** The first name of the attribute. */
  readonly attribute: string;
  /** Whether it takes every value: else one only, and says no to others. */
  readonly isList: boolean;
  readonly take: (filling: ContactFilling, value: string) => boolean;
}

/** Sets the text of `part`, unless there is another one. */
const takeText = <Part extends string>(texts: Record<Part, string>, part: Part, value: string): boolean => {
  if (texts[part] === '') texts[part] = value;
  return texts[part] === value;
};

/** The attribute of an other field that more than one format has: its name without blanks, where no other one is known. */
export const otherAttributes = (name: OtherName): AttributeNames =>
  OTHER_ATTRIBUTES[name] ?? [`${name[0]?.toLowerCase()}${name.slice(1).replaceAll(' ', '')}`];

type Take = Taker['take'];
type Add = (names: AttributeNames, take: Take, isList?: 'list') => void;

const entriesOf = <Key extends string>(names: Partial<Readonly<Record<Key, AttributeNames>>>): [Key, AttributeNames][] =>
  Object.entries(names) as [Key, AttributeNames][];

const addTexts = (add: Add): void => {
  for (const [part, names] of entriesOf(NAME_ATTRIBUTES)) add(names, ({ contact }, value) => takeText(contact.name, part, value));
  add([DISPLAY_NAME], ({ preferred }, value) => takeText(preferred, 'displayName', value));
  for (const [part, names] of entriesOf(ORGANIZATION_ATTRIBUTES)) {
    add(names, (filling, value) => takeText(filling.organization(), part, value));
  }
  for (const [part, name] of Object.entries(BIRTH_ATTRIBUTES) as [keyof typeof BIRTH_ATTRIBUTES, string][]) {
    add([name], ({ birth, contact }, value) => {
      if (part !== 'day' || /^\d{1,2}$/.test(value)) return takeText(birth, part, value);
      contact.dates.push({ label: 'birthday', date: value });
      return true;
    });
  }
};

const addAddresses = (add: Add): void => {
  for (const place of ['work', 'home'] as const) {
    for (const [part, names] of entriesOf(ADDRESS_ATTRIBUTES[place]))
      add(names, (filling, value) => takeText(filling.place(place), part, value));
    add(POSTAL_ADDRESS_ATTRIBUTES[place], (filling, value) => takeText(filling.place(place), 'formatted', value));
  }
  add(
    POSTAL_ADDRESS_ATTRIBUTES.other,
    ({ contact }, value) => contact.addresses.push({ ...emptyAddress('other'), formatted: addressText(value) }) > 0,
    'list',
  );
};

const addValues = (add: Add): void => {
  for (const [rank, names] of EMAIL_ATTRIBUTES.entries()) {
    add(names, ({ emails }, value) => (emails[rank] ?? []).push({ ...emptyEmail(), address: value }) > 0, 'list');
  }
  for (const [label, names] of entriesOf(PHONE_ATTRIBUTES)) {
    add(names, ({ contact }, value) => contact.phones.push({ label, isPrimary: false, number: value }) > 0, 'list');
  }
  for (const [label, names] of entriesOf(URL_ATTRIBUTES)) {
    add(names, ({ contact }, value) => contact.urls.push({ label, isPrimary: false, url: value }) > 0, 'list');
  }
  for (const [label, names] of entriesOf(RELATION_ATTRIBUTES)) {
    add(names, ({ contact }, value) => contact.relations.push({ label, name: value }) > 0, 'list');
  }
  for (const [label, names] of entriesOf(DATE_ATTRIBUTES)) {
    add(names, ({ contact }, value) => contact.dates.push({ label, date: value }) > 0, 'list');
  }
  add([LABELED_URI], ({ contact }, value) => takeLabeledUri(contact, value), 'list');
  add(
    AIM_ATTRIBUTES,
    ({ contact }, value) => contact.messengers.push({ label: '', isPrimary: false, protocol: 'aim', handle: value }) > 0,
    'list',
  );
};

const takeNote: Take = ({ contact }, value) => {
  if (contact.notes !== value) contact.notes = contact.notes === '' ? value : `${contact.notes}\n${value}`;
  return true;
};

const takePhoto: Take = ({ contact }, value) => takeText(contact, 'photo', /^https?:\/\/\S+$/.test(value) ? value : pictureUri(value));

/** A group by its common name; its whole name is kept too. */
const takeMembership: Take = ({ groups, contact }, value) => {
  const name = valueInName(value, 'cn');
  if (name !== '') groups.add(name);
  return contact.others.push({ name: MEMBER_OF, value }) > 0;
};

const addRest = (add: Add): void => {
  add(NOTES_ATTRIBUTES, takeNote, 'list');
  add(GROUP_ATTRIBUTES, ({ groups }, value) => groups.add(value).size > 0, 'list');
  add([MEMBER_OF], takeMembership, 'list');
  add(PHOTO_ATTRIBUTES, takePhoto);
  for (const name of OTHER_NAMES) {
    add(otherAttributes(name), ({ contact }, value) => contact.others.push({ name, value }) > 0, 'list');
  }
};

/** What each attribute does, by its name in lower case; its options aren't part of it, but for `;phonetic`. */
export const ATTRIBUTE_TAKERS: ReadonlyMap<string, Taker> = (() => {
  const takers = new Map<string, Taker>();
  const add: Add = (names, take, isList) => {
    for (const name of names) takers.set(name.toLowerCase(), { attribute: names[0], isList: isList === 'list', take });
  };
  addTexts(add);
  addAddresses(add);
  addValues(add);
  addRest(add);
  return takers;
})();
