import { MailferryError } from '../../errors.ts';
import { isSendable } from '../../mail/flag.ts';
import type { Mailbox, MailboxPath, SpecialUse, UidValidity } from '../../mail/mailbox.ts';
import { encodeMutf7 } from '../../mail/mailbox-name.ts';
import { ConnectionPool } from '../../net/imap/connection-pool.ts';
import type { ImapConnection } from '../../net/imap/imap-connection.ts';
import { isQuotable, quote } from '../../net/imap/imap-wire.ts';
import { listMailboxes } from '../../net/imap/list-mailboxes.ts';
import type { ImapCredentials } from '../../net/imap/log-in.ts';
import { endOnAbort, openConnection } from '../../net/imap/open-connection.ts';
import type { AppendAnswer, AppendedMessage, AppendTarget, MailboxState, TargetNames } from '../append-target.ts';
import { appendMessages } from './append-messages.ts';

export interface ImapTargetOptions extends ImapCredentials {
  /** 1 to 16; every one is a log-in of its own. */
  readonly connections: number;
}

/** UIDs that are asked for in one answer, and the literals that such answers may have. */
const MAX_LISTED = 10_000_000;
const NO_LITERALS = 4096;
/** The answer to a SEARCH is one line. */
const SEARCHED_TOGETHER = 20_000;
const MAX_UID = 0xffff_ffff;

/** An IMAP account that takes messages by APPEND. */
export class ImapTarget implements AppendTarget {
  readonly identity: string;
  readonly #options: ImapTargetOptions;
  readonly #pool: ConnectionPool;
  readonly #rawNames = new Map<MailboxPath, string>();

  constructor(options: ImapTargetOptions) {
    this.#options = options;
    this.identity = `imap:${options.address.user}@${options.address.host.toLowerCase()}`;
    this.#pool = new ConnectionPool(options.connections, async (signal) => (await openConnection(options, signal)).connection);
  }

  get concurrency(): number {
    return this.#options.connections;
  }

  listMailboxes(signal: AbortSignal): Promise<{ readonly mailboxes: readonly Mailbox[]; readonly names: TargetNames }> {
    return this.#use(signal, async (connection) => {
      const named = await listMailboxes(connection);
      for (const { mailbox, rawName } of named) this.#rawNames.set(mailbox.path, rawName);
      const mailboxes = named.map(({ mailbox }) => mailbox);
      const inbox = mailboxes.find(({ path }) => path === 'INBOX');
      const delimiter = inbox?.delimiter ?? mailboxes[0]?.delimiter ?? null;
      const [prefix = ''] = (await connection.personalPrefixes()).filter(Boolean);
      return { mailboxes, names: { delimiter, prefix } };
    });
  }

  createMailbox(path: MailboxPath, specialUse: SpecialUse | null, signal: AbortSignal): Promise<void> {
    return this.#use(signal, async ({ wire }) => {
      const name = this.#quoted(path);
      const use =
        specialUse !== null && specialUse !== '\\Inbox' && wire.capabilities.has('CREATE-SPECIAL-USE') ? ` (USE (${specialUse}))` : '';
      let status = await wire.complete(`CREATE ${name}${use}`);
      // A use that the server has no place for is no reason to do without the mailbox.
      if (status.status === 'NO' && use !== '') status = await wire.complete(`CREATE ${name}`);
      if (status.status === 'NO') throw wire.refused('CREATE', status);
      await wire.complete(`SUBSCRIBE ${name}`);
    });
  }

  stateOf(path: MailboxPath, signal: AbortSignal): Promise<MailboxState> {
    return this.#use(signal, async ({ wire }) => {
      const values = new Map<string, number>();
      const status = await wire.complete(`STATUS ${this.#quoted(path)} (MESSAGES UIDNEXT UIDVALIDITY)`, (_, segments) => {
        const text = String(segments.at(-1));
        for (const [, item = '', value] of text.matchAll(/(MESSAGES|UIDNEXT|UIDVALIDITY) (\d{1,10})/gi))
          values.set(item.toUpperCase(), Number(value));
      });
      if (status.status === 'NO') throw wire.refused('STATUS', status);
      const uidValidity = values.get('UIDVALIDITY');
      const uidNext = values.get('UIDNEXT');
      if (!uidValidity || !uidNext) throw wire.refused('STATUS', { text: 'it answered without UIDVALIDITY and UIDNEXT' });
      return { uidValidity: uidValidity as UidValidity, uidNext, messageCount: values.get('MESSAGES') ?? 0 };
    });
  }

  keptFlags(path: MailboxPath, signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    return this.#use(signal, async ({ wire }) => {
      let kept: string[] | null = null;
      const status = await wire.complete(`SELECT ${this.#quoted(path)}`, (text) => {
        kept = /\[PERMANENTFLAGS \(([^)]*)\)\]/i.exec(text)?.[1]?.split(' ').filter(Boolean) ?? kept;
      });
      if (status.status === 'NO') return null;
      // Leaves the mailbox without CLOSE, which would expunge.
      await wire.complete(wire.capabilities.has('UNSELECT') ? 'UNSELECT' : `EXAMINE ${this.#quoted(path)}`);
      const flags = kept as string[] | null;
      return flags === null || flags.includes('\\*') ? null : new Set(flags.map((flag) => flag.toLowerCase()));
    });
  }

  async *append<Key>(path: MailboxPath, messages: readonly AppendedMessage<Key>[], signal: AbortSignal): AsyncGenerator<AppendAnswer<Key>> {
    const connection = await this.#pool.acquire(signal, null);
    using _ = endOnAbort(connection, signal);
    try {
      const limitBytes = appendLimit(connection.wire.capabilities);
      const sendable: AppendedMessage<Key>[] = [];
      for (const message of messages) {
        if (message.sizeBytes <= limitBytes) sendable.push({ ...message, flags: message.flags.filter(isSendable) });
        else
          yield {
            kind: 'refused',
            key: message.key,
            error: new MailferryError('message-too-large', { sizeBytes: message.sizeBytes, limitBytes }),
          };
      }
      yield* appendMessages(connection.wire, this.#quoted(path), sendable);
    } finally {
      this.#pool.release(connection);
    }
  }

  messagesFrom(path: MailboxPath, uid: number, signal: AbortSignal): Promise<ReadonlyMap<number, number>> {
    return this.#use(signal, async (connection) => {
      const { remaining } = await connection.examine(this.#rawName(path));
      const found = new Map<number, number>();
      if (remaining === 0) return found;
      const listing = connection.fetch(`${uid}:*`, 'UID RFC822.SIZE', Math.min(remaining, MAX_LISTED), NO_LITERALS);
      let next = await listing.next();
      for (; !next.done; next = await listing.next()) {
        const listed = Number(next.value.get('UID'));
        // `n:*` names the last message even where it is before n.
        if (listed >= uid && listed <= MAX_UID) found.set(listed, Number(next.value.get('RFC822.SIZE')));
      }
      if (next.value.status === 'NO') throw connection.wire.refused('UID FETCH', next.value);
      await checkComplete(connection, path, uid, found);
      return found;
    });
  }

  async *read(path: MailboxPath, uid: number, limitBytes: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    const connection = await this.#pool.acquire(signal, null);
    using _ = endOnAbort(connection, signal);
    try {
      // Anew for each: a mailbox that is open already may not show what came since.
      await connection.examine(this.#rawName(path));
      let isGiven = false;
      for await (const { pieces } of connection.fetchBody(uid, limitBytes)) {
        isGiven = true;
        yield* pieces;
      }
      if (!isGiven) throw new MailferryError('message-withheld', {});
    } finally {
      this.#pool.release(connection);
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #use<Result>(signal: AbortSignal, work: (connection: ImapConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.#pool.acquire(signal, null);
    using _ = endOnAbort(connection, signal);
    try {
      return await work(connection);
    } finally {
      this.#pool.release(connection);
    }
  }

  #rawName(path: MailboxPath): string {
    return this.#rawNames.get(path) ?? encodeMutf7(path);
  }

  #quoted(path: MailboxPath): string {
    const rawName = this.#rawName(path);
    if (isQuotable(rawName)) return quote(rawName);
    throw new MailferryError('server-refused', { host: this.#options.address.host, command: path, reply: 'no command can name it' });
  }
}

/** A listing may leave messages out without a word: a second question, asked in pieces that fit into a line, brings that to light. */
const checkComplete = async (
  connection: ImapConnection,
  path: MailboxPath,
  from: number,
  found: ReadonlyMap<number, number>,
): Promise<void> => {
  const last = [...found.keys()].reduce((highest, uid) => Math.max(highest, uid), from - 1);
  if (last - from > MAX_LISTED) throw connection.violation(`UIDs from ${from} to ${last} for ${found.size} messages`);
  for (let first = from; first <= last + 1; first += SEARCHED_TOGETHER) {
    const isLast = first + SEARCHED_TOGETHER > last;
    const existing = await connection.searchUids(isLast ? `${first}:*` : `${first}:${first + SEARCHED_TOGETHER - 1}`);
    const left = [...(existing ?? [])].filter((uid) => uid >= first && !found.has(uid));
    if (left.length > 0)
      throw new MailferryError('listing-incomplete', { mailbox: path, announced: found.size + left.length, listed: found.size });
    if (isLast) return;
  }
};

/** RFC 7889 §4; unlimited where the server doesn't say. */
const appendLimit = (capabilities: ReadonlySet<string>): number => {
  for (const capability of capabilities) {
    const limit = /^APPENDLIMIT=(\d{1,15})$/.exec(capability)?.[1];
    if (limit !== undefined) return Number(limit);
  }
  return Number.MAX_SAFE_INTEGER;
};
