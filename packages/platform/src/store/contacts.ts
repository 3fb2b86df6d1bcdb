import { CONTACT_FIELDS, type Contact } from '../address-book/contact.ts';
import { PlatformError } from '../platform-error.ts';
import type { Connection } from './database.ts';
import type { WriteScope } from './write-scope.ts';

/** A contact with the id that it keeps. */
export interface StoredContact {
  readonly id: number;
  readonly contact: Contact;
}

interface ContactRow {
  readonly id: number;
  readonly fields: string;
}

export interface ContactQuery {
  /** Words that have to stand in it, in any field; case is ignored. */
  readonly search?: string | undefined;
  readonly group?: string | undefined;
  /** Only later ones: the `id` of the last of the page before. */
  readonly after: number;
  readonly limit: number;
}

/** A book's contacts are those of an account, or (null) the shared ones (SPEC C5). */
export type BookOwner = number | null;

/** An import that may be asked for again, because its answer got lost. */
export interface KeyedImport {
  readonly accountId: number;
  readonly key: string;
  /** SHA-256 of all that is asked for. */
  readonly request: string;
}

const searchText = (contact: Contact): string =>
  [...CONTACT_FIELDS.map((field) => contact[field]), ...Object.values(contact.others)].join('\n').normalize('NFC').toLowerCase();

const toContact = ({ id, fields }: ContactRow): StoredContact => ({ id, contact: JSON.parse(fields) as Contact });

/** The contacts of all address books. */
export class Contacts {
  readonly #writes: WriteScope;
  readonly #one;
  readonly #page;
  readonly #groups;
  readonly #count;
  readonly #insert;
  readonly #update;
  readonly #delete;
  readonly #answer;
  readonly #keepAnswer;

  constructor(connection: Connection, writes: WriteScope) {
    this.#writes = writes;
    this.#one = connection.prepare<[number, BookOwner], ContactRow>('SELECT id, fields FROM contacts WHERE id = ? AND owner_id IS ?');
    this.#page = connection.prepare<[BookOwner, number, string | null, string | null, string, number], ContactRow>(
      `SELECT id, fields FROM contacts
       WHERE owner_id IS ? AND id > ? AND (? IS NULL OR folder = ?) AND instr(search, ?) > 0 ORDER BY id LIMIT ?`,
    );
    this.#groups = connection.prepare<[BookOwner], { name: string; contacts: number }>(
      "SELECT folder AS name, count(*) AS contacts FROM contacts WHERE owner_id IS ? AND folder <> '' GROUP BY folder ORDER BY folder",
    );
    this.#count = connection.prepare<[BookOwner], number>('SELECT count(*) FROM contacts WHERE owner_id IS ?').pluck();
    this.#insert = connection.prepare<[BookOwner, string, string, string, string, string]>(
      'INSERT INTO contacts (owner_id, name, email, folder, fields, search) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#update = connection.prepare<[string, string, string, string, string, number]>(
      'UPDATE contacts SET name = ?, email = ?, folder = ?, fields = ?, search = ? WHERE id = ?',
    );
    this.#delete = connection.prepare<[number]>('DELETE FROM contacts WHERE id = ?');
    this.#answer = connection.prepare<[number, string], { request: string; answer: string }>(
      'SELECT request, answer FROM contact_imports WHERE account_id = ? AND idempotency_key = ?',
    );
    this.#keepAnswer = connection.prepare<[number, string, string, string]>('INSERT INTO contact_imports VALUES (?, ?, ?, ?)');
  }

  /** @throws PlatformError `contact-missing`, also for another book's */
  open(owner: BookOwner, id: number): StoredContact {
    const row = this.#one.get(id, owner);
    if (!row) throw new PlatformError('contact-missing', 'There is no such contact');
    return toContact(row);
  }

  /** In the order in which they came. */
  page(owner: BookOwner, { search = '', group, after, limit }: ContactQuery): StoredContact[] {
    const folder = group ?? null;
    return this.#page.all(owner, after, folder, folder, search.normalize('NFC').toLowerCase(), limit).map(toContact);
  }

  /** All of a book. */
  all(owner: BookOwner): Contact[] {
    return this.page(owner, { after: 0, limit: -1 }).map(({ contact }) => contact);
  }

  count(owner: BookOwner): number {
    return this.#count.get(owner) ?? 0;
  }

  /** The folders of a book with their counts, by name. */
  groups(owner: BookOwner): { name: string; contacts: number }[] {
    return this.#groups.all(owner);
  }

  /** All or none; gives the ids in their order. */
  add(owner: BookOwner, contacts: readonly Contact[]): number[] {
    return this.#writes.run(() =>
      contacts.map((contact) => {
        const { name, email, group } = contact;
        return Number(this.#insert.run(owner, name, email, group, JSON.stringify(contact), searchText(contact)).lastInsertRowid);
      }),
    );
  }

  /** What the same import was answered with before; null if it is new. @throws PlatformError `idempotency-conflict` if the key was another one's */
  answerOf({ accountId, key, request }: KeyedImport): string | null {
    const found = this.#answer.get(accountId, key);
    if (found && found.request !== request) {
      throw new PlatformError('idempotency-conflict', 'That Idempotency-Key was used for another import');
    }
    return found?.answer ?? null;
  }

  /** Adds the contacts of an import and keeps its answer, both or neither. */
  addOnce(owner: BookOwner, contacts: readonly Contact[], keyed: KeyedImport | null, answer: string): void {
    this.#writes.run(() => {
      this.add(owner, contacts);
      if (keyed) this.#keepAnswer.run(keyed.accountId, keyed.key, keyed.request, answer);
    });
  }

  update(id: number, contact: Contact): void {
    this.#update.run(contact.name, contact.email, contact.group, JSON.stringify(contact), searchText(contact), id);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}
