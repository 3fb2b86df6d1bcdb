import type { Database } from 'better-sqlite3';
import { MailferryError } from '../errors.ts';
import { ListingRecords } from './listing-records.ts';
import { MailboxRecords } from './mailbox-records.ts';
import { MessageRecords } from './message-records.ts';
import { openDatabase } from './open-database.ts';
import { PartRecords } from './part-records.ts';
import { UploadRecords } from './upload-records.ts';

/**
 * `mixed`: any mailbox in any part. `by-mailbox`: one mailbox per part, as uploads need it (SPEC U1). `by-year` and `by-month`: one
 * mailbox and one year or month (UTC) per part.
 */
export type Layout = 'mixed' | 'by-mailbox' | 'by-year' | 'by-month';

/** What a ledger was started for. A run with anything else is refused (`ledger-other-job`). */
export interface JobIdentity {
  readonly source: string;
  readonly layout: Layout;
  /** The one target that it uploads to. */
  readonly target: string;
  /** The age recipients that its parts are encrypted for, joined by blanks; empty for parts in the clear. */
  readonly recipients: string;
  /** The public key (32 bytes in base64) that signs its chain. */
  readonly signer: string;
}

/**
 * The resumable record of every message: what the source listed, and where each message is now.
 * A commit is durable when the call returns. One process at a time holds a ledger; `close` gives it free.
 */
export class Ledger {
  readonly mailboxes: MailboxRecords;
  readonly messages: MessageRecords;
  readonly parts: PartRecords;
  readonly listings: ListingRecords;
  readonly uploads: UploadRecords;
  readonly #database: Database;

  /** Errors: `archive-locked`, `ledger-unreadable`, `ledger-version`. */
  constructor(path: string) {
    this.#database = openDatabase(path);
    this.mailboxes = new MailboxRecords(this.#database);
    this.messages = new MessageRecords(this.#database, () => this.era);
    this.parts = new PartRecords(this.#database);
    this.listings = new ListingRecords(this.#database);
    this.uploads = new UploadRecords(this.#database);
  }

  /** Makes sure that the ledger is for this job, or new. Errors: `ledger-other-job`. */
  expect(job: Partial<JobIdentity>): void {
    for (const [what, given] of Object.entries(job)) {
      const recorded = this.#read(what);
      if (recorded !== undefined && recorded !== given) throw new MailferryError('ledger-other-job', { what, recorded, given });
    }
  }

  /** Binds a new ledger to a job, or makes sure that it is the same one. Errors: `ledger-other-job`. */
  bind(job: Partial<JobIdentity>): void {
    this.expect(job);
    const insert = this.#database.prepare('INSERT OR IGNORE INTO job (key, value) VALUES (?, ?)');
    this.#database.transaction(() => {
      for (const [what, given] of Object.entries(job)) insert.run(what, given);
    })();
  }

  /** What the ledger is bound to; undefined for what it isn't bound in. */
  bound(what: keyof JobIdentity): string | undefined {
    return this.#read(what);
  }

  /** How often the ledger was bound to another source. The same locator in two eras means two messages. */
  get era(): number {
    return Number(this.#read('era') ?? 0);
  }

  /** Makes the ledger go on with another source, whatever it was bound to. The same one again changes nothing. */
  rebind(source: string): void {
    const recorded = this.#read('source');
    if (recorded === source || recorded === undefined) return;
    const replace = this.#database.prepare('INSERT OR REPLACE INTO job (key, value) VALUES (?, ?)');
    this.#database.transaction(() => {
      replace.run('era', String(this.era + 1));
      replace.run('source', source);
      // Nothing of what the other one listed is known of this one.
      this.#database.prepare('UPDATE mailbox SET listing_point = NULL, listing_filter = NULL').run();
      this.#database.prepare('UPDATE message SET is_listed = 0 WHERE is_listed = 1').run();
    })();
  }

  /** Writes a copy as it is now to a path where nothing is yet. */
  copyTo(path: string): void {
    this.#database.prepare('VACUUM INTO ?').run(path);
  }

  close(): void {
    this.#database.close();
  }

  #read(key: string): string | undefined {
    return this.#database.prepare<[string], { value: string }>('SELECT value FROM job WHERE key = ?').get(key)?.value;
  }
}
