import type { Socket } from 'node:net';
import type { ImapFlow } from 'imapflow';
import { MailferryError } from '../../errors.ts';
import { type Mailbox, type MailboxPath, SPECIAL_USES, type SpecialUse, type UidValidity } from '../../mail/mailbox.ts';
import type { FetchOutcome, ListedMessage, MailSource, MessageListing } from '../mail-source.ts';
import { type FetchLimits, fetchMessages, listUids } from './fetch-messages.ts';
import { ImapConnection } from './imap-connection.ts';
import { type ImapCredentials, logIn, toImapError } from './log-in.ts';

export interface ImapSourceOptions extends ImapCredentials, FetchLimits {
  /** 1 to 16; every one is a log-in of its own. */
  readonly connections: number;
  /** Longest silence of the server while it is waited for. */
  readonly stallMs: number;
}

const isSpecialUse = (value: string | undefined): value is SpecialUse => SPECIAL_USES.some((use) => use === value);

/** Mail in an IMAP account, read with EXAMINE and BODY.PEEK only (SPEC P8). */
export class ImapSource implements MailSource {
  readonly identity: string;
  readonly concurrency: number;
  readonly #options: ImapSourceOptions;
  readonly #idle: ImapConnection[] = [];
  readonly #rawNames = new Map<MailboxPath, string>();

  constructor(options: ImapSourceOptions) {
    this.#options = options;
    this.identity = `imap:${options.address.user}@${options.address.host.toLowerCase()}`;
    this.concurrency = options.connections;
  }

  async listMailboxes(signal: AbortSignal): Promise<Mailbox[]> {
    const { address } = this.#options;
    const client = await logIn(this.#options, signal);
    try {
      const listed = await client.list({ listOnly: true });
      // A connection that broke answers with an empty list; every account has an INBOX.
      if (!client.usable || listed.length === 0)
        throw new MailferryError('protocol-violation', { host: address.host, reason: 'LIST gave no mailbox' });
      this.#idle.push(this.#adopt(client));
      return listed.map((entry) => {
        const path = entry.path as MailboxPath;
        this.#rawNames.set(path, entry.pathAsListed);
        return {
          path,
          delimiter: entry.delimiter || null,
          specialUse: isSpecialUse(entry.specialUse) ? entry.specialUse : null,
          selectable: !entry.flags.has('\\Noselect') && !entry.flags.has('\\NonExistent'),
        };
      });
    } catch (error) {
      client.close();
      throw toImapError(error, address);
    }
  }

  async listMessages(mailbox: Mailbox, signal: AbortSignal): Promise<MessageListing> {
    const connection = await this.#acquire(signal);
    using _ = endOnAbort(connection, signal);
    try {
      const { uidValidity } = await connection.examine(this.#rawName(mailbox));
      const messages = await listUids(connection, mailbox.path);
      return { uidValidity, messages };
    } finally {
      this.#release(connection);
    }
  }

  async *fetch(
    mailbox: Mailbox,
    uidValidity: UidValidity,
    wanted: readonly ListedMessage[],
    signal: AbortSignal,
  ): AsyncGenerator<FetchOutcome> {
    const connection = await this.#acquire(signal);
    using _ = endOnAbort(connection, signal);
    try {
      const rawName = this.#rawName(mailbox);
      const selected = connection.selected?.rawName === rawName ? connection.selected : await connection.examine(rawName);
      if (selected.uidValidity !== uidValidity) throw new MailferryError('mailbox-replaced', { mailbox: mailbox.path });
      yield* fetchMessages(connection, { mailbox: mailbox.path, uidValidity }, wanted, this.#options);
    } finally {
      this.#release(connection);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((connection) => connection.logOut()));
  }

  async #acquire(signal: AbortSignal): Promise<ImapConnection> {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) if (idle.isUsable) return idle;
    return this.#adopt(await logIn(this.#options, signal));
  }

  #release(connection: ImapConnection): void {
    if (connection.isUsable) this.#idle.push(connection);
  }

  /** Takes a logged-in connection over from imapflow. */
  #adopt(client: ImapFlow): ImapConnection {
    const { readSocket, writeSocket } = client.unbind();
    const { address, stallMs } = this.#options;
    return new ImapConnection({ sockets: { readSocket: readSocket as Socket, writeSocket: writeSocket as Socket }, address, stallMs });
  }

  #rawName(mailbox: Mailbox): string {
    return this.#rawNames.get(mailbox.path) ?? mailbox.path;
  }
}

/** Ends the connection when `signal` is aborted, as long as it is in scope. */
const endOnAbort = (connection: ImapConnection, signal: AbortSignal): Disposable => {
  const stop = (): void => connection.fail(new MailferryError('cancelled', {}));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', stop) };
};
