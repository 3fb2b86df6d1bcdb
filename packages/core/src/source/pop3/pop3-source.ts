import { MailferryError, throwIfCancelled } from '../../errors.ts';
import type { Mailbox, UidValidity } from '../../mail/mailbox.ts';
import type { Locator } from '../../mail/message-ref.ts';
import type { Notice } from '../../mail/notice.ts';
import type { FetchOutcome, ListedMessage, ListingWish, MailSource, MessageListing, SourceFacts } from '../mail-source.ts';
import { fetchMessages, GENERATION, INBOX, removeMessages } from './fetch-messages.ts';
import { type LoggedIn, logIn, type Pop3Credentials } from './log-in.ts';
import { type Maildrop, readMaildrop } from './maildrop.ts';

export interface Pop3SourceOptions extends Pop3Credentials {
  /** A message bigger than this goes through a file of its own and comes as a stream. */
  readonly streamAboveBytes: number;
  /** No message is bigger. */
  readonly messageLimitBytes: number;
}

interface Session extends LoggedIn {
  readonly maildrop: Maildrop;
}

/**
 * The inbox of a POP3 account (SPEC P7). One session at a time, since the server locks the maildrop (RFC 1939 §3); nothing is
 * deleted but by `remove`. A message is what stands between the status line and the line of one dot, with the last line
 * end: whether the stored one had it, POP3 doesn't tell.
 */
export class Pop3Source implements MailSource {
  readonly identity: string;
  readonly concurrency = 1;
  readonly #options: Pop3SourceOptions;
  #session: Session | undefined;
  #facts: SourceFacts = { protocol: 'POP3', security: 'plain', capabilities: [] };

  constructor(options: Pop3SourceOptions) {
    this.#options = options;
    this.identity = `pop3:${options.address.user}@${options.address.host.toLowerCase()}`;
  }

  facts(): SourceFacts {
    return this.#facts;
  }

  async listMailboxes(signal: AbortSignal): Promise<Mailbox[]> {
    await this.#open(signal);
    return [{ path: INBOX, delimiter: null, specialUse: '\\Inbox', selectable: true }];
  }

  async listMessages(_mailbox: Mailbox, _wish: ListingWish, signal: AbortSignal): Promise<MessageListing> {
    const { maildrop } = await this.#open(signal);
    const messages = Array.from(maildrop.messages.values(), ({ locator, sizeBytes }) => ({ locator, sizeBytes }));
    const { host } = this.#options.address;
    const notices: Notice[] = [{ code: 'inbox-only', details: { host } }];
    if (!maildrop.hasUidl) notices.push({ code: 'identity-by-content', details: { host } });
    if (maildrop.repeatedCount > 0) notices.push({ code: 'identity-repeated', details: { mailbox: INBOX, count: maildrop.repeatedCount } });
    return { uidValidity: GENERATION, scope: 'whole', messages, gone: [], totalCount: messages.length, point: null, notices };
  }

  async *fetch(
    mailbox: Mailbox,
    uidValidity: UidValidity,
    wanted: readonly ListedMessage[],
    signal: AbortSignal,
  ): AsyncGenerator<FetchOutcome> {
    if (uidValidity !== GENERATION) throw new MailferryError('mailbox-replaced', { mailbox: mailbox.path });
    const session = await this.#open(signal);
    using _ = endOnAbort(session, signal);
    const { streamAboveBytes, messageLimitBytes } = this.#options;
    yield* fetchMessages(session, session.maildrop, wanted, { memoryBytes: streamAboveBytes, messageLimitBytes });
  }

  async remove(
    _mailbox: Mailbox,
    uidValidity: UidValidity,
    locators: readonly Locator[],
    signal: AbortSignal,
  ): Promise<readonly Locator[]> {
    if (uidValidity !== GENERATION) return [];
    const session = await this.#open(signal);
    using _ = endOnAbort(session, signal);
    try {
      return await removeMessages(session, session.maildrop, locators.map(String));
    } finally {
      session.connection.close();
    }
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (!session?.connection.isUsable) return;
    // Nothing was deleted: what the server makes of QUIT changes nothing.
    await session.connection.command('QUIT').catch(() => undefined);
    session.connection.close();
  }

  /** The session there is, or a new one. */
  async #open(signal: AbortSignal): Promise<Session> {
    throwIfCancelled(signal);
    if (this.#session?.connection.isUsable) return this.#session;
    const loggedIn = await logIn(this.#options, signal);
    const { address } = this.#options;
    const { connection, capabilities, isSecure } = loggedIn;
    this.#facts = { protocol: 'POP3', security: isSecure ? address.security : 'plain', capabilities: [...capabilities.keys()].sort() };
    using _ = endOnAbort(loggedIn, signal);
    try {
      this.#session = { ...loggedIn, maildrop: await readMaildrop(loggedIn) };
      return this.#session;
    } catch (error) {
      connection.close();
      throw error;
    }
  }
}

/** Ends the connection when `signal` is aborted, as long as it is in scope. */
const endOnAbort = ({ connection }: LoggedIn, signal: AbortSignal): Disposable => {
  const stop = (): void => connection.close();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', stop) };
};
