import { MailferryError } from '../../errors.ts';
import type { MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import type { MessageRef, Uid } from '../../mail/message-ref.ts';
import { type FetchValue, parseInternalDate } from '../../net/imap/fetch-response.ts';
import type { FetchItems, ImapConnection } from '../../net/imap/imap-connection.ts';
import { toSequenceSet } from '../../net/imap/sequence-set.ts';
import type { FetchOutcome, ListedMessage } from '../mail-source.ts';

export interface FetchLimits {
  /** A message that is announced bigger than this goes through as a stream. */
  readonly streamAboveBytes: number;
  /** What an unannounced big message may take in memory; more ends the connection. */
  readonly memoryLimitBytes: number;
  /** No message is bigger than this, whatever the server announces; more ends the connection. */
  readonly messageLimitBytes: number;
}

/** The generation of a mailbox that is open on the connection. */
interface OpenMailbox {
  readonly mailbox: MailboxPath;
  readonly uidValidity: UidValidity;
}

const MAX_UID = 0xffff_ffff;
/** What literals may have where no body was asked for. */
export const NO_BODY_BYTES = 4096;

/** Errors: `protocol-violation` for a UID that is none. */
export const uidOf = (connection: ImapConnection, items: FetchItems): Uid => {
  const uid = Number(items.get('UID'));
  if (!Number.isInteger(uid) || uid < 1 || uid > MAX_UID) throw connection.violation(`${String(items.get('UID')).slice(0, 40)} is no UID`);
  return uid as Uid;
};

export const flagsOf = (value: FetchValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((flag): flag is string => typeof flag === 'string' && flag.toLowerCase() !== '\\recent') : [];

const bodyOf = (value: FetchValue | undefined): Buffer | undefined => {
  if (Buffer.isBuffer(value)) return value;
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : undefined;
};

/**
 * Fetches messages of the open mailbox: the small ones in one command, the big ones each as a stream.
 * What the server leaves out is asked for once more by itself, so that every wanted message has its outcome.
 */
export async function* fetchMessages(
  connection: ImapConnection,
  open: OpenMailbox,
  wanted: readonly ListedMessage[],
  limits: FetchLimits,
): AsyncGenerator<FetchOutcome> {
  const small = wanted.filter((message) => message.sizeBytes <= limits.streamAboveBytes);
  const big = wanted.filter((message) => message.sizeBytes > limits.streamAboveBytes);
  const left = new Set(small.map((message) => Number(message.locator)));
  if (left.size > 0) yield* fetchTogether(connection, open, left, limits);
  if (left.size > 0) {
    const existing = await connection.searchUids(toSequenceSet([...left]));
    for (const uid of left) {
      if (existing?.has(uid) ?? true) yield* fetchAlone(connection, open, uid, limits);
      else yield { kind: 'vanished', ref: { ...open, locator: uid } };
    }
  }
  for (const message of big) yield* fetchAlone(connection, open, Number(message.locator), limits);
}

/** Yields what one command brings, and takes it out of `left`. Answers that nobody asked for are dropped. */
async function* fetchTogether(
  connection: ImapConnection,
  open: OpenMailbox,
  left: Set<number>,
  limits: FetchLimits,
): AsyncGenerator<FetchOutcome> {
  const set = toSequenceSet([...left]);
  for await (const items of connection.fetch(set, 'UID FLAGS INTERNALDATE BODY.PEEK[]', left.size, limits.memoryLimitBytes)) {
    const body = bodyOf(items.get('BODY[]'));
    const uid = uidOf(connection, items);
    if (!body || !left.delete(uid)) continue;
    const ref: MessageRef = { ...open, locator: uid };
    if (body.length === 0) {
      yield { kind: 'failed', ref, error: new MailferryError('message-empty', {}) };
      continue;
    }
    const message = {
      ref,
      flags: flagsOf(items.get('FLAGS')),
      internalDate: parseInternalDate(items.get('INTERNALDATE')),
      sizeBytes: body.length,
      body,
    };
    yield { kind: 'message', message };
  }
}

/** Asks for one message: first for what is known of it, then for its body, which is handed over as it streams in. */
async function* fetchAlone(connection: ImapConnection, open: OpenMailbox, uid: number, limits: FetchLimits): AsyncGenerator<FetchOutcome> {
  const ref: MessageRef = { ...open, locator: uid };
  let known: FetchItems | undefined;
  for await (const items of connection.fetch(String(uid), 'UID FLAGS INTERNALDATE', 1, NO_BODY_BYTES)) {
    if (uidOf(connection, items) === uid) known = items;
  }
  if (!known) {
    const exists = (await connection.searchUids(String(uid)))?.has(uid) ?? true;
    yield exists ? { kind: 'failed', ref, error: new MailferryError('message-withheld', {}) } : { kind: 'vanished', ref };
    return;
  }
  const flags = flagsOf(known.get('FLAGS'));
  const internalDate = parseInternalDate(known.get('INTERNALDATE'));
  let isAnswered = false;
  for await (const { sizeBytes, pieces } of connection.fetchBody(uid, limits.messageLimitBytes)) {
    if (isAnswered) throw connection.violation('two bodies for one message');
    isAnswered = true;
    if (sizeBytes === 0) yield { kind: 'failed', ref, error: new MailferryError('message-empty', {}) };
    else yield { kind: 'message', message: { ref, flags, internalDate, sizeBytes, body: pieces } };
  }
  if (!isAnswered) yield { kind: 'failed', ref, error: new MailferryError('message-withheld', {}) };
}
