import { ArchiveReader, type ArchiveReaderOptions } from '../archive/archive-reader.ts';
import type { ArchivedMessage } from '../archive/archived-message.ts';
import { MailferryError } from '../errors.ts';
import { type MessageText, readHeaderLines, readMessageText } from '../mail/message-text.ts';
import { beginningOf } from './read-texts.ts';

export interface ReadEntryOptions extends ArchiveReaderOptions {
  /** The first hex digits of its SHA-256, four at least; or the name of its entry, with or without its folders. */
  readonly id: string;
}

export interface ReadEntry {
  readonly message: ArchivedMessage;
  /** Of a message of more than 8 MiB in pieces; after the last one it throws `entry-damaged` when the whole was another. */
  readonly body: Buffer | AsyncIterable<Buffer>;
}

const HASH_BEGINNING = /^[0-9a-f]{4,64}$/i;
/** More are not named. */
const CANDIDATES_MAX = 10;

const isNamed = (name: string, id: string): boolean => name === id || name.endsWith(`/${id}`);

/** The messages that are meant, one of each content: what is the same to the byte is the same to its reader. */
const findCandidates = async (reader: ArchiveReader, id: string): Promise<ArchivedMessage[]> => {
  const beginning = HASH_BEGINNING.test(id) ? id.toLowerCase() : null;
  const name = id.normalize('NFC');
  const found = new Map<string, ArchivedMessage>();
  for await (const message of reader.messages()) {
    const isMeant = (beginning !== null && message.sha256.startsWith(beginning)) || isNamed(message.name, name);
    if (isMeant && !found.has(message.sha256)) found.set(message.sha256, message);
    if (found.size > CANDIDATES_MAX) break;
  }
  return [...found.values()];
};

const ambiguous = (id: string, candidates: readonly ArchivedMessage[]): MailferryError => {
  const shown = candidates.slice(0, CANDIDATES_MAX).map(({ sha256, name }) => `${sha256.slice(0, 16)} ${name}`);
  const rest = candidates.length > CANDIDATES_MAX ? ', …' : '';
  return new MailferryError('entry-ambiguous', { id, candidates: shown.join(', ') + rest });
};

/**
 * Reads one message of an archive; `take` gets it, and has to be done with its bytes when it returns.
 * Errors: `entry-unknown`, `entry-ambiguous`, `entry-damaged`, those of `ArchiveReader`.
 */
export const readEntry = async <Result>(
  { id, ...options }: ReadEntryOptions,
  take: (entry: ReadEntry) => Promise<Result>,
): Promise<Result> => {
  const reader = await ArchiveReader.open(options);
  const candidates = await findCandidates(reader, id);
  const [message, second] = candidates;
  if (!message) throw new MailferryError('entry-unknown', { path: options.directory, id });
  if (second) throw ambiguous(id, candidates);
  for await (const content of reader.contents(message.part, [message])) {
    if (content.kind === 'damaged') throw content.error;
    return await take(content);
  }
  throw new MailferryError('entry-unknown', { path: options.directory, id });
};

export interface EntryText {
  readonly message: ArchivedMessage;
  /** Of the first 8 MiB of the message. */
  readonly text: MessageText;
  /** All header fields, decoded, each on one line. */
  readonly headers: readonly { readonly name: string; readonly text: string }[];
}

/** Reads one message of an archive for a reader, after all of it has been checked. Errors: those of `readEntry`. */
export const readEntryText = (options: ReadEntryOptions): Promise<EntryText> =>
  readEntry(options, async ({ message, body }) => {
    const beginning = await beginningOf(body);
    const text = readMessageText(beginning);
    return {
      message,
      text: { ...text, isWhole: text.isWhole && beginning.length === message.sizeBytes },
      headers: readHeaderLines(beginning),
    };
  });
