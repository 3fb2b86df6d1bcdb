import { MailferryError } from '../../errors.ts';
import type { MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import type { Uid } from '../../mail/message-ref.ts';
import type { Notice } from '../../mail/notice.ts';
import type { ListedMessage, ListingPoint, ListingWish, MessageListing } from '../mail-source.ts';
import { flagsOf, NO_BODY_BYTES, uidOf } from './fetch-messages.ts';
import { parseInternalDate } from './fetch-response.ts';
import type { ImapConnection, SelectedMailbox } from './imap-connection.ts';

/** A mailbox with more messages than this is refused rather than held in memory. */
const MAX_LISTED = 5_000_000;
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
 * Errors: `server-refused`, `listing-incomplete` when the server shows fewer than it counts.
 */
export const listMessages = async (
  connection: ImapConnection,
  rawName: string,
  mailbox: MailboxPath,
  wish: ListingWish,
): Promise<MessageListing> => {
  const known = wish.mayBeDelta ? parsePoint(wish.since) : null;
  const { selected, gone } = await open(connection, rawName, known);
  const delta = known?.uidValidity === selected.uidValidity ? await listNew(connection, selected, known, gone, wish) : null;
  const messages = delta ?? (await listFrom(connection, 1, wish));
  if (!delta && messages.length < selected.remaining)
    throw new MailferryError('listing-incomplete', { mailbox, announced: selected.remaining, listed: messages.length });
  const totalCount = delta ? selected.remaining : messages.length;
  const highestUid = messages.reduce((highest, { locator }) => Math.max(highest, Number(locator)), delta ? (known?.highestUid ?? 0) : 0);
  const { uidValidity, modSeq } = selected;
  return {
    uidValidity,
    scope: delta ? 'delta' : 'whole',
    messages,
    gone: delta ? (gone ?? []) : [],
    totalCount,
    point: toPoint({ uidValidity, count: totalCount, highestUid, modSeq }),
    notices: totalCount === SUSPICIOUS_COUNT ? [suspicious(mailbox)] : [],
  };
};

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
): Promise<ListedMessage[] | null> => {
  if (known.modSeq !== null && known.modSeq === selected.modSeq && known.count === selected.remaining) return [];
  if (gone === null && selected.remaining < known.count) return null;
  const listed = selected.remaining === 0 ? [] : await listFrom(connection, known.highestUid + 1, wish);
  // `n:*` always has the last message, be it below n.
  const fresh = listed.filter(({ locator }) => Number(locator) > known.highestUid);
  return gone !== null || known.count + fresh.length === selected.remaining ? fresh : null;
};

const listFrom = async (connection: ImapConnection, firstUid: number, { withDetails }: ListingWish): Promise<ListedMessage[]> => {
  const listed = new Map<Uid, ListedMessage>();
  if ((connection.selected?.remaining ?? 0) === 0) return [];
  const items = withDetails ? 'UID RFC822.SIZE FLAGS INTERNALDATE' : 'UID RFC822.SIZE';
  for await (const answer of connection.fetch(`${firstUid}:*`, items, NO_BODY_BYTES)) {
    if (!answer.has('RFC822.SIZE')) continue;
    const locator = uidOf(connection, answer);
    const sizeBytes = Number(answer.get('RFC822.SIZE')) || 0;
    const details = withDetails && { flags: flagsOf(answer.get('FLAGS')), internalDate: parseInternalDate(answer.get('INTERNALDATE')) };
    listed.set(locator, { locator, sizeBytes, ...details });
    if (listed.size > MAX_LISTED) throw connection.violation(`a mailbox lists more than ${MAX_LISTED} messages`);
  }
  return [...listed.values()];
};
