import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { MailferryError } from '../errors.ts';
import { createTables, LEDGER_APPLICATION_ID, LEDGER_VERSION } from './schema.ts';

const isBusy = (error: unknown): boolean => error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');

/** Refuses a file that is no ledger, or one of another version, before anything in it is touched. */
const refuseForeign = (database: Database.Database, path: string): void => {
  const found = database.pragma('user_version', { simple: true });
  if (database.pragma('application_id', { simple: true }) !== LEDGER_APPLICATION_ID) {
    throw new MailferryError('ledger-unreadable', { path, reason: 'it is not a Mailferry ledger' });
  }
  if (found !== LEDGER_VERSION) throw new MailferryError('ledger-version', { path, found: String(found), known: LEDGER_VERSION });
  const check = database.pragma('quick_check(1)', { simple: true });
  if (check !== 'ok') throw new MailferryError('ledger-unreadable', { path, reason: String(check) });
};

/** Takes the file for this process alone until it is closed; the operating system gives it free when the process dies. */
const lock = (database: Database.Database): void => {
  database.pragma('locking_mode = EXCLUSIVE');
  database.exec('BEGIN IMMEDIATE; COMMIT');
};

const isEmpty = (database: Database.Database): boolean => database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;

/**
 * Opens or makes the ledger's database: WAL with `synchronous = FULL`, so that a commit is on the disk
 * when it returns, and locked for this process.
 *
 * Errors: `archive-locked`, `ledger-unreadable`, `ledger-version`.
 */
export const openDatabase = (path: string): Database.Database => {
  mkdirSync(dirname(path), { recursive: true });
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: 0 });
    lock(database);
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    if (isEmpty(database)) {
      database.pragma('journal_mode = WAL');
      createTables(database);
    }
    refuseForeign(database, path);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof MailferryError) throw error;
    if (isBusy(error)) throw new MailferryError('archive-locked', { path: dirname(dirname(path)) }, { cause: error });
    throw new MailferryError(
      'ledger-unreadable',
      { path, reason: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
};
