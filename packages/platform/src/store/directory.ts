import type { Connection } from './database.ts';

export interface Domain {
  readonly name: string;
  /** The domain that it delivers to (SPEC A9); null for one with accounts of its own. */
  readonly aliasOf: string | null;
}

export interface Department {
  readonly id: number;
  readonly parentId: number | null;
  readonly name: string;
}

/** A virtual address that delivers to its members (SPEC A13). */
export interface MailingAddress {
  readonly address: string;
  readonly name: string;
  /** By address. */
  readonly members: readonly string[];
}

/** Domains, departments, mailing addresses and forwards of the office. */
export class Directory {
  readonly #domain;
  readonly #domains;
  readonly #saveDomain;
  readonly #dropDomain;
  readonly #departments;
  readonly #department;
  readonly #addDepartment;
  readonly #changeDepartment;
  readonly #dropDepartment;
  readonly #mailing;
  readonly #mailings;
  readonly #members;
  readonly #saveMailing;
  readonly #dropMailing;
  readonly #addMember;
  readonly #dropMembers;
  readonly #forwards;
  readonly #addForward;
  readonly #dropForward;
  readonly #sent;
  readonly #countSent;

  constructor(connection: Connection) {
    this.#domain = connection.prepare<[string], { name: string; alias_of: string | null }>('SELECT * FROM domains WHERE name = ?');
    this.#domains = connection.prepare<[], { name: string; alias_of: string | null }>('SELECT * FROM domains ORDER BY name');
    this.#saveDomain = connection.prepare<[string, string | null]>('INSERT OR IGNORE INTO domains VALUES (?, ?)');
    this.#dropDomain = connection.prepare<[string]>('DELETE FROM domains WHERE name = ?');
    this.#departments = connection.prepare<[], { id: number; parent_id: number | null; name: string }>(
      'SELECT * FROM departments ORDER BY name, id',
    );
    this.#department = connection.prepare<[number | null, string], { id: number }>(
      'SELECT id FROM departments WHERE parent_id IS ? AND name = ?',
    );
    this.#addDepartment = connection.prepare<[number | null, string], { id: number }>(
      'INSERT INTO departments (parent_id, name) VALUES (?, ?) RETURNING id',
    );
    this.#changeDepartment = connection.prepare<[number | null, string, number]>(
      'UPDATE departments SET parent_id = ?, name = ? WHERE id = ?',
    );
    this.#dropDepartment = connection.prepare<[number]>('DELETE FROM departments WHERE id = ?');
    this.#mailing = connection.prepare<[string], { address: string; name: string }>('SELECT * FROM mailing_addresses WHERE address = ?');
    this.#mailings = connection.prepare<[], { address: string; name: string }>('SELECT * FROM mailing_addresses ORDER BY address');
    this.#members = connection.prepare<[string], string>('SELECT member FROM mailing_members WHERE address = ? ORDER BY member').pluck();
    this.#saveMailing = connection.prepare<[string, string]>(
      'INSERT INTO mailing_addresses VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET name = excluded.name',
    );
    this.#dropMailing = connection.prepare<[string]>('DELETE FROM mailing_addresses WHERE address = ?');
    this.#addMember = connection.prepare<[string, string]>('INSERT OR IGNORE INTO mailing_members VALUES (?, ?)');
    this.#dropMembers = connection.prepare<[string]>('DELETE FROM mailing_members WHERE address = ?');
    this.#forwards = connection.prepare<[number], string>('SELECT address FROM forwards WHERE account_id = ? ORDER BY address').pluck();
    this.#addForward = connection.prepare<[number, string]>('INSERT OR IGNORE INTO forwards VALUES (?, ?)');
    this.#dropForward = connection.prepare<[number, string]>('DELETE FROM forwards WHERE account_id = ? AND address = ?');
    this.#sent = connection.prepare<[number, number], number>('SELECT messages FROM sendings WHERE account_id = ? AND day = ?').pluck();
    this.#countSent = connection.prepare<[number, number, number]>(
      'INSERT INTO sendings VALUES (?, ?, ?) ON CONFLICT (account_id, day) DO UPDATE SET messages = messages + excluded.messages',
    );
  }

  domain(name: string): Domain | null {
    const row = this.#domain.get(name);
    return row ? { name: row.name, aliasOf: row.alias_of } : null;
  }

  /** By name. */
  domains(): Domain[] {
    return this.#domains.all().map(({ name, alias_of }) => ({ name, aliasOf: alias_of }));
  }

  /** One that is there stays as it is. */
  addDomain({ name, aliasOf }: Domain): void {
    this.#saveDomain.run(name, aliasOf);
  }

  dropDomain(name: string): void {
    this.#dropDomain.run(name);
  }

  /** By name. */
  departments(): Department[] {
    return this.#departments.all().map(({ id, parent_id, name }) => ({ id, parentId: parent_id, name }));
  }

  findDepartment(parentId: number | null, name: string): number | null {
    return this.#department.get(parentId, name)?.id ?? null;
  }

  /** Gives the id. The name must be free under the parent. */
  addDepartment(parentId: number | null, name: string): number {
    const row = this.#addDepartment.get(parentId, name);
    if (!row) throw new Error('INSERT gave no row back');
    return row.id;
  }

  changeDepartment({ id, parentId, name }: Department): void {
    this.#changeDepartment.run(parentId, name, id);
  }

  /** It must have no departments below it; its people are left without one. */
  dropDepartment(id: number): void {
    this.#dropDepartment.run(id);
  }

  mailingAddress(address: string): MailingAddress | null {
    const row = this.#mailing.get(address);
    return row ? { ...row, members: this.#members.all(row.address) } : null;
  }

  /** By address. */
  mailingAddresses(): MailingAddress[] {
    return this.#mailings.all().map((row) => ({ ...row, members: this.#members.all(row.address) }));
  }

  /** Replaces the members. To be called inside a transaction. */
  saveMailingAddress({ address, name, members }: MailingAddress): void {
    this.#saveMailing.run(address, name);
    this.#dropMembers.run(address);
    for (const member of members) this.#addMember.run(address, member);
  }

  dropMailingAddress(address: string): void {
    this.#dropMailing.run(address);
  }

  /** By address. */
  forwards(accountId: number): string[] {
    return this.#forwards.all(accountId);
  }

  addForward(accountId: number, address: string): void {
    this.#addForward.run(accountId, address);
  }

  /** False if there is none to that address. */
  dropForward(accountId: number, address: string): boolean {
    return this.#dropForward.run(accountId, address).changes > 0;
  }

  /** Messages that the account sent on that day, such as 20260131. */
  sentOn(accountId: number, day: number): number {
    return this.#sent.get(accountId, day) ?? 0;
  }

  countSent(accountId: number, day: number, messages: number): void {
    this.#countSent.run(accountId, day, messages);
  }
}
