import { createHash } from 'node:crypto';
import { PlatformError } from '../platform-error.ts';
import { Bodies } from './bodies.ts';
import type { Connection, Statement } from './database.ts';
import { changeFlags, type FlagChange, flagsFromText, flagsToText, storedFlags } from './flags.ts';
import type { MessageGate } from './message-gate.ts';
import type { WriteScope } from './write-scope.ts';

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

/** A message on its way in. */
export interface NewMessage {
  readonly bytes: Buffer;
  readonly flags: readonly string[];
  readonly internalDate: Date;
}

/** What a listing of flags needs of a message. */
export interface FlaggedMessage {
  readonly uid: number;
  /** Separated by spaces, without `\Recent`. */
  readonly flagsText: string;
  readonly modseq: number;
}

interface MessageCounts {
  readonly messageCount: number;
  readonly sizeBytes: number;
}

/** A message that came to be at `uid`, from `sourceUid` of another mailbox. */
export interface CopiedMessage {
  readonly sourceUid: number;
  readonly uid: number;
}

const COLUMNS = 'uid, flags, internal_date, messages.size_bytes, header_bytes, sha256, body_id, modseq';
const FROM = 'messages JOIN bodies ON bodies.id = body_id';

/** Messages are read that many at a time. */
const BATCH = 200;
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

/** The messages of all mailboxes. A write is durable when its call returns, and told to the other sessions. */
export class Messages {
  readonly bodies: Bodies;
  readonly #writes: WriteScope;
  readonly #gate: MessageGate;
  readonly #one;
  readonly #page;
  readonly #range;
  readonly #flagRange;
  readonly #uids;
  readonly #withFlag;
  readonly #countFrom;
  readonly #countsFrom;
  readonly #deletedFrom;
  readonly #nthNewest;
  readonly #uidsFrom;
  readonly #flagTexts;
  readonly #firstUnseen;
  readonly #takeUids;
  readonly #takeModseq;
  readonly #quota;
  readonly #insert;
  readonly #setFlags;
  readonly #delete;
  readonly #rehome;

  constructor(connection: Connection, writes: WriteScope, gate: MessageGate) {
    this.#writes = writes;
    this.#gate = gate;
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
    this.#takeUids = connection
      .prepare<[number, number], number>('UPDATE mailboxes SET uid_next = uid_next + ? WHERE id = ? RETURNING uid_next')
      .pluck();
    this.#takeModseq = connection
      .prepare<[number], number>('UPDATE mailboxes SET highest_modseq = highest_modseq + 1 WHERE id = ? RETURNING highest_modseq')
      .pluck();
    this.#quota = connection.prepare<[number], { user: string; quota_bytes: number | null; used_bytes: number }>(
      `SELECT user, quota_bytes, (SELECT sum(size_bytes) FROM mailboxes WHERE account_id = accounts.id) AS used_bytes
       FROM accounts WHERE id = (SELECT account_id FROM mailboxes WHERE id = ?)`,
    );
    this.#insert = connection.prepare<[number, number, number, string, number, number, number]>(
      'INSERT INTO messages (mailbox_id, uid, body_id, flags, internal_date, size_bytes, modseq) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#setFlags = connection.prepare<[string, number, number, number]>(
      'UPDATE messages SET flags = ?, modseq = ? WHERE mailbox_id = ? AND uid = ?',
    );
    this.#delete = connection.prepare<[number, number]>('DELETE FROM messages WHERE mailbox_id = ? AND uid = ?');
    this.#rehome = connection.prepare<[number, number, number, number, number]>(
      'UPDATE messages SET mailbox_id = ?, uid = ?, modseq = ? WHERE mailbox_id = ? AND uid = ?',
    );
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

  /** @throws PlatformError `message-empty`, `over-quota`, `mailbox-missing`, `flag-invalid` */
  append(mailboxId: number, message: NewMessage): { uid: number; sha256: string } {
    const sizeBytes = message.bytes.length;
    if (sizeBytes === 0) throw new PlatformError('message-empty', 'A message of 0 bytes is not stored');
    const flags = flagsToText(this.#wantedFlags(message.flags));
    const sha256 = createHash('sha256').update(message.bytes).digest('hex');
    return this.#writes.run(() => {
      this.#checkQuota(mailboxId, sizeBytes);
      const uid = this.#takeUidsFor(mailboxId, 1);
      const bodyId = this.bodies.add(message.bytes, sha256);
      this.#insert.run(
        mailboxId,
        uid,
        bodyId,
        flags,
        Math.floor(message.internalDate.getTime() / 1000),
        sizeBytes,
        this.#nextModseq(mailboxId),
      );
      this.#writes.note({ mailboxId, kind: 'appended', uids: [uid], origin: null });
      return { uid, sha256 };
    });
  }

  /** Changes the flags of those UIDs that still exist, and gives these. @throws PlatformError `flag-invalid` */
  flag(mailboxId: number, uids: readonly number[], change: FlagChange, flags: readonly string[], origin: object | null): StoredMessage[] {
    const wanted = change === 'remove' ? storedFlags(flags) : this.#wantedFlags(flags);
    return this.#writes.run(() => {
      const changedUids: number[] = [];
      let modseq: number | null = null;
      const messages = uids.flatMap((uid) => {
        const message = this.find(mailboxId, uid);
        if (!message) return [];
        const after = changeFlags(message.flags, change, wanted);
        if (flagsToText(after) === flagsToText(message.flags)) return [message];
        modseq ??= this.#nextModseq(mailboxId);
        this.#setFlags.run(flagsToText(after), modseq, mailboxId, uid);
        changedUids.push(uid);
        return [{ ...message, flags: after, modseq }];
      });
      this.#writes.note({ mailboxId, kind: 'flagged', uids: changedUids, origin });
      return messages;
    });
  }

  /** Removes those UIDs that still exist. */
  expunge(mailboxId: number, uids: readonly number[]): void {
    this.#writes.run(() => {
      const gone = uids.filter((uid) => this.#delete.run(mailboxId, uid).changes > 0);
      if (gone.length > 0) this.#nextModseq(mailboxId);
      this.#writes.note({ mailboxId, kind: 'expunged', uids: gone, origin: null });
    });
    this.bodies.sweep();
  }

  deleteAll(mailboxId: number): void {
    this.expunge(mailboxId, this.uids(mailboxId));
  }

  /** All or none; UIDs that no longer exist are left out. @throws PlatformError `over-quota`, `mailbox-missing` */
  copy(fromMailboxId: number, uids: readonly number[], toMailboxId: number): CopiedMessage[] {
    return this.#writes.run(() => {
      const messages = uids.flatMap((uid) => this.find(fromMailboxId, uid) ?? []);
      if (messages.length === 0) return [];
      this.#checkQuota(
        toMailboxId,
        messages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      );
      const firstUid = this.#takeUidsFor(toMailboxId, messages.length);
      const modseq = this.#nextModseq(toMailboxId);
      for (const [index, { bodyId, flags, internalDate, sizeBytes }] of messages.entries()) {
        this.#insert.run(toMailboxId, firstUid + index, bodyId, flagsToText(flags), internalDate.getTime() / 1000, sizeBytes, modseq);
      }
      return this.#noteArrivals(messages, toMailboxId, firstUid);
    });
  }

  /** As `copy`, and the messages leave their mailbox in the same transaction. RFC 6851. */
  move(fromMailboxId: number, uids: readonly number[], toMailboxId: number): CopiedMessage[] {
    return this.#writes.run(() => {
      const messages = uids.flatMap((uid) => this.find(fromMailboxId, uid) ?? []);
      if (messages.length === 0) return [];
      const firstUid = this.#takeUidsFor(toMailboxId, messages.length);
      const modseq = this.#nextModseq(toMailboxId);
      for (const [index, { uid }] of messages.entries()) this.#rehome.run(toMailboxId, firstUid + index, modseq, fromMailboxId, uid);
      this.#nextModseq(fromMailboxId);
      this.#writes.note({ mailboxId: fromMailboxId, kind: 'expunged', uids: messages.map(({ uid }) => uid), origin: null });
      return this.#noteArrivals(messages, toMailboxId, firstUid);
    });
  }

  moveAll(fromMailboxId: number, toMailboxId: number): void {
    this.move(fromMailboxId, this.uids(fromMailboxId), toMailboxId);
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

  #noteArrivals(messages: readonly StoredMessage[], mailboxId: number, firstUid: number): CopiedMessage[] {
    const copied = messages.map(({ uid }, index) => ({ sourceUid: uid, uid: firstUid + index }));
    this.#writes.note({ mailboxId, kind: 'appended', uids: copied.map(({ uid }) => uid), origin: null });
    return copied;
  }

  /** The first of `count` UIDs in a row. */
  #takeUidsFor(mailboxId: number, count: number): number {
    const next = this.#takeUids.get(count, mailboxId);
    if (next === undefined) throw new PlatformError('mailbox-missing', 'There is no such mailbox');
    return next - count;
  }

  #nextModseq(mailboxId: number): number {
    const modseq = this.#takeModseq.get(mailboxId);
    if (modseq === undefined) throw new PlatformError('mailbox-missing', 'There is no such mailbox');
    return modseq;
  }

  #checkQuota(mailboxId: number, moreBytes: number): void {
    const quota = this.#quota.get(mailboxId);
    if (!quota) return;
    const isFull = this.#gate.isFull(quota.user) || (quota.quota_bytes !== null && quota.used_bytes + moreBytes > quota.quota_bytes);
    if (isFull) throw new PlatformError('over-quota', `The account's quota of ${quota.quota_bytes ?? quota.used_bytes} bytes is used up`);
  }

  /** In stored form. @throws PlatformError `flag-invalid` */
  #wantedFlags(flags: readonly string[]): string[] {
    const wanted = storedFlags(flags);
    const refused = wanted.find((flag) => this.#gate.refusesFlag(flag));
    if (refused !== undefined) throw new PlatformError('flag-invalid', `${JSON.stringify(refused)} can't be stored here`);
    return wanted;
  }
}
