import { type EnvelopeAddress, readAddresses } from '../mime/addresses.ts';
import { fieldValue, type HeaderField } from '../mime/header.ts';
import { isMessage, type MimePart, splitType } from '../mime/mime-part.ts';
import { type ParameterizedValue, readParameterized } from '../mime/parameters.ts';

const MAX_QUOTED = 1000;
/** What needs no escapes. */
const PLAIN = /^[ !#-[\]-~]{0,1000}$/;

/** A string of bytes (latin-1) in the form that the wire needs, RFC 3501 §4.3. NUL, which no literal can hold, is left out. */
const imapString = (text: string): string => {
  if (PLAIN.test(text)) return `"${text}"`;
  const clean = text.replaceAll('\0', '');
  if (clean.length <= MAX_QUOTED && /^[ -~]*$/.test(clean)) return `"${clean.replace(/["\\]/g, '\\$&')}"`;
  return `{${clean.length}}\r\n${clean}`;
};

const nstring = (text: string | null | undefined): string => (text === null || text === undefined ? 'NIL' : imapString(text));

const addressText = ({ name, route, mailbox, host }: EnvelopeAddress): string => `(${[name, route, mailbox, host].map(nstring).join(' ')})`;

const addressList = (addresses: readonly EnvelopeAddress[]): string =>
  addresses.length === 0 ? 'NIL' : `(${addresses.map(addressText).join('')})`;

/** RFC 3501 §7.4.2, with its parentheses. */
export const envelopeText = (fields: readonly HeaderField[]): string => {
  // Some messages have a field twice; no address is lost by taking both.
  const addressesOf = (name: string): EnvelopeAddress[] =>
    readAddresses(fields.flatMap((field) => (field.name === name ? [field.value] : [])).join(', '));
  const from = addressesOf('from');
  const orFrom = (name: string): readonly EnvelopeAddress[] => {
    const own = addressesOf(name);
    return own.length === 0 ? from : own;
  };
  const lists = [from, orFrom('sender'), orFrom('reply-to'), addressesOf('to'), addressesOf('cc'), addressesOf('bcc')];
  const text = (name: string): string => nstring(fieldValue(fields, name));
  return `(${[text('date'), text('subject'), ...lists.map(addressList), text('in-reply-to'), text('message-id')].join(' ')})`;
};

const parameterText = (parameters: ParameterizedValue['parameters'], isText: boolean): string => {
  const hasCharset = parameters.some(([name]) => name.toLowerCase() === 'charset');
  const all = isText && !hasCharset ? [...parameters, ['charset', 'us-ascii'] as const] : parameters;
  return all.length === 0 ? 'NIL' : `(${all.flat().map(imapString).join(' ')})`;
};

const dispositionText = (fields: readonly HeaderField[]): string => {
  const disposition = readParameterized(fieldValue(fields, 'content-disposition') ?? '');
  return disposition.value === '' ? 'NIL' : `(${imapString(disposition.value)} ${parameterText(disposition.parameters, false)})`;
};

/** RFC 3282: one tag, or several in parentheses. */
const languageText = (fields: readonly HeaderField[]): string => {
  const tags = (fieldValue(fields, 'content-language') ?? '').split(',').flatMap((tag) => tag.trim() || []);
  return tags.length === 0 ? 'NIL' : `(${tags.map(imapString).join(' ')})`;
};

const extensionText = (fields: readonly HeaderField[]): string =>
  `${dispositionText(fields)} ${languageText(fields)} ${nstring(fieldValue(fields, 'content-location'))}`;

/** What stands for a part where RFC 3501 wants one: in a multipart without any, and in a message that can't be seen. */
const noParts = (isExtended: boolean): string =>
  `("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0${isExtended ? ' NIL NIL NIL NIL' : ''})`;

const multipartText = (part: MimePart, isExtended: boolean): string => {
  const parts = part.parts.map((child) => structureText(child, isExtended)).join('');
  const extension = isExtended ? ` ${parameterText(part.contentType.parameters, false)} ${extensionText(part.fields)}` : '';
  return `(${parts || noParts(isExtended)} ${imapString(subtypeOf(part))}${extension})`;
};

/** As it was written. */
const typeOf = ({ contentType, type }: MimePart): string => splitType(contentType)?.[0] ?? type;
const subtypeOf = ({ contentType, subtype }: MimePart): string => splitType(contentType)?.[1] ?? subtype;

const leafText = (part: MimePart, isExtended: boolean): string => {
  const { fields, body, lines, type, message } = part;
  const isText = type === 'TEXT';
  const encoding = (fieldValue(fields, 'content-transfer-encoding') ?? '').replace(/[\s;].*$/s, '');
  const items = [
    imapString(typeOf(part)),
    imapString(subtypeOf(part)),
    parameterText(part.contentType.parameters, isText),
    nstring(fieldValue(fields, 'content-id')),
    nstring(fieldValue(fields, 'content-description')),
    imapString(encoding || '7bit'),
    String(body.to - body.from),
    ...(isMessage(part) ? [envelopeText(message?.fields ?? []), message ? structureText(message, isExtended) : noParts(isExtended)] : []),
    ...(isMessage(part) || isText ? [String(lines)] : []),
    ...(isExtended ? [nstring(fieldValue(fields, 'content-md5')), extensionText(fields)] : []),
  ];
  return `(${items.join(' ')})`;
};

/** RFC 3501 §7.4.2, with its parentheses: BODYSTRUCTURE, or BODY without its extension data. */
export const structureText = (part: MimePart, isExtended: boolean): string =>
  part.type === 'MULTIPART' ? multipartText(part, isExtended) : leafText(part, isExtended);
