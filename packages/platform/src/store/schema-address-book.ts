/** Contacts, and the files that they came in. */
export const ADDRESS_BOOK_TABLES = `
CREATE TABLE contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  owner_id INTEGER REFERENCES accounts ON DELETE CASCADE, -- null for the shared address book
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  folder TEXT NOT NULL,
  fields TEXT NOT NULL, -- JSON
  search TEXT NOT NULL  -- what a search looks at, in small letters
);
CREATE INDEX contacts_by_owner ON contacts (owner_id, id);

-- What an import was answered with: the same one is not made twice.
CREATE TABLE contact_imports (
  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  idempotency_key TEXT NOT NULL,
  request TEXT NOT NULL, -- SHA-256 of all that was asked for
  answer TEXT NOT NULL,  -- JSON
  PRIMARY KEY (account_id, idempotency_key)
) WITHOUT ROWID;
`;
