import type Database from 'better-sqlite3';
import { MESSAGE_STATES, TRANSITIONS } from './message-state.ts';

/** Goes up with every change of the tables; an unknown version is refused. */
export const LEDGER_VERSION = 3;

/** SQLite's `application_id`, "MFLG": tells a ledger from any other SQLite file. */
export const LEDGER_APPLICATION_ID = 0x4d464c47;

const states = MESSAGE_STATES.map((state) => `'${state}'`).join(', ');

const TABLES = `
CREATE TABLE job (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE mailbox (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  delimiter TEXT,
  special_use TEXT,
  selectable INTEGER NOT NULL,
  folder TEXT NOT NULL UNIQUE,
  listed_messages INTEGER,
  listing_point TEXT,
  listing_filter TEXT,
  target_mailbox TEXT
) STRICT;

CREATE TABLE part (
  number INTEGER PRIMARY KEY,
  file_name TEXT NOT NULL UNIQUE,
  mailbox_id INTEGER REFERENCES mailbox,
  period TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'sealed')),
  committed_bytes INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER,
  entry_count INTEGER,
  sha256 TEXT,
  manifest_name TEXT,
  manifest_sha256 TEXT,
  link_sha256 TEXT,
  merkle_root TEXT,
  seal_order INTEGER UNIQUE
) STRICT;

CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  mailbox_id INTEGER NOT NULL REFERENCES mailbox,
  era INTEGER NOT NULL,
  uid_validity INTEGER NOT NULL,
  locator ANY NOT NULL,
  state TEXT NOT NULL DEFAULT 'discovered' CHECK (state IN (${states})),
  code TEXT,
  details TEXT,
  announced_bytes INTEGER NOT NULL,
  is_listed INTEGER NOT NULL DEFAULT 1,
  duplicate_of INTEGER REFERENCES message,
  part INTEGER REFERENCES part,
  entry_name TEXT UNIQUE,
  byte_offset INTEGER,
  method TEXT,
  size_bytes INTEGER,
  compressed_bytes INTEGER,
  crc32 INTEGER,
  sha256 BLOB,
  modified_at INTEGER,
  internal_date INTEGER,
  flags TEXT,
  message_id TEXT,
  UNIQUE (mailbox_id, era, uid_validity, locator),
  CHECK ((state = 'failed' OR state = 'filtered') = (code IS NOT NULL)),
  CHECK (state NOT IN ('stored', 'uploaded') OR (part IS NOT NULL AND sha256 IS NOT NULL)),
  CHECK ((state = 'duplicate') = (duplicate_of IS NOT NULL))
) STRICT;
CREATE INDEX message_by_state ON message (mailbox_id, state);
CREATE INDEX message_by_part ON message (part, byte_offset) WHERE part IS NOT NULL;
CREATE INDEX message_by_sha256 ON message (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX message_by_original ON message (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX message_gone ON message (mailbox_id) WHERE is_listed = 0 AND part IS NOT NULL;

CREATE TABLE listing (
  number INTEGER PRIMARY KEY,
  content_sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL
) STRICT;

CREATE TABLE transition (old TEXT NOT NULL, new TEXT NOT NULL, PRIMARY KEY (old, new)) STRICT, WITHOUT ROWID;
CREATE TRIGGER message_moves_only_as_allowed BEFORE UPDATE OF state ON message
WHEN NOT EXISTS (SELECT 1 FROM transition WHERE old = OLD.state AND new = NEW.state)
BEGIN SELECT RAISE(ABORT, 'a message can''t make this move between states'); END;
CREATE TRIGGER message_never_leaves BEFORE DELETE ON message
BEGIN SELECT RAISE(ABORT, 'a message never leaves the ledger'); END;

CREATE TABLE upload (
  part INTEGER PRIMARY KEY REFERENCES part,
  idempotency_key TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('intended', 'answered'))
) STRICT;
`;

/** Makes the tables of an empty database, in one transaction. */
export const createTables = (database: Database.Database): void => {
  database.transaction(() => {
    database.exec(TABLES);
    const insert = database.prepare('INSERT INTO transition (old, new) VALUES (?, ?)');
    for (const [from, to] of TRANSITIONS) insert.run(from, to);
    database.pragma(`user_version = ${LEDGER_VERSION}`);
    database.pragma(`application_id = ${LEDGER_APPLICATION_ID}`);
  })();
};
