import type { Cursor } from './cursor.ts';
import { readDay } from './date-time.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';
import { readSequenceSet, type SequenceSet } from './sequence-set.ts';

type Decode = (bytes: Buffer) => string;

export type DayRelation = 'before' | 'on' | 'since';

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
/** Each costs time at every message. */
const MAX_KEYS = 1000;

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

/** Reads keys whose texts are in one charset. */
class KeyReader {
  readonly #cursor: Cursor;
  readonly #decode: Decode;
  #count = 0;

  constructor(cursor: Cursor, decode: Decode) {
    this.#cursor = cursor;
    this.#decode = decode;
  }

  read(depth: number): SearchKey {
    this.#count += 1;
    if (depth > MAX_DEPTH || this.#count > MAX_KEYS) throw new ImapSyntaxError('These are too many search keys');
    const cursor = this.#cursor;
    if (cursor.peek() === '(') return { kind: 'and', keys: this.#parenthesized(depth) };
    if (/[0-9*]/.test(cursor.peek())) return { kind: 'numbers', set: readSequenceSet(cursor) };
    const name = cursor.word();
    return WITHOUT_ARGUMENT.get(name) ?? this.#dayKey(name) ?? this.#textKey(name) ?? this.#otherKey(name, depth);
  }

  #parenthesized(depth: number): SearchKey[] {
    const keys = this.#cursor.list(() => this.read(depth + 1));
    if (keys.length === 0) throw new ImapSyntaxError('There is no search key in the parentheses');
    return keys;
  }

  #argument<Value>(read: (cursor: Cursor) => Value): Value {
    this.#cursor.space();
    return read(this.#cursor);
  }

  #text(): string {
    return this.#decode(this.#argument((cursor) => cursor.astring()));
  }

  #dayKey(name: string): SearchKey | null {
    const relation = RELATIONS[name.replace(/^SENT/, '')];
    return relation ? { kind: name.startsWith('SENT') ? 'sent' : 'received', relation, day: this.#argument(readDay) } : null;
  }

  #textKey(name: string): SearchKey | null {
    switch (name) {
      case 'HEADER':
        return { kind: 'header', name: this.#text().toLowerCase(), text: this.#text() };
      case 'BCC':
      case 'CC':
      case 'FROM':
      case 'SUBJECT':
      case 'TO':
        return { kind: 'header', name: name.toLowerCase(), text: this.#text() };
      case 'BODY':
      case 'TEXT':
        return { kind: name === 'BODY' ? 'body' : 'text', text: this.#text() };
      default:
        return null;
    }
  }

  #otherKey(name: string, depth: number): SearchKey {
    const key = (): SearchKey => this.#argument(() => this.read(depth + 1));
    switch (name) {
      case 'NOT':
        return not(key());
      case 'OR':
        return { kind: 'or', keys: [key(), key()] };
      case 'KEYWORD':
        return flag(this.#argument((cursor) => cursor.atom()));
      case 'UNKEYWORD':
        return not(flag(this.#argument((cursor) => cursor.atom())));
      case 'LARGER':
      case 'SMALLER':
        return { kind: name === 'LARGER' ? 'larger' : 'smaller', bytes: this.#argument((cursor) => cursor.number()) };
      case 'UID':
        return { kind: 'uids', set: this.#argument(readSequenceSet) };
      case 'MODSEQ':
        return { kind: 'modseq', modseq: this.#argument(readModseq) };
      default:
        throw new ImapSyntaxError(`${name} is no search key`);
    }
  }
}

/** Keys up to the end of the command; all have to hold. `decode` makes text of the bytes of an argument. */
export const readSearchKeys = (cursor: Cursor, decode: Decode): SearchKey => {
  const reader = new KeyReader(cursor, decode);
  const keys: SearchKey[] = [];
  do keys.push(reader.read(0));
  while (cursor.accept(' '));
  cursor.end();
  return { kind: 'and', keys };
};

/** Whether MODSEQ is among the keys, so that the answer shows one too. */
export const namesModseq = (key: SearchKey): boolean => {
  if (key.kind === 'and' || key.kind === 'or') return key.keys.some(namesModseq);
  return key.kind === 'not' ? namesModseq(key.key) : key.kind === 'modseq';
};
