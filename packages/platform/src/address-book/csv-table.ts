import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { PlatformError } from '../platform-error.ts';

/** A CSV file, read. */
export interface CsvTable {
  /** Trimmed; empty ones are columns without a name. */
  readonly headers: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly encoding: CsvEncoding;
  readonly delimiter: string;
}

export interface CsvRow {
  /** As a person counts them: the header row is 1. */
  readonly number: number;
  /** As many as there are headers, or more. */
  readonly cells: readonly string[];
}

export const CSV_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'cp949'] as const;
export type CsvEncoding = (typeof CSV_ENCODINGS)[number];

/** SPEC C3. */
const MAX_ROWS = 1000;
const MAX_COLUMNS = 500;
const MAX_RECORD = 256 * 1024;
/** Excel's line in front of the header that tells the delimiter. */
const SEPARATOR_LINE = /^\ufeff?sep=([,;\t])\r?\n/i;
const DELIMITERS = [',', ';', '\t'];

const utf8 = (bytes: Buffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** SPEC C10: by the byte order mark, else strict UTF-8, else CP949, decided for the whole file. */
const decode = (bytes: Buffer, wanted: CsvEncoding | undefined): { readonly text: string; readonly encoding: CsvEncoding } => {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  const encoding = wanted ?? marked ?? (utf8(bytes) === null ? 'cp949' : 'utf-8');
  const text = iconv.decode(bytes, encoding);
  if (text.includes('\0')) throw new PlatformError('csv-invalid', 'That is no text: it holds NUL');
  if (text.includes('\ufffd') && encoding !== 'utf-8') throw new PlatformError('csv-invalid', `That is no text in ${encoding}`);
  return { text, encoding };
};

/** The one that is most often in the first line, outside of quotes. */
const detectDelimiter = (text: string): string => {
  const firstLine = (/^(?:[^"\r\n]|"(?:[^"]|"")*")*/.exec(text)?.[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => firstLine.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
};

const parseRecords = (text: string, delimiter: string): string[][] => {
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relaxColumnCount: true,
      relaxQuotes: true,
      maxRecordSize: MAX_RECORD,
    });
  } catch (cause) {
    throw new PlatformError(
      'csv-invalid',
      `That is no CSV: ${cause instanceof Error ? cause.message.slice(0, 200) : 'it can not be read'}`,
      { cause },
    );
  }
};

/** @throws PlatformError `csv-invalid` */
const readHeaders = (cells: readonly string[]): string[] => {
  const headers = cells.map((cell) => cell.trim());
  if (headers.length > MAX_COLUMNS || headers.every((header) => header === '')) {
    throw new PlatformError('csv-invalid', `There is no header row, or one of more than ${MAX_COLUMNS} columns`);
  }
  const twice = headers.find((header, index) => header !== '' && headers.indexOf(header) !== index);
  if (twice !== undefined) throw new PlatformError('csv-invalid', `The column ${JSON.stringify(twice.slice(0, 100))} is there twice`);
  return headers;
};

/** Whether there is something behind the last column: a value may have been cut in two, and others have moved. */
export const isTooLong = ({ headers }: CsvTable, { cells }: CsvRow): boolean =>
  cells.slice(headers.length).some((cell) => cell.trim() !== '');

/**
 * Reads a file of at most 1,000 rows below its header (SPEC C3).
 * @throws PlatformError `csv-invalid`, `too-many-rows`
 */
export const readCsv = (
  bytes: Buffer,
  { encoding: wanted, delimiter: given }: { encoding?: CsvEncoding | undefined; delimiter?: string | undefined },
): CsvTable => {
  const { text, encoding } = decode(bytes, wanted);
  const [mark = '', told] = SEPARATOR_LINE.exec(text) ?? [];
  const content = text.slice(mark.length).replace(/^\ufeff/, '');
  const delimiter = given ?? told ?? detectDelimiter(content);
  const [first, ...records] = parseRecords(content, delimiter);
  const headers = readHeaders(first ?? []);
  // Empty rows count, as in a spreadsheet.
  const firstNumber = mark === '' ? 2 : 3;
  const filled = records
    .map((cells, index) => ({ number: index + firstNumber, cells }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (filled.length > MAX_ROWS) {
    throw new PlatformError('too-many-rows', `A file has at most ${MAX_ROWS} rows, this one has ${filled.length}: split it`);
  }
  return { headers, rows: filled, encoding, delimiter };
};
