import type { Database } from 'better-sqlite3';

/** A file of the archive that says what the source listed last. */
export interface RecordedListing {
  readonly number: number;
  /** Of its lines, before they may be encrypted. */
  readonly contentSha256: string;
  readonly fileName: string;
  readonly fileSha256: string;
}

interface ListingRow {
  number: number;
  content_sha256: string;
  file_name: string;
  file_sha256: string;
}

export class ListingRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The one that counts; null before the first. */
  latest(): RecordedListing | null {
    const row = this.#database.prepare<[], ListingRow>('SELECT * FROM listing ORDER BY number DESC LIMIT 1').get();
    if (!row) return null;
    return { number: row.number, contentSha256: row.content_sha256, fileName: row.file_name, fileSha256: row.file_sha256 };
  }

  /** Records a listing that is on the disk, in place of the one before. */
  record({ number, contentSha256, fileName, fileSha256 }: RecordedListing): void {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM listing').run();
      this.#database.prepare('INSERT INTO listing VALUES (?, ?, ?, ?)').run(number, contentSha256, fileName, fileSha256);
    })();
  }
}
