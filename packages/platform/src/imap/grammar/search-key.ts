import type { Cursor } from './cursor.ts';
import { readDay } from './date-time.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';
import { readSequenceSet, type SequenceSet } from './sequence-set.ts';

type Decode = (bytes: Buffer) => string;

type DayRelation = 'before' | 'on' | 'since';

/** RFC 3501 §6.4.4 in its smallest form: what can be said by others is said by them. */
export type SearchKey =
  | { readonly kind: 'all' | 'recent' }
  | { readonly kind: 'and'; readonly keys: readonly SearchKey[] }
  | { readonly kind: 'or'; readonly keys: readonly [SearchKey, SearchKey] }
  | { readonly kind: 'not'; readonly key: SearchKey }
  | { readonly kind: 'numbers' | 'uids'; readonly set: SequenceSet }
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'larger' | 'smaller'; readonly bytes: number }
  | { readonly kind: 'received' | 'sent'; readonly relation: DayRelation; readonly day: number }
  /** `name` in lower case; an empty text only asks whether there is the field. */
  | { readonly kind: 'header'; readonly name: string; readonly text: string }
  | { readonly kind: 'body' | 'text'; readonly text: string }
  /** Changed at this mod-sequence or later, RFC 7162 §3.1.5. */
  | { readonly kind: 'modseq'; readonly modseq: number };

/** A key in a key may be that deep; each level costs stack. */
const MAX_DEPTH = 50;

const flag = (name: string): SearchKey => ({ kind: 'flag', flag: name });
const not = (key: SearchKey): SearchKey => ({ kind: 'not', key });

const WITHOUT_ARGUMENT: ReadonlyMap<string, SearchKey> = new Map<string, SearchKey>([
  ['ALL', { kind: 'all' }],
  ['RECENT', { kind: 'recent' }],
  ['OLD', not({ kind: 'recent' })],
  ['NEW', { kind: 'and', keys: [{ kind: 'recent' }, not(flag('\\Seen'))] }],
  ...['ANSWERED', 'DELETED', 'DRAFT', 'FLAGGED', 'SEEN'].flatMap((name): [string, SearchKey][] => {
    const system = flag(`\\${name.charAt(0)}${name.slice(1).toLowerCase()}`);
    return [
      [name, system],
      [`UN${name}`, not(system)],
    ];
  }),
]);

const RELATIONS: Readonly<Record<string, DayRelation>> = { BEFORE: 'before', ON: 'on', SINCE: 'since' };

const readArgument = <Value>(cursor: Cursor, read: () => Value): Value => {
  cursor.space();
  return read();
};

/** RFC 7162 §3.1.5: an entry that may be named has one mod-sequence with all others here. */
const readModseq = (cursor: Cursor): number => {
  if (cursor.peek() === '"') {
    cursor.string();
    cursor.space();
    if (!['PRIV', 'SHARED', 'ALL'].includes(cursor.word())) throw new ImapSyntaxError('MODSEQ takes priv, shared or all behind an entry');
    cursor.space();
  }
  return cursor.modSequence();
};

const readKeyWithArgument = (cursor: Cursor, name: string, decode: Decode, depth: number): SearchKey => {
  const text = () => decode(readArgument(cursor, () => cursor.astring()));
  const key = () => readArgument(cursor, () => readKey(cursor, decode, depth + 1));
  const relation = RELATIONS[name.replace(/^SENT/, '')];
  if (relation) return { kind: name.startsWith('SENT') ? 'sent' : 'received', relation, day: readArgument(cursor, () => readDay(cursor)) };
  switch (name) {
    case 'NOT':
      return not(key());
    case 'OR':
      return { kind: 'or', keys: [key(), key()] };
    case 'KEYWORD':
      return flag(readArgument(cursor, () => cursor.flag()));
    case 'UNKEYWORD':
      return not(flag(readArgument(cursor, () => cursor.flag())));
    case 'LARGER':
    case 'SMALLER':
      return { kind: name === 'LARGER' ? 'larger' : 'smaller', bytes: readArgument(cursor, () => cursor.number()) };
    case 'UID':
      return { kind: 'uids', set: readArgument(cursor, () => readSequenceSet(cursor)) };
    case 'HEADER':
      return { kind: 'header', name: text().toLowerCase(), text: text() };
    case 'BCC':
    case 'CC':
    case 'FROM':
    case 'SUBJECT':
    case 'TO':
      return { kind: 'header', name: name.toLowerCase(), text: text() };
    case 'BODY':
    case 'TEXT':
      return { kind: name === 'BODY' ? 'body' : 'text', text: text() };
    case 'MODSEQ':
      return { kind: 'modseq', modseq: readArgument(cursor, () => readModseq(cursor)) };
    default:
      throw new ImapSyntaxError(`${name} is no search key`);
  }
};

const readKey = (cursor: Cursor, decode: Decode, depth: number): SearchKey => {
  if (depth > MAX_DEPTH) throw new ImapSyntaxError('Search keys are nested too deep');
  if (cursor.peek() === '(') return { kind: 'and', keys: cursor.list(() => readKey(cursor, decode, depth + 1)) };
  if (/[0-9*]/.test(cursor.peek())) return { kind: 'numbers', set: readSequenceSet(cursor) };
  const name = cursor.word();
  return WITHOUT_ARGUMENT.get(name) ?? readKeyWithArgument(cursor, name, decode, depth);
};

/** Keys up to the end of the command; all have to hold. `decode` makes text of the bytes of an argument. */
export const readSearchKeys = (cursor: Cursor, decode: Decode): SearchKey => {
  const keys: SearchKey[] = [];
  do keys.push(readKey(cursor, decode, 0));
  while (cursor.accept(' '));
  cursor.end();
  return { kind: 'and', keys };
};

/** Whether MODSEQ is among the keys, so that the answer shows one too. */
export const namesModseq = (key: SearchKey): boolean => {
  if (key.kind === 'and' || key.kind === 'or') return key.keys.some(namesModseq);
  return key.kind === 'not' ? namesModseq(key.key) : key.kind === 'modseq';
};
