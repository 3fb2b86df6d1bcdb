import type { StoredMessage } from '../store/messages.ts';
import type { Store } from '../store/store.ts';
import type { WallClock } from '../wall-clock.ts';
import { decodeWords } from './decode-words.ts';
import type { SearchKey } from './grammar/search-key.ts';
import { headerFields } from './header-fields.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';

type Test = (message: StoredMessage) => boolean;

interface SearchContext {
  readonly store: Store;
  readonly selected: SelectedMailbox;
  readonly clock: WallClock;
}

/** ASCII letters made small, byte by byte; all else as it is. */
const fold = (bytes: Buffer): Buffer => {
  const folded = Buffer.from(bytes);
  for (const [index, byte] of folded.entries()) if (byte >= 0x41 && byte <= 0x5a) folded[index] = byte + 0x20;
  return folded;
};

/** Looks through pieces as if they were one. */
const contains = (pieces: Iterable<Buffer>, needle: Buffer): boolean => {
  let tail: Buffer = Buffer.alloc(0);
  for (const piece of pieces) {
    const window = Buffer.concat([tail, fold(piece)]);
    if (window.includes(needle)) return true;
    tail = window.subarray(Math.max(0, window.length - needle.length + 1));
  }
  return false;
};

const compareDay = (day: number, relation: 'before' | 'on' | 'since', wanted: number): boolean => {
  if (relation === 'on') return day === wanted;
  return relation === 'before' ? day < wanted : day >= wanted;
};

const headerOf = ({ store }: SearchContext, { bodyId, headerBytes }: StoredMessage): Buffer =>
  Buffer.concat([...store.messages.bodies.read(bodyId, 0, headerBytes)]);

const fieldsOf = (context: SearchContext, message: StoredMessage, name: string): Buffer[] =>
  [...headerFields(headerOf(context, message))].filter((field) => field.name === name).map(({ raw }) => raw.subarray(raw.indexOf(':') + 1));

/** The field as it stands, and with its RFC 2047 words decoded. An empty text only asks whether there is the field. */
const headerTest = (context: SearchContext, name: string, text: Buffer): Test => {
  const needle = fold(text);
  return (message) =>
    fieldsOf(context, message, name).some((value) => {
      const unfolded = Buffer.from(value.toString('latin1').replace(/\r?\n/g, ''), 'latin1');
      return contains([unfolded], needle) || contains([Buffer.from(decodeWords(unfolded))], needle);
    });
};

const textTest = ({ store }: SearchContext, text: Buffer, isBodyOnly: boolean): Test => {
  const needle = fold(text);
  return ({ bodyId, headerBytes, sizeBytes }) => {
    const from = isBodyOnly ? headerBytes : 0;
    return needle.length === 0 || (from < sizeBytes && contains(store.messages.bodies.read(bodyId, from, sizeBytes), needle));
  };
};

/** The day that the Date field names, in its own zone, RFC 3501 §6.4.4; null for none that can be read. */
const sentDay = (context: SearchContext, message: StoredMessage): number | null => {
  const [field] = fieldsOf(context, message, 'DATE');
  const [, day, month, year] = /(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})/.exec(field?.toString('latin1') ?? '') ?? [];
  const date = new Date(`${day} ${month} ${year} UTC`);
  return Number.isNaN(date.getTime()) ? null : date.getUTCFullYear() * 10000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
};

const flagTest = (flag: string): Test => {
  const wanted = flag.toLowerCase();
  return ({ flags }) => flags.some((present) => present.toLowerCase() === wanted);
};

/** The key as a test of one message. @throws ImapSyntaxError for a message number that is not there */
export const compileSearch = (key: SearchKey, context: SearchContext): Test => {
  const { selected, clock } = context;
  switch (key.kind) {
    case 'all':
      return () => true;
    case 'recent':
      return ({ uid }) => selected.isRecent(uid);
    case 'and': {
      const tests = key.keys.map((part) => compileSearch(part, context));
      return (message) => tests.every((test) => test(message));
    }
    case 'or': {
      const tests = key.keys.map((part) => compileSearch(part, context));
      return (message) => tests.some((test) => test(message));
    }
    case 'not': {
      const test = compileSearch(key.key, context);
      return (message) => !test(message);
    }
    case 'numbers':
    case 'uids': {
      const uids = new Set(selected.resolve(key.set, key.kind === 'uids'));
      return ({ uid }) => uids.has(uid);
    }
    case 'flag':
      return flagTest(key.flag);
    case 'larger':
      return ({ sizeBytes }) => sizeBytes > key.bytes;
    case 'smaller':
      return ({ sizeBytes }) => sizeBytes < key.bytes;
    case 'received':
      return ({ internalDate }) => compareDay(clock.day(internalDate), key.relation, key.day);
    case 'sent':
      return (message) => {
        const day = sentDay(context, message);
        return day !== null && compareDay(day, key.relation, key.day);
      };
    case 'header':
      return headerTest(context, key.name, key.text);
    case 'body':
    case 'text':
      return textTest(context, key.text, key.kind === 'body');
  }
};
