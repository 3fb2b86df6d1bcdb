/** Requests to move the mailboxes of other hosters in, and what became of each. */
export const MIGRATION_TABLES = `
CREATE TABLE migration_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  method TEXT NOT NULL, -- JSON
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL -- milliseconds since 1970
);
CREATE TABLE migration_items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request_id INTEGER NOT NULL REFERENCES migration_requests ON DELETE CASCADE,
  row_number INTEGER NOT NULL,
  user TEXT NOT NULL,
  old_id TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'waiting',
  reason TEXT,
  succeeded INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX migration_items_by_request ON migration_items (request_id, id);
`;
