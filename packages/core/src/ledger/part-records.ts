import type { Database } from 'better-sqlite3';
import type { MailboxId, PartNumber } from './ids.ts';

/** A part file as the ledger knows it. */
export interface LedgerPart {
  readonly number: PartNumber;
  readonly fileName: string;
  /** The one mailbox it holds, or null where parts are mixed. */
  readonly mailboxId: MailboxId | null;
  /** The one year (`2024`) or month (`2024-03`) it holds, `undated` for messages without a date; null where parts hold any. */
  readonly period: string | null;
  /** Everything before this offset is in the ledger; anything behind it was never recorded. */
  readonly committedBytes: number;
}

/** As it lies on the disk, encrypted or not. */
export interface SealedPart extends LedgerPart {
  readonly sizeBytes: number;
  readonly entryCount: number;
  readonly sha256: string;
  readonly manifestName: string;
  readonly manifestSha256: string;
  /** Of the manifest in the clear. */
  readonly linkSha256: string;
  readonly merkleRoot: string;
}

interface PartRow {
  number: PartNumber;
  file_name: string;
  mailbox_id: MailboxId | null;
  period: string | null;
  committed_bytes: number;
}

interface SealedPartRow extends PartRow {
  size_bytes: number;
  entry_count: number;
  sha256: string;
  manifest_name: string;
  manifest_sha256: string;
  link_sha256: string;
  merkle_root: string;
}

const toPart = (row: PartRow): LedgerPart => ({
  number: row.number,
  fileName: row.file_name,
  mailboxId: row.mailbox_id,
  period: row.period,
  committedBytes: row.committed_bytes,
});

const toSealedPart = (row: SealedPartRow): SealedPart => ({
  ...toPart(row),
  sizeBytes: row.size_bytes,
  entryCount: row.entry_count,
  sha256: row.sha256,
  manifestName: row.manifest_name,
  manifestSha256: row.manifest_sha256,
  linkSha256: row.link_sha256,
  merkleRoot: row.merkle_root,
});

export class PartRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The number that the next part will have. */
  nextNumber(): PartNumber {
    const row = this.#database.prepare<[], { next: PartNumber }>('SELECT coalesce(max(number), 0) + 1 AS next FROM part').get();
    return row?.next ?? (1 as PartNumber);
  }

  /** Records a part before its file is made: a file that the ledger doesn't know is never ours. */
  begin({ number, fileName, mailboxId, period }: Omit<LedgerPart, 'committedBytes'>): LedgerPart {
    this.#database
      .prepare(`INSERT INTO part (number, file_name, mailbox_id, period, state) VALUES (?, ?, ?, ?, 'open')`)
      .run(number, fileName, mailboxId, period);
    return { number, fileName, mailboxId, period, committedBytes: 0 };
  }

  /** Parts that are not sealed, in order. */
  open(): LedgerPart[] {
    return this.#database.prepare<[], PartRow>(`SELECT * FROM part WHERE state = 'open' ORDER BY number`).all().map(toPart);
  }

  sealed(): SealedPart[] {
    return this.#database.prepare<[], SealedPartRow>(`SELECT * FROM part WHERE state = 'sealed' ORDER BY number`).all().map(toSealedPart);
  }

  /** In the order in which they were sealed. */
  inSealOrder(): SealedPart[] {
    return this.#database
      .prepare<[], SealedPartRow>(`SELECT * FROM part WHERE state = 'sealed' ORDER BY seal_order`)
      .all()
      .map(toSealedPart);
  }

  /** `linkSha256` of the part that was sealed last; null before the first. */
  lastLink(): string | null {
    const sql = `SELECT link_sha256 AS link FROM part WHERE state = 'sealed' ORDER BY seal_order DESC LIMIT 1`;
    return this.#database.prepare<[], { link: string }>(sql).get()?.link ?? null;
  }

  /** Records a part that is sealed on the disk, verified, and will never change again. */
  seal(part: LedgerPart, seal: Omit<SealedPart, Exclude<keyof LedgerPart, 'fileName'>>): SealedPart {
    const { fileName, sizeBytes, entryCount, sha256, manifestName, manifestSha256, linkSha256, merkleRoot } = seal;
    this.#database
      .prepare(
        `UPDATE part SET state = 'sealed', seal_order = (SELECT coalesce(max(seal_order), 0) + 1 FROM part), file_name = ?, size_bytes = ?,
         entry_count = ?, sha256 = ?, manifest_name = ?, manifest_sha256 = ?, link_sha256 = ?, merkle_root = ? WHERE number = ?`,
      )
      .run(fileName, sizeBytes, entryCount, sha256, manifestName, manifestSha256, linkSha256, merkleRoot, part.number);
    return { ...part, ...seal };
  }

  /** Forgets a part that never got an entry, after its file is gone. */
  abandon(part: LedgerPart): void {
    this.#database.prepare(`DELETE FROM part WHERE number = ? AND state = 'open' AND committed_bytes = 0`).run(part.number);
  }
}
