import type { Cursor } from './cursor.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';

/** What of a message a section names, RFC 3501 §6.4.5. */
type Section =
  | { readonly part: 'all' }
  | { readonly part: 'header' }
  | { readonly part: 'text' }
  /** `names` in capitals. */
  | { readonly part: 'fields'; readonly names: ReadonlySet<string>; readonly isExcluding: boolean };

export type FetchItem =
  | { readonly kind: 'flags' | 'uid' | 'internal-date' | 'size' }
  | {
      readonly kind: 'body';
      /** The name that the answer bears. */
      readonly label: string;
      readonly section: Section;
      /** False where fetching sets `\Seen`. */
      readonly isPeek: boolean;
      readonly partial: { readonly from: number; readonly length: number } | null;
    }
  /** Known to IMAP, not to this server. */
  | { readonly kind: 'unsupported'; readonly label: string };

type BodyItem = Extract<FetchItem, { kind: 'body' }>;

const FAST: readonly FetchItem[] = [{ kind: 'flags' }, { kind: 'internal-date' }, { kind: 'size' }];
const UNSUPPORTED = new Set(['ALL', 'FULL', 'ENVELOPE', 'BODYSTRUCTURE', 'BODY']);

const rfc822 = (label: string, section: Section, isPeek: boolean): BodyItem => ({ kind: 'body', label, section, isPeek, partial: null });

const SIMPLE_ITEMS: ReadonlyMap<string, FetchItem> = new Map<string, FetchItem>([
  ['FLAGS', { kind: 'flags' }],
  ['UID', { kind: 'uid' }],
  ['INTERNALDATE', { kind: 'internal-date' }],
  ['RFC822.SIZE', { kind: 'size' }],
  ['RFC822', rfc822('RFC822', { part: 'all' }, false)],
  ['RFC822.HEADER', rfc822('RFC822.HEADER', { part: 'header' }, true)],
  ['RFC822.TEXT', rfc822('RFC822.TEXT', { part: 'text' }, false)],
]);

const quoted = (name: string): string =>
  /^[!#$&'+,\-./0-9:;<=>?@A-Z^_`a-z|}~]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;

const readFieldNames = (cursor: Cursor): string[] => {
  cursor.space();
  const names = cursor.list(() => cursor.astring().toString('latin1'));
  if (names.length === 0) throw new ImapSyntaxError('A list of header fields is empty');
  if (names.some((name) => /[\r\n\0]/.test(name))) throw new ImapSyntaxError('The name of a header field holds a line end');
  return names;
};

/** Null for a section that needs the MIME structure. */
const readSection = (cursor: Cursor): { section: Section | null; text: string } => {
  if (cursor.peek() === ']') return { section: { part: 'all' }, text: '' };
  const text = cursor.word();
  if (text === 'HEADER') return { section: { part: 'header' }, text };
  if (text === 'TEXT') return { section: { part: 'text' }, text };
  const isExcluding = text.endsWith('HEADER.FIELDS.NOT');
  if (!isExcluding && !text.endsWith('HEADER.FIELDS')) {
    if (!/^[1-9]\d*(\.[1-9]\d*)*(\.(HEADER|TEXT|MIME))?$/.test(text)) throw new ImapSyntaxError(`${text} is no section`);
    return { section: null, text };
  }
  const names = readFieldNames(cursor);
  const section: Section = { part: 'fields', names: new Set(names.map((name) => name.toUpperCase())), isExcluding };
  return { section: text.startsWith('HEADER') ? section : null, text: `${text} (${names.map(quoted).join(' ')})` };
};

const readPartial = (cursor: Cursor): BodyItem['partial'] => {
  if (!cursor.accept('<')) return null;
  const from = cursor.number();
  cursor.expect('.');
  const length = cursor.number();
  if (length === 0) throw new ImapSyntaxError('A partial fetch of 0 bytes');
  cursor.expect('>');
  return { from, length };
};

const readBodyItem = (cursor: Cursor, isPeek: boolean): FetchItem => {
  const { section, text } = readSection(cursor);
  cursor.expect(']');
  const partial = readPartial(cursor);
  if (!section) return { kind: 'unsupported', label: `BODY[${text}]` };
  return { kind: 'body', label: `BODY[${text}]${partial ? `<${partial.from}>` : ''}`, section, isPeek, partial };
};

const readItem = (cursor: Cursor): FetchItem => {
  const name = cursor.word();
  if ((name === 'BODY' || name === 'BODY.PEEK') && cursor.accept('[')) return readBodyItem(cursor, name === 'BODY.PEEK');
  const item = SIMPLE_ITEMS.get(name);
  if (item) return item;
  if (UNSUPPORTED.has(name)) return { kind: 'unsupported', label: name };
  throw new ImapSyntaxError(`${name} is nothing that can be fetched`);
};

/** RFC 3501 §9: a macro, one item, or items in parentheses. At most 100 items. */
export const readFetchItems = (cursor: Cursor): readonly FetchItem[] => {
  if (cursor.accept('FAST')) return FAST;
  const items = cursor.peek() === '(' ? cursor.list(() => readItem(cursor)) : [readItem(cursor)];
  if (items.length === 0 || items.length > 100) throw new ImapSyntaxError('Fetch 1 to 100 items');
  return items;
};
