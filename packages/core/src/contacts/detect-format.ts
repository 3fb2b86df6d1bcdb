import { MailferryError } from '../errors.ts';
import type { ReadOptions } from './contact-format.ts';
import { CONTACT_FORMATS } from './contact-formats.ts';
import type { CsvForm } from './csv/csv-form.ts';
import { openCsv } from './csv/csv-format.ts';
import { CSV_FORMS } from './csv/csv-forms.ts';
import type { DelimiterReason } from './csv/csv-start.ts';
import { commonField } from './csv/header-names.ts';
import { decodeText } from './text-encoding.ts';

/** What a file is taken for, and why. */
export interface DetectedFormat {
  readonly format: string;
  readonly family: 'csv' | 'vcard' | 'ldif';
  /** `told`; `first-line` for vCard and LDIF; `headers` for CSV. */
  readonly reason: 'told' | 'first-line' | 'headers';
  /** CSV: columns that the form knows by their names, of `columns`. */
  readonly matched: number;
  readonly columns: number;
  /** CSV: formats with the very same header row. */
  readonly alike: readonly string[];
  readonly delimiter: string | null;
  readonly delimiterReason: DelimiterReason | null;
}

const START_BYTES = 65_536;

/** First bytes of files that are often taken for an address book. */
const BINARIES: readonly (readonly [start: string, what: string])[] = [
  ['PK\x03\x04', 'it is an Excel workbook (.xlsx) or another ZIP file'],
  ['\xd0\xcf\x11\xe0', 'it is an old Excel workbook (.xls) or another Office file'],
  ['!BDN', 'it is an Outlook data file (.pst)'],
  ['SQLite format 3\0', 'it is a database (Thunderbird keeps its address book in one)'],
  ['%PDF', 'it is a PDF'],
  ['\x1f\x8b', 'it is compressed'],
];
const MARKUP: readonly (readonly [start: RegExp, what: string])[] = [
  [/^\s*<(?:!doctype html|html|table)/i, 'it is an HTML page'],
  [/^\s*<\?xml/i, 'it is an XML file'],
];

/** Characters that are judged; of those at most one in 50 may be a control character. */
const JUDGED = 4096;

const isControl = (character: string): boolean => {
  const code = character.charCodeAt(0);
  return code < 0x09 || (code > 0x0d && code < 0x20);
};

const readStart = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    length += piece.length;
    if (length >= START_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, START_BYTES);
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Why the file is no text; null if it is. */
const binaryReason = (start: Buffer, text: string): string | null => {
  if (start.length === 0) return 'it is empty';
  const bytes = start.toString('latin1');
  const known = BINARIES.find(([begin]) => bytes.startsWith(begin)) ?? MARKUP.find(([begin]) => begin.test(text));
  if (known) return known[1];
  const judged = [...text.slice(0, JUDGED)];
  const controls = judged.filter(isControl).length;
  return controls > 8 && controls > judged.length / 50 ? 'it is no text' : null;
};

/** RFC 2849: comments begin with `#`, and go on in lines that begin with a blank. */
const LDIF_COMMENTS = /^(?:\s|#[^\n]*(?:\n [^\n]*)*\n)+/;

const familyOf = (text: string): 'vcard' | 'ldif' | 'csv' => {
  const line = text.replace(LDIF_COMMENTS, '').slice(0, 200);
  if (/^BEGIN:\s*VCARD/i.test(line)) return 'vcard';
  return /^(?:version:\s*1\s*\r?\n|dn:\s*[^,;\t\r\n]+=|dn::\s*[a-z0-9+/]{4})/i.test(line) ? 'ldif' : 'csv';
};

interface Scored {
  readonly form: CsvForm;
  readonly matched: number;
  /** Of all the form's columns. */
  readonly coverage: number;
}

/** Forms by how well they know the header row: columns they know first, then how much of the form is there. */
const scoreForms = (headers: readonly string[]): Scored[] =>
  CSV_FORMS.map((form) => {
    const matched = form.recognizes(headers);
    return { form, matched, coverage: matched / form.headers.length };
  }).toSorted((a, b) => b.matched - a.matched || b.coverage - a.coverage);

const hasIdentity = (headers: readonly string[], { form }: Scored, options: ReadOptions): boolean => {
  const layout = form.layoutOf(headers, options.map ?? new Map());
  return layout.headerOf(({ kind }) => kind === 'name' || kind === 'email' || kind === 'numbered') !== null;
};

const detectCsv = async (path: string, start: Buffer, options: ReadOptions): Promise<DetectedFormat> => {
  const { headers, start: csv } = await openCsv(once(start), options);
  const scores = scoreForms(headers);
  const [best] = scores;
  const isKnown = best && (best.matched >= 2 || headers.some((header) => commonField(header) !== null));
  if (!isKnown || !best || !hasIdentity(headers, best, options)) {
    const shown = headers.slice(0, 12).map((header) => header.slice(0, 40));
    throw new MailferryError('contacts-format-unknown', { path, headers: shown.join(' | ') });
  }
  const alike = scores.filter(({ form }) => form !== best.form && String(form.headers) === String(best.form.headers));
  return {
    format: best.form.id,
    family: 'csv',
    reason: 'headers',
    matched: best.matched,
    columns: headers.length,
    alike: alike.map(({ form }) => form.id),
    delimiter: csv.delimiter,
    delimiterReason: csv.delimiterReason,
  };
};

/** The version of the first card says which vCard format it is; cards of every version are read all the same. */
const vCardFormat = (text: string): string => {
  const version = /^VERSION:\s*([\d.]+)/im.exec(text)?.[1] ?? '';
  return CONTACT_FORMATS.has(`vcard-${version}`) ? `vcard-${version}` : 'vcard-3.0';
};

/**
 * Tells the format of a file by its beginning (SPEC C10).
 * @throws MailferryError `contacts-not-text`, `contacts-format-unknown`, `contacts-unreadable`
 */
export const detectFormat = async (
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  told: string | undefined,
  options: ReadOptions,
): Promise<DetectedFormat> => {
  const start = await readStart(bytes);
  let text = '';
  for await (const piece of decodeText(once(start), options.encoding)) text += piece;
  const reason = binaryReason(start, text);
  if (reason !== null) throw new MailferryError('contacts-not-text', { path, reason });
  const toldFormat = told === undefined ? undefined : CONTACT_FORMATS.get(told);
  const family = toldFormat?.family ?? familyOf(text);
  const none = { matched: 0, columns: 0, alike: [], delimiter: null, delimiterReason: null };
  if (family === 'ldif') return { format: 'ldif', family, reason: told === undefined ? 'first-line' : 'told', ...none };
  if (family === 'vcard') {
    return { format: toldFormat?.id ?? vCardFormat(text), family, reason: told === undefined ? 'first-line' : 'told', ...none };
  }
  if (!toldFormat) return detectCsv(path, start, options);
  const { headers, start: csv } = await openCsv(once(start), options);
  const matched = CSV_FORMS.find(({ id }) => id === toldFormat.id)?.recognizes(headers) ?? 0;
  const { delimiter, delimiterReason } = csv;
  return { ...none, format: toldFormat.id, family, reason: 'told', matched, columns: headers.length, delimiter, delimiterReason };
};
