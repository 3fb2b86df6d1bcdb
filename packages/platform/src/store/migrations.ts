import { PlatformError } from '../platform-error.ts';
import type { Connection } from './database.ts';
import type { WriteScope } from './write-scope.ts';

export const MIGRATION_STATUSES = ['waiting', 'running', 'done', 'partial', 'failed'] as const;
type MigrationStatus = (typeof MIGRATION_STATUSES)[number];

/** How the mail is to come, one way per request (SPEC M10). */
export type MigrationMethod =
  | { readonly kind: 'upload' }
  | { readonly kind: 'pop3' | 'imap'; readonly provider: string }
  | {
      readonly kind: 'pop3' | 'imap';
      readonly domain: string;
      readonly host: string;
      readonly port: number;
      readonly security: 'tls' | 'starttls' | 'none';
    };

/** The move of one user. */
export interface MigrationItem {
  readonly id: number;
  /** Of the list that it came in; the header row is 1. */
  readonly row: number;
  /** The account here. */
  readonly user: string;
  /** The mail id at the old hoster. */
  readonly oldId: string;
  readonly status: MigrationStatus;
  readonly reason: string | null;
  readonly succeeded: number;
  readonly failed: number;
}

export interface MigrationRequest {
  readonly id: number;
  readonly method: MigrationMethod;
  readonly createdBy: string;
  readonly createdAt: Date;
}

export type MigrationProgress = Pick<MigrationItem, 'status' | 'reason' | 'succeeded' | 'failed'>;

interface RequestRow {
  readonly id: number;
  readonly method: string;
  readonly created_by: string;
  readonly created_at: number;
}

interface ItemRow extends Omit<MigrationItem, 'row' | 'oldId'> {
  readonly row_number: number;
  readonly old_id: string;
}

const toRequest = (row: RequestRow): MigrationRequest => ({
  id: row.id,
  method: JSON.parse(row.method) as MigrationMethod,
  createdBy: row.created_by,
  createdAt: new Date(row.created_at),
});

const toItem = ({ id, row_number, user, old_id, status, reason, succeeded, failed }: ItemRow): MigrationItem => ({
  id,
  row: row_number,
  user,
  oldId: old_id,
  status,
  reason,
  succeeded,
  failed,
});

/** Requests to move mailboxes in; a request goes with its items (SPEC M7). */
export class Migrations {
  readonly #writes: WriteScope;
  readonly #now: () => Date;
  readonly #one;
  readonly #all;
  readonly #items;
  readonly #insert;
  readonly #insertItem;
  readonly #update;
  readonly #delete;

  constructor(connection: Connection, writes: WriteScope, now: () => Date) {
    this.#writes = writes;
    this.#now = now;
    this.#one = connection.prepare<[number], RequestRow>('SELECT * FROM migration_requests WHERE id = ?');
    this.#all = connection.prepare<[], RequestRow>('SELECT * FROM migration_requests ORDER BY id');
    this.#items = connection.prepare<[number], ItemRow>('SELECT * FROM migration_items WHERE request_id = ? ORDER BY id');
    this.#insert = connection.prepare<[string, string, number]>(
      'INSERT INTO migration_requests (method, created_by, created_at) VALUES (?, ?, ?)',
    );
    this.#insertItem = connection.prepare<[number, number, string, string]>(
      'INSERT INTO migration_items (request_id, row_number, user, old_id) VALUES (?, ?, ?, ?)',
    );
    this.#update = connection.prepare<[MigrationStatus, string | null, number, number, number, number]>(
      'UPDATE migration_items SET status = ?, reason = ?, succeeded = ?, failed = ? WHERE id = ? AND request_id = ?',
    );
    this.#delete = connection.prepare<[number]>('DELETE FROM migration_requests WHERE id = ?');
  }

  /** @throws PlatformError `migration-missing` */
  open(id: number): MigrationRequest {
    const row = this.#one.get(id);
    if (!row) throw new PlatformError('migration-missing', 'There is no such request');
    return toRequest(row);
  }

  /** By age. */
  list(): MigrationRequest[] {
    return this.#all.all().map(toRequest);
  }

  /** In the order of the list that they came in. */
  items(requestId: number): MigrationItem[] {
    return this.#items.all(requestId).map(toItem);
  }

  /** Gives the id. */
  add(method: MigrationMethod, createdBy: string, items: readonly Pick<MigrationItem, 'row' | 'user' | 'oldId'>[]): number {
    return this.#writes.run(() => {
      const id = Number(this.#insert.run(JSON.stringify(method), createdBy, this.#now().getTime()).lastInsertRowid);
      for (const { row, user, oldId } of items) this.#insertItem.run(id, row, user, oldId);
      return id;
    });
  }

  /** @throws PlatformError `migration-missing` */
  update(requestId: number, itemId: number, { status, reason, succeeded, failed }: MigrationProgress): void {
    if (this.#update.run(status, reason, succeeded, failed, itemId, requestId).changes === 0) {
      throw new PlatformError('migration-missing', 'There is no such user in the request');
    }
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}
