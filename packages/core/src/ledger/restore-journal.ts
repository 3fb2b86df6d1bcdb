import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { MailferryError } from '../errors.ts';
import type { MailboxPath } from '../mail/mailbox.ts';

/** A message of an archive: its part and its entry there. */
export interface EntryKey {
  readonly part: string;
  readonly name: string;
}

/** With what it holds: another message under the same name is another one. */
export type EntryContent = EntryKey & { readonly sha256: string };

/** A message that was about to be sent, with what the mailbox was like before. */
export interface Intent extends EntryKey {
  readonly mailbox: MailboxPath;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly messageId: string | null;
  readonly uidValidity: number;
  /** Of the mailbox, before the first message of the batch was sent. */
  readonly uidNext: number;
}

export type RestoreState = 'intended' | 'restored' | 'uncertain';

/** How an intent ended. `failed` and `unsent` forget it: the next run begins anew. */
export type Outcome =
  | (EntryKey & { readonly state: 'restored'; readonly uid: number | null })
  | (EntryKey & { readonly state: 'failed' | 'unsent' | 'uncertain' });

const VERSION = 1;
/** SQLite's `application_id`, "MFRJ". */
const APPLICATION_ID = 0x4d46524a;

const TABLES = `
CREATE TABLE mailbox (path TEXT PRIMARY KEY, target TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
CREATE TABLE message (
  part TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intended', 'restored', 'uncertain')),
  mailbox TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  message_id TEXT,
  uid_validity INTEGER NOT NULL,
  uid_next INTEGER NOT NULL,
  uid INTEGER,
  PRIMARY KEY (part, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_open ON message (mailbox) WHERE state = 'intended';
CREATE INDEX message_at ON message (mailbox, uid_validity, uid);
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${VERSION};
`;

interface IntentRow {
  part: string;
  name: string;
  mailbox: MailboxPath;
  sha256: string;
  size_bytes: number;
  message_id: string | null;
  uid_validity: number;
  uid_next: number;
}

const toIntent = ({
  size_bytes: sizeBytes,
  message_id: messageId,
  uid_validity: uidValidity,
  uid_next: uidNext,
  ...rest
}: IntentRow): Intent => {
  const { part, name, mailbox, sha256 } = rest;
  return { part, name, mailbox, sha256, sizeBytes, messageId, uidValidity, uidNext };
};

/**
 * What of an archive was sent to one account, so that nothing is sent twice: an intent is recorded before a message goes out, the
 * answer after it came. A call is durable when it returns. One process at a time holds a journal; `close` gives it free.
 */
export class RestoreJournal {
  readonly #database: Database.Database;
  readonly #stateOf: Database.Statement<[string, string, string], { state: RestoreState }>;

  /** Makes the file where there is none. Errors: `archive-locked`, `ledger-unreadable`. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    let database: Database.Database | undefined;
    try {
      database = new Database(path, { timeout: 0 });
      database.pragma('locking_mode = EXCLUSIVE');
      database.exec('BEGIN IMMEDIATE; COMMIT');
      database.pragma('synchronous = FULL');
      if (database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined) {
        database.pragma('journal_mode = WAL');
        database.exec(`BEGIN; ${TABLES} COMMIT;`);
      }
      if (
        database.pragma('application_id', { simple: true }) !== APPLICATION_ID ||
        database.pragma('user_version', { simple: true }) !== VERSION
      )
        throw new MailferryError('ledger-unreadable', { path, reason: 'it is not a journal of a restore' });
    } catch (error) {
      database?.close();
      if (error instanceof MailferryError) throw error;
      if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))
        throw new MailferryError('archive-locked', { path: dirname(path) }, { cause: error });
      throw new MailferryError(
        'ledger-unreadable',
        { path, reason: error instanceof Error ? error.message : String(error) },
        { cause: error },
      );
    }
    this.#database = database;
    this.#stateOf = database.prepare('SELECT state FROM message WHERE part = ? AND name = ? AND sha256 = ?');
  }

  /** Which mailbox at the target stands for each one of the archive. */
  mailboxes(): Map<MailboxPath, MailboxPath> {
    const rows = this.#database.prepare<[], { path: MailboxPath; target: MailboxPath }>('SELECT * FROM mailbox').all();
    return new Map(rows.map(({ path, target }) => [path, target]));
  }

  /** Settles it for good. */
  settle(path: MailboxPath, target: MailboxPath): void {
    this.#database.prepare('INSERT OR REPLACE INTO mailbox (path, target) VALUES (?, ?)').run(path, target);
  }

  stateOf({ part, name, sha256 }: EntryContent): RestoreState | null {
    return this.#stateOf.get(part, name, sha256)?.state ?? null;
  }

  intend(intents: readonly Intent[]): void {
    const insert = this.#database.prepare(`INSERT OR REPLACE INTO message
      (part, name, state, mailbox, sha256, size_bytes, message_id, uid_validity, uid_next) VALUES (?, ?, 'intended', ?, ?, ?, ?, ?, ?)`);
    this.#database.transaction(() => {
      for (const { part, name, mailbox, sha256, sizeBytes, messageId, uidValidity, uidNext } of intents)
        insert.run(part, name, mailbox, sha256, sizeBytes, messageId, uidValidity, uidNext);
    })();
  }

  conclude(outcomes: readonly Outcome[]): void {
    const restored = this.#database.prepare(`UPDATE message SET state = 'restored', uid = ? WHERE part = ? AND name = ?`);
    const uncertain = this.#database.prepare(`UPDATE message SET state = 'uncertain' WHERE part = ? AND name = ?`);
    const forget = this.#database.prepare(`DELETE FROM message WHERE part = ? AND name = ? AND state <> 'restored'`);
    this.#database.transaction(() => {
      for (const outcome of outcomes) {
        const { part, name } = outcome;
        if (outcome.state === 'restored') restored.run(outcome.uid, part, name);
        else if (outcome.state === 'uncertain') uncertain.run(part, name);
        else forget.run(part, name);
      }
    })();
  }

  /** What was sent to a mailbox and not answered, in the order of sending. */
  open(mailbox: MailboxPath): Intent[] {
    const rows = this.#database
      .prepare<[MailboxPath], IntentRow>(`SELECT * FROM message WHERE mailbox = ? AND state = 'intended' ORDER BY part, name`)
      .all(mailbox);
    return rows.map(toIntent);
  }

  /**
   * What was answered without a UID since the mailbox's next UID was `uidNext`, and could be taken for this intent: of the same bytes or
   * Message-ID. It stands for a message at the target that no UID tells apart.
   */
  answeredWithoutUid({ mailbox, uidValidity, sha256, messageId }: Intent, uidNext: number): Intent[] {
    const sql = `SELECT * FROM message WHERE mailbox = ? AND uid_validity = ? AND uid IS NULL AND state = 'restored' AND uid_next >= ?
      AND (sha256 = ? OR message_id = ?) ORDER BY part, name`;
    return this.#database
      .prepare<[MailboxPath, number, number, string, string | null], IntentRow>(sql)
      .all(mailbox, uidValidity, uidNext, sha256, messageId)
      .map(toIntent);
  }

  /** Mailboxes at the target that unanswered messages were sent to. */
  openMailboxes(): MailboxPath[] {
    const sql = `SELECT DISTINCT mailbox FROM message WHERE state = 'intended'`;
    return this.#database
      .prepare<[], { mailbox: MailboxPath }>(sql)
      .all()
      .map(({ mailbox }) => mailbox);
  }

  /** Messages at the target, from a UID on, that are known to stand for one of the archive: with the size that they were sent with. */
  known(mailbox: MailboxPath, uidValidity: number, fromUid: number): Map<number, number> {
    const sql = 'SELECT uid, size_bytes FROM message WHERE mailbox = ? AND uid_validity = ? AND uid >= ?';
    const rows = this.#database
      .prepare<[MailboxPath, number, number], { uid: number; size_bytes: number }>(sql)
      .iterate(mailbox, uidValidity, fromUid);
    return new Map(Array.from(rows, ({ uid, size_bytes: sizeBytes }) => [uid, sizeBytes]));
  }

  close(): void {
    this.#database.close();
  }
}
