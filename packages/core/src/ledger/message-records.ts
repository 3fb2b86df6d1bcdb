import type { Database, Statement } from 'better-sqlite3';
import type { ErrorCode, MailferryError } from '../errors.ts';
import type { ArchiveEntry } from '../mail/archive-entry.ts';
import type { MailboxPath, UidValidity } from '../mail/mailbox.ts';
import type { Locator } from '../mail/message-ref.ts';
import { Discoverer, type Discovery, type Listing, PENDING, type Sieve } from './discovery.ts';
import type { MailboxId, MessageId, PartNumber } from './ids.ts';
import { MESSAGE_STATES, type MessageState } from './message-state.ts';

/** A message that is still to be fetched. */
export interface PendingMessage {
  readonly id: MessageId;
  readonly locator: Locator;
  /** As the source announced it. */
  readonly sizeBytes: number;
}

/** A message whose bytes are durable in a part file. */
export interface StoredMessage extends ArchiveEntry {
  readonly id: MessageId;
  readonly internalDate: Date | null;
  readonly flags: readonly string[];
  readonly messageId: string | null;
}

/** A stored message with its place at the source. */
export interface FiledMessage extends StoredMessage {
  readonly mailbox: MailboxPath;
  readonly uidValidity: UidValidity;
  readonly locator: Locator;
}

/** What a fetch ended in, for everything that is not stored. */
export type ClosedMessage =
  | { readonly id: MessageId; readonly state: 'vanished' }
  | { readonly id: MessageId; readonly state: 'filtered'; readonly reason: string }
  | { readonly id: MessageId; readonly state: 'duplicate'; readonly duplicateOf: MessageId }
  | { readonly id: MessageId; readonly state: 'failed'; readonly error: MailferryError };

/** A message that is not where it should be, and why. */
export interface FailedRecord {
  readonly mailbox: MailboxPath;
  readonly locator: Locator;
  readonly entryName: string | null;
  readonly sha256: string | null;
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;
}

/** A message in a given state, for comparisons. */
export interface MessageTrace {
  readonly locator: Locator;
  readonly entryName: string | null;
  readonly sha256: string | null;
  /** The reason code of a failed or filtered one. */
  readonly code: string | null;
}

interface MessageRow {
  id: MessageId;
  mailbox: MailboxPath;
  uid_validity: UidValidity;
  locator: Locator;
  entry_name: string;
  byte_offset: number;
  method: 'store' | 'deflate';
  size_bytes: number;
  compressed_bytes: number;
  crc32: number;
  sha256: Buffer;
  modified_at: number;
  internal_date: number | null;
  flags: string;
  message_id: string | null;
}

interface VanishedRow {
  number: PartNumber;
  part: string;
  name: string;
  byte_offset: number;
  sha256: Buffer;
}

/** Rows are read in pages, so that no statement stays open while others are at work. */
const PAGE_ROWS = 1000;

const toSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

const toFiledMessage = (row: MessageRow): FiledMessage => ({
  id: row.id,
  mailbox: row.mailbox,
  uidValidity: row.uid_validity,
  locator: row.locator,
  name: row.entry_name,
  byteOffset: row.byte_offset,
  method: row.method,
  sizeBytes: row.size_bytes,
  compressedBytes: row.compressed_bytes,
  crc32: row.crc32,
  sha256: row.sha256.toString('hex'),
  modifiedAt: new Date(row.modified_at * 1000),
  internalDate: row.internal_date === null ? null : new Date(row.internal_date * 1000),
  flags: JSON.parse(row.flags) as string[],
  messageId: row.message_id,
});

export class MessageRecords {
  readonly #database: Database;
  readonly #readEra: () => number;
  readonly #discoverer: Discoverer;
  readonly #store: Statement;
  readonly #close: Statement;

  /** @param readEra As `Ledger.era`. */
  constructor(database: Database, readEra: () => number) {
    this.#database = database;
    this.#readEra = readEra;
    this.#discoverer = new Discoverer(database, readEra);
    this.#store = database.prepare(`
      UPDATE message SET state = 'stored', code = NULL, details = NULL, part = ?, entry_name = ?, byte_offset = ?, method = ?,
        size_bytes = ?, compressed_bytes = ?, crc32 = ?, sha256 = ?, modified_at = ?, internal_date = ?, flags = ?, message_id = ?
      WHERE id = ?`);
    this.#close = database.prepare(`UPDATE message SET state = @state, code = @code, details = @details, duplicate_of = @duplicateOf,
       is_listed = is_listed AND @state <> 'vanished' WHERE id = @id`);
  }

  /**
   * Takes over what the source lists in a mailbox, in one transaction: new messages are discovered or filtered, open ones
   * that are gone are vanished, vanished ones that are back are discovered again. Null, and nothing is changed, when a
   * delta doesn't add up to the source's own count: then the whole has to be listed.
   */
  discover(mailboxId: MailboxId, listing: Listing, sieve: Sieve): Discovery | null {
    return this.#discoverer.discover(mailboxId, listing, sieve);
  }

  /**
   * What is to be fetched from a mailbox: what was never fetched, oldest first, and then what failed at the source. Read in
   * pages while it is iterated; a message that is closed meanwhile doesn't come again.
   */
  *pending(mailboxId: MailboxId): Iterable<PendingMessage> {
    const page = this.#database.prepare<[MailboxId, MessageState, number, number], PendingMessage>(
      `SELECT id, locator, announced_bytes AS sizeBytes FROM message
       WHERE mailbox_id = ? AND state = ? AND part IS NULL AND id > ? ORDER BY id LIMIT ?`,
    );
    for (const state of ['discovered', 'failed'] as const) {
      let rows = page.all(mailboxId, state, 0, PAGE_ROWS);
      for (let end = rows.at(-1); end; end = rows.at(-1)) {
        yield* rows;
        rows = rows.length < PAGE_ROWS ? [] : page.all(mailboxId, state, end.id, PAGE_ROWS);
      }
    }
  }

  /** How much `pending` has. */
  pendingTotals(mailboxId: MailboxId): { readonly messages: number; readonly bytes: number } {
    const totals = this.#database
      .prepare<[MailboxId], { messages: number; bytes: number }>(
        `SELECT count(*) AS messages, coalesce(sum(announced_bytes), 0) AS bytes FROM message WHERE mailbox_id = ? AND ${PENDING}`,
      )
      .get(mailboxId);
    return totals ?? { messages: 0, bytes: 0 };
  }

  /** A message with the same bytes that another mailbox holds in the archive. */
  findSameBytes(sha256: string, otherThan: MailboxId): MessageId | undefined {
    return this.#database
      .prepare<[Buffer, MailboxId], { id: MessageId }>(
        'SELECT id FROM message WHERE sha256 = ? AND part IS NOT NULL AND mailbox_id <> ? ORDER BY id LIMIT 1',
      )
      .get(Buffer.from(sha256, 'hex'), otherThan)?.id;
  }

  /** Whether the archive holds messages of a mailbox that the source doesn't list any more. */
  hasGone(mailboxId: MailboxId): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM message WHERE mailbox_id = ? AND is_listed = 0 AND part IS NOT NULL LIMIT 1').get(mailboxId) !==
      undefined
    );
  }

  /**
   * Stored messages of the mailbox with the same bytes that the source doesn't list any more, oldest first, without
   * those that a listed message was already taken for.
   */
  findGoneTwins(sha256: string, mailboxId: MailboxId): MessageId[] {
    return this.#database
      .prepare<[Buffer, MailboxId], { id: MessageId }>(
        `SELECT id FROM message AS old WHERE sha256 = ? AND mailbox_id = ? AND part IS NOT NULL AND is_listed = 0
         AND NOT EXISTS (SELECT 1 FROM message WHERE duplicate_of = old.id AND mailbox_id = old.mailbox_id AND is_listed = 1)
         ORDER BY id`,
      )
      .all(Buffer.from(sha256, 'hex'), mailboxId)
      .map(({ id }) => id);
  }

  /** Messages in a part that the present source still lists, by mailbox, oldest first. */
  listedInPart(part: PartNumber): { readonly mailboxId: MailboxId; readonly uidValidity: UidValidity; readonly locator: Locator }[] {
    return this.#database
      .prepare<[PartNumber, number], { mailboxId: MailboxId; uidValidity: UidValidity; locator: Locator }>(
        `SELECT mailbox_id AS mailboxId, uid_validity AS uidValidity, locator FROM message
         WHERE part = ? AND is_listed = 1 AND era = ? ORDER BY mailbox_id, id`,
      )
      .all(part, this.#readEra());
  }

  /** Records messages whose bytes are durable in `part` up to `committedBytes`, and how others ended: one transaction. */
  commitBatch(
    batch: { readonly part: PartNumber; readonly committedBytes: number; readonly stored: readonly StoredMessage[] } | null,
    closed: readonly ClosedMessage[],
  ): void {
    this.#database.transaction(() => {
      for (const m of closed) {
        const code = m.state === 'failed' ? m.error.code : m.state === 'filtered' ? m.reason : null;
        const details = m.state === 'failed' ? JSON.stringify(m.error.details) : null;
        this.#close.run({ id: m.id, state: m.state, code, details, duplicateOf: m.state === 'duplicate' ? m.duplicateOf : null });
      }
      if (!batch) return;
      for (const m of batch.stored) {
        this.#store.run(
          batch.part,
          m.name,
          m.byteOffset,
          m.method,
          m.sizeBytes,
          m.compressedBytes,
          m.crc32,
          Buffer.from(m.sha256, 'hex'),
          toSeconds(m.modifiedAt),
          m.internalDate && toSeconds(m.internalDate),
          JSON.stringify(m.flags),
          m.messageId,
          m.id,
        );
      }
      this.#database.prepare('UPDATE part SET committed_bytes = ? WHERE number = ?').run(batch.committedBytes, batch.part);
    })();
  }

  /** The entries of a part in file order. May be iterated again. */
  ofPart(part: PartNumber): Iterable<FiledMessage> {
    const page = this.#database.prepare<[PartNumber, number, number], MessageRow>(
      `SELECT message.*, mailbox.path AS mailbox FROM message JOIN mailbox ON mailbox.id = mailbox_id
       WHERE part = ? AND byte_offset > ? ORDER BY byte_offset LIMIT ?`,
    );
    return {
      *[Symbol.iterator]() {
        let last = -1;
        for (;;) {
          const rows = page.all(part, last, PAGE_ROWS);
          for (const row of rows) yield toFiledMessage(row);
          const end = rows.at(-1);
          if (!end || rows.length < PAGE_ROWS) return;
          last = end.byte_offset;
        }
      },
    };
  }

  /** The messages of a part in file order, with no more than tells them apart. */
  *tracesOfPart(part: PartNumber): Iterable<MessageTrace & { readonly mailbox: MailboxPath; readonly sha256: string }> {
    const page = this.#database.prepare<
      [PartNumber, number, number],
      { byteOffset: number; mailbox: MailboxPath; locator: Locator; entryName: string; sha256: string }
    >(
      `SELECT byte_offset AS byteOffset, path AS mailbox, locator, entry_name AS entryName, lower(hex(sha256)) AS sha256
       FROM message JOIN mailbox ON mailbox.id = mailbox_id WHERE part = ? AND byte_offset > ? ORDER BY byte_offset LIMIT ?`,
    );
    let rows = page.all(part, -1, PAGE_ROWS);
    for (let end = rows.at(-1); end; end = rows.at(-1)) {
      for (const { byteOffset: _, ...trace } of rows) yield { ...trace, code: null };
      rows = rows.length < PAGE_ROWS ? [] : page.all(part, end.byteOffset, PAGE_ROWS);
    }
  }

  /** Messages of sealed parts that the source listed once and doesn't list any more, under no other id either; in the parts' order. */
  *vanished(): Iterable<{ readonly part: string; readonly name: string; readonly sha256: string }> {
    const page = this.#database.prepare<[PartNumber, number, number], VanishedRow>(`
      SELECT message.part AS number, file_name AS part, entry_name AS name, byte_offset, message.sha256 AS sha256
      FROM message JOIN part ON part.number = message.part
      WHERE is_listed = 0 AND message.part IS NOT NULL AND part.state = 'sealed' AND (message.part, byte_offset) > (?, ?)
        AND NOT EXISTS (SELECT 1 FROM message AS again WHERE again.duplicate_of = message.id AND again.is_listed = 1
          AND again.mailbox_id = message.mailbox_id)
      ORDER BY message.part, byte_offset LIMIT ?`);
    let [number, byteOffset] = [0 as PartNumber, -1];
    for (let rows = page.all(number, byteOffset, PAGE_ROWS); rows.length > 0; rows = page.all(number, byteOffset, PAGE_ROWS)) {
      for (const row of rows) {
        [number, byteOffset] = [row.number, row.byte_offset];
        yield { part: row.part, name: row.name, sha256: row.sha256.toString('hex') };
      }
    }
  }

  /** The mailboxes that a part has messages of. */
  mailboxesOfPart(part: PartNumber): ReadonlySet<MailboxId> {
    const rows = this.#database
      .prepare<[PartNumber], { id: MailboxId }>('SELECT DISTINCT mailbox_id AS id FROM message WHERE part = ?')
      .all(part);
    return new Set(rows.map((row) => row.id));
  }

  /** Messages of a mailbox in a state, oldest first. */
  *inState(mailboxId: MailboxId, state: MessageState): Iterable<MessageTrace> {
    const page = this.#database.prepare<
      [MailboxId, MessageState, number, number],
      { id: number; locator: Locator; entryName: string | null; sha256: Buffer | null; code: string | null }
    >(
      'SELECT id, locator, entry_name AS entryName, sha256, code FROM message WHERE mailbox_id = ? AND state = ? AND id > ? ORDER BY id LIMIT ?',
    );
    let last = 0;
    for (;;) {
      const rows = page.all(mailboxId, state, last, PAGE_ROWS);
      for (const { id, sha256, ...row } of rows) yield { ...row, sha256: sha256?.toString('hex') ?? null };
      const end = rows.at(-1);
      if (!end || rows.length < PAGE_ROWS) return;
      last = end.id;
    }
  }

  /** How many messages of each mailbox are in each state. */
  counts(): ReadonlyMap<MailboxId, Readonly<Record<MessageState, number>>> {
    const rows = this.#database
      .prepare<[], { mailboxId: MailboxId; state: MessageState; count: number }>(
        'SELECT mailbox_id AS mailboxId, state, count(*) AS count FROM message GROUP BY mailbox_id, state',
      )
      .all();
    const counts = new Map<MailboxId, Record<MessageState, number>>();
    for (const { mailboxId, state, count } of rows) {
      let ofMailbox = counts.get(mailboxId);
      if (!ofMailbox) {
        ofMailbox = Object.fromEntries(MESSAGE_STATES.map((s) => [s, 0])) as Record<MessageState, number>;
        counts.set(mailboxId, ofMailbox);
      }
      ofMailbox[state] = count;
    }
    return counts;
  }

  /** Every message that ended as failed, in the order in which they were found. */
  failed(): FailedRecord[] {
    return this.#database
      .prepare<
        [],
        { mailbox: MailboxPath; locator: Locator; entryName: string | null; sha256: Buffer | null; code: ErrorCode; details: string }
      >(
        `SELECT mailbox.path AS mailbox, locator, entry_name AS entryName, sha256, code, details
         FROM message JOIN mailbox ON mailbox.id = mailbox_id WHERE state = 'failed' ORDER BY message.id`,
      )
      .all()
      .map((row) => ({ ...row, sha256: row.sha256?.toString('hex') ?? null, details: JSON.parse(row.details) as FailedRecord['details'] }));
  }
}
