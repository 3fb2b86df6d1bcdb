import { decodeUnlabelled } from './charset.ts';
import { parseHeaderDate } from './header-date.ts';
import { decodeHeaderText } from './header-text.ts';

/** What a message says of itself. For names, manifests and display; nothing may depend on it. */
export interface MessageHeaders {
  /** Decoded, on one line; empty where there is none. At most some 4,000 characters. */
  readonly subject: string;
  /** From 1970 to 9999; null where there is none that can be read. */
  readonly date: Date | null;
  /** With its angle brackets, where it has any; null where there is none, or one of more than 998 characters. */
  readonly messageId: string | null;
}

type FieldName = 'subject' | 'date' | 'message-id';

/** Header fields further in are not looked for. */
const MAX_HEADER_BYTES = 256 * 1024;
/** More of one field is not read. */
const MAX_FIELD_BYTES = 4096;
/** Where the charset of a body is looked for. */
const CHARSET_WITHIN_BYTES = 64 * 1024;
/** RFC 5322 §2.1.1: what a line can hold. */
const MAX_MESSAGE_ID_UNITS = 998;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** The fields that are looked for, by the lower-case letter that they begin with. */
const FIELDS: ReadonlyMap<number, FieldName> = new Map([
  [0x73, 'subject'],
  [0x64, 'date'],
  [0x6d, 'message-id'],
]);

/** Where the line that begins at `from` ends: behind its line feed, or with the bytes. */
const lineEnd = (bytes: Buffer, from: number): number => {
  const at = bytes.indexOf(LINE_FEED, from);
  return at < 0 ? bytes.length : at + 1;
};

const isFolded = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/** The value behind the field's name, if it is this field; a character for each byte. */
const matchField = (bytes: Buffer, start: number, end: number, name: FieldName): string | null => {
  const line = bytes.toString('latin1', start, Math.min(end, start + MAX_FIELD_BYTES));
  const colon = line.indexOf(':');
  return colon >= name.length && line.slice(0, colon).trimEnd().toLowerCase() === name ? line.slice(colon + 1) : null;
};

/** The raw values of the fields that are looked for, unfolded; of one that is there twice, the first. */
const findFields = (head: Buffer): Map<FieldName, string> => {
  const bytes = head.subarray(0, MAX_HEADER_BYTES);
  const found = new Map<FieldName, string>();
  for (let start = 0; start < bytes.length && found.size < FIELDS.size; ) {
    const first = bytes[start] ?? 0;
    if (first === LINE_FEED || (first === CARRIAGE_RETURN && bytes[start + 1] === LINE_FEED)) break;
    let end = lineEnd(bytes, start);
    const name = FIELDS.get(first | 0x20);
    if (name && !found.has(name)) {
      while (isFolded(bytes[end])) end = lineEnd(bytes, end);
      const value = matchField(bytes, start, end, name);
      if (value !== null) found.set(name, value.replace(/\r?\n/g, '').trim());
    }
    start = end;
  }
  return found;
};

/** The first charset that the message names: of its body, or of the first part that has one. */
const bodyCharset = (head: Buffer): string | null =>
  /\bcharset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head.toString('latin1', 0, CHARSET_WITHIN_BYTES))?.[1] ?? null;

/** Without control characters, which a terminal would obey. */
const onOneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

const toMessageId = (value: string): string | null => {
  const id = /<[^<>]*>/.exec(value)?.[0] ?? value;
  return id === '' || id.length > MAX_MESSAGE_ID_UNITS ? null : id;
};

/**
 * Reads a message's first bytes, with as much of its header block as they hold. Bounded, tolerant, and never throws, whatever the
 * bytes (SPEC K2, K3, K4).
 */
export const readHeaders = (head: Buffer): MessageHeaders => {
  const fields = findFields(head);
  const hint = (): string | null => bodyCharset(head);
  return {
    subject: onOneLine(decodeHeaderText(fields.get('subject') ?? '', hint)),
    date: parseHeaderDate(fields.get('date') ?? ''),
    // An id holds no encoded words (RFC 2047 §5): what looks like one is part of it.
    messageId: toMessageId(onOneLine(decodeUnlabelled(Buffer.from(fields.get('message-id') ?? '', 'latin1'), hint))),
  };
};
