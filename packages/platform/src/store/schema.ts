import { ADDRESS_BOOK_TABLES } from './schema-address-book.ts';
import { BACKUP_TABLES } from './schema-backups.ts';
import { EXTERNAL_FETCH_TABLES } from './schema-external-fetches.ts';
import { MAILBOX_COPY_TABLES } from './schema-mailbox-copies.ts';
import { MIGRATION_TABLES } from './schema-migrations.ts';
import { OFFICE_TABLES } from './schema-office.ts';

export const SCHEMA_VERSION = 6;

/** Counters of a mailbox are kept by triggers, so that no writer can forget them. */
const MAIL_TABLES = `
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counters VALUES ('uid_validity', 0);

CREATE TABLE mailboxes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  path TEXT NOT NULL,
  special_use TEXT,
  selectable INTEGER NOT NULL DEFAULT 1,
  uid_validity INTEGER NOT NULL UNIQUE,
  uid_next INTEGER NOT NULL DEFAULT 1,
  recent_from INTEGER NOT NULL DEFAULT 1, -- UIDs from here on were told to no session as \\Recent
  message_count INTEGER NOT NULL DEFAULT 0,
  unseen_count INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER NOT NULL DEFAULT 0,
  highest_modseq INTEGER NOT NULL DEFAULT 1,
  UNIQUE (account_id, path)
);

CREATE TABLE subscriptions (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  path TEXT NOT NULL,
  PRIMARY KEY (account_id, path)
) WITHOUT ROWID;

-- A body is shared by the copies of a message and cut into chunks, so that a big one is read in pieces.
CREATE TABLE bodies (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  header_bytes INTEGER NOT NULL
);
CREATE TABLE body_chunks (
  body_id INTEGER NOT NULL REFERENCES bodies ON DELETE CASCADE,
  position INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (body_id, position)
);
-- Bodies without a message, to be removed as soon as no session is reading them.
CREATE TABLE loose_bodies (body_id INTEGER PRIMARY KEY REFERENCES bodies ON DELETE CASCADE);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
  uid INTEGER NOT NULL,
  body_id INTEGER NOT NULL REFERENCES bodies,
  flags TEXT NOT NULL,            -- separated by spaces
  internal_date INTEGER NOT NULL, -- seconds since 1970
  size_bytes INTEGER NOT NULL,
  modseq INTEGER NOT NULL, -- of its last change, RFC 7162
  unseen INTEGER NOT NULL GENERATED ALWAYS AS (instr(' ' || flags || ' ', ' \\Seen ') = 0) VIRTUAL,
  UNIQUE (mailbox_id, uid)
);
CREATE INDEX messages_by_body ON messages (body_id);

CREATE TRIGGER message_added AFTER INSERT ON messages BEGIN
  UPDATE mailboxes SET message_count = message_count + 1, size_bytes = size_bytes + NEW.size_bytes,
    unseen_count = unseen_count + NEW.unseen WHERE id = NEW.mailbox_id;
END;
CREATE TRIGGER message_flagged AFTER UPDATE OF flags ON messages WHEN NEW.unseen <> OLD.unseen BEGIN
  UPDATE mailboxes SET unseen_count = unseen_count + NEW.unseen - OLD.unseen WHERE id = NEW.mailbox_id;
END;
CREATE TRIGGER message_moved AFTER UPDATE OF mailbox_id ON messages BEGIN
  UPDATE mailboxes SET message_count = message_count - 1, size_bytes = size_bytes - OLD.size_bytes,
    unseen_count = unseen_count - OLD.unseen WHERE id = OLD.mailbox_id;
  UPDATE mailboxes SET message_count = message_count + 1, size_bytes = size_bytes + NEW.size_bytes,
    unseen_count = unseen_count + NEW.unseen WHERE id = NEW.mailbox_id;
END;
CREATE TRIGGER message_removed AFTER DELETE ON messages BEGIN
  UPDATE mailboxes SET message_count = message_count - 1, size_bytes = size_bytes - OLD.size_bytes,
    unseen_count = unseen_count - OLD.unseen WHERE id = OLD.mailbox_id;
  INSERT INTO loose_bodies SELECT OLD.body_id WHERE NOT EXISTS (SELECT 1 FROM messages WHERE body_id = OLD.body_id);
END;
`;

const UPLOAD_TABLES = `
CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  idempotency_key TEXT NOT NULL,
  mailbox_id INTEGER NOT NULL, -- the mailbox may be deleted while the upload's record stays
  file_name TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'awaiting-content',
  reason TEXT,
  total INTEGER NOT NULL DEFAULT 0,
  succeeded INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  next_index INTEGER NOT NULL DEFAULT 0, -- directory records before this one are answered for
  manifest_generation INTEGER NOT NULL DEFAULT 0, -- the manifest rows that count; others are torsos
  created_at INTEGER NOT NULL, -- milliseconds since 1970
  UNIQUE (account_id, idempotency_key)
);
CREATE INDEX uploads_by_state ON uploads (state);

CREATE TABLE upload_manifest (
  upload_id TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  name TEXT NOT NULL,
  flags TEXT NOT NULL,
  internal_date INTEGER,
  PRIMARY KEY (upload_id, generation, name)
) WITHOUT ROWID;

CREATE TABLE upload_entries (
  upload_id TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE,
  entry_index INTEGER NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  code TEXT,
  reason TEXT,
  uid INTEGER,
  sha256 TEXT,
  size_bytes INTEGER,
  PRIMARY KEY (upload_id, entry_index)
) WITHOUT ROWID;
`;

/** Layout of the database, from what is referred to downwards. */
export const SCHEMA = [
  OFFICE_TABLES,
  MAIL_TABLES,
  UPLOAD_TABLES,
  BACKUP_TABLES,
  MAILBOX_COPY_TABLES,
  EXTERNAL_FETCH_TABLES,
  ADDRESS_BOOK_TABLES,
  MIGRATION_TABLES,
].join('\n');
