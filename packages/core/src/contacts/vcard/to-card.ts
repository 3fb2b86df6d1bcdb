import type { Contact, OtherField, PostalAddress } from '../contact.ts';
import { displayName } from '../display-name.ts';
import { isoDate } from '../iso-date.ts';
import { isNationalId } from '../national-id.ts';
import { APPLE_NAMES, MESSENGER_PROTOCOLS, OWN_NAMES, RELATED_TYPES, RELATION_LABELS, SHARED_NAMES } from './field-names.ts';
import { writeMessengerUri } from './messenger-uri.ts';
import { Outlet } from './outlet.ts';
import { isBase64, unknownDataOf, writePhoto } from './photo.ts';
import type { Card, Property, VcardVersion } from './property.ts';
import { type PropertyHead, printHead, readHead } from './property-head.ts';
import { REGISTERED_NAMES } from './registered-names.ts';
import { isField, SINGLES } from './to-contact.ts';
import { plainParts, writeParts, writeText, writeUndivided } from './value-text.ts';

/** RFC 6350 demands FN, the others N too: both are there, even where the contact has no name. */
const sayName = (outlet: Outlet, contact: Contact): void => {
  const { name } = contact;
  const shown = displayName(contact);
  const parts = [name.family, name.given, name.middle, name.prefix, name.suffix];
  outlet.say({ name: 'FN', value: writeText(shown, outlet.version), plain: shown });
  outlet.say({ name: 'N', value: writeParts(parts, ';', outlet.version), plain: plainParts(parts) });
  outlet.text('NICKNAME', name.nickname);
  outlet.text('X-EVOLUTION-FILE-AS', name.fileAs);
  outlet.text('X-PHONETIC-FIRST-NAME', name.phoneticGiven);
  outlet.text('X-PHONETIC-MIDDLE-NAME', name.phoneticMiddle);
  outlet.text('X-PHONETIC-LAST-NAME', name.phoneticFamily);
};

const sayReachability = (outlet: Outlet, { emails, phones, urls, messengers }: Contact): void => {
  const { version } = outlet;
  for (const { number, ...marks } of phones) {
    if (number !== '') outlet.say({ name: 'TEL', value: writeText(number, version), plain: number, ...marks });
  }
  for (const { address, displayName: shown, type, ...marks } of emails) {
    const companions = [[OWN_NAMES.displayName, shown] as const, [OWN_NAMES.addressType, type] as const];
    if (address === '' && shown === '' && type === '') continue;
    outlet.say({ name: 'EMAIL', value: writeText(address, version), plain: address, companions, ...marks });
  }
  for (const { url, ...marks } of urls) {
    if (url !== '') outlet.say({ name: 'URL', value: writeUndivided(url, version), plain: url, ...marks });
  }
  for (const { protocol, handle, ...marks } of messengers) {
    if (handle === '') continue;
    const known = version === '2.1' ? [...MESSENGER_PROTOCOLS].find(([, one]) => one === protocol)?.[0] : undefined;
    const { uri, service } = writeMessengerUri({ protocol, handle });
    const parameters = service === '' ? [] : [{ name: 'X-SERVICE-TYPE', values: [service] }];
    if (known !== undefined) outlet.say({ name: known, value: writeText(handle, version), plain: handle, ...marks });
    else outlet.say({ name: 'IMPP', value: writeUndivided(uri, version), plain: handle, parameters, ...marks });
  }
};

/** An address that is one text has it as its street: few programs look for another one. */
const sayAddress = (outlet: Outlet, address: PostalAddress): void => {
  const { label, isPrimary, formatted, street3 } = address;
  const { poBox, extended, street, city, region, postalCode, country } = address;
  const parts = [poBox, extended, street, city, region, postalCode, country];
  const isOneText = parts.every((part) => part === '') && street3 === '';
  if (isOneText && formatted === '') return;
  const written = isOneText ? ['', '', formatted] : parts;
  const isBeside = !isOneText && formatted !== '';
  const is4 = outlet.version === '4.0';
  const parameters = isBeside && is4 ? [{ name: 'LABEL', values: [writeUndivided(formatted, outlet.version)] }] : [];
  const companions = [[OWN_NAMES.street3, street3] as const, ['LABEL', isBeside && !is4 ? formatted : ''] as const];
  const value = writeParts([...written, '', '', '', '', '', '', ''].slice(0, 7), ';', outlet.version);
  outlet.say({ name: 'ADR', value, plain: plainParts(written), parameters, companions, label, isPrimary });
};

/** Departments below the first are components of their own, but where a name ends with the mark between them. */
const organizationParts = (name: string, department: string): string[] => {
  const departments = department.split('>');
  const parts = departments.at(-1) === '' ? [department] : departments;
  return department === '' ? [name] : [name, ...parts];
};

const sayOrganizations = (outlet: Outlet, { organizations }: Contact): void => {
  for (const { name, department, title, role, office, phoneticName } of organizations) {
    const group = organizations.length > 1 ? outlet.newGroup() : '';
    const parts = organizationParts(name, department);
    if (name !== '' || department !== '') {
      outlet.say({ name: 'ORG', value: writeParts(parts, ';', outlet.version), plain: plainParts(parts), group });
    }
    outlet.text('TITLE', title, group);
    outlet.text('ROLE', role, group);
    outlet.text('X-PHONETIC-ORG', phoneticName, group);
    outlet.text(OWN_NAMES.office, office, group);
  }
};

/** The property of its own that a version has for a date. */
const dateName = (label: string, version: VcardVersion): string => {
  if (label === 'birthday') return 'BDAY';
  if (label !== 'anniversary' || version === '3.0') return 'X-ABDATE';
  return version === '4.0' ? 'ANNIVERSARY' : 'X-MS-ANNIVERSARY';
};

const sayDates = (outlet: Outlet, { dates }: Contact): void => {
  for (const { label, date } of dates) {
    if (date === '') continue;
    const wanted = dateName(label, outlet.version);
    const name = outlet.has(wanted) ? 'X-ABDATE' : wanted;
    const iso = isoDate(date);
    const text = iso === null ? date : outlet.version === '4.0' ? iso.replace(/(\d)-/g, '$1') : iso;
    const isText = outlet.version === '4.0' && iso === null && name !== 'X-ABDATE';
    const parameters = isText ? [{ name: 'VALUE', values: ['text'] }] : [];
    outlet.say({ name, value: writeText(text, outlet.version), plain: text, parameters, label: name === 'X-ABDATE' ? label : '' });
  }
};

const sayRelations = (outlet: Outlet, { relations }: Contact): void => {
  for (const { label, name } of relations) {
    if (name === '') continue;
    const value = writeText(name, outlet.version);
    const known = outlet.version === '2.1' ? [...RELATION_LABELS].find(([, one]) => one === label)?.[0] : undefined;
    if (known !== undefined) outlet.say({ name: known, value, plain: name });
    else if (outlet.version !== '4.0') outlet.say({ name: 'X-ABRELATEDNAMES', value, plain: name, label });
    else {
      const isType = RELATED_TYPES.has(label);
      const parameters = [{ name: 'VALUE', values: ['text'] }, ...(isType ? [{ name: 'TYPE', values: [label] }] : [])];
      outlet.say({ name: 'RELATED', value, plain: name, parameters, label: isType ? '' : label });
    }
  }
};

const sayTheRest = (outlet: Outlet, { notes, groups, photo }: Contact): void => {
  const named = groups.filter((group) => group !== '');
  outlet.text('NOTE', notes);
  if (named.length > 0) outlet.say({ name: 'CATEGORIES', value: writeParts(named, ',', outlet.version), plain: named.join(',') });
  if (photo !== '') outlet.say({ name: 'PHOTO', plain: photo, ...writePhoto(photo, outlet.version) });
};

/** The head that an other field has as a property of its own; null where readers would not find the same field again. */
const ownHead = ({ name, value }: OtherField): PropertyHead | null => {
  const head = readHead(name);
  if (head === null || printHead(head) !== name || head.charset !== '' || head.encoding === 'quoted-printable') return null;
  if (!REGISTERED_NAMES.has(head.name) && !/^X-/i.test(head.name)) return null;
  if (head.encoding === 'base64' && (isBase64(value) || /\s/.test(value))) return null;
  return head;
};

const propertyOf = (head: PropertyHead, value: string, version: VcardVersion): Property => {
  const base64 = version === '4.0' ? null : unknownDataOf(value);
  const name = (version === '4.0' ? undefined : APPLE_NAMES.get(head.name)) ?? head.name;
  if (base64 === null) return { ...head, name, value: value.replaceAll('\r\n', '\n') };
  return { ...head, name, parameters: [...head.parameters, { name: 'ENCODING', values: ['b'] }], value: base64 };
};

/** A field that came from a card goes back as it was; any other goes with its name. */
const sayOther = (outlet: Outlet, other: OtherField): void => {
  const { name, value } = other;
  const head = ownHead(other);
  if (head !== null && head.group === '' && head.parameters.length > 0 && outlet.giveBack(head.name, head.parameters, value)) return;
  const shared = [...SHARED_NAMES].find(([, one]) => one === name)?.[0];
  const fieldName = head?.name.toUpperCase() ?? '';
  const isOneLine = outlet.version === '2.1' || !/[\r\n]/.test(value);
  const isFree = isOneLine && (!isField(fieldName) || (SINGLES.has(fieldName) && outlet.has(fieldName)));
  if (shared !== undefined) outlet.text(shared, value);
  else if (head !== null && isFree) outlet.properties.push(propertyOf(head, value, outlet.version));
  else outlet.say({ name: OWN_NAMES.field, value: writeParts([name, value], ';', outlet.version), plain: '' });
};

/** The card that says what a contact does; national ids only where they are asked for (SPEC C11). */
export const toCard = (contact: Contact, version: VcardVersion, withNationalId: boolean): Card => {
  const groups = contact.others.map(({ name }) => readHead(name)?.group ?? '');
  const outlet = new Outlet(version, new Set(groups));
  sayName(outlet, contact);
  sayOrganizations(outlet, contact);
  sayReachability(outlet, contact);
  for (const address of contact.addresses) sayAddress(outlet, address);
  sayDates(outlet, contact);
  sayRelations(outlet, contact);
  sayTheRest(outlet, contact);
  for (const other of contact.others) if (withNationalId || !isNationalId(other.name)) sayOther(outlet, other);
  return { version, properties: outlet.properties };
};
