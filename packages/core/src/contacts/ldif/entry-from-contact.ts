import { type Contact, OTHER_NAMES, type PostalAddress } from '../contact.ts';
import { displayAddress } from '../display-address.ts';
import { displayName } from '../display-name.ts';
import { isoDate } from '../iso-date.ts';
import { isNationalId } from '../national-id.ts';
import {
  ADDRESS_ATTRIBUTES,
  type AddressPart,
  type AddressPlace,
  AIM_ATTRIBUTES,
  type AttributeNames,
  BIRTH_ATTRIBUTES,
  DATE_ATTRIBUTES,
  EMAIL_ATTRIBUTES,
  GROUP_ATTRIBUTES,
  GROUP_CLASSES,
  LABELED_URI,
  MEMBER_OF,
  NAME_ATTRIBUTES,
  NOTES_ATTRIBUTES,
  ORGANIZATION_ATTRIBUTES,
  PERSON_CLASSES,
  PHONE_ATTRIBUTES,
  PHOTO_ATTRIBUTES,
  POSTAL_ADDRESS_ATTRIBUTES,
  RELATION_ATTRIBUTES,
  SECRET_ATTRIBUTES,
  URL_ATTRIBUTES,
} from './attribute-names.ts';
import { ATTRIBUTE_TAKERS, otherAttributes } from './attribute-takers.ts';
import { addressValue, valueOfPicture, valueOfText } from './attribute-value.ts';
import { attributeKey } from './contact-from-entry.ts';
import { mozillaName } from './distinguished-name.ts';
import { messengerUri, pageUri, photoUri } from './labeled-uri.ts';
import { ATTRIBUTE_NAME, type LdifAttribute, type LdifEntry } from './ldif-entry.ts';

/** Attributes as they are written, one value after the other. */
class AttributeList {
  readonly attributes: LdifAttribute[] = [];
  readonly #names = new Set<string>();

  add(name: string, value: string | Buffer | null): void {
    if (value === null || value.length === 0) return;
    this.attributes.push({ name, value: typeof value === 'string' ? value.toWellFormed() : value, isUrl: false });
    this.#names.add(name.toLowerCase());
  }

  has(name: string): boolean {
    return this.#names.has(name.toLowerCase());
  }
}

const addName = (list: AttributeList, contact: Contact): void => {
  const { name, organizations } = contact;
  list.add(NAME_ATTRIBUTES.full[0], displayName(contact));
  for (const part of Object.keys(NAME_ATTRIBUTES) as (keyof typeof NAME_ATTRIBUTES)[]) {
    if (part !== 'full') list.add(NAME_ATTRIBUTES[part][0], name[part]);
  }
  const [organization] = organizations;
  if (organization === undefined) return;
  for (const part of Object.keys(ORGANIZATION_ATTRIBUTES) as (keyof typeof ORGANIZATION_ATTRIBUTES)[]) {
    list.add(ORGANIZATION_ATTRIBUTES[part][0], organization[part]);
  }
};

const addEmailsAndPhones = (list: AttributeList, { emails, phones }: Contact): void => {
  const [first, second, third] = EMAIL_ATTRIBUTES;
  const written = emails.filter(({ address }) => address !== '');
  for (const [index, { address }] of written.entries()) list.add((index === 0 ? first : index === 1 ? second : third)[0], address);
  for (const { label, number } of phones) {
    const names = Object.hasOwn(PHONE_ATTRIBUTES, label) ? PHONE_ATTRIBUTES[label as keyof typeof PHONE_ATTRIBUTES] : null;
    list.add((names ?? (label === '' ? PHONE_ATTRIBUTES.work : PHONE_ATTRIBUTES.other))[0], number);
  }
};

const partsOf = (address: PostalAddress): number =>
  Object.keys(ADDRESS_ATTRIBUTES.work).filter((part) => address[part as AddressPart] !== '').length;

/** Which address has the attributes of which place: the one of that label, else one in parts, or of no label. */
const placeAddresses = (addresses: readonly PostalAddress[]): Map<PostalAddress, AddressPlace> => {
  const free = new Set<AddressPlace>(['work', 'home']);
  const placed = new Map<PostalAddress, AddressPlace>();
  const take = (address: PostalAddress, place: AddressPlace | undefined): void => {
    if (place !== undefined && free.delete(place)) placed.set(address, place);
  };
  for (const address of addresses) if (address.label === 'work' || address.label === 'home') take(address, address.label);
  for (const address of addresses) {
    if (!placed.has(address) && (address.label === '' || partsOf(address) > 1)) take(address, [...free][0]);
  }
  return placed;
};

const addAddresses = (list: AttributeList, { addresses }: Contact): void => {
  const placed = placeAddresses(addresses.filter((address) => displayAddress(address) !== ''));
  for (const address of addresses) {
    const place = placed.get(address);
    if (place === undefined) {
      list.add(POSTAL_ADDRESS_ATTRIBUTES.other[0], addressValue(displayAddress(address)));
      continue;
    }
    for (const [part, [name]] of Object.entries(ADDRESS_ATTRIBUTES[place]) as [AddressPart, AttributeNames][])
      list.add(name, address[part]);
    list.add(POSTAL_ADDRESS_ATTRIBUTES[place][0], addressValue(address.formatted));
  }
};

const addDates = (list: AttributeList, { dates }: Contact): void => {
  for (const { label, date } of dates) {
    const [, year = '', month = '', day = ''] = /^(\d{4}|-)-(\d\d)-(\d\d)$/.exec(isoDate(date) ?? '') ?? [];
    if (label === 'birthday' && day !== '' && !list.has(BIRTH_ATTRIBUTES.day)) {
      list.add(BIRTH_ATTRIBUTES.year, year === '-' ? '' : year);
      list.add(BIRTH_ATTRIBUTES.month, month);
      list.add(BIRTH_ATTRIBUTES.day, day);
    } else if (Object.hasOwn(DATE_ATTRIBUTES, label)) list.add(DATE_ATTRIBUTES[label]?.[0] ?? '', date);
  }
};

const addLinks = (list: AttributeList, { urls, messengers, relations }: Contact): void => {
  for (const page of urls) {
    const place = page.label === 'home' ? 'home' : 'work';
    const uri = page.label === place ? null : pageUri(page);
    list.add(uri === null ? URL_ATTRIBUTES[place][0] : LABELED_URI, uri ?? page.url);
  }
  for (const messenger of messengers) {
    if (messenger.handle === '') continue;
    const isAim = messenger.protocol === 'aim' && messenger.label === '';
    list.add(isAim ? AIM_ATTRIBUTES[0] : LABELED_URI, isAim ? messenger.handle : messengerUri(messenger));
  }
  for (const { label, name } of relations) {
    if (Object.hasOwn(RELATION_ATTRIBUTES, label)) list.add(RELATION_ATTRIBUTES[label]?.[0] ?? '', name);
  }
};

/** What a reader would take for the start of an entry or of a change, or must not have. */
const isReserved = (key: string): boolean => key === 'dn' || key === 'changetype' || key === 'objectclass' || SECRET_ATTRIBUTES.has(key);

/** Other fields by their own name where it is that of an attribute, and no field is behind it that the value would get into. */
const addOthers = (list: AttributeList, { others }: Contact, withNationalId: boolean): void => {
  const shared = new Map<string, string>(OTHER_NAMES.map((name) => [name, otherAttributes(name)[0]]));
  for (const { name, value } of others) {
    if (isNationalId(name) && !withNationalId) continue;
    const attribute = shared.get(name) ?? name;
    const { key, isSpecial } = attributeKey(attribute);
    if (!ATTRIBUTE_NAME.test(attribute) || isReserved(key)) continue;
    const taker = shared.has(name) ? undefined : ATTRIBUTE_TAKERS.get(key);
    const isHeld = taker === undefined || taker.attribute === MEMBER_OF || (taker.isList ? isSpecial : list.has(taker.attribute));
    if (isHeld) list.add(attribute, valueOfText(value));
  }
};

const addClasses = (list: AttributeList, { others }: Contact): void => {
  const own = others.filter(({ name }) => name.toLowerCase() === 'objectclass');
  const isGroup = own.some(({ value }) => GROUP_CLASSES.has(value.toLowerCase()));
  for (const name of isGroup ? PERSON_CLASSES.slice(0, 1) : PERSON_CLASSES) list.add('objectclass', name);
  for (const { name, value } of own) list.add(name, value);
};

/**
 * A contact as an entry of Thunderbird's kind, which directories take too; a group where its classes say so. What has no attribute
 * is left out.
 */
export const entryFromContact = (contact: Contact, withNationalId: boolean): LdifEntry => {
  const list = new AttributeList();
  addClasses(list, contact);
  addName(list, contact);
  addEmailsAndPhones(list, contact);
  addAddresses(list, contact);
  addDates(list, contact);
  addLinks(list, contact);
  list.add(NOTES_ATTRIBUTES[0], contact.notes);
  for (const group of contact.groups) list.add(GROUP_ATTRIBUTES[0], group);
  list.add(PHOTO_ATTRIBUTES[0], valueOfPicture(contact.photo));
  list.add(LABELED_URI, photoUri(contact.photo));
  addOthers(list, contact, withNationalId);
  const dn = contact.others.find(({ name, value }) => name === 'dn' && value.includes('='))?.value;
  const address = contact.emails.find((email) => email.address !== '')?.address ?? '';
  return { dn: (dn ?? mozillaName(displayName(contact), address)).toWellFormed(), attributes: list.attributes };
};
