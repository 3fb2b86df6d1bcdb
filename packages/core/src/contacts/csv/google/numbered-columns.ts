import { type Contact, type ContactDraft, emptyAddress, emptyEmail, emptyOrganization, type Organization } from '../../contact.ts';
import type { Widths } from '../../contact-format.ts';
import { isNationalId } from '../../national-id.ts';
import type { AddressPart, ColumnField } from '../column-field.ts';
import { unguardFormula } from '../formula-guard.ts';
import { printLabel, readLabel } from './google-labels.ts';

/** The kinds of columns that Google numbers: `E-mail 1 - Value`, `E-mail 2 - Value` … */
export type NumberedKind = 'email' | 'phone' | 'address' | 'organization' | 'messenger' | 'website' | 'relation' | 'event' | 'custom';

const TITLES: Readonly<Record<NumberedKind, string>> = {
  email: 'E-mail',
  messenger: 'IM',
  phone: 'Phone',
  address: 'Address',
  organization: 'Organization',
  relation: 'Relation',
  website: 'Website',
  event: 'Event',
  custom: 'Custom Field',
};
const KINDS: ReadonlyMap<string, NumberedKind> = new Map(
  Object.entries(TITLES).map(([kind, title]) => [title.toLowerCase(), kind as NumberedKind]),
);

const NUMBERED = /^(.+) (\d{1,3}) - (.+)$/;
/** Of each kind; with as many of every kind the columns are still no more than those of a spreadsheet. */
const MAX_NUMBER = 500;
/** Between values of one cell that share a label. */
const SEVERAL = ' ::: ';

const ADDRESS_PARTS: readonly (readonly [header: string, part: AddressPart])[] = [
  ['Formatted', 'formatted'],
  ['Street', 'street'],
  ['City', 'city'],
  ['PO Box', 'poBox'],
  ['Region', 'region'],
  ['Postal Code', 'postalCode'],
  ['Country', 'country'],
  ['Extended Address', 'extended'],
];
const ORGANIZATION_PARTS: readonly (readonly [header: string, part: keyof Organization])[] = [
  ['Name', 'name'],
  ['Yomi Name', 'phoneticName'],
  ['Title', 'title'],
  ['Department', 'department'],
  ['Location', 'office'],
  ['Job Description', 'role'],
];

/** What stands behind `E-mail 1 - `; `label` is what the format calls a label. */
const partsOf = (kind: NumberedKind, label: string): readonly string[] => {
  if (kind === 'address') return [label, ...ADDRESS_PARTS.map(([header]) => header)];
  if (kind === 'organization') return [label, ...ORGANIZATION_PARTS.map(([header]) => header)];
  if (kind === 'messenger') return [label, 'Service', 'Value'];
  return [label, 'Value'];
};

/** The headers of the numbered columns of one kind. */
export const numberedHeaders = (kind: NumberedKind, count: number, label: string): string[] =>
  Array.from({ length: count }, (_, index) => partsOf(kind, label).map((part) => `${TITLES[kind]} ${index + 1} - ${part}`)).flat();

/** One numbered entry: the places of its columns; -1 for those that are not there. */
interface Entry {
  readonly kind: NumberedKind;
  readonly number: number;
  readonly label: number;
  readonly value: number;
  readonly service: number;
  readonly address: readonly (readonly [part: AddressPart, place: number])[];
  readonly organization: readonly (readonly [part: keyof Organization, place: number])[];
}

export const isNumbered = (header: string, label: string): boolean => {
  const [, title = '', , part = ''] = NUMBERED.exec(header.trim()) ?? [];
  const kind = KINDS.get(title.toLowerCase());
  return kind !== undefined && partsOf(kind, label).includes(part);
};

/** In the order of their numbers. */
const entriesOf = (headers: readonly string[], label: string): Entry[] => {
  const found = new Map<string, { kind: NumberedKind; number: number; places: Map<string, number> }>();
  for (const [index, header] of headers.entries()) {
    if (!isNumbered(header, label)) continue;
    const [, title = '', number = '', part = ''] = NUMBERED.exec(header.trim()) ?? [];
    const kind = KINDS.get(title.toLowerCase());
    if (kind === undefined) continue;
    const key = `${kind} ${Number(number)}`;
    const entry = found.get(key) ?? { kind, number: Number(number), places: new Map<string, number>() };
    if (!entry.places.has(part)) entry.places.set(part, index);
    found.set(key, entry);
  }
  const entries = Array.from(found.values(), ({ kind, number, places }): Entry => {
    const placeOf = (part: string): number => places.get(part) ?? -1;
    return {
      kind,
      number,
      label: placeOf(label),
      value: placeOf('Value'),
      service: placeOf('Service'),
      address: kind === 'address' ? ADDRESS_PARTS.map(([header, part]) => [part, placeOf(header)] as const) : [],
      organization: kind === 'organization' ? ORGANIZATION_PARTS.map(([header, part]) => [part, placeOf(header)] as const) : [],
    };
  });
  return entries.toSorted((a, b) => a.number - b.number);
};

const cellAt = (cells: readonly string[], place: number): string => {
  const cell = cells[place];
  return cell ? unguardFormula(cell) : '';
};

const put = (row: string[], place: number, text: string): void => {
  if (place >= 0) row[place] = text;
};

type Labels = ReturnType<typeof readLabel>;

/** A value with its label, as it goes into the contact. */
const addValue = (contact: ContactDraft, kind: NumberedKind, { label, isPrimary }: Labels, value: string, service: string): void => {
  switch (kind) {
    case 'email':
      contact.emails.push({ ...emptyEmail(), label, isPrimary, address: value });
      break;
    case 'phone':
      contact.phones.push({ label, isPrimary, number: value });
      break;
    case 'website':
      contact.urls.push({ label, isPrimary, url: value });
      break;
    case 'messenger':
      contact.messengers.push({ label, isPrimary, protocol: service.toLowerCase(), handle: value });
      break;
    case 'relation':
      contact.relations.push({ label, name: value });
      break;
    case 'event':
      contact.dates.push({ label, date: value });
      break;
    case 'custom':
      contact.others.push({ name: label, value });
      break;
    default:
  }
};

/** The numbered columns of a file. */
export class NumberedColumns {
  readonly #entries: readonly Entry[];
  readonly #byKind: ReadonlyMap<NumberedKind, readonly Entry[]>;
  readonly #kinds: ReadonlySet<NumberedKind>;
  readonly #label: string;
  /** Places of the labels of organizations, by their headers. */
  readonly #organizationLabels: ReadonlyMap<string, number>;
  #widths: Widths;
  #isTooNarrow = false;

  /** `label` is what the format calls a label, `kinds` are those that it may have. */
  constructor(headers: readonly string[], label: string, kinds: readonly NumberedKind[]) {
    this.#kinds = new Set(kinds);
    this.#entries = entriesOf(headers, label);
    this.#label = label;
    this.#organizationLabels = new Map(
      this.#entries.flatMap((entry) =>
        entry.kind === 'organization' && entry.label >= 0 ? [[this.#organizationLabel(entry.number), entry.label] as const] : [],
      ),
    );
    this.#byKind = Map.groupBy(this.#entries, ({ kind }) => kind);
    this.#widths = Object.fromEntries(Array.from(this.#byKind, ([kind, entries]) => [kind, entries.length]));
  }

  /** See `ContactWriter`. */
  get needed(): Widths | null {
    return this.#isTooNarrow ? this.#widths : null;
  }

  read(cells: readonly string[], contact: ContactDraft): void {
    for (const entry of this.#entries) {
      if (entry.kind === 'address') this.#readAddress(entry, cells, contact);
      else if (entry.kind === 'organization') this.#readOrganization(entry, cells, contact);
      else this.#readValues(entry, cells, contact);
    }
  }

  #readValues({ kind, label, value, service }: Entry, cells: readonly string[], contact: ContactDraft): void {
    const text = cellAt(cells, value);
    if (text === '') return;
    const labelText = cellAt(cells, label);
    // The label of a custom field is its name, whatever it looks like.
    const labels = kind === 'custom' ? { label: labelText, isPrimary: false } : readLabel(labelText);
    const serviceText = cellAt(cells, service);
    if (!text.includes(SEVERAL)) {
      addValue(contact, kind, labels, text, serviceText);
      return;
    }
    for (const [index, one] of text.split(SEVERAL).entries()) {
      if (one !== '') addValue(contact, kind, { ...labels, isPrimary: labels.isPrimary && index === 0 }, one, serviceText);
    }
  }

  #readAddress({ label, address }: Entry, cells: readonly string[], contact: ContactDraft): void {
    if (!address.some(([, place]) => cells[place])) return;
    const labels = readLabel(cellAt(cells, label));
    const read = emptyAddress(labels.label);
    read.isPrimary = labels.isPrimary;
    for (const [part, place] of address) read[part] = cellAt(cells, place);
    contact.addresses.push(read);
  }

  #readOrganization({ organization, number, label }: Entry, cells: readonly string[], contact: ContactDraft): void {
    if (!organization.some(([, place]) => cells[place])) return;
    const read = emptyOrganization();
    for (const [part, place] of organization) read[part] = cellAt(cells, place);
    contact.organizations.push(read);
    // What an organization is for has no place of its own in a contact.
    const labelText = cellAt(cells, label);
    if (labelText !== '') contact.others.push({ name: this.#organizationLabel(number), value: labelText });
  }

  /** The header of the label of an organization. */
  #organizationLabel(number: number): string {
    return `${TITLES.organization} ${number} - ${this.#label}`;
  }

  /** The header of the first e-mail address, if that is asked for. */
  headerOf(isIt: (field: ColumnField) => boolean): string | null {
    const isEmail = isIt({ kind: 'email', slot: 0, part: 'address' });
    return isEmail && this.#byKind.has('email') ? `${TITLES.email} 1 - Value` : null;
  }

  /** Whether a custom field of the row is a national id. */
  namesNationalId(cells: readonly string[]): boolean {
    return (this.#byKind.get('custom') ?? []).some(({ label }) => isNationalId(cellAt(cells, label)));
  }

  /** Fills the columns from the front; what has no room is left out. `others` are those that have no column of their own. */
  write(contact: Contact, others: Contact['others'], row: string[]): void {
    for (const [index, { label, isPrimary, address }] of contact.emails.entries())
      this.#put('email', index, printLabel(label, isPrimary), address, row);
    for (const [index, { label, isPrimary, number }] of contact.phones.entries())
      this.#put('phone', index, printLabel(label, isPrimary), number, row);
    for (const [index, { label, isPrimary, url }] of contact.urls.entries())
      this.#put('website', index, printLabel(label, isPrimary), url, row);
    for (const [index, { label, name }] of contact.relations.entries()) this.#put('relation', index, printLabel(label, false), name, row);
    let events = 0;
    for (const { label, date } of contact.dates) {
      if (label === 'birthday') continue;
      this.#put('event', events, printLabel(label, false), date, row);
      events += 1;
    }
    this.#writeCustom(contact, others, row);
    this.#writeRecords(contact, row);
    for (const { name, value } of others) put(row, this.#organizationLabels.get(name) ?? -1, value);
  }

  /** What has no column of its own, among it messengers in a format that has none for them. */
  #writeCustom({ messengers }: Contact, others: Contact['others'], row: string[]): void {
    const custom = others.filter(({ name }) => !this.#organizationLabels.has(name));
    if (!this.#kinds.has('messenger')) {
      for (const { protocol, handle } of messengers) custom.push({ name: protocol || 'IM', value: handle });
    }
    for (const [index, { name, value }] of custom.entries()) this.#put('custom', index, name, value, row);
  }

  /** Values of more than one column. */
  #writeRecords({ addresses, organizations, messengers }: Contact, row: string[]): void {
    for (const [index, address] of addresses.entries()) {
      const entry = this.#entry('address', index, printLabel(address.label, address.isPrimary), row);
      for (const [part, place] of entry?.address ?? []) put(row, place, address[part]);
    }
    for (const [index, organization] of organizations.entries()) {
      const entry = this.#entry('organization', index, '', row);
      for (const [part, place] of entry?.organization ?? []) put(row, place, organization[part]);
    }
    for (const [index, { label, isPrimary, protocol, handle }] of messengers.entries()) {
      const entry = this.#entry('messenger', index, printLabel(label, isPrimary), row);
      put(row, entry?.service ?? -1, protocol);
      put(row, entry?.value ?? -1, handle);
    }
  }

  #put(kind: NumberedKind, index: number, label: string, value: string, row: string[]): void {
    put(row, this.#entry(kind, index, label, row)?.value ?? -1, value);
  }

  /** An entry, whose label is put down; null if there is none. */
  #entry(kind: NumberedKind, index: number, label: string, row: string[]): Entry | null {
    const entry = this.#byKind.get(kind)?.[index];
    if (!entry) {
      this.#need(kind, index + 1);
      return null;
    }
    put(row, entry.label, label);
    return entry;
  }

  #need(kind: NumberedKind, width: number): void {
    if (!this.#kinds.has(kind) || width > MAX_NUMBER || width <= (this.#widths[kind] ?? 0)) return;
    this.#widths = { ...this.#widths, [kind]: width };
    this.#isTooNarrow = true;
  }
}
