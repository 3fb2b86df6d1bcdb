/** Copies of mailbox trees from one account to another. Times are milliseconds since 1970. */
export const MAILBOX_COPY_TABLES = `
CREATE TABLE mailbox_copies (
  id TEXT PRIMARY KEY,
  from_user TEXT NOT NULL,
  to_user TEXT NOT NULL,
  folder TEXT NOT NULL, -- in the target account, above what is copied
  state TEXT NOT NULL DEFAULT 'running',
  reason TEXT,
  total INTEGER NOT NULL,
  copied INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
);

-- What is still to be copied: of each mailbox the messages behind one UID, up to another.
CREATE TABLE mailbox_copy_steps (
  copy_id TEXT NOT NULL REFERENCES mailbox_copies ON DELETE CASCADE,
  source_mailbox_id INTEGER NOT NULL,
  target_mailbox_id INTEGER NOT NULL,
  after_uid INTEGER NOT NULL,
  last_uid INTEGER NOT NULL,
  PRIMARY KEY (copy_id, source_mailbox_id)
) WITHOUT ROWID;
`;
