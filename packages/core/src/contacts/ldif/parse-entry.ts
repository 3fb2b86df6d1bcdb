import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { RowProblem } from '../contact-format.ts';
import { ATTRIBUTE_NAME, type LdifAttribute, type LdifEntry, MAX_ENTRY_ATTRIBUTES } from './ldif-entry.ts';

/** Why the lines are no entry. */
export interface EntryFault {
  readonly reason: RowProblem;
  /** The attribute at fault; null if it is none. */
  readonly column: string | null;
}

/** What stands between the entries that `ldapsearch` prints: no entry, and no fault. */
const SEARCH_REPLIES = new Set(['search', 'result', 'ref', 'matcheddn', 'text', 'control']);

const REPLACEMENT = '\ufffd';

class Fault extends Error {
  readonly fault: EntryFault;

  constructor(reason: RowProblem, column: string | null) {
    super(reason);
    this.fault = { reason, column };
  }
}

const isUtf8Name = (encoding: string): boolean => /^utf-?8$/i.test(encoding);

/** The text of bytes; null where the encoding has no such bytes. */
const decodeText = (bytes: Buffer, encoding: string): string | null => {
  if (isUtf8Name(encoding)) return isUtf8(bytes) ? bytes.toString('utf8') : null;
  const text = iconv.decode(bytes, encoding, { stripBOM: false });
  return text.includes(REPLACEMENT) ? null : text;
};

/** UTF-8 as RFC 2849 demands, else the file's own encoding; the bytes where they are neither. */
const decodeBase64 = (raw: string, name: string, encoding: string): string | Buffer => {
  const text = raw.trim();
  const padding = text.indexOf('=');
  const isBase64 = text.length % 4 === 0 && !/[^A-Za-z0-9+/=]/.test(text) && (padding < 0 || /^={1,2}$/.test(text.slice(padding)));
  if (!isBase64) throw new Fault('damaged', name);
  const bytes = Buffer.from(text, 'base64');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const decoded = bytes.includes(0) ? null : decodeText(bytes, encoding);
  return decoded !== null && iconv.encode(decoded, encoding).equals(bytes) ? decoded : bytes;
};

const parseLine = (line: string, encoding: string): LdifAttribute => {
  const colon = line.indexOf(':');
  const name = colon < 0 ? '' : line.slice(0, colon).trimEnd();
  if (!ATTRIBUTE_NAME.test(name)) throw new Fault('damaged', null);
  const mark = line[colon + 1];
  if (mark === ':') return { name, value: decodeBase64(line.slice(colon + 2), name, encoding), isUrl: false };
  const isUrl = mark === '<';
  const bytes = Buffer.from(line.slice(colon + (isUrl ? 2 : 1)).replace(/^ +/, ''), 'latin1');
  const value = isAscii(bytes) ? bytes.toString('latin1') : decodeText(bytes, encoding);
  if (value === null) throw new Fault('not-in-encoding', name);
  return { name, value, isUrl };
};

/** Its lines, unfolded and without comments. A comment may be folded too. */
const logicalLines = (bytes: Buffer): string[] =>
  bytes
    .toString('latin1')
    .replace(/\r?\n /g, '')
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    .filter((line) => line !== '' && !line.startsWith('#'));

/** The attributes of a content record, or of one that adds an entry; throws for one that changes what the file doesn't have. */
const parseLines = (lines: readonly string[], encoding: string): LdifAttribute[] => {
  const attributes: LdifAttribute[] = [];
  for (const line of lines) {
    const attribute = parseLine(line, encoding);
    const name = attribute.name.toLowerCase();
    if (name === 'changetype' && attribute.value !== 'add') throw new Fault('damaged', attribute.name);
    if (name !== 'changetype' && (name !== 'version' || attributes.length > 0)) attributes.push(attribute);
  }
  return attributes;
};

const parseRecord = (lines: readonly string[], encoding: string): LdifEntry | null => {
  const attributes = parseLines(lines, encoding);
  if (attributes.every(({ name }) => SEARCH_REPLIES.has(name.toLowerCase()))) return null;
  const [first, ...rest] = attributes;
  const isNamed = first?.name.toLowerCase() === 'dn' && typeof first.value === 'string' && !first.isUrl;
  if (!isNamed || rest.some(({ name }) => name.toLowerCase() === 'dn')) throw new Fault('damaged', 'dn');
  return { dn: String(first.value), attributes: rest };
};

/**
 * Reads the lines of one entry (RFC 2849). Raw bytes above 127, which the RFC forbids, are in the file's encoding. Null for lines that are no entry: comments, the version, the results of a search.
 */
export const parseEntry = (bytes: Buffer, encoding: string): LdifEntry | EntryFault | null => {
  const lines = logicalLines(bytes);
  if (lines.length > MAX_ENTRY_ATTRIBUTES) return { reason: 'too-large', column: null };
  try {
    return parseRecord(lines, encoding);
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
};
