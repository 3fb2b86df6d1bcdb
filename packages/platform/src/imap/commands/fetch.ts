import { readFields } from '../../mime/header.ts';
import type { Span } from '../../mime/mime-part.ts';
import { MAX_HEADER_BYTES } from '../../mime/structure.ts';
import type { StoredMessage } from '../../store/messages.ts';
import { enableCondstore } from '../condstore.ts';
import { isFlagListing, writeFlags } from '../flag-listing.ts';
import { type BodyItem, type FetchItem, readChangedSince, readFetchItems, type Section } from '../grammar/fetch-items.ts';
import { readSequenceSet } from '../grammar/sequence-set.ts';
import { pickFields } from '../header-fields.ts';
import { partAt } from '../message-parts.ts';
import { envelopeText, structureText } from '../message-structure.ts';
import type { SelectedMailbox } from '../selected-mailbox.ts';
import { type Command, ok, onSelected, type Session, takeTurns } from '../session.ts';

/** After that many messages other connections have their turn. */
const TURN = 100;

/** Bytes with their length known beforehand, as a literal needs it. */
interface Piece {
  readonly sizeBytes: number;
  /** Strings have one character per byte. */
  readonly bytes: Iterable<Buffer | string>;
}

/** More of a header is not looked at for its fields. */
const MAX_FIELDS_BYTES = 10 * 1024 * 1024;

const headerOf = ({ store }: Session, { bodyId }: StoredMessage, { from, to }: Span): Buffer =>
  Buffer.concat([...store.messages.bodies.read(bodyId, from, Math.min(to, from + MAX_FIELDS_BYTES))]);

/** Where header and text of the message stand that the numbers lead to; null if they lead to none. */
const messageAt = (session: Session, message: StoredMessage, numbers: readonly number[]): { header: Span; body: Span } | null => {
  const { headerBytes, sizeBytes } = message;
  if (numbers.length === 0) return { header: { from: 0, to: headerBytes }, body: { from: headerBytes, to: sizeBytes } };
  return partAt(session.parts.of(message), numbers)?.message ?? null;
};

/** Null for a part that the message does not have. */
const wholeSection = (session: Session, message: StoredMessage, section: Section): string | Span | null => {
  const { numbers } = section;
  if (section.part === 'all' || section.part === 'mime') {
    if (numbers.length === 0) return { from: 0, to: message.sizeBytes };
    const found = partAt(session.parts.of(message), numbers);
    return found && (section.part === 'all' ? found.body : found.header);
  }
  const found = messageAt(session, message, numbers);
  if (!found) return null;
  if (section.part === 'fields')
    return pickFields(headerOf(session, message, found.header).toString('latin1'), section.names, section.isExcluding);
  return section.part === 'text' ? found.body : found.header;
};

const pieceOf = (session: Session, message: StoredMessage, { section, partial }: BodyItem): Piece | null => {
  const whole = wholeSection(session, message, section);
  if (whole === null) return null;
  const { from: skip, length } = partial ?? { from: 0, length: Number.POSITIVE_INFINITY };
  if (typeof whole === 'string') {
    const text = whole.slice(skip, skip + length);
    return { sizeBytes: text.length, bytes: [text] };
  }
  const from = Math.min(whole.from + skip, whole.to);
  const to = Math.min(from + length, whole.to);
  return { sizeBytes: to - from, bytes: from < to ? session.store.messages.bodies.read(message.bodyId, from, to) : [] };
};

const simpleItem = (session: Session, selected: SelectedMailbox, message: StoredMessage, item: Exclude<FetchItem, BodyItem>): string => {
  switch (item.kind) {
    case 'flags':
      return `FLAGS (${selected.shownFlags(message.uid, message.flags)})`;
    case 'uid':
      return `UID ${message.uid}`;
    case 'internal-date':
      return `INTERNALDATE ${session.clock.dateTime(message.internalDate)}`;
    case 'size':
      return `RFC822.SIZE ${message.sizeBytes}`;
    case 'modseq':
      return `MODSEQ (${message.modseq})`;
    case 'envelope':
      return `ENVELOPE ${envelopeText(readFields(headerOf(session, message, { from: 0, to: Math.min(message.headerBytes, MAX_HEADER_BYTES) })))}`;
    case 'structure':
      return `${item.isExtended ? 'BODYSTRUCTURE' : 'BODY'} ${structureText(session.parts.of(message), item.isExtended)}`;
  }
};

/** Fetching a body without PEEK marks the message as seen, and the client is shown that. RFC 3501 §6.4.5. */
const markSeen = (
  { store, enabled }: Session,
  selected: SelectedMailbox,
  message: StoredMessage,
  items: readonly FetchItem[],
): { message: StoredMessage; items: readonly FetchItem[] } => {
  const reads = items.some((item) => item.kind === 'body' && !item.isPeek);
  if (!reads || selected.isReadOnly || message.flags.includes('\\Seen')) return { message, items };
  const [seen = message] = store.messages.flag(selected.mailboxId, [message.uid], 'add', ['\\Seen'], selected);
  const shown: FetchItem[] = [{ kind: 'flags' }, ...(enabled.has('CONDSTORE') ? [{ kind: 'modseq' } as const] : [])];
  return { message: seen, items: [...items, ...shown.filter(({ kind }) => !items.some((item) => item.kind === kind))] };
};

/** Null where the message has no such part, or a fault takes it away. */
const bodyPiece = (session: Session, selected: SelectedMailbox, message: StoredMessage, item: BodyItem): Piece | null => {
  const { store, account, faults } = session;
  const path = (): string => store.mailboxes.byId(selected.mailboxId)?.path ?? '';
  return faults.strikesBody(account?.user ?? '', path, message.uid) ? null : pieceOf(session, message, item);
};

const needsStructure = (item: FetchItem): boolean => item.kind === 'structure' || (item.kind === 'body' && item.section.numbers.length > 0);

const writeMessage = async (
  session: Session,
  selected: SelectedMailbox,
  found: StoredMessage,
  asked: readonly FetchItem[],
): Promise<void> => {
  const { stream, parts } = session;
  if (asked.some(needsStructure)) await parts.prepare(found);
  const { message, items } = markSeen(session, selected, found, asked);
  if (items.some(({ kind }) => kind === 'flags')) await selected.introduceFlags(stream, message.flags);
  let text = `* ${selected.numberOf(message.uid)} FETCH (`;
  for (const [index, item] of items.entries()) {
    if (index > 0) text += ' ';
    if (item.kind !== 'body') {
      text += simpleItem(session, selected, message, item);
      continue;
    }
    const piece = bodyPiece(session, selected, message, item);
    text += piece ? `${item.label} {${piece.sizeBytes}}\r\n` : `${item.label} NIL`;
    for (const bytes of piece?.bytes ?? []) {
      if (typeof bytes === 'string') text += bytes;
      else {
        await stream.write(text);
        text = '';
        await stream.write(bytes);
      }
    }
  }
  await stream.write(`${text})\r\n`);
};

/** How many of the messages were still there. */
const writeMessages = async (
  session: Session,
  selected: SelectedMailbox,
  uids: readonly number[],
  items: readonly FetchItem[],
  changedSince: number | null,
): Promise<number> => {
  let found = 0;
  for (const message of session.store.messages.each(selected.mailboxId, uids)) {
    found += 1;
    if (found % TURN === 0) await takeTurns();
    if (changedSince === null || message.modseq > changedSince) await writeMessage(session, selected, message, items);
  }
  return found;
};

/** RFC 3501 §6.4.8 and RFC 7162 §3.1.4.1: what is shown though it was not named. */
const withImplied = (items: readonly FetchItem[], byUid: boolean, changedSince: number | null): readonly FetchItem[] => {
  const has = (kind: FetchItem['kind']): boolean => items.some((item) => item.kind === kind);
  return [
    ...(byUid && !has('uid') ? [{ kind: 'uid' } as const] : []),
    ...items,
    ...(changedSince !== null && !has('modseq') ? [{ kind: 'modseq' } as const] : []),
  ];
};

const fetching = (byUid: boolean): Command =>
  onSelected(
    async (session, cursor, selected) => {
      cursor.space();
      const set = readSequenceSet(cursor);
      cursor.space();
      const asked = readFetchItems(cursor);
      const changedSince = readChangedSince(cursor);
      cursor.end();
      const uids = selected.resolve(set, byUid);
      const items = withImplied(asked, byUid, changedSince);
      if (items.some(({ kind }) => kind === 'modseq')) await enableCondstore(session);
      const found =
        isFlagListing(items) && changedSince === null
          ? await writeFlags(session, selected, uids, items)
          : await writeMessages(session, selected, uids, items, changedSince);
      return found === uids.length ? ok('Fetched') : ok('Some of the messages no longer exist');
    },
    { keepsNumbers: true },
  );

/** RFC 3501 §6.4.5. */
export const fetch = fetching(false);
export const uidFetch = fetching(true);
