import { Bodies } from './bodies.ts';
import type { Connection, Statement } from './database.ts';
import { flagsFromText } from './flags.ts';

export interface StoredMessage {
  readonly uid: number;
  /** Without `\Recent`. */
  readonly flags: readonly string[];
  /** To the second. */
  readonly internalDate: Date;
  readonly sizeBytes: number;
  /** Length of the header with the blank line that ends it. */
  readonly headerBytes: number;
  readonly sha256: string;
  readonly bodyId: number;
  /** Mod-sequence of its last change, RFC 7162. */
  readonly modseq: number;
}

interface MessageRow {
  readonly uid: number;
  readonly flags: string;
  readonly internal_date: number;
  readonly size_bytes: number;
  readonly header_bytes: number;
  readonly sha256: string;
  readonly body_id: number;
  readonly modseq: number;
}

/** What a listing of flags needs of a message. */
export interface FlaggedMessage {
  readonly uid: number;
  /** Separated by spaces, without `\Recent`. */
  readonly flagsText: string;
  readonly modseq: number;
}

/** What a search looks at before it reads any message. */
export interface MessageSummary extends FlaggedMessage {
  /** Seconds since 1970. */
  readonly internalSeconds: number;
  readonly sizeBytes: number;
}

interface MessageCounts {
  readonly messageCount: number;
  readonly sizeBytes: number;
}

const COLUMNS = 'uid, flags, internal_date, messages.size_bytes, header_bytes, sha256, body_id, modseq';
const FROM = 'messages JOIN bodies ON bodies.id = body_id';

/** Messages are read that many at a time. */
const BATCH = 500;
/** UIDs of which fewer than one in so many is wanted are looked up one by one. */
const SPARSE = 4;

function* batches(uids: readonly number[]): Generator<readonly number[], void, undefined> {
  for (let start = 0; start < uids.length; start += BATCH) yield uids.slice(start, start + BATCH);
}

const toMessage = (row: MessageRow): StoredMessage => ({
  uid: row.uid,
  flags: flagsFromText(row.flags),
  internalDate: new Date(row.internal_date * 1000),
  sizeBytes: row.size_bytes,
  headerBytes: row.header_bytes,
  sha256: row.sha256,
  bodyId: row.body_id,
  modseq: row.modseq,
});

/** Questions about the messages of all mailboxes. */
export class MessageReads {
  readonly bodies: Bodies;
  readonly #one;
  readonly #page;
  readonly #range;
  readonly #flagRange;
  readonly #summaryRange;
  readonly #uids;
  readonly #withFlag;
  readonly #countFrom;
  readonly #countsFrom;
  readonly #deletedFrom;
  readonly #nthNewest;
  readonly #uidsFrom;
  readonly #flagTexts;
  readonly #firstUnseen;

  constructor(connection: Connection) {
    this.bodies = new Bodies(connection);
    this.#one = connection.prepare<[number, number], MessageRow>(`SELECT ${COLUMNS} FROM ${FROM} WHERE mailbox_id = ? AND uid = ?`);
    this.#page = connection.prepare<[number, number, number], MessageRow>(
      `SELECT ${COLUMNS} FROM ${FROM} WHERE mailbox_id = ? AND uid > ? ORDER BY uid LIMIT ?`,
    );
    this.#range = connection.prepare<[number, number, number], MessageRow>(
      `SELECT ${COLUMNS} FROM ${FROM} WHERE mailbox_id = ? AND uid BETWEEN ? AND ? ORDER BY uid`,
    );
    this.#flagRange = connection.prepare<[number, number, number], FlaggedMessage>(
      'SELECT uid, flags AS flagsText, modseq FROM messages WHERE mailbox_id = ? AND uid BETWEEN ? AND ? ORDER BY uid',
    );
    this.#summaryRange = connection.prepare<[number, number, number], MessageSummary>(
      `SELECT uid, flags AS flagsText, modseq, internal_date AS internalSeconds, size_bytes AS sizeBytes
       FROM messages WHERE mailbox_id = ? AND uid BETWEEN ? AND ? ORDER BY uid`,
    );
    this.#uids = connection.prepare<[number], number>('SELECT uid FROM messages WHERE mailbox_id = ? ORDER BY uid').pluck();
    this.#withFlag = connection
      .prepare<[number, string], number>(
        "SELECT uid FROM messages WHERE mailbox_id = ? AND instr(' ' || flags || ' ', ' ' || ? || ' ') > 0 ORDER BY uid",
      )
      .pluck();
    this.#countFrom = connection
      .prepare<[number, number], number>('SELECT count(*) FROM messages WHERE mailbox_id = ? AND uid >= ?')
      .pluck();
    this.#countsFrom = connection.prepare<[number, number], MessageCounts & { unseenCount: number }>(
      `SELECT count(*) AS messageCount, ifnull(sum(unseen), 0) AS unseenCount, ifnull(sum(size_bytes), 0) AS sizeBytes
       FROM messages WHERE mailbox_id = ? AND uid >= ?`,
    );
    this.#deletedFrom = connection.prepare<[number, number], MessageCounts>(
      `SELECT count(*) AS messageCount, ifnull(sum(size_bytes), 0) AS sizeBytes
       FROM messages WHERE mailbox_id = ? AND uid >= ? AND instr(' ' || flags || ' ', ' \\Deleted ') > 0`,
    );
    this.#nthNewest = connection
      .prepare<[number, number], number>('SELECT uid FROM messages WHERE mailbox_id = ? ORDER BY uid DESC LIMIT 1 OFFSET ?')
      .pluck();
    this.#uidsFrom = connection
      .prepare<[number, number], number>('SELECT uid FROM messages WHERE mailbox_id = ? AND uid >= ? ORDER BY uid')
      .pluck();
    this.#flagTexts = connection.prepare<[number], string>('SELECT DISTINCT flags FROM messages WHERE mailbox_id = ?').pluck();
    this.#firstUnseen = connection
      .prepare<[number, number], number>('SELECT uid FROM messages WHERE mailbox_id = ? AND uid >= ? AND unseen = 1 ORDER BY uid LIMIT 1')
      .pluck();
  }

  find(mailboxId: number, uid: number): StoredMessage | null {
    const row = this.#one.get(mailboxId, uid);
    return row ? toMessage(row) : null;
  }

  /** At most `limit` messages with UIDs above `afterUid`, by UID. */
  page(mailboxId: number, afterUid: number, limit: number): StoredMessage[] {
    return this.#page.all(mailboxId, afterUid, limit).map(toMessage);
  }

  /**
   * Those of the ascending UIDs that still exist, as they were shortly before each is given. Their bodies stay readable until
   * the iteration goes on or ends.
   */
  *each(mailboxId: number, uids: readonly number[]): Generator<StoredMessage, void, undefined> {
    for (const batch of batches(uids)) {
      const messages = this.#among(this.#range, mailboxId, batch).map(toMessage);
      const release = this.bodies.hold(messages.map(({ bodyId }) => bodyId));
      try {
        yield* messages;
      } finally {
        release();
      }
    }
  }

  /** As `each`, in batches and without what the message holds. */
  *eachFlags(mailboxId: number, uids: readonly number[]): Generator<readonly FlaggedMessage[], void, undefined> {
    for (const batch of batches(uids)) yield this.#among(this.#flagRange, mailboxId, batch);
  }

  /** As `eachFlags`, with what a search may ask for. */
  *eachSummary(mailboxId: number, uids: readonly number[]): Generator<readonly MessageSummary[], void, undefined> {
    for (const batch of batches(uids)) yield this.#among(this.#summaryRange, mailboxId, batch);
  }

  /** All UIDs, ascending. */
  uids(mailboxId: number): number[] {
    return this.#uids.all(mailboxId);
  }

  uidsWithFlag(mailboxId: number, flag: string): number[] {
    return this.#withFlag.all(mailboxId, flag);
  }

  /** Those of that UID and higher, ascending. */
  uidsFrom(mailboxId: number, uid: number): number[] {
    return this.#uidsFrom.all(mailboxId, uid);
  }

  /** UID of the message that has `n - 1` newer ones; null if there are fewer than `n`. */
  nthNewestUid(mailboxId: number, n: number): number | null {
    return this.#nthNewest.get(mailboxId, n - 1) ?? null;
  }

  /** Of the messages of that UID and higher. */
  countsFrom(mailboxId: number, uid: number): MessageCounts & { readonly unseenCount: number } {
    return this.#countsFrom.get(mailboxId, uid) ?? { messageCount: 0, unseenCount: 0, sizeBytes: 0 };
  }

  /** Of the messages of that UID and higher that are `\Deleted`. */
  deletedFrom(mailboxId: number, uid: number): MessageCounts {
    return this.#deletedFrom.get(mailboxId, uid) ?? { messageCount: 0, sizeBytes: 0 };
  }

  /** How many messages have that UID or a higher one. */
  countFrom(mailboxId: number, uid: number): number {
    return this.#countFrom.get(mailboxId, uid) ?? 0;
  }

  /** Among those of that UID and higher. */
  firstUnseenUid(mailboxId: number, fromUid: number): number | null {
    return this.#firstUnseen.get(mailboxId, fromUid) ?? null;
  }

  /** Flags that messages of the mailbox have, system flags among them. */
  flagsInUse(mailboxId: number): string[] {
    return [...new Set(this.#flagTexts.all(mailboxId).flatMap(flagsFromText))];
  }

  /** The rows of the ascending UIDs: by one query where they lie close together. */
  #among<Row extends { readonly uid: number }>(
    range: Statement<[number, number, number], Row>,
    mailboxId: number,
    uids: readonly number[],
  ): Row[] {
    const [first = 0, last = 0] = [uids[0], uids.at(-1)];
    if (last - first >= uids.length * SPARSE) return uids.flatMap((uid) => range.all(mailboxId, uid, uid));
    const rows = range.all(mailboxId, first, last);
    if (last - first === uids.length - 1) return rows;
    const wanted = new Set(uids);
    return rows.filter(({ uid }) => wanted.has(uid));
  }
}
