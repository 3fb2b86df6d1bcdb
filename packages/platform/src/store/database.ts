import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { PlatformError } from '../platform-error.ts';
import { SCHEMA, SCHEMA_VERSION } from './schema.ts';

export type Connection = BetterSqlite3.Database;
export type Statement<Parameters extends unknown[], Row> = BetterSqlite3.Statement<Parameters, Row>;

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const isBusy = (cause: unknown): boolean => cause instanceof BetterSqlite3.SqliteError && cause.code.startsWith('SQLITE_BUSY');

const prepare = (connection: Connection): void => {
  // One process owns the file: a second platform on the same directory fails here instead of racing.
  connection.pragma('locking_mode = EXCLUSIVE');
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.exec('BEGIN EXCLUSIVE; COMMIT');
  const verdict = connection.pragma('quick_check(1)', { simple: true });
  if (verdict !== 'ok') throw new Error(`quick_check: ${String(verdict)}`);
  const version = connection.pragma('user_version', { simple: true });
  if (version === 0) connection.exec(`BEGIN; ${SCHEMA}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  else if (version !== SCHEMA_VERSION) throw new Error(`it has version ${String(version)}, this platform knows ${SCHEMA_VERSION}`);
};

/**
 * Opens the platform's database, in memory without a directory. The caller closes it.
 * @throws PlatformError `directory-in-use`, `directory-unreadable`
 */
export const openDatabase = (directory: string | null): Connection => {
  if (directory) mkdirSync(directory, { recursive: true });
  const path = directory ? join(directory, 'platform.db') : ':memory:';
  let connection: Connection | null = null;
  try {
    connection = new BetterSqlite3(path, { timeout: 500 });
    prepare(connection);
    return connection;
  } catch (cause) {
    connection?.close();
    if (isBusy(cause)) throw new PlatformError('directory-in-use', `Another platform is running on ${directory}`, { cause });
    throw new PlatformError('directory-unreadable', `${path} can't be used: ${reasonOf(cause)}`, { cause });
  }
};
