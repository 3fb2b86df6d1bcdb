/** Mail that is pulled from POP3 servers elsewhere. Passwords are not kept. Times are milliseconds since 1970. */
export const EXTERNAL_FETCH_TABLES = `
CREATE TABLE external_fetches (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  mailbox_id INTEGER NOT NULL, -- the mailbox may be deleted while the record stays
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  user TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'running',
  code TEXT,
  reason TEXT,
  found INTEGER,
  known INTEGER NOT NULL DEFAULT 0,
  fetched INTEGER NOT NULL DEFAULT 0,
  fetched_bytes INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
);
CREATE INDEX external_fetches_by_account ON external_fetches (account_id);

CREATE TABLE external_fetch_skips (
  fetch_id TEXT NOT NULL REFERENCES external_fetches ON DELETE CASCADE,
  number INTEGER NOT NULL,
  unique_id TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (fetch_id, number)
) WITHOUT ROWID;

-- What an account has from where.
CREATE TABLE external_unique_ids (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  source TEXT NOT NULL,
  unique_id TEXT NOT NULL,
  PRIMARY KEY (account_id, source, unique_id)
) WITHOUT ROWID;
`;
