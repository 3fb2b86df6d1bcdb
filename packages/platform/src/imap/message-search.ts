import { readAddresses } from '../mime/addresses.ts';
import { decodeWords } from '../mime/encoded-words.ts';
import { fieldValue, type HeaderField, readFields } from '../mime/header.ts';
import { headerText, searchableTexts } from '../mime/text.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Store } from '../store/store.ts';
import type { WallClock } from '../wall-clock.ts';
import type { SearchKey } from './grammar/search-key.ts';
import type { MessageParts } from './message-parts.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';

type Test = (message: StoredMessage) => boolean;

interface SearchContext {
  readonly store: Store;
  readonly selected: SelectedMailbox;
  readonly clock: WallClock;
  readonly parts: MessageParts;
}

/** As two texts are compared: whatever their case and their composition. */
const fold = (text: string): string => text.normalize('NFC').toLowerCase();

const compareDay = (day: number, relation: 'before' | 'on' | 'since', wanted: number): boolean => {
  if (relation === 'on') return day === wanted;
  return relation === 'before' ? day < wanted : day >= wanted;
};

const fieldsOf = ({ store }: SearchContext, { bodyId, headerBytes }: StoredMessage): HeaderField[] =>
  readFields(Buffer.concat([...store.messages.bodies.read(bodyId, 0, headerBytes)]));

const ADDRESS_FIELDS = new Set(['from', 'to', 'cc', 'bcc', 'sender', 'reply-to']);

/** Forms in which the field may be found: as it stands, with its RFC 2047 words decoded, and its addresses without comments. */
const formsOf = ({ name, value }: HeaderField): string[] => {
  const addresses = ADDRESS_FIELDS.has(name) ? readAddresses(value) : [];
  return [value, decodeWords(value), ...addresses.map(({ mailbox, host }) => `${mailbox ?? ''}@${host ?? ''}`)];
};

const headerTest = (context: SearchContext, name: string, text: string): Test => {
  const needle = fold(text);
  return (message) =>
    fieldsOf(context, message).some((field) => field.name === name && formsOf(field).some((form) => fold(form).includes(needle)));
};

const textTest = (context: SearchContext, text: string, isBodyOnly: boolean): Test => {
  const needle = fold(text);
  const { bodies } = context.store.messages;
  return (message) => {
    if (needle === '') return true;
    if (!isBodyOnly && fold(headerText(fieldsOf(context, message))).includes(needle)) return true;
    const read = (from: number, to: number): Buffer => Buffer.concat([...bodies.read(message.bodyId, from, to)]);
    for (const part of searchableTexts(context.parts.of(message), read)) if (fold(part).includes(needle)) return true;
    return false;
  };
};

/** The day that the Date field names, in its own zone, RFC 3501 §6.4.4; null for none that can be read. */
const sentDay = (context: SearchContext, message: StoredMessage): number | null => {
  const field = fieldValue(fieldsOf(context, message), 'date') ?? '';
  const [, day, month, year] = /(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})/.exec(field) ?? [];
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
      const uids = new Set(selected.resolve(key.set, key.kind === 'uids', { ignoresMissing: true }));
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
    case 'modseq':
      return ({ modseq }) => modseq >= key.modseq;
    case 'header':
      return headerTest(context, key.name, key.text);
    case 'body':
    case 'text':
      return textTest(context, key.text, key.kind === 'body');
  }
};
