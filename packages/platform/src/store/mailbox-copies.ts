import { randomUUID } from 'node:crypto';
import { PlatformError } from '../platform-error.ts';
import type { Connection } from './database.ts';
import type { WriteScope } from './write-scope.ts';

export const MAILBOX_COPY_STATES = ['running', 'complete', 'failed'] as const;
type MailboxCopyState = (typeof MAILBOX_COPY_STATES)[number];

export interface MailboxCopy {
  readonly id: string;
  readonly fromUser: string;
  readonly toUser: string;
  /** In the target account, above what is copied. */
  readonly folder: string;
  readonly state: MailboxCopyState;
  /** Why it failed. */
  readonly reason: string | null;
  /** Messages that were there when it was asked for. */
  readonly total: number;
  /** Messages that are in the target. */
  readonly copied: number;
  readonly createdAt: Date;
}

/** Of one mailbox the messages behind `afterUid`, up to `lastUid`. */
export interface MailboxCopyStep {
  readonly sourceMailboxId: number;
  readonly targetMailboxId: number;
  readonly afterUid: number;
  readonly lastUid: number;
}

interface CopyRow extends Omit<MailboxCopy, 'createdAt'> {
  readonly createdAt: number;
}

const COLUMNS = 'id, from_user AS fromUser, to_user AS toUser, folder, state, reason, total, copied, created_at AS createdAt';

const toCopy = (row: CopyRow): MailboxCopy => ({ ...row, createdAt: new Date(row.createdAt) });

/** Copies of mailbox trees, and how far they have come. */
export class MailboxCopies {
  readonly #writes: WriteScope;
  readonly #now: () => Date;
  readonly #byId;
  readonly #all;
  readonly #running;
  readonly #insert;
  readonly #addStep;
  readonly #step;
  readonly #moveOn;
  readonly #dropStep;
  readonly #count;
  readonly #finish;

  constructor(connection: Connection, writes: WriteScope, now: () => Date) {
    this.#writes = writes;
    this.#now = now;
    this.#byId = connection.prepare<[string], CopyRow>(`SELECT ${COLUMNS} FROM mailbox_copies WHERE id = ?`);
    this.#all = connection.prepare<[], CopyRow>(`SELECT ${COLUMNS} FROM mailbox_copies ORDER BY created_at, rowid`);
    this.#running = connection.prepare<[], CopyRow>(
      `SELECT ${COLUMNS} FROM mailbox_copies WHERE state = 'running' ORDER BY created_at, rowid LIMIT 1`,
    );
    this.#insert = connection.prepare<[string, string, string, string, number, number], CopyRow>(
      `INSERT INTO mailbox_copies (id, from_user, to_user, folder, total, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING ${COLUMNS}`,
    );
    this.#addStep = connection.prepare<[string, number, number, number, number]>('INSERT INTO mailbox_copy_steps VALUES (?, ?, ?, ?, ?)');
    this.#step = connection.prepare<[string], MailboxCopyStep>(
      `SELECT source_mailbox_id AS sourceMailboxId, target_mailbox_id AS targetMailboxId, after_uid AS afterUid, last_uid AS lastUid
       FROM mailbox_copy_steps WHERE copy_id = ? ORDER BY source_mailbox_id LIMIT 1`,
    );
    this.#moveOn = connection.prepare<[number, string, number]>(
      'UPDATE mailbox_copy_steps SET after_uid = ? WHERE copy_id = ? AND source_mailbox_id = ?',
    );
    this.#dropStep = connection.prepare<[string, number]>('DELETE FROM mailbox_copy_steps WHERE copy_id = ? AND source_mailbox_id = ?');
    this.#count = connection.prepare<[number, string]>('UPDATE mailbox_copies SET copied = copied + ? WHERE id = ?');
    this.#finish = connection.prepare<[MailboxCopyState, string | null, string]>(
      'UPDATE mailbox_copies SET state = ?, reason = ? WHERE id = ?',
    );
  }

  /** @throws PlatformError `mailbox-copy-missing` */
  open(id: string): MailboxCopy {
    const row = this.#byId.get(id);
    if (!row) throw new PlatformError('mailbox-copy-missing', 'There is no such copy');
    return toCopy(row);
  }

  /** By age. */
  list(): MailboxCopy[] {
    return this.#all.all().map(toCopy);
  }

  /** The oldest that is not done. */
  nextRunning(): MailboxCopy | null {
    const row = this.#running.get();
    return row ? toCopy(row) : null;
  }

  create(copy: Pick<MailboxCopy, 'fromUser' | 'toUser' | 'folder' | 'total'>, steps: readonly MailboxCopyStep[]): MailboxCopy {
    return this.#writes.run(() => {
      const row = this.#insert.get(randomUUID(), copy.fromUser, copy.toUser, copy.folder, copy.total, this.#now().getTime());
      if (!row) throw new Error('INSERT gave no row back');
      for (const { sourceMailboxId, targetMailboxId, afterUid, lastUid } of steps) {
        this.#addStep.run(row.id, sourceMailboxId, targetMailboxId, afterUid, lastUid);
      }
      return toCopy(row);
    });
  }

  /** Null when all is copied. */
  nextStep(id: string): MailboxCopyStep | null {
    return this.#step.get(id) ?? null;
  }

  /** Belongs into the transaction that copies the messages, up to `uid`. */
  moveOn(id: string, { sourceMailboxId }: MailboxCopyStep, uid: number, copied: number): void {
    this.#moveOn.run(uid, id, sourceMailboxId);
    this.#count.run(copied, id);
  }

  dropStep(id: string, { sourceMailboxId }: MailboxCopyStep): void {
    this.#dropStep.run(id, sourceMailboxId);
  }

  /** Ends it: `failed` with a reason, else `complete`. */
  finish(id: string, failure: string | null): void {
    this.#finish.run(failure === null ? 'complete' : 'failed', failure, id);
  }
}
