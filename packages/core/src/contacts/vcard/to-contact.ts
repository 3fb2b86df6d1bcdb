import { type Contact, emptyOrganization } from '../contact.ts';
import { APPLE_NAMES, DATE_LABELS, MESSENGER_PROTOCOLS, OWN_NAMES, RELATION_LABELS, SHARED_NAMES, SINGLE_NAMES } from './field-names.ts';
import { Intake, type Marks } from './intake.ts';
import { isBase64, readPhoto, unknownData } from './photo.ts';
import { type Card, encodingOf, type Parameter, type Property, parameterOf } from './property.ts';
import { printHead } from './property-head.ts';
import { readAddress, readAddressLabel, readEmail, readMessenger, readPhone, readUrl } from './read-values.ts';
import { plainParts, readParts } from './value-text.ts';

type Read = (intake: Intake, property: Property) => void;

const URI = /^[a-z][a-z0-9+.-]+:\S+$/i;

const readFormattedName: Read = (intake, property) => {
  if (intake.contact.name.full !== '') return intake.leaveWhole(property);
  intake.contact.name.full = intake.text(property);
  intake.leave(property, intake.restOf(property), intake.contact.name.full);
};

const readName: Read = (intake, property) => {
  const { name } = intake.contact;
  const isTaken = [name.family, name.given, name.middle, name.prefix, name.suffix].some((part) => part !== '');
  const parts = readParts(property.value, ';', intake.version);
  if (isTaken || parts.slice(5).some((part) => part !== '')) intake.leaveWhole(property);
  if (isTaken) return;
  [name.family = '', name.given = '', name.middle = '', name.prefix = '', name.suffix = ''] = parts;
  if (parts.length < 6) intake.leave(property, intake.restOf(property), plainParts(parts));
};

const readSingle: Read = (intake, property) => {
  const field = SINGLE_NAMES.get(property.name.toUpperCase());
  if (field === undefined || intake.contact.name[field] !== '') return intake.leaveWhole(property);
  intake.contact.name[field] = intake.text(property);
  intake.leave(property, intake.restOf(property), intake.contact.name[field]);
};

const readOrganization: Read = (intake, property) => {
  const organization = intake.organizationOf(property, emptyOrganization);
  const text = intake.text(property);
  const name = property.name.toUpperCase();
  let plain = text;
  if (name === 'ORG') {
    const parts = readParts(property.value, ';', intake.version);
    plain = plainParts(parts);
    const [first = '', ...departments] = parts;
    while (departments.at(-1) === '') departments.pop();
    organization.name = first;
    organization.department = departments.join('>');
  } else if (name === 'TITLE') organization.title = text;
  else if (name === 'ROLE') organization.role = text;
  else if (name === 'X-PHONETIC-ORG') organization.phoneticName = text;
  else organization.office = text;
  intake.leave(property, intake.restOf(property), plain);
};

/** The label that the name of the property says; where it says none, that of its types or group. */
const readOwnLabel = (intake: Intake, property: Property, labels: ReadonlyMap<string, string>): Pick<Marks, 'label' | 'beside'> => {
  const label = labels.get(property.name.toUpperCase());
  return label === undefined ? intake.marks(property) : { label, beside: intake.restOf(property) };
};

const readDate: Read = (intake, property) => {
  const date = intake.text(property);
  const { label, beside } = readOwnLabel(intake, property, DATE_LABELS);
  if (date !== '') intake.contact.dates.push({ label, date });
  intake.leave(property, beside, date);
};

const readRelation: Read = (intake, property) => {
  const name = intake.text(property);
  const isReference = property.name === 'RELATED' && parameterOf(property, 'VALUE')[0]?.toLowerCase() !== 'text' && URI.test(name);
  if (isReference) return intake.leaveWhole(property);
  const { label, beside } = readOwnLabel(intake, property, RELATION_LABELS);
  if (name !== '') intake.contact.relations.push({ label, name });
  intake.leave(property, beside, name);
};

const readNotes: Read = (intake, property) => {
  const { contact } = intake;
  const text = intake.text(property);
  contact.notes = [contact.notes, text].filter((note) => note !== '').join('\n');
  intake.leave(property, intake.restOf(property), text);
};

const readGroups: Read = (intake, property) => {
  const groups = readParts(property.value, ',', intake.version).map((group) => group.trim() || group);
  intake.contact.groups.push(...groups.filter((group) => group !== ''));
  intake.leave(property, intake.restOf(property), groups.join(','));
};

const readPicture: Read = (intake, property) => {
  const photo = intake.contact.photo === '' ? readPhoto(property, intake.version) : null;
  if (photo === null) return readOther(intake, property);
  intake.contact.photo = photo;
  const understood = encodingOf(property) === 'base64' ? ['TYPE', 'ENCODING'] : [];
  intake.leave(property, intake.restOf(property, ...understood), photo);
};

const readOwnField: Read = (intake, property) => {
  const parts = readParts(property.value, ';', intake.version);
  const [name = '', value = ''] = parts;
  if (parts.length === 2 && property.parameters.length === 0 && name !== '') intake.contact.others.push({ name, value });
  else intake.leaveWhole(property);
};

/** Base64 becomes a `data:` URI: 4.0 knows nothing else. */
const readOther: Read = (intake, property) => {
  if (encodingOf(property) !== 'base64' || property.value === '' || !isBase64(property.value)) return intake.leaveWhole(property);
  const parameters = property.parameters.filter(({ name }: Parameter) => name !== 'ENCODING');
  intake.contact.others.push({ name: printHead({ ...property, parameters }), value: unknownData(property.value) });
};

/** RFC 6350 §6.1.4, and Apple's way to say the same. */
const readGroupCard: Read = (intake, property) => {
  const [name] = [...APPLE_NAMES].find(([, apple]) => apple === property.name.toUpperCase()) ?? [property.name];
  intake.leaveWhole({ ...property, name });
};

const readShared: Read = (intake, property) => {
  const value = intake.text(property);
  intake.contact.others.push({ name: SHARED_NAMES.get(property.name) ?? property.name, value });
  intake.leave(property, intake.restOf(property), value);
};

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['FN', readFormattedName],
  ['N', readName],
  ['TEL', readPhone],
  ['X-MS-TEL', readPhone],
  ['EMAIL', readEmail],
  ['ADR', readAddress],
  ['URL', readUrl],
  ['IMPP', readMessenger],
  ...['ORG', 'TITLE', 'ROLE', 'X-PHONETIC-ORG', OWN_NAMES.office].map((name) => [name, readOrganization] as const),
  ...[...SINGLE_NAMES.keys()].map((name) => [name, readSingle] as const),
  ...[...DATE_LABELS.keys(), 'X-ABDATE'].map((name) => [name, readDate] as const),
  ...[...RELATION_LABELS.keys(), 'X-ABRELATEDNAMES', 'RELATED'].map((name) => [name, readRelation] as const),
  ...[...MESSENGER_PROTOCOLS.keys()].map((name) => [name, readMessenger] as const),
  ...[...APPLE_NAMES.values()].map((name) => [name, readGroupCard] as const),
  ...[...SHARED_NAMES.keys()].map((name) => [name, readShared] as const),
  ['NOTE', readNotes],
  ['CATEGORIES', readGroups],
  ['PHOTO', readPicture],
  [OWN_NAMES.field, readOwnField],
]);

/** Properties that speak of another one of their group. */
const COMPANIONS: ReadonlySet<string> = new Set(['X-ABLABEL', 'LABEL', OWN_NAMES.displayName, OWN_NAMES.addressType, OWN_NAMES.street3]);
const STRUCTURE: ReadonlySet<string> = new Set(['BEGIN', 'END', 'VERSION']);

/** A field takes the first of these; others stay as they are. */
export const SINGLES: ReadonlySet<string> = new Set(['PHOTO', ...SINGLE_NAMES.keys()]);

/** Whether a reader takes the property for a field of the contact. */
export const isField = (name: string): boolean => READERS.has(name) || COMPANIONS.has(name) || STRUCTURE.has(name);

/** The contact that a card is of; what no field stands for is in its `others`. */
export const toContact = (card: Card): Contact => {
  const intake = new Intake(card, COMPANIONS);
  const last: Property[] = [];
  for (const property of card.properties) {
    const name = property.name.toUpperCase();
    const read = READERS.get(name);
    if (encodingOf(property) === 'quoted-printable') intake.leaveWhole(property);
    else if (read !== undefined) read(intake, property);
    else if (COMPANIONS.has(name)) last.push(property);
    else readOther(intake, property);
  }
  for (const property of last) {
    if (intake.isUsed(property)) continue;
    if (property.name === 'LABEL') readAddressLabel(intake, property);
    else intake.leaveWhole(property);
  }
  intake.settleRanks();
  return intake.contact;
};
