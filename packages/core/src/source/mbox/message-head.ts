import { crc32 } from 'node:zlib';
import { decodeHeaderText } from '../../mail/header-text.ts';
import { readGmailLabels } from './gmail-labels.ts';
import { findColon, hasText, isFolded, lineEndAt, nextLine } from './header-line.ts';

/** What the header block of a message in an mbox says to its container. Positions are indexes into the bytes that were read. */
export interface MessageHead {
  /** What mail programs keep in the header: `\Seen`, `$Forwarded`, keywords. */
  readonly flags: readonly string[];
  /** The mailboxes that Gmail's labels name; null for a message without `X-Gmail-Labels`. */
  readonly labels: readonly string[] | null;
  /** `Content-Length`; NaN for one that is no length, null where there is none. */
  readonly contentLength: number | null;
  /** Behind the blank line that ends the header block; null where none was found. */
  readonly bodyStart: number | null;
  /** CRC-32 of the From_ line and the header block, without the fields that mail programs change in place. */
  readonly crc: number;
  /** Whether this is no message but what a mail server keeps in front of its mbox. */
  readonly isFolderData: boolean;
  /** Where the first line stands that is no header field; null where all are. */
  readonly oddLineAt: number | null;
}

/** Header fields further in are not looked for. */
export const MAX_HEADER_BYTES = 256 * 1024;
const MAX_VALUE_BYTES = 64 * 1024;
const MAX_KEYWORDS = 50;
const MAX_KEYWORD_UNITS = 200;

const CHANGED_IN_PLACE: ReadonlySet<string> = new Set([
  'status',
  'x-status',
  'x-keywords',
  'x-mozilla-status',
  'x-mozilla-status2',
  'x-mozilla-keys',
]);
const OF_INTEREST: ReadonlySet<string> = new Set([...CHANGED_IN_PLACE, 'content-length', 'x-gmail-labels', 'x-imap', 'subject']);
/** Makes a letter lower case. */
const LOWER_CASE = 0x20;
/** First letters of the names of interest, in lower case. */
const FIRST_LETTERS: ReadonlySet<number> = new Set(Array.from(OF_INTEREST, (name) => name.charCodeAt(0)));
const FOLDER_DATA_SUBJECT = "DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA";

const STATUS_FLAGS: ReadonlyMap<string, string> = new Map([
  ['R', '\\Seen'],
  ['A', '\\Answered'],
  ['F', '\\Flagged'],
  ['D', '\\Deleted'],
  ['T', '\\Draft'],
]);
const MOZILLA_FLAGS: readonly (readonly [bit: number, flag: string])[] = [
  [0x0001, '\\Seen'],
  [0x0002, '\\Answered'],
  [0x0004, '\\Flagged'],
  [0x0008, '\\Deleted'],
  [0x1000, '$Forwarded'],
];

const keywordsOf = (value: string): string[] =>
  Buffer.from(value, 'latin1')
    .toString('utf8')
    .split(/\s+/)
    .filter((word) => word !== '' && word.length <= MAX_KEYWORD_UNITS)
    .slice(0, MAX_KEYWORDS);

const flagsOf = (fields: ReadonlyMap<string, string>): Set<string> => {
  const flags = new Set<string>();
  for (const letter of `${fields.get('status') ?? ''}${fields.get('x-status') ?? ''}`) {
    const flag = STATUS_FLAGS.get(letter);
    if (flag) flags.add(flag);
  }
  const mozilla = Number.parseInt(fields.get('x-mozilla-status') ?? '0', 16);
  for (const [bit, flag] of MOZILLA_FLAGS) if (mozilla & bit) flags.add(flag);
  for (const name of ['x-mozilla-keys', 'x-keywords']) for (const keyword of keywordsOf(fields.get(name) ?? '')) flags.add(keyword);
  return flags;
};

const contentLengthOf = (value: string | undefined): number | null => {
  if (value === undefined) return null;
  return /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
};

interface HeaderFields {
  /** Of the fields of interest, unfolded, a character for each byte; the first of each. */
  readonly values: ReadonlyMap<string, string>;
  readonly crc: number;
  readonly bodyStart: number | null;
  readonly oddLineAt: number | null;
}

/** Name and value of the field that begins at `at`, if it is of interest, and where it ends. */
const readField = (bytes: Buffer, at: number, colon: number, limit: number): { name: string; value: string; end: number } | null => {
  if (!FIRST_LETTERS.has((bytes[at] ?? 0) | LOWER_CASE)) return null;
  const name = bytes.toString('latin1', at, colon).trimEnd().toLowerCase();
  if (!OF_INTEREST.has(name)) return null;
  let end = nextLine(bytes, colon, limit);
  while (end < limit && isFolded(bytes[end])) end = nextLine(bytes, end, limit);
  const value = bytes.toString('latin1', colon + 1, Math.min(end, colon + 1 + MAX_VALUE_BYTES));
  return { name, value: value.replace(/\r?\n/g, '').trim(), end };
};

const readFields = (bytes: Buffer, from: number, start: number, limit: number): HeaderFields => {
  const values = new Map<string, string>();
  let crc = 0;
  let summedTo = from;
  let bodyStart: number | null = null;
  let oddLineAt: number | null = null;
  let at = start;
  while (at < limit) {
    if (lineEndAt(bytes, at) > 0) {
      bodyStart = nextLine(bytes, at, limit);
      break;
    }
    const isContinued = at > start && isFolded(bytes[at]);
    const colon = isContinued ? -1 : findColon(bytes, at, limit);
    if (colon < 0 && !isContinued) {
      if (hasText(bytes, at, 'From ')) break;
      if (!hasText(bytes, at, '>From ')) oddLineAt ??= at;
    }
    const field = colon < 0 ? null : readField(bytes, at, colon, limit);
    if (field && !values.has(field.name)) values.set(field.name, field.value);
    if (field && CHANGED_IN_PLACE.has(field.name)) {
      crc = crc32(bytes.subarray(summedTo, at), crc);
      summedTo = field.end;
    }
    at = field?.end ?? nextLine(bytes, at, limit);
  }
  if (at === start) oddLineAt = start;
  return { values, crc: crc32(bytes.subarray(summedTo, at), crc), bodyStart, oddLineAt };
};

/**
 * Reads the header block of the message whose From_ line begins at `from` and whose own bytes begin at `start`; `end` is where the bytes at
 * hand end. Never throws, whatever the bytes.
 */
export const readMessageHead = (bytes: Buffer, from: number, start: number, end: number): MessageHead => {
  const { values, ...rest } = readFields(bytes, from, start, Math.min(end, start + MAX_HEADER_BYTES));
  const labelled = values.get('x-gmail-labels');
  const meaning = labelled === undefined ? null : readGmailLabels(decodeHeaderText(labelled, () => null));
  return {
    ...rest,
    flags: [...new Set([...flagsOf(values), ...(meaning?.flags ?? [])])],
    labels: meaning?.mailboxes ?? null,
    contentLength: contentLengthOf(values.get('content-length')),
    isFolderData: values.has('x-imap') && values.get('subject') === FOLDER_DATA_SUBJECT,
  };
};
