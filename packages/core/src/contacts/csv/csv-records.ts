import Papa from 'papaparse';
import { MailferryError } from '../../errors.ts';
import { splitMixedRow } from './mixed-rows.ts';

/** A row of a CSV file. */
export interface CsvRecord {
  /** As a spreadsheet counts: 1 is the first one of the file. */
  readonly row: number;
  readonly cells: readonly string[];
  /** A quoted cell goes on behind its closing quote: cells, and rows behind it, may have run into each other. */
  readonly isMalformed: boolean;
}

export interface CsvShape {
  readonly delimiter: string;
  readonly lineEnd: '\r\n' | '\n' | '\r';
}

/** In characters; a longer row is no row. */
const MAX_ROW = 32 * 1024 * 1024;
/** Misplaced quotes in a row that has not ended yet. */
const MAX_MISPLACED = 1000;

/** What papaparse gives. */
interface Parsed {
  readonly data: readonly (readonly string[])[];
  readonly errors: readonly { readonly code: string; readonly row: number }[];
  readonly meta: { readonly cursor: number };
}

const unreadable = (row: number, reason: string): MailferryError => new MailferryError('contacts-unreadable', { row, reason });

/** Takes rows off the front of a text that grows. */
class RecordCutter {
  readonly #parser: Papa.Parser;
  #rest = '';
  #row = 0;

  constructor({ delimiter, lineEnd }: CsvShape) {
    this.#parser = new Papa.Parser({ delimiter, newline: lineEnd });
  }

  /** The rows that are whole now. @throws MailferryError `contacts-unreadable` */
  take(piece: string, isLast: boolean): CsvRecord[] {
    const text = this.#rest + piece;
    if (text === '') return [];
    const parsed: Parsed = this.#parser.parse(text, 0, !isLast);
    const misplaced = new Set<number>();
    let inOpenRow = 0;
    for (const { code, row } of parsed.errors) {
      if (code === 'MissingQuotes') throw unreadable(this.#row + row + 1, 'a quote is opened there and never closed');
      misplaced.add(row);
      if (row >= parsed.data.length) inOpenRow += 1;
    }
    this.#rest = isLast ? '' : text.slice(parsed.meta.cursor);
    if (this.#rest.length > MAX_ROW) throw unreadable(this.#row + parsed.data.length + 1, `it does not end within ${MAX_ROW} characters`);
    if (inOpenRow > MAX_MISPLACED) throw unreadable(this.#row + parsed.data.length + 1, 'its quotes make no sense');
    return this.#records(parsed.data, misplaced, text);
  }

  #records(rows: readonly (readonly string[])[], misplaced: ReadonlySet<number>, text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    let from = 0;
    for (const [index, cells] of rows.entries()) {
      const split = splitMixedRow(cells, text, from);
      from = split.from;
      for (const { cells: own, isMalformed } of split.rows) {
        this.#row += 1;
        records.push({ row: this.#row, cells: own, isMalformed: isMalformed || misplaced.has(index) });
      }
    }
    return records;
  }
}

/**
 * Cuts a CSV text into its rows (RFC 4180), whole rows only, in batches as the text comes. Cells are as they stand between their
 * delimiters and quotes; empty lines are rows of one empty cell. Line ends other than the file's first one end a row as well.
 * @throws MailferryError `contacts-unreadable` for a quote that is never closed, and a row of more than 32 Mi characters
 */
export async function* readCsvRecords(text: AsyncIterable<string>, shape: CsvShape): AsyncGenerator<readonly CsvRecord[]> {
  const cutter = new RecordCutter(shape);
  for await (const piece of text) {
    const records = cutter.take(piece, false);
    if (records.length > 0) yield records;
  }
  const records = cutter.take('', true);
  if (records.length > 0) yield records;
}
