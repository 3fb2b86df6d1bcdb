import type { Cursor } from './cursor.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';

/** What of a message a section names, RFC 3501 §6.4.5. */
interface Numbered {
  /** They lead to the MIME part, outermost first; without any it is the message itself. */
  readonly numbers: readonly number[];
}

export type Section =
  | (Numbered & { readonly part: 'all' | 'header' | 'text' | 'mime' })
  /** `names` in capitals. */
  | (Numbered & { readonly part: 'fields'; readonly names: ReadonlySet<string>; readonly isExcluding: boolean });

export type FetchItem =
  | { readonly kind: 'flags' | 'uid' | 'internal-date' | 'size' | 'envelope' | 'modseq' }
  /** BODYSTRUCTURE where `isExtended`, else BODY. */
  | { readonly kind: 'structure'; readonly isExtended: boolean }
  | {
      readonly kind: 'body';
      /** The name that the answer bears. */
      readonly label: string;
      readonly section: Section;
      /** False where fetching sets `\Seen`. */
      readonly isPeek: boolean;
      readonly partial: { readonly from: number; readonly length: number } | null;
    };

export type BodyItem = Extract<FetchItem, { kind: 'body' }>;

const FAST: readonly FetchItem[] = [{ kind: 'flags' }, { kind: 'internal-date' }, { kind: 'size' }];
const ALL: readonly FetchItem[] = [...FAST, { kind: 'envelope' }];
const FULL: readonly FetchItem[] = [...ALL, { kind: 'structure', isExtended: false }];
/** RFC 3501 §6.4.5. */
const MACROS: ReadonlyMap<string, readonly FetchItem[]> = new Map([
  ['FAST', FAST],
  ['ALL', ALL],
  ['FULL', FULL],
]);
/** Each level costs time at every message. */
const MAX_NUMBERS = 100;

const rfc822 = (label: string, part: 'all' | 'header' | 'text', isPeek: boolean): BodyItem => ({
  kind: 'body',
  label,
  section: { part, numbers: [] },
  isPeek,
  partial: null,
});

const SIMPLE_ITEMS: ReadonlyMap<string, FetchItem> = new Map<string, FetchItem>([
  ['FLAGS', { kind: 'flags' }],
  ['UID', { kind: 'uid' }],
  ['INTERNALDATE', { kind: 'internal-date' }],
  ['RFC822.SIZE', { kind: 'size' }],
  ['ENVELOPE', { kind: 'envelope' }],
  ['BODY', { kind: 'structure', isExtended: false }],
  ['BODYSTRUCTURE', { kind: 'structure', isExtended: true }],
  ['MODSEQ', { kind: 'modseq' }],
  ['RFC822', rfc822('RFC822', 'all', false)],
  ['RFC822.HEADER', rfc822('RFC822.HEADER', 'header', true)],
  ['RFC822.TEXT', rfc822('RFC822.TEXT', 'text', false)],
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

const SECTION = /^((?:[1-9]\d{0,8}\.)*[1-9]\d{0,8})?\.?(HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME)?$/;

const PARTS: Readonly<Record<string, 'header' | 'text' | 'mime'>> = { HEADER: 'header', TEXT: 'text', MIME: 'mime' };

const readSection = (cursor: Cursor): { section: Section; text: string } => {
  if (cursor.peek() === ']') return { section: { part: 'all', numbers: [] }, text: '' };
  const text = cursor.word();
  const [, path, name] = SECTION.exec(text) ?? [];
  const numbers = path?.split('.').map(Number) ?? [];
  const isWritten = [path, name].filter((one) => one !== undefined).join('.') === text;
  if (!isWritten || numbers.length > MAX_NUMBERS || (name === 'MIME' && path === undefined))
    throw new ImapSyntaxError(`${text} is no section`);
  if (!name?.startsWith('HEADER.FIELDS')) return { section: { part: PARTS[name ?? ''] ?? 'all', numbers }, text };
  const names = readFieldNames(cursor);
  const wanted = new Set(names.map((one) => one.toUpperCase()));
  return {
    section: { part: 'fields', names: wanted, isExcluding: name.endsWith('NOT'), numbers },
    text: `${text} (${names.map(quoted).join(' ')})`,
  };
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

const readBodyItem = (cursor: Cursor, isPeek: boolean): BodyItem => {
  const { section, text } = readSection(cursor);
  cursor.expect(']');
  const partial = readPartial(cursor);
  return { kind: 'body', label: `BODY[${text}]${partial ? `<${partial.from}>` : ''}`, section, isPeek, partial };
};

const readItem = (cursor: Cursor): FetchItem => {
  const name = cursor.word();
  if ((name === 'BODY' || name === 'BODY.PEEK') && cursor.accept('[')) return readBodyItem(cursor, name === 'BODY.PEEK');
  const item = SIMPLE_ITEMS.get(name);
  if (item) return item;
  throw new ImapSyntaxError(`${name} is nothing that can be fetched`);
};

/** RFC 3501 §9: a macro, one item, or items in parentheses. At most 100 items. */
export const readFetchItems = (cursor: Cursor): readonly FetchItem[] => {
  if (cursor.peek() !== '(') {
    const name = cursor.peekWord();
    const macro = MACROS.get(name);
    if (macro) cursor.expect(name);
    return macro ?? [readItem(cursor)];
  }
  const items = cursor.list(() => readItem(cursor));
  if (items.length === 0 || items.length > 100) throw new ImapSyntaxError('Fetch 1 to 100 items');
  return items;
};

/** RFC 7162 §3.1.4.1: ` (CHANGEDSINCE n)` behind the items; null without it. */
export const readChangedSince = (cursor: Cursor): number | null => {
  if (!cursor.accept(' (CHANGEDSINCE ')) return null;
  const modseq = cursor.modSequence();
  cursor.expect(')');
  return modseq;
};
