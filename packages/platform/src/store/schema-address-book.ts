/** Contacts, and requests to move mailboxes in. */
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
`;
