import { PlatformError } from '../platform-error.ts';
import type { Account } from '../store/accounts.ts';
import type { Department, Domain, MailingAddress } from '../store/directory.ts';
import type { Store } from '../store/store.ts';
import { primaryAddress, readAddress, resolveRecipient } from './addresses.ts';
import { requireAdmin, requireSuperAdmin } from './permissions.ts';

/** A department with those below it, as the public org chart shows it (SPEC A7). */
export interface OrgChartNode {
  readonly id: number;
  readonly name: string;
  /** By address. */
  readonly people: readonly { readonly user: string; readonly name: string; readonly rank: string }[];
  /** By name. */
  readonly departments: readonly OrgChartNode[];
}

const MAX_FORWARDS = 20;
const MAX_MEMBERS = 1000;
const MAX_DEPTH = 20;
const MAX_NAME_LENGTH = 100;

const checkName = (name: string): string => {
  const trimmed = name.normalize('NFC').trim();
  // SPEC C8 joins a path by `>`.
  if (trimmed === '' || trimmed.length > MAX_NAME_LENGTH || trimmed.includes('>')) {
    throw new PlatformError('name-invalid', `A department's name has 1 to ${MAX_NAME_LENGTH} characters, none of them ">"`);
  }
  return trimmed;
};

/** Departments, mailing addresses, alias domains and forwards, as people change them. */
export class OrgDirectory {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Departments of the top level, and the people who are in none. */
  orgChart(): { departments: OrgChartNode[]; people: OrgChartNode['people'] } {
    const departments = this.#store.directory.departments();
    const accounts = this.#store.accounts.list();
    const peopleOf = (departmentId: number | null): OrgChartNode['people'] =>
      accounts.filter((account) => account.departmentId === departmentId).map(({ user, name, rank }) => ({ user, name, rank }));
    const below = (parentId: number | null): OrgChartNode[] =>
      departments
        .filter((department) => department.parentId === parentId)
        .map(({ id, name }) => ({ id, name, people: peopleOf(id), departments: below(id) }));
    return { departments: below(null), people: peopleOf(null) };
  }

  /** Gives its id. @throws PlatformError `forbidden`, `name-invalid`, `department-exists`, `department-missing` */
  addDepartment(actor: Account, parentId: number | null, name: string): number {
    requireAdmin(actor);
    const wanted = checkName(name);
    if (parentId !== null && this.#depthOf(this.#department(parentId)) >= MAX_DEPTH) {
      throw new PlatformError('name-invalid', `Departments are nested at most ${MAX_DEPTH} deep`);
    }
    if (this.#store.directory.findDepartment(parentId, wanted) !== null) throw departmentExists();
    return this.#store.directory.addDepartment(parentId, wanted);
  }

  /** The department of that path, made where it is not there. Gives its id. @throws as `addDepartment` */
  ensureDepartment(actor: Account, path: readonly string[]): number | null {
    requireAdmin(actor);
    return this.#store.writes.run(() =>
      path.reduce<number | null>(
        (parentId, name) => this.#store.directory.findDepartment(parentId, checkName(name)) ?? this.addDepartment(actor, parentId, name),
        null,
      ),
    );
  }

  /** @throws PlatformError `forbidden`, `name-invalid`, `department-missing`, `department-exists` */
  changeDepartment(actor: Account, change: Department): void {
    requireAdmin(actor);
    this.#department(change.id);
    const name = checkName(change.name);
    for (let above = change.parentId; above !== null; above = this.#department(above).parentId) {
      if (above === change.id) throw new PlatformError('name-invalid', "A department can't move below itself");
    }
    const holder = this.#store.directory.findDepartment(change.parentId, name);
    if (holder !== null && holder !== change.id) throw departmentExists();
    this.#store.directory.changeDepartment({ ...change, name });
  }

  /** Its people stay, without a department. @throws PlatformError `forbidden`, `department-missing`, `department-not-empty` */
  dropDepartment(actor: Account, id: number): void {
    requireAdmin(actor);
    this.#department(id);
    if (this.#store.directory.departments().some(({ parentId }) => parentId === id)) {
      throw new PlatformError('department-not-empty', 'There are departments below it');
    }
    this.#store.directory.dropDepartment(id);
  }

  /** Mail for the alias goes to the primary domain (SPEC A9). @throws PlatformError `forbidden`, `domain-unknown`, `address-taken`, `address-invalid` */
  addAliasDomain(actor: Account, { name, aliasOf }: Domain & { readonly aliasOf: string }): void {
    requireSuperAdmin(actor);
    const { domain } = readAddress(`postmaster@${name}`);
    const primary = this.#store.directory.domain(aliasOf);
    if (primary?.aliasOf !== null) throw new PlatformError('domain-unknown', 'An alias stands for one of the own domains of the office');
    if (this.#store.directory.domain(domain)) throw new PlatformError('address-taken', 'The office has that domain already');
    this.#store.directory.addDomain({ name: domain, aliasOf: primary.name });
  }

  /** @throws PlatformError `forbidden`, `domain-unknown` */
  dropAliasDomain(actor: Account, name: string): void {
    requireSuperAdmin(actor);
    if (!this.#store.directory.domain(name)?.aliasOf) throw new PlatformError('domain-unknown', 'There is no such alias');
    this.#store.directory.dropDomain(name);
  }

  /**
   * Makes the mailing address, or replaces its name and members, who have to be accounts of the office (SPEC A13).
   * @throws PlatformError `forbidden`, `address-invalid`, `address-taken`, `address-outside`, `too-many-recipients`
   */
  saveMailingAddress(actor: Account, { address, name, members }: MailingAddress): MailingAddress {
    requireAdmin(actor);
    const primary = primaryAddress(this.#store, `${readAddress(address).local}@${readAddress(address).domain}`);
    if (primary === null) throw new PlatformError('address-outside', 'The address is not of a domain of the office');
    if (this.#store.accounts.find(primary)) throw new PlatformError('address-taken', 'That address is an account');
    if (members.length > MAX_MEMBERS)
      throw new PlatformError('too-many-recipients', `A mailing address has at most ${MAX_MEMBERS} members`);
    const users = members.map((member) => this.#store.accounts.find(primaryAddress(this.#store, member) ?? '')?.user ?? outside(member));
    this.#store.writes.run(() => this.#store.directory.saveMailingAddress({ address: primary, name, members: users }));
    return this.mailingAddress(primary);
  }

  /** @throws PlatformError `mailing-address-missing` */
  mailingAddress(address: string): MailingAddress {
    const found = this.#store.directory.mailingAddress(primaryAddress(this.#store, address) ?? address);
    if (!found) throw new PlatformError('mailing-address-missing', 'There is no such mailing address');
    return found;
  }

  /** @throws PlatformError `forbidden`, `mailing-address-missing` */
  dropMailingAddress(actor: Account, address: string): void {
    requireAdmin(actor);
    this.#store.directory.dropMailingAddress(this.mailingAddress(address).address);
  }

  /** At most 20, to addresses of the office; the original is kept (SPEC X3). @throws PlatformError `too-many-forwards`, `address-outside` */
  addForward({ id, user }: Account, address: string): void {
    const target = primaryAddress(this.#store, address);
    if (target === null || !resolveRecipient(this.#store, target)) outside(address);
    else if (target.toLowerCase() === user.toLowerCase()) throw new PlatformError('address-outside', 'Mail is not forwarded to itself');
    else {
      const forwards = this.#store.directory.forwards(id);
      const isNew = !forwards.some((forward) => forward.toLowerCase() === target.toLowerCase());
      if (isNew && forwards.length >= MAX_FORWARDS) {
        throw new PlatformError('too-many-forwards', `An account forwards to at most ${MAX_FORWARDS} addresses`);
      }
      this.#store.directory.addForward(id, target);
    }
  }

  /** @throws PlatformError `forward-missing` */
  dropForward({ id }: Account, address: string): void {
    if (!this.#store.directory.dropForward(id, primaryAddress(this.#store, address) ?? address)) {
      throw new PlatformError('forward-missing', 'There is no such forward');
    }
  }

  #department(id: number): Department {
    const department = this.#store.directory.departments().find((one) => one.id === id);
    if (!department) throw new PlatformError('department-missing', 'There is no such department');
    return department;
  }

  #depthOf({ parentId }: Department): number {
    return parentId === null ? 1 : 1 + this.#depthOf(this.#department(parentId));
  }
}

const departmentExists = (): PlatformError => new PlatformError('department-exists', 'There is a department of that name already');

const outside = (address: string): never => {
  throw new PlatformError('address-outside', `${JSON.stringify(address.slice(0, 100))} is nobody of this office`);
};
