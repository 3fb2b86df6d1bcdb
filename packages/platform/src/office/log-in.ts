import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv6 } from 'node:net';
import { PlatformError, type PlatformErrorCode } from '../platform-error.ts';
import type { EventListener } from '../platform-event.ts';
import type { Route } from '../store/access-log.ts';
import type { Account } from '../store/accounts.ts';
import { verifyPassword } from '../store/password-hash.ts';
import type { Store } from '../store/store.ts';
import type { WallClock } from '../wall-clock.ts';
import { GuessBrake } from './guess-brake.ts';
import { acceptOneTimeCode } from './one-time-code.ts';
import type { OfficePolicy } from './policy.ts';

/** Someone at the door. */
export interface LogInAttempt {
  readonly route: Route;
  /** The whole address; over `web` the local part does where only one account has it (SPEC A8). */
  readonly user: string;
  /** A password, or a bearer token as `POST /api/v1/sessions` gives it (XOAUTH2). */
  readonly proof: { readonly password: string } | { readonly token: string };
  /** The client's IP address. */
  readonly address: string;
  /** Six digits, where the account has two-step verification; over `web` only (SPEC M4). */
  readonly oneTimeCode?: string;
}

export interface LogInContext {
  readonly store: Store;
  readonly policy: () => OfficePolicy;
  readonly clock: WallClock;
  readonly now: () => Date;
  /** Before a failed log-in is answered, at first; it grows with the failures. 0 for tests. */
  readonly failedLogInMs: number;
  readonly onEvent: EventListener;
}

const MAX_REMEMBERED = 10_000;

const WORDS: Readonly<Partial<Record<PlatformErrorCode, string>>> = {
  'auth-refused': 'User name or password is wrong',
  'account-suspended': 'This account is suspended; ask the administrator',
  'mail-clients-off': 'Mail clients are not allowed for this account; ask the administrator',
  'imap-off': 'IMAP is switched off in this office; ask the administrator',
  'pop3-smtp-off': 'POP3/SMTP is switched off for this account; ask the administrator, or switch it on in your settings',
  'one-time-code-required': 'This account has two-step verification: a one-time code is needed',
  'address-not-allowed': 'Log-ins from this IP address are not allowed',
  'blocked-hours': 'Log-ins are not allowed at this time of the day',
  'web-blocked': 'Web log-ins of this account are blocked for the time being',
  'too-many-log-ins': 'Too many failed log-ins from this address; try again later',
};

const refusal = (code: PlatformErrorCode): PlatformError => new PlatformError(code, WORDS[code] ?? code);

/** IPv4 in IPv6 is IPv4. */
const plainAddress = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

const isAllowed = (address: string, allowed: readonly string[]): boolean => {
  if (allowed.length === 0) return true;
  const list = new BlockList();
  for (const entry of allowed) {
    const [network = '', prefix] = entry.split('/');
    const family = isIPv6(network) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
};

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const isWithin = (minute: number, { from, to }: { readonly from: string; readonly to: string }): boolean =>
  minutes(from) <= minutes(to) ? minute >= minutes(from) && minute <= minutes(to) : minute >= minutes(from) || minute <= minutes(to);

/** Lets people in, by every route, or says why not. Each attempt is in the access log (SPEC A12). */
export class LogIn {
  readonly #context: LogInContext;
  readonly #brake: GuessBrake;
  /** Passwords that were right, as keyed digests by their scrypt hash: a client that logs in again need not wait for scrypt. */
  readonly #remembered = new Map<string, Buffer>();
  readonly #key = randomBytes(32);

  constructor(context: LogInContext) {
    this.#context = context;
    this.#brake = new GuessBrake(context.failedLogInMs, context.now);
  }

  /**
   * @throws PlatformError `auth-refused` after a while that grows with the failures; `too-many-log-ins`; and for a
   * right password `account-suspended`, `mail-clients-off`, `imap-off`, `pop3-smtp-off`, or over `web` `one-time-code-required`,
   * `address-not-allowed`, `blocked-hours`, `web-blocked`
   */
  async attempt(attempt: LogInAttempt): Promise<Account> {
    const address = plainAddress(attempt.address);
    try {
      const account = await this.#verify({ ...attempt, address });
      this.#tell(attempt, address, 'ok', account.user);
      return account;
    } catch (error) {
      if (error instanceof PlatformError) this.#tell(attempt, address, error.code, attempt.user);
      throw error;
    }
  }

  /** Why the account may not use the route just now; null if it may. For sessions that are under way, too. */
  refusalOf(account: Account, route: Route): PlatformErrorCode | null {
    if (account.suspended) return 'account-suspended';
    if (route === 'web') return null;
    if (!account.mailClients) return 'mail-clients-off';
    const policy = this.#context.policy();
    if (route === 'imap') return policy.imap ? null : 'imap-off';
    return mayUsePop3Smtp(account, policy) ? null : 'pop3-smtp-off';
  }

  #tell({ route }: LogInAttempt, address: string, result: string, user: string): void {
    const { store, now, onEvent } = this.#context;
    store.accessLog.add({ at: now(), route, user, address, result });
    onEvent({ kind: 'log-in', route, user: user.slice(0, 320), address, result });
  }

  async #verify(attempt: LogInAttempt): Promise<Account> {
    const { user, route, proof, address } = attempt;
    if (!this.#brake.admits(address)) throw refusal('too-many-log-ins');
    const found = this.#context.store.accounts.findForLogIn(user, route === 'web');
    const isRight =
      'token' in proof
        ? found !== null && this.#context.store.accounts.findBySession(proof.token)?.id === found.account.id
        : await this.#isPassword(proof.password, found?.passwordHash ?? null);
    if (!found || !isRight) return this.#refuse(attempt);
    const code = this.refusalOf(found.account, route);
    if (code) throw refusal(code);
    if (route === 'web') await this.#checkWeb(attempt, found.account, found.oneTimeSecret);
    this.#brake.forgive(found.account.user);
    return found.account;
  }

  async #refuse({ address, user }: LogInAttempt): Promise<never> {
    await this.#brake.wait(address, user);
    throw refusal('auth-refused');
  }

  async #checkWeb(attempt: LogInAttempt, account: Account, oneTimeSecret: string | null): Promise<void> {
    const { store, clock, now, policy } = this.#context;
    const { webAllowedAddresses, webBlockedHours } = policy();
    if (account.role === 'user') {
      if (!isAllowed(attempt.address, webAllowedAddresses)) throw refusal('address-not-allowed');
      if (webBlockedHours && isWithin(clock.minuteOfDay(now()), webBlockedHours)) throw refusal('blocked-hours');
      if (account.webBlockedUntil && now() < account.webBlockedUntil) throw refusal('web-blocked');
    }
    if (oneTimeSecret === null) return;
    if (attempt.oneTimeCode === undefined) throw refusal('one-time-code-required');
    if (!acceptOneTimeCode(store.accounts, account, oneTimeSecret, attempt.oneTimeCode, now())) await this.#refuse(attempt);
  }

  async #isPassword(password: string, hash: string | null): Promise<boolean> {
    const digest = createHmac('sha256', this.#key).update(password.normalize('NFC')).digest();
    const remembered = hash === null ? undefined : this.#remembered.get(hash);
    if (remembered && timingSafeEqual(remembered, digest)) return true;
    const isRight = await verifyPassword(password, hash);
    if (isRight && hash !== null) {
      if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(hash, digest);
    }
    return isRight;
  }
}

/** SPEC P1, P2, P3, P6. */
export const mayUsePop3Smtp = (account: Account, { pop3SmtpInPlan, pop3Smtp }: OfficePolicy): boolean =>
  pop3SmtpInPlan && (pop3Smtp ? account.pop3Smtp : account.pop3SmtpException);
