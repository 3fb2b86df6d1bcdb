import type { Database } from 'better-sqlite3';
import type { Mailbox, MailboxPath, SpecialUse } from '../mail/mailbox.ts';
import type { MailboxId } from './ids.ts';

/** A mailbox of the source as the ledger knows it. */
export interface LedgerMailbox extends Mailbox {
  readonly id: MailboxId;
  /** Its folder inside the part files; never changes. */
  readonly folder: string;
  /** How many messages the source listed in it last; null before the first listing. */
  readonly listedMessages: number | null;
  /** The source's own note of that listing, for the next one; null for none. */
  readonly listingPoint: string | null;
  /** What that listing was filtered by; null before the first listing. */
  readonly listingFilter: string | null;
  /** The target's mailbox for it; null before one was made. */
  readonly targetMailbox: string | null;
}

interface MailboxRow {
  id: MailboxId;
  path: MailboxPath;
  delimiter: string | null;
  special_use: SpecialUse | null;
  selectable: number;
  folder: string;
  listed_messages: number | null;
  listing_point: string | null;
  listing_filter: string | null;
  target_mailbox: string | null;
}

const toMailbox = (row: MailboxRow): LedgerMailbox => ({
  id: row.id,
  path: row.path,
  delimiter: row.delimiter,
  specialUse: row.special_use,
  selectable: row.selectable === 1,
  folder: row.folder,
  listedMessages: row.listed_messages,
  listingPoint: row.listing_point,
  listingFilter: row.listing_filter,
  targetMailbox: row.target_mailbox,
});

export class MailboxRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Records new mailboxes and what changed of known ones, in one transaction. A mailbox never leaves the ledger. */
  record(mailboxes: readonly (Mailbox & { readonly folder: string })[]): void {
    const upsert = this.#database.prepare(`
      INSERT INTO mailbox (path, delimiter, special_use, selectable, folder) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (path) DO UPDATE SET delimiter = excluded.delimiter, special_use = excluded.special_use, selectable = excluded.selectable
    `);
    this.#database.transaction(() => {
      for (const m of mailboxes) upsert.run(m.path, m.delimiter, m.specialUse, m.selectable ? 1 : 0, m.folder);
    })();
  }

  /** All mailboxes, in the order in which they were first seen. */
  all(): LedgerMailbox[] {
    return this.#database.prepare<[], MailboxRow>('SELECT * FROM mailbox ORDER BY id').all().map(toMailbox);
  }

  assignTarget(id: MailboxId, targetMailbox: string): void {
    this.#database.prepare('UPDATE mailbox SET target_mailbox = ? WHERE id = ?').run(targetMailbox, id);
  }
}
