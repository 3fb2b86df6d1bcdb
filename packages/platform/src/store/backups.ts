import { randomUUID } from 'node:crypto';
import { PlatformError } from '../platform-error.ts';
import type { Connection } from './database.ts';
import type { WriteScope } from './write-scope.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** SPEC B3. */
const DOWNLOAD_MS = 7 * DAY_MS;
/** SPEC B7. */
const LISTED_AFTER_END_MS = 14 * DAY_MS;

/** SPEC B4. */
export const BACKUP_STATES = ['queued', 'preparing', 'ready', 'failed', 'expired'] as const;
export type BackupState = (typeof BACKUP_STATES)[number];

export const BACKUP_PERIODS = ['whole', 'this-year', 'range'] as const;
export type BackupPeriod = (typeof BACKUP_PERIODS)[number];

/** SPEC B1. Days are numbers such as 20260131, of the office's time zone, and both included. */
export interface BackupRequest {
  /** Null means all mailboxes. */
  readonly mailbox: { readonly id: number; readonly path: string } | null;
  readonly period: BackupPeriod;
  /** Null from the beginning. */
  readonly fromDay: number | null;
  readonly toDay: number;
}

/** One ZIP of a backup. */
export interface BackupPart {
  /** From 1. */
  readonly number: number;
  readonly sizeBytes: number;
  /** Lower-case hex over the ZIP. */
  readonly sha256: string;
  readonly messageCount: number;
}

export interface Backup extends BackupRequest {
  readonly id: string;
  readonly accountId: number;
  readonly state: BackupState;
  /** Why it failed. */
  readonly reason: string | null;
  /** Null until it is ready. */
  readonly messageCount: number | null;
  /** Of the messages, unpacked; null until it is ready. */
  readonly contentBytes: number | null;
  readonly createdAt: Date;
  readonly readyAt: Date | null;
  /** From then on its parts can't be downloaded (SPEC B3). */
  readonly expiresAt: Date | null;
  /** By number; none where the period has no message. */
  readonly parts: readonly BackupPart[];
}

interface BackupRow {
  readonly id: string;
  readonly account_id: number;
  readonly mailbox_id: number | null;
  readonly mailbox_path: string | null;
  readonly period: BackupPeriod;
  readonly from_day: number | null;
  readonly to_day: number;
  readonly state: BackupState;
  readonly reason: string | null;
  readonly message_count: number | null;
  readonly content_bytes: number | null;
  readonly created_at: number;
  readonly ready_at: number | null;
  readonly expires_at: number | null;
}

const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** The requests for backups of all accounts, and the parts that they gave. */
export class Backups {
  readonly #writes: WriteScope;
  readonly #now: () => Date;
  readonly #byId;
  readonly #ofAccount;
  readonly #inState;
  readonly #due;
  readonly #parts;
  readonly #insert;
  readonly #startPreparing;
  readonly #finish;
  readonly #addPart;
  readonly #fail;
  readonly #expire;
  readonly #drop;
  readonly #delete;

  constructor(connection: Connection, writes: WriteScope, now: () => Date) {
    this.#writes = writes;
    this.#now = now;
    this.#byId = connection.prepare<[string], BackupRow>('SELECT * FROM backups WHERE id = ?');
    this.#ofAccount = connection.prepare<[number], BackupRow>('SELECT * FROM backups WHERE account_id = ? ORDER BY created_at, rowid');
    this.#inState = connection.prepare<[BackupState], BackupRow>('SELECT * FROM backups WHERE state = ? ORDER BY created_at, rowid');
    this.#due = connection.prepare<[number], BackupRow>(
      `SELECT * FROM backups WHERE state = 'preparing' OR (state = 'queued' AND due_at <= ?)
       ORDER BY state = 'queued', due_at, rowid LIMIT 1`,
    );
    this.#parts = connection.prepare<[string], BackupPart>(
      `SELECT number, size_bytes AS sizeBytes, sha256, message_count AS messageCount
       FROM backup_parts WHERE backup_id = ? ORDER BY number`,
    );
    this.#insert = connection.prepare<
      [string, number, number | null, string | null, BackupPeriod, number | null, number, number, number],
      BackupRow
    >(
      `INSERT INTO backups (id, account_id, mailbox_id, mailbox_path, period, from_day, to_day, created_at, due_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    );
    this.#startPreparing = connection.prepare<[string]>("UPDATE backups SET state = 'preparing' WHERE id = ?");
    this.#finish = connection.prepare<[number, number, number, number, string]>(
      `UPDATE backups SET state = 'ready', message_count = ?, content_bytes = ?, ready_at = ?, expires_at = ?
       WHERE id = ? AND state = 'preparing'`,
    );
    this.#addPart = connection.prepare<[string, number, number, string, number]>('INSERT INTO backup_parts VALUES (?, ?, ?, ?, ?)');
    this.#fail = connection.prepare<[string, number, string]>("UPDATE backups SET state = 'failed', reason = ?, gone_at = ? WHERE id = ?");
    this.#expire = connection.prepare<[number, number]>(
      "UPDATE backups SET state = 'expired', gone_at = expires_at + ? WHERE state = 'ready' AND expires_at <= ?",
    );
    this.#drop = connection.prepare<[number]>("DELETE FROM backups WHERE state IN ('failed', 'expired') AND gone_at <= ?");
    this.#delete = connection.prepare<[string]>('DELETE FROM backups WHERE id = ?');
  }

  find(id: string): Backup | null {
    const row = this.#byId.get(id);
    return row ? this.#toBackup(row) : null;
  }

  /** @throws PlatformError `backup-missing`, also for another account's */
  open(accountId: number, id: string): Backup {
    const backup = this.find(id);
    if (backup?.accountId !== accountId) throw new PlatformError('backup-missing', 'There is no such backup request');
    return backup;
  }

  /** By age. */
  list(accountId: number): Backup[] {
    return this.#ofAccount.all(accountId).map((row) => this.#toBackup(row));
  }

  /** Of all accounts, by age. */
  inState(state: BackupState): Backup[] {
    return this.#inState.all(state).map((row) => this.#toBackup(row));
  }

  /** The next to be prepared: one whose preparing was cut short, else the one that has waited longest. */
  nextDue(): Backup | null {
    const row = this.#due.get(this.#now().getTime());
    return row ? this.#toBackup(row) : null;
  }

  /** It is prepared `delayMs` later at the earliest. */
  create(accountId: number, { mailbox, period, fromDay, toDay }: BackupRequest, delayMs: number): Backup {
    const now = this.#now().getTime();
    const row = this.#insert.get(
      randomUUID(),
      accountId,
      mailbox?.id ?? null,
      mailbox?.path ?? null,
      period,
      fromDay,
      toDay,
      now,
      now + delayMs,
    );
    if (!row) throw new Error('INSERT gave no row back');
    return this.#toBackup(row);
  }

  startPreparing(id: string): void {
    this.#startPreparing.run(id);
  }

  /** To be called when the parts are durable. False if the request was deleted meanwhile. */
  finish(id: string, parts: readonly BackupPart[], contentBytes: number): boolean {
    const now = this.#now().getTime();
    const messageCount = parts.reduce((sum, part) => sum + part.messageCount, 0);
    return this.#writes.run(() => {
      if (this.#finish.run(messageCount, contentBytes, now, now + DOWNLOAD_MS, id).changes === 0) return false;
      for (const part of parts) this.#addPart.run(id, part.number, part.sizeBytes, part.sha256, part.messageCount);
      return true;
    });
  }

  fail(id: string, reason: string): void {
    this.#fail.run(reason, this.#now().getTime() + LISTED_AFTER_END_MS, id);
  }

  /** Lets those expire whose time has come, and leave the list (SPEC B3, B7). Whether there were any. */
  age(): boolean {
    const now = this.#now().getTime();
    return this.#writes.run(() => this.#expire.run(LISTED_AFTER_END_MS, now).changes + this.#drop.run(now).changes > 0);
  }

  delete(id: string): void {
    this.#delete.run(id);
  }

  #toBackup(row: BackupRow): Backup {
    return {
      id: row.id,
      accountId: row.account_id,
      mailbox: row.mailbox_id === null ? null : { id: row.mailbox_id, path: row.mailbox_path ?? '' },
      period: row.period,
      fromDay: row.from_day,
      toDay: row.to_day,
      state: row.state,
      reason: row.reason,
      messageCount: row.message_count,
      contentBytes: row.content_bytes,
      createdAt: new Date(row.created_at),
      readyAt: toDate(row.ready_at),
      expiresAt: toDate(row.expires_at),
      parts: this.#parts.all(row.id),
    };
  }
}
