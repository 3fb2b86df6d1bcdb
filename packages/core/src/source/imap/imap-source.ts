import { MailferryError } from '../../errors.ts';
import type { Mailbox, MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import { encodeMutf7 } from '../../mail/mailbox-name.ts';
import { ConnectionPool } from '../../net/imap/connection-pool.ts';
import type { ImapConnection } from '../../net/imap/imap-connection.ts';
import { listMailboxes } from '../../net/imap/list-mailboxes.ts';
import type { ImapCredentials } from '../../net/imap/log-in.ts';
import { endOnAbort, openConnection } from '../../net/imap/open-connection.ts';
import type { FetchOutcome, ListedMessage, ListingWish, MailSource, MessageListing, SourceFacts } from '../mail-source.ts';
import { type FetchLimits, fetchMessages } from './fetch-messages.ts';
import { listMessages } from './list-messages.ts';

export interface ImapSourceOptions extends ImapCredentials, FetchLimits {
  /** 1 to 16; every one is a log-in of its own. */
  readonly connections: number;
}

/** Mail in an IMAP account, read with EXAMINE and BODY.PEEK only (SPEC P8). */
export class ImapSource implements MailSource {
  readonly identity: string;
  readonly concurrency: number;
  readonly #options: ImapSourceOptions;
  readonly #pool: ConnectionPool;
  #facts: SourceFacts = { protocol: 'IMAP', security: 'plain', capabilities: [] };
  readonly #rawNames = new Map<MailboxPath, string>();

  constructor(options: ImapSourceOptions) {
    this.#options = options;
    this.identity = `imap:${options.address.user}@${options.address.host.toLowerCase()}`;
    this.concurrency = options.connections;
    this.#pool = new ConnectionPool(options.connections, (signal) => this.#connect(signal));
  }

  async listMailboxes(signal: AbortSignal): Promise<Mailbox[]> {
    const connection = await this.#pool.acquire(signal, null);
    using _ = endOnAbort(connection, signal);
    try {
      const named = await listMailboxes(connection);
      for (const { mailbox, rawName } of named) this.#rawNames.set(mailbox.path, rawName);
      return named.map(({ mailbox }) => mailbox);
    } finally {
      this.#pool.release(connection);
    }
  }

  async listMessages(mailbox: Mailbox, wish: ListingWish, signal: AbortSignal): Promise<MessageListing> {
    const rawName = this.#rawName(mailbox);
    const connection = await this.#pool.acquire(signal, rawName);
    using _ = endOnAbort(connection, signal);
    try {
      return await listMessages(connection, rawName, mailbox.path, wish);
    } finally {
      this.#pool.release(connection);
    }
  }

  async *fetch(
    mailbox: Mailbox,
    uidValidity: UidValidity,
    wanted: readonly ListedMessage[],
    signal: AbortSignal,
  ): AsyncGenerator<FetchOutcome> {
    const rawName = this.#rawName(mailbox);
    const connection = await this.#pool.acquire(signal, rawName);
    using _ = endOnAbort(connection, signal);
    try {
      const selected = connection.selected?.rawName === rawName ? connection.selected : await connection.examine(rawName);
      if (selected.uidValidity !== uidValidity) throw new MailferryError('mailbox-replaced', { mailbox: mailbox.path });
      yield* fetchMessages(connection, { mailbox: mailbox.path, uidValidity }, wanted, this.#options);
    } finally {
      this.#pool.release(connection);
    }
  }

  facts(): SourceFacts {
    return this.#facts;
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #connect(signal: AbortSignal): Promise<ImapConnection> {
    const { connection, isSecure } = await openConnection(this.#options, signal);
    this.#facts = {
      protocol: 'IMAP',
      security: isSecure ? this.#options.address.security : 'plain',
      capabilities: [...connection.wire.capabilities].sort(),
    };
    return connection;
  }

  #rawName(mailbox: Mailbox): string {
    return this.#rawNames.get(mailbox.path) ?? encodeMutf7(mailbox.path);
  }
}
