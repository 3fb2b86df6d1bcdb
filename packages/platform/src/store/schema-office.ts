/** Accounts, and everything that an office knows beside mail. Times are milliseconds since 1970. */
export const OFFICE_TABLES = `
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; -- JSON

CREATE TABLE domains (
  name TEXT PRIMARY KEY COLLATE NOCASE,
  alias_of TEXT REFERENCES domains ON DELETE CASCADE -- null for a domain that has accounts of its own
) WITHOUT ROWID;

CREATE TABLE departments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  parent_id INTEGER REFERENCES departments ON DELETE RESTRICT,
  name TEXT NOT NULL
);
CREATE UNIQUE INDEX departments_by_name ON departments (ifnull(parent_id, 0), name);

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL DEFAULT '',
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL DEFAULT 'user',
  set_up INTEGER NOT NULL DEFAULT 1,
  quota_bytes INTEGER,
  suspended INTEGER NOT NULL DEFAULT 0,
  mail_clients INTEGER NOT NULL DEFAULT 1,
  pop3_smtp INTEGER NOT NULL DEFAULT 1,           -- the user's own switch; counts where the office's is on
  pop3_smtp_exception INTEGER NOT NULL DEFAULT 0, -- counts where the office's is off
  one_time_secret TEXT,
  web_blocked_until INTEGER,
  department_id INTEGER REFERENCES departments ON DELETE SET NULL,
  rank TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
);

CREATE TABLE http_sessions (
  token_sha256 TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX http_sessions_by_account ON http_sessions (account_id);

-- A one-time code counts once.
CREATE TABLE used_one_time_codes (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  counter INTEGER NOT NULL,
  PRIMARY KEY (account_id, counter)
) WITHOUT ROWID;

CREATE TABLE forwards (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  address TEXT NOT NULL COLLATE NOCASE,
  PRIMARY KEY (account_id, address)
) WITHOUT ROWID;

CREATE TABLE mailing_addresses (address TEXT PRIMARY KEY COLLATE NOCASE, name TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE mailing_members (
  address TEXT NOT NULL COLLATE NOCASE REFERENCES mailing_addresses ON DELETE CASCADE,
  member TEXT NOT NULL COLLATE NOCASE,
  PRIMARY KEY (address, member)
) WITHOUT ROWID;

CREATE TABLE sendings (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  day INTEGER NOT NULL, -- of the office's time zone, as 20260131
  messages INTEGER NOT NULL,
  PRIMARY KEY (account_id, day)
) WITHOUT ROWID;

CREATE TABLE access_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  route TEXT NOT NULL,
  user TEXT NOT NULL,
  address TEXT NOT NULL, -- of the client
  result TEXT NOT NULL
);
CREATE INDEX access_log_by_user ON access_log (user COLLATE NOCASE, id);
`;
