import type { Contact } from './contact.ts';

/** The kind of text that a format is written in. */
type FormatFamily = 'csv' | 'vcard' | 'ldif';

/** What a row may be required to have (SPEC C4). */
export type RequiredField = 'name' | 'email';

/** Why a row was not taken. Permanent. */
export const ROW_PROBLEMS = [
  'name-missing',
  'email-missing',
  'email-invalid',
  'too-many-cells',
  'too-large',
  'quote-malformed',
  'not-in-encoding',
  'not-encodable',
  'damaged',
] as const;
export type RowProblem = (typeof ROW_PROBLEMS)[number];

/** A row that holds no contact that can be had. */
export interface RejectedRow {
  /** As a person counts them: in a CSV file the header row is 1; in vCard and LDIF files the first entry is 1. */
  readonly row: number;
  /** Where the row begins, from 1; 0 where it is not told. */
  readonly line: number;
  /** The header of the column or the name of the property at fault; null if it is none or the file lacks it. */
  readonly column: string | null;
  readonly reason: RowProblem;
}

/** A row that holds a contact. */
export interface ContactRow {
  readonly row: number;
  readonly contact: Contact;
  /** The row as the format has it, for `ContactWriter.printRecord`. */
  readonly record: unknown;
}

export type ReadRow = ContactRow | RejectedRow;

export const isRejected = (row: ReadRow): row is RejectedRow => 'reason' in row;

export interface ReadOptions {
  /** That of the file as a whole, by a name that iconv-lite knows. */
  readonly encoding: string;
  /** Bytes that the encoding has no characters for are expected: rows with them are rejected. */
  readonly isDamaged?: boolean | undefined;
  /** Of a CSV file; found out where it is not given. */
  readonly delimiter?: string | undefined;
  /** Which field a column stands for, by its header, against what the header says (SPEC C8). */
  readonly map?: ReadonlyMap<string, string> | undefined;
}

/** A contact as a writer puts it down. */
interface PrintedContact {
  /** With the end of its last line. */
  readonly text: string;
  /** What a reader of this format gets from that text: whatever it lacks is lost. */
  readonly held: Contact;
}

/** Writes the rows of one file. */
export interface ContactWriter {
  /** What stands before the first contact: the header row; empty in formats without one. */
  readonly head: string;
  print(contact: Contact): PrintedContact;
  /** Of a format with numbered columns: as many as the contacts so far would have taken, if that is more than there are; else null. */
  readonly needed: Widths | null;
  /** A row of a file of the very same format and layout, unchanged; null for any other, and for one that has something to withhold. */
  printRecord(record: unknown): string | null;
}

export interface WriterOptions {
  /** Cells that a spreadsheet would run as formulas stay as they are (SPEC C11). */
  readonly isRaw: boolean;
  /** National ids are written; they are withheld otherwise (SPEC C11). */
  readonly withNationalId: boolean;
  /** Of a CSV file: the header row of the file that is to be written like it. Default: the form's own. */
  readonly headers?: readonly string[] | undefined;
  /** Of a format with numbered columns: how many of each kind. */
  readonly widths?: Widths | undefined;
}

/** Columns of each numbered kind. */
export type Widths = Readonly<Record<string, number>>;

/** What the beginning of a CSV file tells. */
export interface CsvHead {
  readonly headers: readonly string[];
  readonly delimiter: string;
  /** Headers of columns that no field stands for; their cells are kept as other fields. */
  readonly unknownColumns: readonly string[];
  /** The headers of the required fields; null for a column that the file lacks. */
  readonly nameColumn: string | null;
  readonly emailColumn: string | null;
  /** Headers of columns of national ids, which are not written without being asked for (SPEC C11). */
  readonly nationalIds: readonly string[];
}

/** One format of address books: an entry of the table in `contact-formats.ts`. */
export interface ContactFormat {
  readonly id: string;
  readonly family: FormatFamily;
  /** SPEC C4. */
  readonly requires: readonly RequiredField[];
  readonly fileExtension: '.csv' | '.vcf' | '.ldif';
  /** Batches of rows, in the order of the file. @throws MailferryError `contacts-unreadable` where the rest of the file can't be told apart */
  read(bytes: AsyncIterable<Uint8Array>, options: ReadOptions): AsyncIterable<readonly ReadRow[]>;
  createWriter(options: WriterOptions): ContactWriter;
  /** CSV: reads the header row. @throws MailferryError `contact-field-unknown`, `contact-column-missing` */
  readHead?(bytes: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<CsvHead>;
}
