import { isUtf8 } from 'node:buffer';
import { decodeAs, decodeUnlabelled } from './charset.ts';
import { parseHeaderDate } from './header-date.ts';
import { charsetHint, fieldFinder, headerFields } from './header-fields.ts';
import { decodeHeaderText } from './header-text.ts';
import { htmlText } from './html-text.ts';
import { type MimePart, mimeParts } from './mime-parts.ts';
import { decodeTransfer } from './transfer-encoding.ts';

/** What a reader sees of a message. For display and search; nothing may depend on it. */
export interface MessageText {
  /** Decoded, on one line, without control characters; empty where there is none. So are the next three. */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  /** From 1970 to 9999; null where there is none that can be read. */
  readonly date: Date | null;
  /** The text to read: of contents in several forms, the plain one. Lines end in line feeds. */
  readonly text: string;
  /** The other forms, which a search has to know as well. */
  readonly otherForms: string;
  /** Decoded names of files, on one line each; empty for one without a name. */
  readonly attachments: readonly string[];
  /** False where not all was read: too many parts, or too deep ones, or more text than `TEXT_LIMIT_BYTES`. */
  readonly isWhole: boolean;
}

/** How much of a message's text is read, before its transfer encoding is undone. */
export const TEXT_LIMIT_BYTES = 4 * 1024 * 1024;
/** More of one header field is not read: some hundred addresses. */
const MAX_FIELD_BYTES = 16 * 1024;
/** Where HTML names its own charset (HTML Living Standard §13.2.3.2). */
const META_WITHIN_UNITS = 1024;
const META_CHARSET = /<meta[^>]{1,200}charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})/i;
const REPLACEMENT = '\ufffd';

const findFields = fieldFinder(['subject', 'from', 'to', 'cc', 'date'], MAX_FIELD_BYTES);

type Hint = () => string | null;

/** Without control characters, which a terminal would obey. */
const onOneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** A label that the bytes contradict counts for nothing (SPEC K3, K4). */
const decodeText = (bytes: Buffer, charset: string | null, hint: Hint): string => {
  const labelled = charset === null ? null : decodeAs(bytes, charset);
  if (labelled !== null && !(labelled.includes(REPLACEMENT) && isUtf8(bytes))) return labelled;
  return decodeUnlabelled(bytes, hint);
};

const isHtml = ({ contentType }: MimePart): boolean => contentType === 'text/html';

const isText = ({ contentType, isAttachment }: MimePart): boolean =>
  !isAttachment && (contentType.startsWith('text/') || contentType === 'message/delivery-status');

const readPart = (part: MimePart, body: Buffer, hint: Hint): string => {
  const bytes = decodeTransfer(body, part.transferEncoding);
  const ofItself: Hint = () => META_CHARSET.exec(bytes.toString('latin1', 0, META_WITHIN_UNITS))?.[1] ?? hint();
  const text = decodeText(bytes, part.charset, isHtml(part) ? ofItself : hint).replace(/\r\n?/g, '\n');
  return isHtml(part) ? htmlText(text) : text;
};

interface ReadPart {
  readonly part: MimePart;
  readonly text: string;
}

/** Of each content in several forms the first plain one that says something, else its HTML. */
const chooseForms = (read: readonly ReadPart[]): { readonly chosen: ReadPart[]; readonly others: ReadPart[] } => {
  const plain = new Set(read.flatMap(({ part, text }) => (!isHtml(part) && text.trim() !== '' ? [part.alternative] : [])));
  const isOther = ({ part }: ReadPart): boolean => part.alternative !== null && isHtml(part) && plain.has(part.alternative);
  return { chosen: read.filter((one) => !isOther(one)), others: read.filter(isOther) };
};

const joined = (read: readonly ReadPart[]): string =>
  read
    .map(({ text }) => text)
    .filter((text) => text.trim() !== '')
    .join('\n\n');

/**
 * Reads a message, or the beginning of one: its headers, and the text of its parts (SPEC K2, K3, K4). Bounded, tolerant, and never
 * throws, whatever the bytes.
 */
export const readMessageText = (message: Buffer): MessageText => {
  const hint: Hint = () => charsetHint(message);
  const fields = findFields(message);
  const line = (name: 'subject' | 'from' | 'to' | 'cc'): string => onOneLine(decodeHeaderText(fields.get(name) ?? '', hint));
  const { parts, isWhole } = mimeParts(message, hint);
  let leftBytes = TEXT_LIMIT_BYTES;
  let isCut = false;
  const read = parts.filter(isText).map((part): ReadPart => {
    const body = part.body.subarray(0, leftBytes);
    leftBytes -= body.length;
    if (body.length < part.body.length) isCut = true;
    return { part, text: readPart(part, body, hint) };
  });
  const { chosen, others } = chooseForms(read);
  return {
    subject: line('subject'),
    from: line('from'),
    to: line('to'),
    cc: line('cc'),
    date: parseHeaderDate(fields.get('date') ?? ''),
    text: joined(chosen),
    otherForms: joined(others),
    attachments: parts.filter(({ isAttachment }) => isAttachment).map(({ fileName }) => onOneLine(fileName ?? '')),
    isWhole: isWhole && !isCut,
  };
};

/** All header fields of a message, decoded, each on one line. Of the first 256 KiB. Never throws. */
export const readHeaderLines = (message: Buffer): { readonly name: string; readonly text: string }[] => {
  const hint: Hint = () => charsetHint(message);
  return Array.from(headerFields(message, MAX_FIELD_BYTES), ({ name, value }) => ({
    name: onOneLine(name),
    text: onOneLine(decodeHeaderText(value, hint)),
  }));
};
