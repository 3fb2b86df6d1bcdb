import { decodeCharset } from './charset.ts';
import { decodeWords } from './encoded-words.ts';
import { fieldValue, type HeaderField } from './header.ts';
import { parameterOf } from './parameters.ts';
import type { MimePart } from './structure.ts';

/** What of one part's content is looked at; more than any text that a person wrote. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

const decodeQuotedPrintable = (bytes: Buffer): Buffer =>
  Buffer.from(
    bytes
      .toString('latin1')
      .replace(/[ \t]*=[ \t]*\r?\n/g, '')
      .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** RFC 2045 §6; what can't be decoded stays as it is. */
const decodeTransfer = (bytes: Buffer, encoding: string): Buffer => {
  if (encoding === 'base64') return Buffer.from(bytes.toString('latin1'), 'base64');
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(bytes) : bytes;
};

type ReadSpan = (from: number, to: number) => Buffer;

const contentText = (part: MimePart, read: ReadSpan): string => {
  const { body, fields, contentType } = part;
  const bytes = read(body.from, Math.min(body.to, body.from + MAX_TEXT_BYTES));
  const encoding = (fieldValue(fields, 'content-transfer-encoding') ?? '').toLowerCase().replace(/[\s;].*$/s, '');
  return decodeCharset(decodeTransfer(bytes, encoding), parameterOf(contentType, 'charset'));
};

/** Header fields, decoded, one in a line. */
export const headerText = (fields: readonly HeaderField[]): string =>
  fields.map(({ name, value }) => `${name}: ${decodeWords(value)}\n`).join('');

/** The texts of a message piece by piece, decoded: of each part its header and, where it is text, its content; attachments of other kinds are left out. */
export function* searchableTexts(message: MimePart, read: ReadSpan): Generator<string, void, undefined> {
  for (const part of message.parts) {
    yield headerText(part.fields);
    yield* searchableTexts(part, read);
  }
  if (message.message) {
    yield headerText(message.message.fields);
    yield* searchableTexts(message.message, read);
  } else if (message.parts.length === 0 && (message.type === 'TEXT' || message.type === 'MESSAGE' || message.type === 'MULTIPART')) {
    yield contentText(message, read);
  }
}
