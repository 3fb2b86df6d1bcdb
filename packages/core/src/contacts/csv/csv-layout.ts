import { type Contact, type ContactDraft, emptyAddress, emptyContact, emptyEmail, emptyOrganization } from '../contact.ts';
import { displayName, joinName } from '../display-name.ts';
import { isNationalId } from '../national-id.ts';
import type { AddressPart, ColumnField, DatePart, NamePart } from './column-field.ts';
import { unguardFormula } from './formula-guard.ts';
import { joinPartialDate, splitPartialDate } from './partial-date.ts';
import { placesBy, ValuePlaces } from './place-values.ts';

/** A column of a file: its header and what its cells are. */
export interface LayoutColumn {
  readonly header: string;
  readonly field: ColumnField;
}

export interface LayoutOptions {
  readonly columns: readonly LayoutColumn[];
  /** Headers of columns that no field stands for. */
  readonly unknown: readonly string[];
  /** Between the groups of one cell. */
  readonly groupSeparator: string;
}

/** Takes the cell of one column into the contact. */
type CellReader = (contact: ContactDraft, cell: string) => void;

const DEFAULT_EMAIL_TYPE = 'SMTP';
/** What Outlook writes where there is no date. */
const NO_DATE = '0/0/00';

const emailReader =
  (field: ColumnField & { kind: 'email' }): CellReader =>
  (contact, cell) => {
    if (field.part === 'type' && cell === DEFAULT_EMAIL_TYPE) return;
    const email = contact.emails[field.slot] ?? emptyEmail();
    email[field.part] = cell;
    contact.emails[field.slot] = email;
  };

const addressReader =
  (label: string, part: AddressPart): CellReader =>
  (contact, cell) => {
    let address = contact.addresses.find((one) => one.label === label);
    if (!address) {
      address = emptyAddress(label);
      contact.addresses.push(address);
    }
    address[part] = cell;
  };

const cellReader = (field: ColumnField, groupSeparator: string): CellReader => {
  switch (field.kind) {
    case 'name':
      return (contact, cell) => {
        contact.name[field.part] = cell;
      };
    case 'email':
      return emailReader(field);
    case 'phone':
      return (contact, number) => contact.phones.push({ label: field.label, isPrimary: false, number });
    case 'address':
      return addressReader(field.label, field.part);
    case 'organization':
      return (contact, cell) => {
        const organization = contact.organizations[0] ?? emptyOrganization();
        organization[field.part] = cell;
        contact.organizations[0] = organization;
      };
    case 'date':
      return (contact, date) => {
        if (date !== NO_DATE) contact.dates.push({ label: field.label, date });
      };
    case 'url':
      return (contact, url) => contact.urls.push({ label: field.label, isPrimary: false, url });
    case 'relation':
      return (contact, name) => contact.relations.push({ label: field.label, name });
    case 'messenger':
      return (contact, handle) => contact.messengers.push({ label: '', isPrimary: false, protocol: '', handle });
    case 'notes':
      return (contact, cell) => {
        contact.notes = cell;
      };
    case 'groups':
      return (contact, cell) => {
        for (const group of cell.split(groupSeparator)) if (group.trim() !== '') contact.groups.push(group.trim());
      };
    case 'photo':
      return (contact, cell) => {
        contact.photo = cell;
      };
    case 'other':
      return (contact, value) => contact.others.push({ name: field.name, value });
    case 'datePart':
    case 'numbered':
      return () => undefined;
  }
};

type CellWriter = (contact: Contact) => string;

const dateWriter =
  ({ label, part }: ColumnField & { kind: 'datePart' }): CellWriter =>
  ({ dates }) => {
    const found = dates.find((date) => date.label === label);
    return (found && splitPartialDate(found.date)?.[part]) ?? '';
  };

const emailWriter =
  ({ slot, part }: ColumnField & { kind: 'email' }): CellWriter =>
  ({ emails }) => {
    // The primary one goes first.
    const primary = emails.findIndex(({ isPrimary }) => isPrimary);
    const index = primary <= 0 || slot > primary ? slot : slot === 0 ? primary : slot - 1;
    const email = emails[index];
    if (!email) return '';
    return part === 'type' ? email.type || DEFAULT_EMAIL_TYPE : email[part];
  };

/** Gives the cell of one column; null for columns that are filled together with others. */
const cellWriter = (field: ColumnField, groupSeparator: string): CellWriter | null => {
  switch (field.kind) {
    case 'name':
      return field.part === 'full' ? displayName : ({ name }) => name[field.part];
    case 'email':
      return emailWriter(field);
    case 'organization':
      return ({ organizations }) => organizations[0]?.[field.part] ?? '';
    case 'date':
      return ({ dates }) => dates.find(({ label }) => label === field.label)?.date ?? '';
    case 'datePart':
      return dateWriter(field);
    case 'relation':
      return ({ relations }) => relations.find(({ label }) => label === field.label)?.name ?? '';
    case 'messenger':
      return ({ messengers }) => messengers[0]?.handle ?? '';
    case 'notes':
      return ({ notes }) => notes;
    case 'groups':
      return ({ groups }) => groups.join(groupSeparator);
    case 'photo':
      return ({ photo }) => photo;
    default:
      return null;
  }
};

const datePartColumns = (columns: readonly LayoutColumn[]): ReadonlyMap<string, ReadonlyMap<DatePart, number>> => {
  const byLabel = new Map<string, Map<DatePart, number>>();
  for (const [index, { field }] of columns.entries()) {
    if (field.kind !== 'datePart') continue;
    const places = byLabel.get(field.label) ?? new Map<DatePart, number>();
    if (!places.has(field.part)) places.set(field.part, index);
    byLabel.set(field.label, places);
  }
  return byLabel;
};

/** The columns of a file, and what they mean: turns rows into contacts and back. */
export class CsvLayout {
  readonly unknown: readonly string[];
  readonly headers: readonly string[];
  /** Columns of national ids, by their place. */
  readonly nationalIds: readonly number[];
  readonly needed = null;
  readonly #columns: readonly LayoutColumn[];
  readonly #readers: readonly CellReader[];
  readonly #writers: readonly (readonly [index: number, write: CellWriter])[];
  /** The columns of days that stand in three cells, by the label of the day. */
  readonly #dateParts: ReadonlyMap<string, ReadonlyMap<DatePart, number>>;
  readonly #others: ReadonlyMap<string, readonly number[]>;
  readonly #places: ValuePlaces;
  /** The column of given names, if there is none for the whole name. */
  readonly #onlyGiven: number;

  constructor({ columns, unknown, groupSeparator }: LayoutOptions) {
    this.unknown = unknown;
    this.headers = columns.map(({ header }) => header);
    this.nationalIds = columns.flatMap(({ header, field }, index) =>
      isNationalId(header) || (field.kind === 'other' && isNationalId(field.name)) ? [index] : [],
    );
    this.#columns = columns;
    this.#readers = columns.map(({ field }) => cellReader(field, groupSeparator));
    this.#writers = columns.flatMap(({ field }, index) => {
      const write = cellWriter(field, groupSeparator);
      return write ? [[index, write] as const] : [];
    });
    this.#dateParts = datePartColumns(columns);
    this.#others = placesBy(columns, (field) => (field.kind === 'other' ? field.name : null));
    this.#places = new ValuePlaces(columns);
    const nameAt = (part: NamePart): number => columns.findIndex(({ field }) => field.kind === 'name' && field.part === part);
    this.#onlyGiven = nameAt('full') < 0 ? nameAt('given') : -1;
  }

  /** Here only headers say what a cell holds. */
  namesNationalId(): boolean {
    return false;
  }

  headerOf(isIt: (field: ColumnField) => boolean): string | null {
    return this.#columns.find(({ field }) => isIt(field))?.header ?? null;
  }

  /** The contact of a row as it stands in a file, guarded cells and all; cells behind the last column are left out. */
  read(cells: readonly string[]): ContactDraft {
    const contact = emptyContact();
    const count = Math.min(cells.length, this.#readers.length);
    for (let index = 0; index < count; index += 1) {
      const cell = cells[index];
      if (cell) this.#readers[index]?.(contact, unguardFormula(cell));
    }
    if (contact.emails.length > 1) contact.emails = contact.emails.filter((email) => email !== undefined);
    else if (contact.emails.length === 1 && contact.emails[0] === undefined) contact.emails = [];
    for (const [label, places] of this.#dateParts) {
      const part = (name: DatePart): string => unguardFormula(cells[places.get(name) ?? -1] ?? '');
      const date = joinPartialDate(part('year'), part('month'), part('day'));
      if (date !== '') contact.dates.push({ label, date });
    }
    return contact;
  }

  /** The row of a contact; what no column is for is not in it. */
  write(contact: Contact): string[] {
    const row = new Array<string>(this.#columns.length).fill('');
    for (const [index, write] of this.#writers) row[index] = write(contact);
    // A name that nobody has taken apart goes as a whole where given names go.
    if (this.#onlyGiven >= 0 && joinName(contact.name) === '') row[this.#onlyGiven] = displayName(contact);
    for (const { name, value } of contact.others) {
      const index = this.#others.get(name)?.find((at) => row[at] === '');
      if (index !== undefined) row[index] = value;
    }
    this.#places.fill(contact, row);
    return row;
  }
}
