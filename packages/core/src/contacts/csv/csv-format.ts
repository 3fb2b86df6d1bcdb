import { MailferryError } from '../../errors.ts';
import type { Contact } from '../contact.ts';
import type {
  ContactFormat,
  ContactRow,
  ContactWriter,
  CsvHead,
  ReadOptions,
  ReadRow,
  RejectedRow,
  Widths,
  WriterOptions,
} from '../contact-format.ts';
import { isNationalId, withoutNationalIds } from '../national-id.ts';
import { decodeText } from '../text-encoding.ts';
import type { CsvForm, RowLayout } from './csv-form.ts';
import { type CsvRecord, readCsvRecords } from './csv-records.ts';
import { type CsvStart, readCsvStart } from './csv-start.ts';
import { guardFormula, unguardFormula } from './formula-guard.ts';
import { printRow } from './print-row.ts';

/** A row as `printRecord` takes it. */
interface PassedRow {
  readonly cells: readonly string[];
  readonly headers: readonly string[];
}

/** As many as a spreadsheet has. */
const MAX_COLUMNS = 16_384;
const REPLACEMENT = '\ufffd';
const NO_MAP: ReadonlyMap<string, string> = new Map();
/** What a lost block of a disk leaves behind; fewer may stand in a text. */
const LOST = '\0'.repeat(16);
const isOnlyNul = (cell: string): boolean => cell.startsWith('\0') && cell.replaceAll('\0', '') === '';

const isBlank = (cell: string): boolean => cell.trim() === '';

/** Text that is still to come, behind a first piece that was looked at. */
async function* behind(first: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

interface OpenedCsv {
  readonly start: CsvStart;
  readonly headers: readonly string[];
  /** Number of the header row. */
  readonly headerRow: number;
  /** Rows behind the header. */
  readonly records: AsyncIterable<readonly CsvRecord[]>;
}

async function* withFirst(first: readonly CsvRecord[], rest: AsyncIterator<readonly CsvRecord[]>): AsyncGenerator<readonly CsvRecord[]> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

const checkHeader = ({ row, cells, isMalformed }: CsvRecord): void => {
  const unreadable = (reason: string): MailferryError => new MailferryError('contacts-unreadable', { row, reason });
  if (isMalformed) throw unreadable('a quoted name of its header row goes on behind its closing quote');
  if (cells.length > MAX_COLUMNS) throw unreadable(`its header row has more than ${MAX_COLUMNS} columns`);
};

/** Opens a CSV text behind its header row. @throws MailferryError `contacts-unreadable` */
export const openCsv = async (bytes: AsyncIterable<Uint8Array>, { encoding, delimiter }: ReadOptions): Promise<OpenedCsv> => {
  const pieces = decodeText(bytes, encoding)[Symbol.asyncIterator]();
  let first = '';
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    first += next.value;
    if (first.length >= 65_536) break;
  }
  const start = readCsvStart(first, delimiter);
  const records = readCsvRecords(behind(first.slice(start.skip), pieces), start.delimiter)[Symbol.asyncIterator]();
  for (let next = await records.next(); !next.done; next = await records.next()) {
    const at = next.value.findIndex(({ cells }) => !cells.every(isBlank));
    const header = next.value[at];
    if (!header) continue;
    checkHeader(header);
    const headers = header.cells.map((cell) => cell.trim());
    return { start, headers, headerRow: header.row, records: withFirst(next.value.slice(at + 1), records) };
  }
  throw new MailferryError('contacts-unreadable', { row: 1, reason: 'it has no header row' });
};

/** Why a row can't be taken, whatever its fields are; null if it can. */
const recordProblem = (
  { row, cells, isMalformed }: CsvRecord,
  headers: readonly string[],
  isDamaged: boolean | undefined,
): RejectedRow | null => {
  const rejected = (reason: RejectedRow['reason'], column: string | null = null): RejectedRow => ({ row, line: 0, column, reason });
  if (isMalformed) return rejected('quote-malformed');
  for (let index = headers.length; index < cells.length; index += 1) if (!isBlank(cells[index] ?? '')) return rejected('too-many-cells');
  if (cells.length === 1 && isOnlyNul(cells[0] ?? '')) return rejected('damaged');
  const lost = cells.findIndex((cell) => cell.includes(LOST));
  if (lost >= 0) return rejected('damaged', headers[lost] ?? null);
  if (!isDamaged) return null;
  const at = cells.findIndex((cell) => cell.includes(REPLACEMENT));
  return at < 0 ? null : rejected('not-in-encoding', headers[at] ?? null);
};

/** A row that is turned into a contact when somebody asks for it: a file that goes through as it is needs none. */
class CsvRow implements ContactRow {
  readonly row: number;
  readonly record: PassedRow;
  readonly #layout: RowLayout;
  #contact: Contact | null = null;

  constructor(row: number, record: PassedRow, layout: RowLayout) {
    this.row = row;
    this.record = record;
    this.#layout = layout;
  }

  get contact(): Contact {
    this.#contact ??= this.#layout.read(this.record.cells);
    return this.#contact;
  }
}

const readRow = (record: CsvRecord, headers: readonly string[], layout: RowLayout, isDamaged: boolean | undefined): ReadRow | null => {
  const { row, cells } = record;
  if (cells.every(isBlank)) return null;
  const problem = recordProblem(record, headers, isDamaged);
  if (problem) return problem;
  const passed: PassedRow = { cells, headers };
  return new CsvRow(row, passed, layout);
};

async function* readRows(form: CsvForm, bytes: AsyncIterable<Uint8Array>, options: ReadOptions): AsyncGenerator<readonly ReadRow[]> {
  const { headers, records } = await openCsv(bytes, options);
  const layout = form.layoutOf(headers, options.map ?? NO_MAP);
  for await (const batch of records) {
    const rows: ReadRow[] = [];
    for (const record of batch) {
      const row = readRow(record, headers, layout, options.isDamaged);
      if (row) rows.push(row);
    }
    yield rows;
  }
}

/** The column that people mean by the name. */
const nameColumn = (layout: RowLayout): string | null => {
  const partColumn = (part: string): string | null => layout.headerOf((field) => field.kind === 'name' && field.part === part);
  return partColumn('full') ?? partColumn('given') ?? partColumn('family');
};

const readHead = async (form: CsvForm, bytes: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<CsvHead> => {
  const { headers, start } = await openCsv(bytes, options);
  const layout = form.layoutOf(headers, options.map ?? NO_MAP);
  return {
    headers,
    delimiter: start.delimiter,
    unknownColumns: layout.unknown,
    nameColumn: nameColumn(layout),
    nationalIds: headers.filter(isNationalId),
    emailColumn: layout.headerOf((field) => field.kind === 'email' && field.slot === 0 && field.part === 'address'),
  };
};

const guardCells = (cells: string[]): void => {
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index];
    if (cell) cells[index] = guardFormula(cell);
  }
};

/** Writes rows of one layout. */
class CsvWriter implements ContactWriter {
  readonly head: string;
  readonly #layout: RowLayout;
  readonly #headers: readonly string[];
  readonly #options: WriterOptions;
  /** Header row of the last record, and whether it is the one that is written. */
  #last: { headers: readonly string[]; isSame: boolean } | null = null;

  constructor(form: CsvForm, options: WriterOptions) {
    this.#options = options;
    this.#layout = options.headers ? form.layoutOf(options.headers, NO_MAP) : form.layoutFor(options.widths ?? {});
    this.#headers = this.#layout.headers;
    this.head = printRow(this.#headers);
  }

  get needed(): Widths | null {
    return this.#layout.needed;
  }

  print(contact: Contact): { text: string; held: Contact } {
    const cells = this.#layout.write(this.#options.withNationalId ? contact : withoutNationalIds(contact));
    if (!this.#options.isRaw) guardCells(cells);
    return { text: printRow(cells), held: this.#layout.read(cells) };
  }

  printRecord(record: unknown): string | null {
    const { cells, headers } = record as PassedRow;
    if (this.#last?.headers !== headers) this.#last = { headers, isSame: isSame(headers, this.#headers) };
    if (!this.#last.isSame) return null;
    if (!this.#options.withNationalId && this.#holdsNationalId(cells)) return null;
    // Already guarded cells stay as they are.
    return printRow(this.#options.isRaw ? cells : cells.map((cell) => guardFormula(unguardFormula(cell))));
  }

  #holdsNationalId(cells: readonly string[]): boolean {
    return this.#layout.nationalIds.some((index) => !isBlank(cells[index] ?? '')) || this.#layout.namesNationalId(cells);
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((header, index) => header === b[index]);

/** A CSV form as a format of address books. */
export const csvFormat = (form: CsvForm): ContactFormat => ({
  id: form.id,
  family: 'csv',
  requires: form.requires,
  fileExtension: '.csv',
  read: (bytes, options) => readRows(form, bytes, options),
  readHead: (bytes, options) => readHead(form, bytes, options),
  createWriter: (options) => new CsvWriter(form, options),
});
