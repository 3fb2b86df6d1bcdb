import { randomUUID } from 'node:crypto';
import { PlatformError } from '../platform-error.ts';
import type { Connection } from './database.ts';
import { flagsFromText, flagsToText, storedFlags } from './flags.ts';
import type { WriteScope } from './write-scope.ts';

export const UPLOAD_STATES = ['awaiting-content', 'processing', 'complete', 'failed'] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

/** Why one entry of a ZIP was not stored (SPEC U3, U4). Permanent. */
export const ENTRY_FAILURE_CODES = ['empty', 'not-eml', 'too-large', 'damaged', 'encrypted', 'unsafe-name', 'over-quota'] as const;
export type EntryFailureCode = (typeof ENTRY_FAILURE_CODES)[number];

/** What a client says about a ZIP before it sends it. */
export interface UploadRequest {
  readonly mailboxId: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Lower-case hex over the whole ZIP. */
  readonly sha256: string;
}

export interface Upload extends UploadRequest {
  readonly id: string;
  readonly accountId: number;
  readonly state: UploadState;
  /** Why the whole upload failed. */
  readonly reason: string | null;
  /** Entries that are no directories; 0 until the ZIP was opened. */
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Records of the ZIP's central directory before this one are answered for. */
  readonly nextIndex: number;
  readonly createdAt: Date;
}

/** The answer for one entry. */
export type UploadEntry =
  | {
      readonly index: number;
      readonly name: string;
      readonly state: 'stored';
      readonly uid: number;
      readonly sha256: string;
      readonly sizeBytes: number;
    }
  | { readonly index: number; readonly name: string; readonly state: 'failed'; readonly code: EntryFailureCode; readonly reason: string };

/** What a manifest says about the entry of that name. */
export interface ManifestLine {
  readonly name: string;
  readonly flags: readonly string[];
  readonly internalDate: Date | null;
}

interface UploadRow {
  readonly id: string;
  readonly account_id: number;
  readonly mailbox_id: number;
  readonly file_name: string;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly state: UploadState;
  readonly reason: string | null;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly next_index: number;
  readonly created_at: number;
}

interface EntryRow {
  readonly entry_index: number;
  readonly name: string;
  readonly state: 'stored' | 'failed';
  readonly code: EntryFailureCode | null;
  readonly reason: string | null;
  readonly uid: number | null;
  readonly sha256: string | null;
  readonly size_bytes: number | null;
}

const toUpload = (row: UploadRow): Upload => ({
  id: row.id,
  accountId: row.account_id,
  mailboxId: row.mailbox_id,
  fileName: row.file_name,
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
  state: row.state,
  reason: row.reason,
  total: row.total,
  succeeded: row.succeeded,
  failed: row.failed,
  nextIndex: row.next_index,
  createdAt: new Date(row.created_at),
});

const toEntry = (row: EntryRow): UploadEntry =>
  row.state === 'stored'
    ? {
        index: row.entry_index,
        name: row.name,
        state: 'stored',
        uid: row.uid ?? 0,
        sha256: row.sha256 ?? '',
        sizeBytes: row.size_bytes ?? 0,
      }
    : { index: row.entry_index, name: row.name, state: 'failed', code: row.code ?? 'damaged', reason: row.reason ?? '' };

const isSame = (upload: Upload, request: UploadRequest): boolean =>
  upload.mailboxId === request.mailboxId &&
  upload.fileName === request.fileName &&
  upload.sizeBytes === request.sizeBytes &&
  upload.sha256 === request.sha256;

/** The uploads of all accounts, the answers for their entries, and their manifests. */
export class Uploads {
  readonly #writes: WriteScope;
  readonly #now: () => Date;
  readonly #byId;
  readonly #byKey;
  readonly #ofAccount;
  readonly #inState;
  readonly #newest;
  readonly #failures;
  readonly #insert;
  readonly #startProcessing;
  readonly #setTotal;
  readonly #advance;
  readonly #finish;
  readonly #addEntry;
  readonly #entries;
  readonly #manifestLine;
  readonly #addManifestLine;
  readonly #nextGeneration;
  readonly #acceptGeneration;
  readonly #dropManifest;

  constructor(connection: Connection, writes: WriteScope, now: () => Date) {
    this.#writes = writes;
    this.#now = now;
    this.#byId = connection.prepare<[string], UploadRow>('SELECT * FROM uploads WHERE id = ?');
    this.#byKey = connection.prepare<[number, string], UploadRow>('SELECT * FROM uploads WHERE account_id = ? AND idempotency_key = ?');
    this.#ofAccount = connection.prepare<[number], UploadRow>('SELECT * FROM uploads WHERE account_id = ? ORDER BY created_at, rowid');
    this.#inState = connection.prepare<[UploadState], UploadRow>('SELECT * FROM uploads WHERE state = ? ORDER BY created_at, rowid');
    this.#newest = connection.prepare<[number | null, number | null, number, number], UploadRow>(
      'SELECT * FROM uploads WHERE ? IS NULL OR account_id = ? ORDER BY created_at DESC, rowid DESC LIMIT ? OFFSET ?',
    );
    this.#failures = connection.prepare<[string, number, number], EntryRow>(
      "SELECT * FROM upload_entries WHERE upload_id = ? AND entry_index > ? AND state = 'failed' ORDER BY entry_index LIMIT ?",
    );
    this.#insert = connection.prepare<[string, number, string, number, string, number, string, number], UploadRow>(
      `INSERT INTO uploads (id, account_id, idempotency_key, mailbox_id, file_name, size_bytes, sha256, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    );
    this.#startProcessing = connection.prepare<[string]>(
      "UPDATE uploads SET state = 'processing' WHERE id = ? AND state = 'awaiting-content'",
    );
    this.#setTotal = connection.prepare<[number, string]>('UPDATE uploads SET total = ? WHERE id = ?');
    this.#advance = connection.prepare<[number, number, number, string]>(
      'UPDATE uploads SET next_index = ?, succeeded = succeeded + ?, failed = failed + ? WHERE id = ?',
    );
    this.#finish = connection.prepare<[UploadState, string | null, string]>('UPDATE uploads SET state = ?, reason = ? WHERE id = ?');
    this.#addEntry = connection.prepare<
      [string, number, string, string, string | null, string | null, number | null, string | null, number | null]
    >('INSERT INTO upload_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#entries = connection.prepare<[string, number, number], EntryRow>(
      'SELECT * FROM upload_entries WHERE upload_id = ? AND entry_index > ? ORDER BY entry_index LIMIT ?',
    );
    this.#manifestLine = connection.prepare<[string, string], { flags: string; internal_date: number | null }>(
      `SELECT upload_manifest.flags, internal_date FROM uploads
       JOIN upload_manifest ON upload_id = uploads.id AND generation = manifest_generation WHERE uploads.id = ? AND name = ?`,
    );
    this.#addManifestLine = connection.prepare<[string, number, string, string, number | null]>(
      'INSERT OR REPLACE INTO upload_manifest VALUES (?, ?, ?, ?, ?)',
    );
    this.#nextGeneration = connection
      .prepare<[string], number>('SELECT ifnull(max(generation), 0) + 1 FROM upload_manifest WHERE upload_id = ?')
      .pluck();
    this.#acceptGeneration = connection.prepare<[number, string]>('UPDATE uploads SET manifest_generation = ? WHERE id = ?');
    this.#dropManifest = connection.prepare<[string, number]>('DELETE FROM upload_manifest WHERE upload_id = ? AND generation <> ?');
  }

  find(id: string): Upload | null {
    const row = this.#byId.get(id);
    return row ? toUpload(row) : null;
  }

  /** @throws PlatformError `upload-missing`, also for another account's */
  open(accountId: number, id: string): Upload {
    const upload = this.find(id);
    if (upload?.accountId !== accountId) throw new PlatformError('upload-missing', 'There is no such upload');
    return upload;
  }

  /** By age. */
  list(accountId: number): Upload[] {
    return this.#ofAccount.all(accountId).map(toUpload);
  }

  /** Of all accounts, by age. */
  inState(state: UploadState): Upload[] {
    return this.#inState.all(state).map(toUpload);
  }

  /** The newest first; of all accounts where `accountId` is null. */
  newest(accountId: number | null, skip: number, limit: number): Upload[] {
    return this.#newest.all(accountId, accountId, limit, skip).map(toUpload);
  }

  /** The upload that an account opened under that key before. @throws PlatformError `idempotency-conflict` if the request was another one */
  findByKey(accountId: number, key: string, request: UploadRequest): Upload | null {
    const row = this.#byKey.get(accountId, key);
    if (!row) return null;
    const upload = toUpload(row);
    if (isSame(upload, request)) return upload;
    throw new PlatformError('idempotency-conflict', 'That Idempotency-Key was used for another upload');
  }

  create(accountId: number, key: string, request: UploadRequest): Upload {
    const { mailboxId, fileName, sizeBytes, sha256 } = request;
    const row = this.#insert.get(randomUUID(), accountId, key, mailboxId, fileName, sizeBytes, sha256, this.#now().getTime());
    if (!row) throw new Error('INSERT gave no row back');
    return toUpload(row);
  }

  /** To be called when the content is durable. */
  startProcessing(id: string): void {
    this.#startProcessing.run(id);
  }

  setTotal(id: string, total: number): void {
    this.#setTotal.run(total, id);
  }

  /** Records answers and that everything before `nextIndex` is answered for. Belongs into the transaction that stores the messages. */
  answer(id: string, entries: readonly UploadEntry[], nextIndex: number): void {
    this.#writes.run(() => {
      for (const entry of entries) this.#addAnswer(id, entry);
      const succeeded = entries.filter(({ state }) => state === 'stored').length;
      this.#advance.run(nextIndex, succeeded, entries.length - succeeded, id);
    });
  }

  /** Ends the upload: `failed` with a reason, else `complete`. */
  finish(id: string, failure: string | null): void {
    this.#writes.run(() => {
      this.#finish.run(failure === null ? 'complete' : 'failed', failure, id);
      this.#dropManifest.run(id, -1);
    });
  }

  /** At most `limit` answers with an index above `after`, by index. */
  entries(id: string, after: number, limit: number): UploadEntry[] {
    return this.#entries.all(id, after, limit).map(toEntry);
  }

  /** At most `limit` failed ones with an index above `after`, by index. */
  failures(id: string, after: number, limit: number): Extract<UploadEntry, { state: 'failed' }>[] {
    return this.#failures
      .all(id, after, limit)
      .map(toEntry)
      .filter((entry) => entry.state === 'failed');
  }

  /** A generation to add lines to; it counts from `acceptManifest` on. */
  startManifest(id: string): number {
    return this.#nextGeneration.get(id) ?? 1;
  }

  /** A later line of the same name replaces an earlier one. @throws PlatformError `flag-invalid` */
  addManifestLines(id: string, generation: number, lines: readonly ManifestLine[]): void {
    this.#writes.run(() => {
      for (const { name, flags, internalDate } of lines) {
        const seconds = internalDate && Math.floor(internalDate.getTime() / 1000);
        this.#addManifestLine.run(id, generation, name, flagsToText(storedFlags(flags)), seconds);
      }
    });
  }

  /** From now on this generation is the manifest; others are removed. */
  acceptManifest(id: string, generation: number): void {
    this.#writes.run(() => {
      this.#acceptGeneration.run(generation, id);
      this.#dropManifest.run(id, generation);
    });
  }

  manifestLine(id: string, name: string): Omit<ManifestLine, 'name'> | null {
    const row = this.#manifestLine.get(id, name);
    if (!row) return null;
    return { flags: flagsFromText(row.flags), internalDate: row.internal_date === null ? null : new Date(row.internal_date * 1000) };
  }

  #addAnswer(id: string, entry: UploadEntry): void {
    if (entry.state === 'stored') {
      this.#addEntry.run(id, entry.index, entry.name, 'stored', null, null, entry.uid, entry.sha256, entry.sizeBytes);
    } else this.#addEntry.run(id, entry.index, entry.name, 'failed', entry.code, entry.reason, null, null, null);
  }
}
