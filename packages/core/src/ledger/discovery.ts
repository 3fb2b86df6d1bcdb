import type { Database } from 'better-sqlite3';
import type { UidValidity } from '../mail/mailbox.ts';
import type { Locator } from '../mail/message-ref.ts';
import type { MailboxId } from './ids.ts';

interface ListedRow {
  readonly locator: Locator;
  readonly sizeBytes: number;
}

/** What a source lists in a mailbox, as the ledger takes it over. */
export interface Listing {
  readonly uidValidity: UidValidity;
  /** `whole`: everything. `delta`: what came, and in `gone` what left, since the listing before. */
  readonly scope: 'whole' | 'delta';
  readonly messages: Iterable<ListedRow>;
  readonly gone: readonly Locator[];
  readonly totalCount: number;
  readonly point: string | null;
}

/** What is to be left out of a listing. */
export interface Sieve {
  /** Tells one filter from another: what only a fetch could judge stays left out while this is the same. */
  readonly fingerprint: string;
  /** Why a message is left out; null when it is wanted, undefined when only its fetch can tell. */
  reasonFor(message: ListedRow): string | null | undefined;
}

/** What a listing changed. */
export interface Discovery {
  /** New to the ledger, or back. */
  readonly found: number;
  /** Gone before they were fetched. */
  readonly vanished: number;
  /** Listed before and not any more. */
  readonly left: number;
  /** How many of those are of an earlier generation of the mailbox. */
  readonly remade: number;
}

/** Not closed yet: never fetched, or the fetch failed. */
export const PENDING = `(state = 'discovered' OR (state = 'failed' AND part IS NULL))`;

/** Where a listing's locators mean something. */
type Place = readonly [mailboxId: MailboxId, era: number, uidValidity: UidValidity];

/** Ends the transaction of a delta that doesn't add up. */
class Mismatch extends Error {}

/** Takes listings over into the ledger. */
export class Discoverer {
  readonly #database: Database;
  readonly #readEra: () => number;

  /** @param readEra Counts the sources that the ledger was bound to: what one calls a message means nothing at the next. */
  constructor(database: Database, readEra: () => number) {
    this.#database = database;
    this.#readEra = readEra;
    database.exec(`
      CREATE TEMP TABLE listed (number INTEGER PRIMARY KEY, locator ANY NOT NULL UNIQUE, size_bytes INTEGER NOT NULL,
        reason TEXT, is_certain INTEGER NOT NULL) STRICT;
      CREATE TEMP TABLE gone (locator ANY PRIMARY KEY) STRICT, WITHOUT ROWID;
    `);
  }

  /** As `MessageRecords.discover` says. */
  discover(mailboxId: MailboxId, listing: Listing, sieve: Sieve): Discovery | null {
    try {
      return this.#database.transaction(() => this.#takeOver(mailboxId, listing, sieve))();
    } catch (error) {
      if (error instanceof Mismatch) return null;
      throw error;
    }
  }

  #takeOver(mailboxId: MailboxId, listing: Listing, sieve: Sieve): Discovery {
    const { uidValidity, scope } = listing;
    const place: Place = [mailboxId, this.#readEra(), uidValidity];
    this.#fill(listing, sieve);
    const found = this.#addListed(place, this.#hasOtherFilter(mailboxId, sieve));
    const unlist = 'UPDATE message SET is_listed = 0 WHERE mailbox_id = ? AND is_listed = 1 AND';
    const remade = scope === 'whole' ? this.#run(`${unlist} (era <> ? OR uid_validity <> ?)`, ...place) : 0;
    const isGone = scope === 'whole' ? 'NOT IN (SELECT locator FROM listed)' : 'IN (SELECT locator FROM gone)';
    const left = remade + this.#run(`${unlist} era = ? AND uid_validity = ? AND locator ${isGone}`, ...place);
    if (this.#countListed(mailboxId) !== listing.totalCount) throw new Mismatch();
    const vanished = this.#run(
      `UPDATE message SET state = 'vanished', code = NULL, details = NULL WHERE mailbox_id = ? AND is_listed = 0 AND ${PENDING}`,
      mailboxId,
    );
    this.#leaveOut(place);
    this.#run(
      'UPDATE mailbox SET listed_messages = ?, listing_point = ?, listing_filter = ? WHERE id = ?',
      listing.totalCount,
      listing.point,
      sieve.fingerprint,
      mailboxId,
    );
    return { found, vanished, left, remade };
  }

  #fill({ messages, gone }: Listing, sieve: Sieve): void {
    this.#database.exec('DELETE FROM listed; DELETE FROM gone');
    const insert = this.#database.prepare('INSERT INTO listed (locator, size_bytes, reason, is_certain) VALUES (?, ?, ?, ?)');
    for (const message of messages) {
      const reason = sieve.reasonFor(message);
      insert.run(message.locator, message.sizeBytes, reason ?? null, reason === undefined ? 0 : 1);
    }
    const insertGone = this.#database.prepare('INSERT OR IGNORE INTO gone (locator) VALUES (?)');
    for (const locator of gone) insertGone.run(locator);
  }

  #addListed(place: Place, isOtherFilter: boolean): number {
    const revived = this.#run(
      `UPDATE message SET state = 'discovered', code = NULL WHERE mailbox_id = ? AND era = ? AND uid_validity = ?
       AND (state = 'vanished' AND locator IN (SELECT locator FROM listed)
         OR state = 'filtered' AND locator IN (SELECT locator FROM listed WHERE reason IS NULL AND (is_certain OR ?)))`,
      ...place,
      isOtherFilter ? 1 : 0,
    );
    this.#run(
      `UPDATE message SET is_listed = 1 WHERE mailbox_id = ? AND era = ? AND uid_validity = ? AND is_listed = 0
       AND locator IN (SELECT locator FROM listed)`,
      ...place,
    );
    const added = this.#run(
      `INSERT OR IGNORE INTO message (mailbox_id, era, uid_validity, locator, announced_bytes)
       SELECT ?, ?, ?, locator, size_bytes FROM listed ORDER BY number`,
      ...place,
    );
    return revived + added;
  }

  #leaveOut(place: Place): void {
    this.#run(
      `UPDATE message SET state = 'filtered', code = listed.reason, details = NULL FROM listed
       WHERE mailbox_id = ? AND era = ? AND uid_validity = ? AND message.locator = listed.locator AND listed.reason IS NOT NULL
       AND ${PENDING}`,
      ...place,
    );
  }

  #countListed(mailboxId: MailboxId): number {
    return (
      this.#database
        .prepare<[MailboxId], { count: number }>('SELECT count(*) AS count FROM message WHERE mailbox_id = ? AND is_listed = 1')
        .get(mailboxId)?.count ?? 0
    );
  }

  #hasOtherFilter(mailboxId: MailboxId, { fingerprint }: Sieve): boolean {
    return (
      this.#database
        .prepare<[MailboxId], { filter: string | null }>('SELECT listing_filter AS filter FROM mailbox WHERE id = ?')
        .get(mailboxId)?.filter !== fingerprint
    );
  }

  #run(sql: string, ...values: (string | number | null)[]): number {
    return this.#database.prepare(sql).run(...values).changes;
  }
}
