import type { MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import type { Uid } from '../../mail/message-ref.ts';
import type { Notice } from '../../mail/notice.ts';
import { type FetchValue, parseInternalDate } from '../../net/imap/fetch-response.ts';
import type { FetchItems, ImapConnection, SelectedMailbox } from '../../net/imap/imap-connection.ts';
import type { ListedMessage, ListingPoint, ListingWish, MessageListing } from '../mail-source.ts';
import { flagsOf, NO_BODY_BYTES, uidOf } from './fetch-messages.ts';
import { UidList } from './uid-list.ts';

/** A mailbox with more messages than this is refused rather than held in memory: bare, and with dates and flags. */
const MAX_LISTED = 5_000_000;
const MAX_DETAILED = 1_000_000;
/** What views are capped to (SPEC P9). */
const SUSPICIOUS_COUNT = 1000;

/** What a complete listing knew. */
interface Known {
  readonly uidValidity: UidValidity;
  readonly count: number;
  /** 0 for none. */
  readonly highestUid: number;
  readonly modSeq: string | null;
}

const toPoint = ({ uidValidity, count, highestUid, modSeq }: Known): ListingPoint =>
  [uidValidity, count, highestUid, modSeq ?? '-'].join(' ');

const parsePoint = (point: ListingPoint | null): Known | null => {
  const [, uidValidity, count, highestUid, modSeq] = /^(\d+) (\d+) (\d+) (\d+|-)$/.exec(point ?? '') ?? [];
  if (uidValidity === undefined || modSeq === undefined) return null;
  return {
    uidValidity: Number(uidValidity) as UidValidity,
    count: Number(count),
    highestUid: Number(highestUid),
    modSeq: modSeq === '-' ? null : modSeq,
  };
};

/**
 * Opens a mailbox and lists its messages, or what changed since the last listing where that can be told for certain.
 * Errors: `server-refused`.
 */
export const listMessages = async (
  connection: ImapConnection,
  rawName: string,
  mailbox: MailboxPath,
  wish: ListingWish,
): Promise<MessageListing> => {
  const known = wish.mayBeDelta ? parsePoint(wish.since) : null;
  const { selected, gone } = await open(connection, rawName, known);
  const fresh = known?.uidValidity === selected.uidValidity ? await listNew(connection, selected, known, gone, wish) : null;
  const found = fresh ?? (await listFrom(connection, 1, wish));
  const totalCount = fresh ? selected.remaining : found.count;
  const highestUid = Math.max(found.highestUid, fresh ? (known?.highestUid ?? 0) : 0);
  const { uidValidity, modSeq } = selected;
  const hiddenCount = fresh ? 0 : Math.max(selected.remaining - found.count, 0);
  return {
    uidValidity,
    scope: fresh ? 'delta' : 'whole',
    messages: found.messages,
    gone: fresh ? (gone ?? []) : [],
    totalCount,
    hiddenCount,
    point: hiddenCount > 0 ? null : toPoint({ uidValidity, count: totalCount, highestUid, modSeq }),
    notices: totalCount === SUSPICIOUS_COUNT ? [suspicious(mailbox)] : [],
  };
};

/** What a FETCH listed. */
interface Found {
  readonly messages: Iterable<ListedMessage>;
  readonly count: number;
  /** 0 for none. */
  readonly highestUid: number;
}

const NOTHING: Found = { messages: [], count: 0, highestUid: 0 };

const suspicious = (mailbox: MailboxPath): Notice => ({ code: 'suspicious-1000', details: { mailbox } });

const open = async (
  connection: ImapConnection,
  rawName: string,
  known: Known | null,
): Promise<{ selected: SelectedMailbox; gone: readonly number[] | null }> => {
  if (!known || known.modSeq === null) return { selected: await connection.examine(rawName), gone: null };
  return connection.examineSince(rawName, { uidValidity: known.uidValidity, modSeq: known.modSeq });
};

/**
 * What came since `known`. UIDs only ever grow (RFC 9051 §2.3.1.1), so new messages are those behind the highest one that
 * was known. Null when something went that the server doesn't name: then only the whole listing tells.
 */
const listNew = async (
  connection: ImapConnection,
  selected: SelectedMailbox,
  known: Known,
  gone: readonly number[] | null,
  wish: ListingWish,
): Promise<Found | null> => {
  if (known.modSeq !== null && known.modSeq === selected.modSeq && known.count === selected.remaining) return NOTHING;
  if (gone === null && selected.remaining < known.count) return null;
  const found = await listFrom(connection, known.highestUid + 1, wish);
  return gone !== null || known.count + found.count === selected.remaining ? found : null;
};

/** Lists the messages from a UID on. */
const listFrom = async (connection: ImapConnection, firstUid: number, { withDetails }: ListingWish): Promise<Found> => {
  if ((connection.selected?.remaining ?? 0) === 0) return NOTHING;
  const bare = new UidList();
  const detailed = new Map<Uid, ListedMessage>();
  const items = withDetails ? 'UID RFC822.SIZE FLAGS INTERNALDATE' : 'UID RFC822.SIZE';
  for await (const answer of connection.fetch(`${firstUid}:*`, items, MAX_LISTED, NO_BODY_BYTES)) {
    if (!answer.has('RFC822.SIZE')) continue;
    const locator = uidOf(connection, answer);
    // `n:*` always has the last message, be it below n.
    if (locator < firstUid) continue;
    const sizeBytes = sizeOf(answer.get('RFC822.SIZE'));
    if (withDetails) detailed.set(locator, { locator, sizeBytes, ...detailsOf(answer) });
    else bare.add(locator, sizeBytes);
    if (bare.length > MAX_LISTED || detailed.size > MAX_DETAILED)
      throw connection.violation('a mailbox lists more messages than can be held');
  }
  bare.sort();
  if (!withDetails) return { messages: bare, count: bare.length, highestUid: bare.highest };
  const messages = [...detailed.values()];
  return { messages, count: messages.length, highestUid: messages.reduce((highest, { locator }) => Math.max(highest, Number(locator)), 0) };
};

/** What can't be the size of a message is 0: it says nothing, and the body tells. */
const sizeOf = (value: FetchValue | undefined): number => {
  const announced = Number(value);
  return Number.isSafeInteger(announced) && announced >= 0 ? announced : 0;
};

const detailsOf = (answer: FetchItems): Pick<ListedMessage, 'flags' | 'internalDate'> => ({
  flags: flagsOf(answer.get('FLAGS')),
  internalDate: parseInternalDate(answer.get('INTERNALDATE')),
});
