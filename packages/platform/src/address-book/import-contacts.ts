import { PlatformError } from '../platform-error.ts';
import { type Contact, type ContactField, EMPTY_CONTACT } from './contact.ts';
import { type CsvRow, type CsvTable, isTooLong } from './csv-table.ts';
import { FORMS, type FormName } from './form-table.ts';
import { type Form, fieldOf } from './forms/form.ts';
import { unguardFormula } from './formula-guard.ts';

/** Why a row was not taken. Permanent. */
export const ROW_REASONS = [
  'name-missing',
  'email-missing',
  'email-invalid',
  'account-unknown',
  'department-invalid',
  'user-invalid',
  'password-weak',
  'duplicate',
  'too-many-cells',
] as const;
type RowReason = (typeof ROW_REASONS)[number];

/** A row that was not taken (SPEC C4). */
export interface RejectedRow {
  /** The header row is 1. */
  readonly row: number;
  /** The header of the column at fault; null if the file lacks it. */
  readonly column: string | null;
  readonly reason: RowReason;
}

/** What a file holds. */
export interface ReadContacts {
  readonly form: FormName;
  readonly contacts: readonly { readonly row: number; readonly contact: Contact; readonly cells: ReadonlyMap<string, string> }[];
  readonly rejected: readonly RejectedRow[];
  /** Rows whose address stands in an earlier row too; they are taken. */
  readonly duplicates: readonly { readonly row: number; readonly firstRow: number }[];
  /** Columns that no field stands for; kept with the contacts. */
  readonly unknownColumns: readonly string[];
}

const EMAIL = /^[^\s@]+@[^\s@]+$/;

const matching = (form: Form, headers: readonly string[]): number => form.headers.filter((header) => headers.includes(header)).length;

/** The importable form that shares most headers with the file. @throws PlatformError `csv-invalid` if none has a name and an address */
const detectForm = (headers: readonly string[]): FormName => {
  const names = (Object.keys(FORMS) as FormName[]).filter((name) => FORMS[name].isImported);
  const [best] = names.toSorted((a, b) => matching(FORMS[b], headers) - matching(FORMS[a], headers));
  if (best === undefined || matching(FORMS[best], headers) === 0) {
    throw new PlatformError('csv-invalid', 'The header row is of no form that is known here; name the form');
  }
  return best;
};

const rejection = (table: CsvTable, fields: readonly (ContactField | null)[], contact: Contact, row: CsvRow): RejectedRow | null => {
  const { number } = row;
  if (isTooLong(table, row)) return { row: number, column: null, reason: 'too-many-cells' };
  const columnOf = (field: ContactField): string | null => table.headers[fields.indexOf(field)] ?? null;
  if (contact.name === '') return { row: number, column: columnOf('name'), reason: 'name-missing' };
  if (contact.email === '') return { row: number, column: columnOf('email'), reason: 'email-missing' };
  return EMAIL.test(contact.email) ? null : { row: number, column: columnOf('email'), reason: 'email-invalid' };
};

const readRow = (
  table: CsvTable,
  fields: readonly (ContactField | null)[],
  { cells }: CsvRow,
): { contact: Contact; byHeader: Map<string, string> } => {
  const values: Partial<Record<ContactField, string>> = {};
  const others: [header: string, cell: string][] = [];
  const byHeader = new Map<string, string>();
  for (const [index, header] of table.headers.entries()) {
    const cell = unguardFormula(cells[index] ?? '').trim();
    byHeader.set(header, cell);
    const field = fields[index];
    // Of two columns for one field, the first with something in it counts; the other is kept.
    if (field && (values[field] ?? '') === '') values[field] = cell;
    else if (cell !== '' && header !== '') others.push([header, cell]);
  }
  return { contact: { ...EMPTY_CONTACT, ...values, others: Object.fromEntries(others) }, byHeader };
};

/** Reads contacts by the names of their columns (SPEC C8, C9). @throws PlatformError `csv-invalid` */
export const readContacts = (table: CsvTable, wanted: FormName | undefined): ReadContacts => {
  const form = wanted ?? detectForm(table.headers);
  const fields = table.headers.map((header) => fieldOf(FORMS[form], header));
  const contacts: { row: number; contact: Contact; cells: Map<string, string> }[] = [];
  const rejected: RejectedRow[] = [];
  const firstRows = new Map<string, number>();
  const duplicates: { row: number; firstRow: number }[] = [];
  for (const row of table.rows) {
    const { contact, byHeader } = readRow(table, fields, row);
    const refusal = rejection(table, fields, contact, row);
    if (refusal) {
      rejected.push(refusal);
      continue;
    }
    const key = contact.email.toLowerCase();
    const firstRow = firstRows.get(key);
    if (firstRow === undefined) firstRows.set(key, row.number);
    else duplicates.push({ row: row.number, firstRow });
    contacts.push({ row: row.number, contact, cells: byHeader });
  }
  const unknownColumns = table.headers.filter((header, index) => header !== '' && !fields[index]);
  return { form, contacts, rejected, duplicates, unknownColumns };
};
