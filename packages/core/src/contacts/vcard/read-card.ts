import { isUtf8 } from 'node:buffer';
import { decodeAs } from '../../mail/charset.ts';
import { decodeTransfer } from '../../mail/transfer-encoding.ts';
import type { RejectedRow } from '../contact-format.ts';
import type { CardLines } from './card-cutter.ts';
import type { Card, Property, VcardVersion } from './property.ts';
import { headEnd, type PropertyHead, readHead } from './property-head.ts';
import { Unfolder } from './unfold.ts';

/** The name under which a line that is no property is kept. */
const STRAY_LINE = 'X-MAILFERRY-LINE';
/** Beyond ASCII, or the shifts of a 7-bit charset. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
const NEEDS_DECODING = /[\x0e\x1b\x80-\xff]/;
const VERSION_LINE = /^VERSION(?:;[^:]*)?:\s*([\d.]+)/i;
const UTF8 = /^(?:unicode-1-1-)?utf[-_]?8$/i;
const REPLACEMENT = '\ufffd';

/** Null where the bytes are not of the charset. */
const decodeStrictly = (bytes: Buffer, charset: string): string | null => {
  if (UTF8.test(charset)) return isUtf8(bytes) ? bytes.toString('utf8') : null;
  const text = decodeAs(bytes, charset);
  return text?.includes(REPLACEMENT) ? null : text;
};

/** A quoted-printable value hides its bytes from whoever looked for the encoding of the file (SPEC C10). */
const decode = (text: string, charset: string, encoding: string, isHidden: boolean): string | null => {
  if (!NEEDS_DECODING.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  const charsets = [charset, encoding, ...(isHidden ? ['utf-8', 'cp949'] : [])];
  for (const one of charsets) {
    const decoded = one === '' ? null : decodeStrictly(bytes, one);
    if (decoded !== null) return decoded;
  }
  return null;
};

/** A line that is no property is one of our own. */
const strayLine = (line: string, encoding: string): Property | string => {
  const text = decode(line, '', encoding, false);
  return text === null ? STRAY_LINE : { group: '', name: STRAY_LINE, parameters: [], value: text };
};

/** The head of a line, decoded; null if it is none, its name alone where it can't be decoded. */
const decodedHead = (written: string, encoding: string): PropertyHead | string | null => {
  const head = readHead(written.trim());
  if (head === null || !NEEDS_DECODING.test(written)) return head;
  const text = decode(written, head.charset, encoding, false);
  return (text === null ? null : readHead(text.trim())) ?? head.name;
};

const quotedProperty = ({ group, name, parameters, charset }: PropertyHead, written: string, encoding: string): Property | string => {
  const bytes = decodeTransfer(Buffer.from(written, 'latin1'), 'quoted-printable').toString('latin1');
  const text = decode(bytes, charset, encoding, true);
  if (text !== null) return { group, name, parameters, value: text.replaceAll('\r\n', '\n') };
  if (NEEDS_DECODING.test(written)) return name;
  const labels = [...(charset === '' ? [] : [{ name: 'CHARSET', values: [charset] }]), { name: 'ENCODING', values: ['QUOTED-PRINTABLE'] }];
  return { group, name, parameters: [...parameters, ...labels], value: written };
};

/** A whole line as a property; its name alone where it can't be decoded. */
const readProperty = (line: string, encoding: string): Property | string => {
  const end = headEnd(line);
  const head = end < 0 ? null : decodedHead(line.slice(0, end), encoding);
  if (head === null) return strayLine(line, encoding);
  if (typeof head === 'string') return head;
  const written = line.slice(end + 1);
  if (head.encoding === 'quoted-printable') return quotedProperty(head, written, encoding);
  const { group, name, parameters } = head;
  const value = decode(head.encoding === 'base64' ? written.replace(/\s+/g, '') : written, head.charset, encoding, false);
  return value === null ? name : { group, name, parameters, value };
};

/** Cards from before there was a VERSION, and unknown ones older than 3.0, follow 2.1. */
const versionOf = (lines: readonly string[]): VcardVersion => {
  for (const line of lines) {
    const version = VERSION_LINE.exec(line)?.[1];
    if (version !== undefined) return version.startsWith('4') ? '4.0' : version.startsWith('3') ? '3.0' : '2.1';
  }
  return '2.1';
};

export interface PropertyLimits {
  readonly properties: number;
  /** Of what stands before a value. */
  readonly headBytes: number;
}

/** The properties of a card. One that is not in its encoding, or beyond the limits, is rejected as a whole. */
export const readCard = ({ row, line, lines }: CardLines, encoding: string, limits: PropertyLimits): Card | RejectedRow => {
  const version = versionOf(lines);
  const unfolded = new Unfolder(version).unfold(lines);
  const isTooLarge = unfolded.length > limits.properties || unfolded.some((one) => headEnd(one) > limits.headBytes);
  if (isTooLarge) return { row, line, column: null, reason: 'too-large' };
  const properties: Property[] = [];
  for (const one of unfolded) {
    const property = readProperty(one, encoding);
    if (typeof property === 'string') return { row, line, column: property, reason: 'not-in-encoding' };
    if (property.name !== 'VERSION') properties.push(property);
  }
  return { version, properties };
};
