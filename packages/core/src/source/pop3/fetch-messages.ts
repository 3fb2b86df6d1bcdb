import { MailferryError } from '../../errors.ts';
import type { MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import type { MessageRef } from '../../mail/message-ref.ts';
import type { FetchOutcome, ListedMessage } from '../mail-source.ts';
import { type LoggedIn, toBusyError } from './log-in.ts';
import { type DropMessage, isNamedByServer, type Maildrop } from './maildrop.ts';
import { type ReceiveLimits, receiveBody } from './receive-body.ts';

/** What is asked for ahead where the server lets us (RFC 2449 §6.6). */
const AHEAD_MESSAGES = 32;
const AHEAD_BYTES = 2 * 1024 * 1024;

/** POP3 shows one mailbox, in one generation (SPEC P7). */
export const INBOX = 'INBOX' as MailboxPath;
export const GENERATION = 0 as UidValidity;

const refOf = (locator: string): MessageRef => ({ mailbox: INBOX, uidValidity: GENERATION, locator });

/** Fetches messages of the session, several commands ahead where the server takes them. Each wanted message gets one outcome. */
export async function* fetchMessages(
  session: LoggedIn,
  { messages }: Maildrop,
  wanted: readonly ListedMessage[],
  limits: ReceiveLimits,
): AsyncGenerator<FetchOutcome> {
  const waiting: DropMessage[] = [];
  for (const { locator } of wanted) {
    const message = messages.get(String(locator));
    if (message) waiting.push(message);
    else yield { kind: 'vanished', ref: refOf(String(locator)) };
  }
  const isPipelined = session.capabilities.has('PIPELINING');
  const asked: DropMessage[] = [];
  let isDone = false;
  try {
    let askedBytes = 0;
    while (asked.length > 0 || waiting.length > 0) {
      const mayAsk = (): boolean => asked.length === 0 || (isPipelined && asked.length < AHEAD_MESSAGES && askedBytes < AHEAD_BYTES);
      for (let next = waiting[0]; next && mayAsk(); next = waiting[0]) {
        waiting.shift();
        ask(session, next);
        asked.push(next);
        askedBytes += next.sizeBytes;
      }
      const message = asked.shift();
      if (!message) break;
      askedBytes -= message.sizeBytes;
      const { outcome, discard } = await take(session, message, limits);
      try {
        yield outcome;
      } finally {
        await discard?.();
      }
    }
    isDone = true;
  } finally {
    // Answers that nobody waits for would be taken for those of the next command.
    if (!isDone) session.connection.close();
  }
}

/** Asks for a message, and first for its name: a server that renumbers its messages must not pass one off as another. */
const ask = ({ connection }: LoggedIn, { number, uidl }: DropMessage): void => {
  if (uidl !== null) connection.send(`UIDL ${number}`, `RETR ${number}`);
  else connection.send(`RETR ${number}`);
};

interface Taken {
  readonly outcome: FetchOutcome;
  /** Gives free what the message was kept in. */
  readonly discard?: () => Promise<void>;
}

const take = async ({ connection }: LoggedIn, message: DropMessage, limits: ReceiveLimits): Promise<Taken> => {
  const ref = refOf(message.locator);
  let isSame = true;
  if (message.uidl !== null) {
    const named = await connection.reply();
    const [, uidl] = /^\d+ (\S+)/.exec(named.text) ?? [];
    isSame = named.isOk && uidl === message.uidl;
  }
  const reply = await connection.reply();
  if (!reply.isOk) {
    const busy = toBusyError(reply, connection.address);
    if (busy) throw busy;
    return { outcome: { kind: 'failed', ref, error: new MailferryError('message-withheld', {}) } };
  }
  const received = await receiveBody(connection.body(), limits);
  if (!isSame) {
    await received.discard();
    throw connection.violation(`message ${message.number} changed its name within the session`);
  }
  const { sizeBytes, body } = received;
  if (sizeBytes === 0) return { outcome: { kind: 'failed', ref, error: new MailferryError('message-empty', {}) } };
  return { outcome: { kind: 'message', message: { ref, flags: [], internalDate: null, sizeBytes, body } }, discard: received.discard };
};

/**
 * Deletes messages that the server itself has a name for, and gives back those that are gone when QUIT was answered:
 * only then are they (RFC 1939 §6). The session is over in any case.
 */
export const removeMessages = async ({ connection }: LoggedIn, { messages }: Maildrop, locators: readonly string[]): Promise<string[]> => {
  const marked: string[] = [];
  for (const locator of locators) {
    const message = messages.get(locator);
    if (!message || !isNamedByServer(message)) continue;
    const named = await connection.command(`UIDL ${message.number}`);
    if (!named.isOk || named.text !== `${message.number} ${message.uidl}`)
      throw connection.violation('a message changed its name within the session');
    if ((await connection.command(`DELE ${message.number}`)).isOk) marked.push(locator);
  }
  const isUpdated = (await connection.command('QUIT')).isOk;
  connection.close();
  return isUpdated ? marked : [];
};
