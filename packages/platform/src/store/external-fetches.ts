import { randomUUID } from 'node:crypto';
import type { FetchFailureCode } from '../external-fetch/fetch-failure.ts';
import { PlatformError } from '../platform-error.ts';
import type { Connection } from './database.ts';
import type { WriteScope } from './write-scope.ts';

export const EXTERNAL_FETCH_STATES = ['running', 'complete', 'failed'] as const;
type ExternalFetchState = (typeof EXTERNAL_FETCH_STATES)[number];

/** Why a message was not fetched (SPEC X2). Permanent. */
export const SKIP_CODES = ['too-large', 'total-limit', 'empty', 'over-quota', 'not-given'] as const;
export type SkipCode = (typeof SKIP_CODES)[number];

/** Where the mail is from, and where it goes. */
export interface FetchRequest {
  readonly mailboxId: number;
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** When it is complete, `found` is `known + fetched + skipped`. */
export interface ExternalFetch extends FetchRequest {
  readonly id: string;
  readonly accountId: number;
  readonly state: ExternalFetchState;
  readonly code: FetchFailureCode | null;
  /** Why it failed; what was fetched before stays. */
  readonly reason: string | null;
  /** Messages that the server lists; null until it has. */
  readonly found: number | null;
  /** Of those the ones that were fetched by an earlier request. */
  readonly known: number;
  readonly fetched: number;
  readonly fetchedBytes: number;
  readonly skipped: number;
  readonly createdAt: Date;
}

export interface SkippedMessage {
  /** In the maildrop, from 1. */
  readonly number: number;
  readonly uniqueId: string;
  /** As the server says. */
  readonly sizeBytes: number;
  readonly code: SkipCode;
}

interface FetchRow extends Omit<ExternalFetch, 'createdAt'> {
  readonly createdAt: number;
}

const COLUMNS = `id, account_id AS accountId, mailbox_id AS mailboxId, host, port, user, state, code, reason, found, known, fetched,
  fetched_bytes AS fetchedBytes, skipped, created_at AS createdAt`;
/** Of an account; older ones are forgotten. */
const MAX_KEPT = 20;

const toFetch = (row: FetchRow): ExternalFetch => ({ ...row, createdAt: new Date(row.createdAt) });

/** A server that changes its port is another one: to fetch twice is better than to leave out. */
const sourceOf = ({ host, port, user }: FetchRequest): string => `${user}@${host.toLowerCase()}:${port}`;

/** Fetches from elsewhere, their reports, and what every account has already. */
export class ExternalFetches {
  readonly #writes: WriteScope;
  readonly #now: () => Date;
  readonly #byId;
  readonly #ofAccount;
  readonly #running;
  readonly #insert;
  readonly #forget;
  readonly #setFound;
  readonly #countFetched;
  readonly #countSkipped;
  readonly #countKnown;
  readonly #addSkip;
  readonly #skips;
  readonly #addUniqueId;
  readonly #knows;
  readonly #finish;

  constructor(connection: Connection, writes: WriteScope, now: () => Date) {
    this.#writes = writes;
    this.#now = now;
    this.#byId = connection.prepare<[string], FetchRow>(`SELECT ${COLUMNS} FROM external_fetches WHERE id = ?`);
    this.#ofAccount = connection.prepare<[number], FetchRow>(
      `SELECT ${COLUMNS} FROM external_fetches WHERE account_id = ? ORDER BY created_at, rowid`,
    );
    this.#running = connection.prepare<[], FetchRow>(`SELECT ${COLUMNS} FROM external_fetches WHERE state = 'running'`);
    this.#insert = connection.prepare<[string, number, number, string, number, string, number], FetchRow>(
      `INSERT INTO external_fetches (id, account_id, mailbox_id, host, port, user, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       RETURNING ${COLUMNS}`,
    );
    this.#forget = connection.prepare<[number, number]>(
      `DELETE FROM external_fetches WHERE id IN (SELECT id FROM external_fetches WHERE account_id = ? AND state <> 'running'
       ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET ?)`,
    );
    this.#setFound = connection.prepare<[number, string]>('UPDATE external_fetches SET found = ? WHERE id = ?');
    this.#countFetched = connection.prepare<[number, string]>(
      'UPDATE external_fetches SET fetched = fetched + 1, fetched_bytes = fetched_bytes + ? WHERE id = ?',
    );
    this.#countSkipped = connection.prepare<[string]>('UPDATE external_fetches SET skipped = skipped + 1 WHERE id = ?');
    this.#countKnown = connection.prepare<[number, string]>('UPDATE external_fetches SET known = ? WHERE id = ?');
    this.#addSkip = connection.prepare<[string, number, string, number, SkipCode]>(
      'INSERT INTO external_fetch_skips VALUES (?, ?, ?, ?, ?)',
    );
    this.#skips = connection.prepare<[string, number, number], SkippedMessage>(
      `SELECT number, unique_id AS uniqueId, size_bytes AS sizeBytes, code
       FROM external_fetch_skips WHERE fetch_id = ? AND number > ? ORDER BY number LIMIT ?`,
    );
    this.#addUniqueId = connection.prepare<[number, string, string]>('INSERT OR IGNORE INTO external_unique_ids VALUES (?, ?, ?)');
    this.#knows = connection
      .prepare<[number, string, string], number>('SELECT 1 FROM external_unique_ids WHERE account_id = ? AND source = ? AND unique_id = ?')
      .pluck();
    this.#finish = connection.prepare<[ExternalFetchState, FetchFailureCode | null, string | null, string]>(
      'UPDATE external_fetches SET state = ?, code = ?, reason = ? WHERE id = ?',
    );
  }

  /** @throws PlatformError `external-fetch-missing`, also for another account's */
  open(accountId: number, id: string): ExternalFetch {
    const row = this.#byId.get(id);
    if (row?.accountId !== accountId) throw new PlatformError('external-fetch-missing', 'There is no such fetch');
    return toFetch(row);
  }

  /** By age; the newest 20 that have ended. */
  list(accountId: number): ExternalFetch[] {
    return this.#ofAccount.all(accountId).map(toFetch);
  }

  /** Of all accounts. */
  running(): ExternalFetch[] {
    return this.#running.all().map(toFetch);
  }

  create(accountId: number, { mailboxId, host, port, user }: FetchRequest): ExternalFetch {
    return this.#writes.run(() => {
      this.#forget.run(accountId, MAX_KEPT - 1);
      const row = this.#insert.get(randomUUID(), accountId, mailboxId, host, port, user, this.#now().getTime());
      if (!row) throw new Error('INSERT gave no row back');
      return toFetch(row);
    });
  }

  /** Whether the account has that message of that source. */
  knows(fetch: ExternalFetch, uniqueId: string): boolean {
    return this.#knows.get(fetch.accountId, sourceOf(fetch), uniqueId) === 1;
  }

  setFound(id: string, found: number, known: number): void {
    this.#writes.run(() => {
      this.#setFound.run(found, id);
      this.#countKnown.run(known, id);
    });
  }

  /** Belongs into the transaction that stores the message. */
  noteFetched(fetch: ExternalFetch, uniqueId: string, sizeBytes: number): void {
    this.#addUniqueId.run(fetch.accountId, sourceOf(fetch), uniqueId);
    this.#countFetched.run(sizeBytes, fetch.id);
  }

  noteSkipped(id: string, { number, uniqueId, sizeBytes, code }: SkippedMessage): void {
    this.#writes.run(() => {
      this.#addSkip.run(id, number, uniqueId, sizeBytes, code);
      this.#countSkipped.run(id);
    });
  }

  /** At most `limit` with a number above `after`, by number. */
  skipped(id: string, after: number, limit: number): SkippedMessage[] {
    return this.#skips.all(id, after, limit);
  }

  /** Ends it: `failed` with a reason, else `complete`. */
  finish(id: string, failure: { readonly code: FetchFailureCode; readonly message: string } | null): void {
    this.#finish.run(failure ? 'failed' : 'complete', failure?.code ?? null, failure?.message ?? null, id);
  }
}
