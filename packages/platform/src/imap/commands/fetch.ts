import type { Bodies } from '../../store/bodies.ts';
import type { StoredMessage } from '../../store/messages.ts';
import { isFlagListing, writeFlags } from '../flag-listing.ts';
import { type FetchItem, readFetchItems } from '../grammar/fetch-items.ts';
import { readSequenceSet } from '../grammar/sequence-set.ts';
import { pickFields } from '../header-fields.ts';
import type { SelectedMailbox } from '../selected-mailbox.ts';
import { type Command, no, ok, onSelected, type Session, takeTurns } from '../session.ts';

type BodyItem = Extract<FetchItem, { kind: 'body' }>;

/** After that many messages other connections have their turn. */
const TURN = 100;

/** Bytes with their length known beforehand, as a literal needs it. */
interface Piece {
  readonly sizeBytes: number;
  readonly bytes: Iterable<Buffer>;
}

const wholeSection = (bodies: Bodies, message: StoredMessage, { section }: BodyItem): Buffer | { from: number; to: number } => {
  const { headerBytes, sizeBytes, bodyId } = message;
  if (section.part === 'all') return { from: 0, to: sizeBytes };
  if (section.part === 'header') return { from: 0, to: headerBytes };
  if (section.part === 'text') return { from: headerBytes, to: sizeBytes };
  return pickFields(Buffer.concat([...bodies.read(bodyId, 0, headerBytes)]), section.names, section.isExcluding);
};

const pieceOf = (bodies: Bodies, message: StoredMessage, item: BodyItem): Piece => {
  const section = wholeSection(bodies, message, item);
  const { from: skip, length } = item.partial ?? { from: 0, length: Number.POSITIVE_INFINITY };
  if (Buffer.isBuffer(section)) {
    const bytes = section.subarray(skip, skip + length);
    return { sizeBytes: bytes.length, bytes: [bytes] };
  }
  const from = Math.min(section.from + skip, section.to);
  const to = Math.min(from + length, section.to);
  return { sizeBytes: to - from, bytes: from < to ? bodies.read(message.bodyId, from, to) : [] };
};

const simpleItem = (session: Session, selected: SelectedMailbox, message: StoredMessage, kind: FetchItem['kind']): string => {
  if (kind === 'flags') return `FLAGS (${selected.shownFlags(message.uid, message.flags)})`;
  if (kind === 'internal-date') return `INTERNALDATE ${session.clock.dateTime(message.internalDate)}`;
  return kind === 'uid' ? `UID ${message.uid}` : `RFC822.SIZE ${message.sizeBytes}`;
};

/** Fetching a body without PEEK marks the message as seen, and the client is shown that. RFC 3501 §6.4.5. */
const markSeen = (
  { store }: Session,
  selected: SelectedMailbox,
  message: StoredMessage,
  items: readonly FetchItem[],
): { message: StoredMessage; items: readonly FetchItem[] } => {
  const reads = items.some((item) => item.kind === 'body' && !item.isPeek);
  if (!reads || selected.isReadOnly || message.flags.includes('\\Seen')) return { message, items };
  const [seen = message] = store.messages.flag(selected.mailboxId, [message.uid], 'add', ['\\Seen'], selected);
  return { message: seen, items: items.some(({ kind }) => kind === 'flags') ? items : [...items, { kind: 'flags' }] };
};

const writeMessage = async (
  session: Session,
  selected: SelectedMailbox,
  found: StoredMessage,
  asked: readonly FetchItem[],
): Promise<void> => {
  const { stream, store } = session;
  const { message, items } = markSeen(session, selected, found, asked);
  if (items.some(({ kind }) => kind === 'flags')) await selected.introduceFlags(stream, message.flags);
  await stream.write(`* ${selected.numberOf(message.uid)} FETCH (`);
  for (const [index, item] of items.entries()) {
    if (index > 0) await stream.write(' ');
    if (item.kind !== 'body') {
      await stream.write(simpleItem(session, selected, message, item.kind));
      continue;
    }
    const { sizeBytes, bytes } = pieceOf(store.messages.bodies, message, item);
    await stream.write(`${item.label} {${sizeBytes}}\r\n`);
    for (const piece of bytes) await stream.write(piece);
  }
  await stream.write(')\r\n');
};

/** How many of the messages were still there. */
const writeMessages = async (
  session: Session,
  selected: SelectedMailbox,
  uids: readonly number[],
  items: readonly FetchItem[],
): Promise<number> => {
  let found = 0;
  for (const message of session.store.messages.each(selected.mailboxId, uids)) {
    found += 1;
    if (found % TURN === 0) await takeTurns();
    await writeMessage(session, selected, message, items);
  }
  return found;
};

const fetching = (byUid: boolean): Command =>
  onSelected(
    async (session, cursor, selected) => {
      cursor.space();
      const set = readSequenceSet(cursor);
      cursor.space();
      const items = readFetchItems(cursor);
      cursor.end();
      const unsupported = items.find(({ kind }) => kind === 'unsupported');
      if (unsupported?.kind === 'unsupported') return no(`This server can't give ${unsupported.label} yet`, 'CANNOT');
      const uids = selected.resolve(set, byUid);
      const all: readonly FetchItem[] = byUid && !items.some(({ kind }) => kind === 'uid') ? [{ kind: 'uid' }, ...items] : items;
      const found = isFlagListing(all) ? await writeFlags(session, selected, uids, all) : await writeMessages(session, selected, uids, all);
      return found === uids.length ? ok('Fetched') : ok('Some of the messages no longer exist');
    },
    { keepsNumbers: true },
  );

/** RFC 3501 §6.4.5. */
export const fetch = fetching(false);
export const uidFetch = fetching(true);
