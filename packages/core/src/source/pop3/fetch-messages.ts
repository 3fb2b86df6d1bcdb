import { MailferryError } from '../../errors.ts';
import type { MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import type { MessageRef } from '../../mail/message-ref.ts';
import type { FetchOutcome, ListedMessage } from '../mail-source.ts';
import { type LoggedIn, toBusyError } from './log-in.ts';
import { type DropMessage, isNamedByServer, type Maildrop } from './maildrop.ts';
import type { Pop3Connection, Reply } from './pop3-connection.ts';
import { type ReceiveLimits, receiveBody } from './receive-body.ts';

/** What is asked for ahead where the server lets us (RFC 2449 §6.6). */
const AHEAD_MESSAGES = 32;
const AHEAD_BYTES = 2 * 1024 * 1024;
const SLACK_BYTES = 64 * 1024 * 1024;

/** POP3 shows one mailbox, in one generation (SPEC P7). */
export const INBOX = 'INBOX' as MailboxPath;
export const GENERATION = 0 as UidValidity;

const refOf = (locator: string): MessageRef => ({ mailbox: INBOX, uidValidity: GENERATION, locator });

/** A body that goes on so far beyond what LIST said is no message. */
const limitFor = ({ sizeBytes }: DropMessage, { messageLimitBytes }: ReceiveLimits): number =>
  Math.min(messageLimitBytes, 2 * sizeBytes + SLACK_BYTES);

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
  const transfer = new Transfer(session, waiting, limits);
  try {
    for (let taken = await transfer.next(); taken; taken = await transfer.next()) {
      try {
        yield taken.outcome;
      } finally {
        await taken.discard?.();
      }
    }
  } finally {
    // Answers that nobody waits for would be taken for those of the next command.
    if (!transfer.isDone) session.connection.close();
  }
}

interface Taken {
  readonly outcome: FetchOutcome;
  /** Gives free what the message was kept in. */
  readonly discard?: () => Promise<void>;
}

/** The commands that are under way, and their answers in the same order. */
class Transfer {
  readonly #connection: Pop3Connection;
  readonly #isPipelined: boolean;
  readonly #waiting: DropMessage[];
  readonly #limits: ReceiveLimits;
  readonly #asked: DropMessage[] = [];
  #askedBytes = 0;
  /** An answer that was read before its turn. */
  #early: Reply | undefined;

  constructor({ connection, capabilities }: LoggedIn, waiting: DropMessage[], limits: ReceiveLimits) {
    this.#connection = connection;
    this.#isPipelined = capabilities.has('PIPELINING');
    this.#waiting = waiting;
    this.#limits = limits;
  }

  get isDone(): boolean {
    return this.#asked.length === 0 && this.#waiting.length === 0;
  }

  /** The next message's outcome, once its answer is whole. */
  async next(): Promise<Taken | undefined> {
    for (let next = this.#waiting[0]; next && this.#mayAsk(); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#asked.push(next);
      this.#askedBytes += next.sizeBytes;
      // Its name first: a server that renumbers its messages must not pass one off as another.
      if (next.uidl !== null) this.#connection.send(`UIDL ${next.number}`, `RETR ${next.number}`);
      else this.#connection.send(`RETR ${next.number}`);
    }
    const [message] = this.#asked;
    if (!message) return undefined;
    const taken = await this.#take(message);
    this.#asked.shift();
    this.#askedBytes -= message.sizeBytes;
    return taken;
  }

  #mayAsk(): boolean {
    const count = this.#asked.length;
    return count === 0 || (this.#isPipelined && count < AHEAD_MESSAGES && this.#askedBytes < AHEAD_BYTES);
  }

  async #take(message: DropMessage): Promise<Taken> {
    const ref = refOf(message.locator);
    const isSame = message.uidl === null || this.#names(message, await this.#reply());
    const reply = await this.#reply();
    if (!reply.isOk) {
      const busy = toBusyError(reply, this.#connection.address);
      if (busy) throw busy;
      return { outcome: { kind: 'failed', ref, error: new MailferryError('message-withheld', {}) } };
    }
    const messageLimitBytes = limitFor(message, this.#limits);
    const tooLarge = () => this.#connection.violation(`more than ${messageLimitBytes} bytes for a message of ${message.sizeBytes}`);
    const { sizeBytes, body, discard } = await receiveBody(this.#connection.body(), { ...this.#limits, messageLimitBytes }, tooLarge);
    try {
      if (!isSame) throw this.#connection.violation(`message ${message.number} changed its name within the session`);
      if (sizeBytes < message.sizeBytes) await this.#confirmEnd();
    } catch (error) {
      await discard();
      throw error;
    }
    if (sizeBytes === 0) return { outcome: { kind: 'failed', ref, error: new MailferryError('message-empty', {}) } };
    return { outcome: { kind: 'message', message: { ref, flags: [], internalDate: null, sizeBytes, body } }, discard };
  }

  async #reply(): Promise<Reply> {
    const reply = this.#early ?? (await this.#connection.reply());
    this.#early = undefined;
    return reply;
  }

  #names({ number, uidl }: DropMessage, { isOk, text }: Reply): boolean {
    return isOk && text.trimEnd() === `${number} ${uidl}`;
  }

  /**
   * A message that is shorter than LIST said may have been cut at a dot that the server forgot to stuff: then its rest comes
   * where the next answer should. Errors: `protocol-violation`.
   */
  async #confirmEnd(): Promise<void> {
    const next = this.#asked[1];
    if (!next) {
      if (!(await this.#connection.command('NOOP')).isOk)
        throw this.#connection.violation('no answer behind a message that is shorter than announced');
      return;
    }
    this.#early = await this.#connection.reply();
    if (next.uidl !== null && !/^\d+ \S/.test(this.#early.text))
      throw this.#connection.violation('another answer than that of UIDL behind a message');
  }
}

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
