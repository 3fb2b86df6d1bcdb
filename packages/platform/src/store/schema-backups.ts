/** Requests for backups and what they gave. Times are milliseconds since 1970, days numbers such as 20260131. */
export const BACKUP_TABLES = `
CREATE TABLE backups (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  mailbox_id INTEGER, -- null for all; the mailbox may be deleted while the request stays
  mailbox_path TEXT,  -- at the time of the request
  period TEXT NOT NULL,
  from_day INTEGER,   -- null from the beginning
  to_day INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued',
  reason TEXT,
  message_count INTEGER,
  content_bytes INTEGER,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL, -- not prepared earlier
  ready_at INTEGER,
  expires_at INTEGER,
  gone_at INTEGER -- of one that expired or failed: when it leaves the list
);
CREATE INDEX backups_by_account ON backups (account_id);
CREATE INDEX backups_by_state ON backups (state, due_at);

CREATE TABLE backup_parts (
  backup_id TEXT NOT NULL REFERENCES backups ON DELETE CASCADE,
  number INTEGER NOT NULL, -- from 1
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  message_count INTEGER NOT NULL,
  PRIMARY KEY (backup_id, number)
) WITHOUT ROWID;
`;
