import { PlatformError } from '../platform-error.ts';
import { type Account, type AccountSettings, NEW_ACCOUNT_SETTINGS } from '../store/accounts.ts';
import { hashPassword, verifyPassword } from '../store/password-hash.ts';
import type { Store } from '../store/store.ts';
import { primaryAddress, readAddress } from './addresses.ts';
import { newOneTimeSecret } from './one-time-code.ts';
import { checkPassword } from './password-rules.ts';
import { requireAdmin, requireSuperAdmin } from './permissions.ts';
import type { OfficePolicy } from './policy.ts';

/** Settings by their names; undefined leaves one as it is. */
export type AccountChange = { readonly [Name in keyof AccountSettings]?: AccountSettings[Name] | undefined };

/** An account to be made. What is left out has its default. */
export interface NewAccount extends AccountChange {
  /** The whole address. */
  readonly user: string;
  readonly password: string;
}

/** `base` with what `change` says. */
const withChange = (base: AccountSettings, change: AccountChange): AccountSettings => {
  const pick = <Name extends keyof AccountSettings>(name: Name): AccountSettings[Name] => change[name] ?? base[name];
  const nullable = <Name extends 'quotaBytes' | 'webBlockedUntil' | 'departmentId'>(name: Name): AccountSettings[Name] =>
    change[name] === undefined ? base[name] : (change[name] as AccountSettings[Name]);
  return {
    name: pick('name'),
    role: pick('role'),
    setUp: pick('setUp'),
    quotaBytes: nullable('quotaBytes'),
    suspended: pick('suspended'),
    mailClients: pick('mailClients'),
    pop3Smtp: pick('pop3Smtp'),
    pop3SmtpException: pick('pop3SmtpException'),
    webBlockedUntil: nullable('webBlockedUntil'),
    departmentId: nullable('departmentId'),
    rank: pick('rank'),
  };
};

/** Accounts as administrators and their owners change them. Every change holds at once (SPEC A1). */
export class OfficeAccounts {
  readonly #store: Store;
  readonly #policy: () => OfficePolicy;

  constructor(store: Store, policy: () => OfficePolicy) {
    this.#store = store;
    this.#policy = policy;
  }

  /** @throws PlatformError `account-unknown` */
  open(user: string): Account {
    const account = this.#store.accounts.find(primaryAddress(this.#store, user) ?? user);
    if (!account) throw new PlatformError('account-unknown', 'There is no such account');
    return account;
  }

  /**
   * Makes the account, with its standard mailboxes. Its domain has to be the office's already, and no alias.
   * @throws PlatformError `forbidden`, `address-invalid`, `domain-unknown`, `address-taken`, `password-weak`, `department-missing`
   */
  async create(actor: Account, { user, password, ...settings }: NewAccount): Promise<Account> {
    requireAdmin(actor);
    if (settings.role !== undefined && settings.role !== 'user') requireSuperAdmin(actor);
    const domain = this.#store.directory.domain(readAddress(user).domain);
    if (domain?.aliasOf !== null) throw new PlatformError('domain-unknown', "The address is not of one of the office's own domains");
    checkPassword(password, this.#policy());
    return this.#add(user, password, { ...settings, quotaBytes: this.#quotaOf(settings) });
  }

  /** Makes an account past all rules but that of its address, and its domain with it; one that exists takes what is given. */
  async provision({ user, password, ...settings }: NewAccount): Promise<Account> {
    const { domain } = readAddress(user);
    this.#store.directory.addDomain({ name: domain, aliasOf: null });
    const existing = this.#store.accounts.findForLogIn(user, false);
    if (!existing) return this.#add(user, password, settings);
    const { account, passwordHash: knownHash } = existing;
    // The same password again ends no session.
    const newHash = (await verifyPassword(password, knownHash)) ? null : await hashPassword(password);
    this.#store.writes.run(() => {
      if (newHash !== null) this.#store.accounts.setPassword(account.id, newHash);
      this.#store.accounts.update(account.id, withChange(account, settings));
    });
    return this.open(user);
  }

  /**
   * A partial change leaves the rest alone (SPEC A2). The owner may switch POP3/SMTP for himself (SPEC P2) and change his name.
   * @throws PlatformError `account-unknown`, `forbidden`, `account-protected`, `department-missing`
   */
  change(actor: Account, user: string, change: AccountChange): Account {
    const account = this.open(user);
    const names = Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    const isOwn = account.id === actor.id && names.every((name) => name === 'pop3Smtp' || name === 'name');
    if (!isOwn) requireAdmin(actor);
    if (account.role === 'super-admin' || change.role !== undefined) requireSuperAdmin(actor);
    if (change.pop3SmtpException !== undefined) requireSuperAdmin(actor);
    if (account.role === 'super-admin' && (change.role ?? 'super-admin') !== 'super-admin') this.#keepSuperAdmin(account);
    if (change.suspended && account.id === actor.id) {
      throw new PlatformError('account-protected', 'Nobody suspends the account that he is logged in with');
    }
    this.#checkDepartment(change);
    this.#store.accounts.update(account.id, withChange(account, change));
    return this.open(user);
  }

  /**
   * Destroys the account with all its mail; `confirmation` has to be its address (SPEC A5).
   * @throws PlatformError `account-unknown`, `forbidden`, `account-protected`, `confirmation-required`
   */
  delete(actor: Account, user: string, confirmation: string | undefined): void {
    requireAdmin(actor);
    const account = this.open(user);
    if (account.role !== 'user') requireSuperAdmin(actor);
    if (account.id === actor.id) throw new PlatformError('account-protected', 'Nobody deletes the account that he is logged in with');
    if (account.role === 'super-admin') this.#keepSuperAdmin(account);
    if (confirmation?.toLowerCase() !== account.user.toLowerCase()) {
      throw new PlatformError(
        'confirmation-required',
        'That destroys all mail of the account. Back it up first; then confirm with its address',
      );
    }
    this.#store.writes.run(() => {
      this.#store.mailboxes.deleteAllOf(account.id);
      this.#store.accounts.delete(account.id);
    });
  }

  /** Web sessions of the account end. @throws PlatformError `account-unknown`, `forbidden`, `password-weak` */
  async setPassword(actor: Account, user: string, password: string): Promise<void> {
    const account = this.#openFor(actor, user);
    checkPassword(password, this.#policy());
    this.#store.accounts.setPassword(account.id, await hashPassword(password));
  }

  /**
   * Switches two-step verification on with a new secret, in base32 and as an `otpauth://` address, shown this once (SPEC M4).
   * @throws PlatformError `account-unknown`, `forbidden`
   */
  startOneTimeCodes(actor: Account, user: string): { secret: string; uri: string } {
    const account = this.#openFor(actor, user);
    const made = newOneTimeSecret(account.user);
    this.#store.accounts.setOneTimeSecret(account.id, made.secret);
    return made;
  }

  /** @throws PlatformError `account-unknown`, `forbidden` */
  stopOneTimeCodes(actor: Account, user: string): void {
    this.#store.accounts.setOneTimeSecret(this.#openFor(actor, user).id, null);
  }

  /** The actor's own account, or another one that he administers. @throws PlatformError `account-unknown`, `forbidden` */
  #openFor(actor: Account, user: string): Account {
    const account = this.open(user);
    if (account.id !== actor.id) requireAdmin(actor);
    if (account.id !== actor.id && account.role !== 'user') requireSuperAdmin(actor);
    return account;
  }

  async #add(user: string, password: string, settings: AccountChange): Promise<Account> {
    const address = user.normalize('NFC');
    this.#checkDepartment(settings);
    const passwordHash = await hashPassword(password);
    this.#store.writes.run(() => {
      if (this.#store.accounts.find(address) || this.#store.directory.mailingAddress(address)) {
        throw new PlatformError('address-taken', 'That address is in use already');
      }
      this.#store.mailboxes.createStandard(this.#store.accounts.add(address, passwordHash, withChange(NEW_ACCOUNT_SETTINGS, settings)));
    });
    return this.open(address);
  }

  #quotaOf({ quotaBytes }: AccountChange): number | null {
    return quotaBytes === undefined ? this.#policy().defaultQuotaBytes : quotaBytes;
  }

  #keepSuperAdmin({ id }: Account): void {
    const others = this.#store.accounts.list().filter((account) => account.role === 'super-admin' && account.id !== id);
    if (others.length === 0) throw new PlatformError('account-protected', 'It is the only super administrator');
  }

  #checkDepartment({ departmentId }: AccountChange): void {
    if (departmentId === undefined || departmentId === null) return;
    const isThere = this.#store.directory.departments().some(({ id }) => id === departmentId);
    if (!isThere) throw new PlatformError('department-missing', 'There is no such department');
  }
}
