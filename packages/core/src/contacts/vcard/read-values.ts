import { emptyAddress, emptyEmail } from '../contact.ts';
import { MESSENGER_PROTOCOLS, OWN_NAMES } from './field-names.ts';
import type { Intake } from './intake.ts';
import { readMessengerUri } from './messenger-uri.ts';
import { type Property, parameterOf } from './property.ts';
import { plainParts, readParts, readText } from './value-text.ts';

const ADDRESS_PARTS = ['poBox', 'extended', 'street', 'city', 'region', 'postalCode', 'country'] as const;

export const readPhone = (intake: Intake, property: Property): void => {
  const number = intake.text(property).replace(/^tel:/i, '');
  const marks = intake.marks(property);
  const phone = { label: marks.label, isPrimary: false, number };
  if (number !== '') intake.contact.phones.push(phone);
  intake.rank('phone', phone, marks, property, number);
};

export const readEmail = (intake: Intake, property: Property): void => {
  const address = intake.text(property);
  const marks = intake.marks(property);
  const displayName = intake.companion(property, OWN_NAMES.displayName) ?? '';
  const type = intake.companion(property, OWN_NAMES.addressType) ?? '';
  const email = { ...emptyEmail(), label: marks.label, address, displayName, type };
  if (address !== '' || displayName !== '' || type !== '') intake.contact.emails.push(email);
  intake.rank('email', email, marks, property, address);
};

export const readUrl = (intake: Intake, property: Property): void => {
  const url = intake.text(property);
  const marks = intake.marks(property);
  const entry = { label: marks.label, isPrimary: false, url };
  if (url !== '') intake.contact.urls.push(entry);
  intake.rank('url', entry, marks, property, url);
};

export const readMessenger = (intake: Intake, property: Property): void => {
  const text = intake.text(property);
  const fixed = MESSENGER_PROTOCOLS.get(property.name.toUpperCase());
  const [service = ''] = parameterOf(property, 'X-SERVICE-TYPE');
  const address = fixed === undefined ? readMessengerUri(text, service) : { protocol: fixed, handle: text };
  const marks = intake.marks(property, 'X-SERVICE-TYPE');
  const messenger = { label: marks.label, isPrimary: false, ...address };
  if (address.handle !== '') intake.contact.messengers.push(messenger);
  intake.rank('messenger', messenger, marks, property, address.handle);
};

export const readAddress = (intake: Intake, property: Property): void => {
  const parts = readParts(property.value, ';', intake.version);
  const marks = intake.marks(property, 'LABEL');
  const address = emptyAddress(marks.label);
  for (const [index, part] of ADDRESS_PARTS.entries()) address[part] = parts[index] ?? '';
  address.street3 = intake.companion(property, OWN_NAMES.street3) ?? '';
  const label = readText(parameterOf(property, 'LABEL').join(','), '4.0');
  address.formatted = label || (intake.companion(property, 'LABEL') ?? '');
  const isEmpty = address.formatted === '' && address.street3 === '' && parts.every((part) => part === '');
  if (!isEmpty) intake.contact.addresses.push(address);
  // RFC 9554 §2.1: more parts than a contact has.
  if (parts.slice(ADDRESS_PARTS.length).some((part) => part !== '')) intake.leaveWhole(property);
  intake.rank('address', address, marks, property, plainParts(parts) || address.formatted);
};

/** 2.1 and 3.0: how an address is written, beside an ADR of the same types. */
export const readAddressLabel = (intake: Intake, property: Property): void => {
  const formatted = intake.text(property);
  const marks = intake.marks(property);
  const known = intake.contact.addresses.find((address) => address.label === marks.label && address.formatted === '');
  if (known !== undefined) known.formatted = formatted;
  else if (formatted !== '') intake.contact.addresses.push({ ...emptyAddress(marks.label), formatted });
  intake.leave(property, marks.rest, formatted);
};
