import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import { PlatformError } from '../platform-error.ts';
import { CONTACT_FIELDS, type Contact, type ContactField } from './contact.ts';
import type { Form } from './forms/form.ts';
import { guardFormula } from './formula-guard.ts';

export const EXPORT_ENCODINGS = ['utf-8', 'cp949'] as const;
type ExportEncoding = (typeof EXPORT_ENCODINGS)[number];

/** A field that the form has no column for, and how many contacts have something in it (SPEC C2). */
export interface LostField {
  /** A field, or the header of a column that was kept. */
  readonly field: string;
  readonly contacts: number;
}

export interface ExportOptions {
  readonly encoding: ExportEncoding;
  /** Cells stay as they are, formulas among them (SPEC C11). */
  readonly isRaw: boolean;
}

const MAX_NAMED_ROWS = 20;

/** What the form can't hold of these contacts. */
export const lostFields = (form: Form, contacts: readonly Contact[]): LostField[] => {
  const held = new Set<ContactField>(Object.values(form.fields));
  const counts = new Map<string, number>();
  for (const contact of contacts) {
    const lost = CONTACT_FIELDS.filter((field) => !held.has(field) && contact[field] !== '');
    for (const name of [...lost, ...Object.keys(contact.others)]) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([field, count]) => ({ field, contacts: count }));
};

/** SPEC C10: UTF-8 with a byte order mark, or CP949. @throws PlatformError `not-encodable` with the rows that CP949 can't hold */
const encode = (rows: readonly string[], encoding: ExportEncoding): Buffer => {
  if (encoding === 'utf-8') return Buffer.from(`\ufeff${rows.join('')}`);
  const encoded = rows.map((row) => iconv.encode(row, 'cp949'));
  const lost = encoded.flatMap((bytes, index) => (iconv.decode(bytes, 'cp949') === rows[index] ? [] : [index + 1]));
  if (lost.length > 0) {
    const named = lost.slice(0, MAX_NAMED_ROWS).join(', ');
    throw new PlatformError(
      'not-encodable',
      `CP949 can't hold what stands in ${lost.length} rows: ${named}${lost.length > MAX_NAMED_ROWS ? ' …' : ''}`,
    );
  }
  return Buffer.concat(encoded);
};

/** The contacts as a file of that form, with its header row; fields that they lack are blank. @throws PlatformError `not-encodable` */
export const writeContacts = (form: Form, contacts: readonly Contact[], { encoding, isRaw }: ExportOptions): Buffer => {
  const cellsOf = (contact: Contact): string[] =>
    form.headers.map((header) => {
      const field = form.fields[header];
      const cell = field === undefined ? '' : contact[field];
      return isRaw ? cell : guardFormula(cell);
    });
  const row = (cells: readonly string[]): string => stringify([[...cells]], { record_delimiter: '\r\n' });
  return encode([row(form.headers), ...contacts.map((contact) => row(cellsOf(contact)))], encoding);
};
