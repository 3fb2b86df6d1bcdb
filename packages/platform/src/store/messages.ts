import { createHash } from 'node:crypto';
import { PlatformError } from '../platform-error.ts';
import type { Connection } from './database.ts';
import { changeFlags, type FlagChange, flagsToText, storedFlags } from './flags.ts';
import type { MessageGate } from './message-gate.ts';
import { MessageReads, type StoredMessage } from './message-reads.ts';
import type { WriteScope } from './write-scope.ts';

export type { StoredMessage } from './message-reads.ts';

/** A message on its way in. */
export interface NewMessage {
  readonly bytes: Buffer;
  readonly flags: readonly string[];
  readonly internalDate: Date;
}

/** A message that came to be at `uid`, from `sourceUid` of another mailbox. */
export interface CopiedMessage {
  readonly sourceUid: number;
  readonly uid: number;
}

/** The messages of all mailboxes. A write is durable when its call returns, and told to the other sessions. */
export class Messages extends MessageReads {
  readonly #writes: WriteScope;
  readonly #gate: MessageGate;
  readonly #takeUids;
  readonly #takeModseq;
  readonly #quota;
  readonly #insert;
  readonly #setFlags;
  readonly #delete;
  readonly #rehome;

  constructor(connection: Connection, writes: WriteScope, gate: MessageGate) {
    super(connection);
    this.#writes = writes;
    this.#gate = gate;
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
