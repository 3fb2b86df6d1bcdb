import type { Database } from 'better-sqlite3';
import type { MailferryError } from '../errors.ts';
import type { PartNumber } from './ids.ts';

/** What the target said about one entry. */
export type RecordedAnswer =
  | { readonly name: string; readonly kind: 'stored' }
  | { readonly name: string; readonly kind: 'failed'; readonly error: MailferryError };

export class UploadRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Sealed parts that the target has not fully answered for, in order. */
  unanswered(): PartNumber[] {
    return this.#database
      .prepare<[], { number: PartNumber }>(
        `SELECT number FROM part WHERE state = 'sealed' AND NOT EXISTS
           (SELECT 1 FROM upload WHERE upload.part = part.number AND upload.state = 'answered') ORDER BY number`,
      )
      .all()
      .map((row) => row.number);
  }

  /**
   * Journals the intent before anything is sent. The same intent again keeps its key; a key of its own means that the part
   * now goes to another mailbox, since the one that it was meant for is gone.
   */
  intend(part: PartNumber, idempotencyKey: string): string {
    this.#database
      .prepare(`INSERT INTO upload (part, idempotency_key, state) VALUES (?, ?, 'intended')
         ON CONFLICT (part) DO UPDATE SET idempotency_key = excluded.idempotency_key WHERE state = 'intended'`)
      .run(part, idempotencyKey);
    const row = this.#database.prepare<[PartNumber], { key: string }>('SELECT idempotency_key AS key FROM upload WHERE part = ?').get(part);
    return row?.key ?? idempotencyKey;
  }

  /** Journals the target's answers for entries of a part; answers for messages that already have theirs change nothing. */
  answer(part: PartNumber, answers: readonly RecordedAnswer[]): void {
    const stored = this.#database.prepare(
      `UPDATE message SET state = 'uploaded', code = NULL, details = NULL WHERE part = ? AND entry_name = ? AND state IN ('stored', 'failed')`,
    );
    const failed = this.#database.prepare(
      `UPDATE message SET state = 'failed', code = ?, details = ? WHERE part = ? AND entry_name = ? AND state IN ('stored', 'failed')`,
    );
    this.#database.transaction(() => {
      for (const a of answers) {
        if (a.kind === 'stored') stored.run(part, a.name);
        else failed.run(a.error.code, JSON.stringify(a.error.details), part, a.name);
      }
    })();
  }

  /** Entries of a part that the target has not answered for. */
  openEntries(part: PartNumber): string[] {
    return this.#database
      .prepare<[PartNumber], { name: string }>(`SELECT entry_name AS name FROM message WHERE part = ? AND state = 'stored'`)
      .all(part)
      .map((row) => row.name);
  }

  /** Closes the upload of a part: every entry has its answer. */
  complete(part: PartNumber): void {
    this.#database.prepare(`UPDATE upload SET state = 'answered' WHERE part = ?`).run(part);
  }
}
