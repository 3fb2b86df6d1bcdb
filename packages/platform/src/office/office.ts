import type { Faults } from '../faults/faults.ts';
import { PlatformError } from '../platform-error.ts';
import type { EventListener } from '../platform-event.ts';
import type { Account } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { WallClock } from '../wall-clock.ts';
import { type Recipient, resolveRecipient } from './addresses.ts';
import { Deliveries } from './delivery.ts';
import { LogIn } from './log-in.ts';
import { OfficeAccounts } from './office-accounts.ts';
import { OrgDirectory } from './org-directory.ts';
import { requireSuperAdmin } from './permissions.ts';
import { OFFICE_POLICY, type OfficePolicy } from './policy.ts';

export interface OfficeOptions {
  readonly store: Store;
  readonly clock: WallClock;
  readonly now: () => Date;
  readonly failedLogInMs: number;
  readonly faults: Faults;
  readonly onEvent: EventListener;
}

export type PolicyChange = { readonly [Name in keyof OfficePolicy]?: OfficePolicy[Name] | undefined };

/** The hosting office: its rules, its people, and the mail between them. Everything holds from the call on, and over a restart. */
export class Office {
  readonly logIn: LogIn;
  readonly deliveries: Deliveries;
  readonly accounts: OfficeAccounts;
  readonly directory: OrgDirectory;
  /** When the service began, from which migration requests are open (SPEC M11). */
  readonly serviceOpenedAt: Date;
  readonly #store: Store;
  readonly #faults: Faults;
  #policy: OfficePolicy;

  constructor({ store, clock, now, failedLogInMs, faults, onEvent }: OfficeOptions) {
    this.#store = store;
    this.#faults = faults;
    this.#policy = readPolicy(store);
    this.serviceOpenedAt = readServiceOpenedAt(store, now);
    const policy = () => this.#policy;
    this.logIn = new LogIn({ store, policy, clock, now, failedLogInMs, onEvent });
    this.deliveries = new Deliveries({ store, policy, clock, now });
    this.accounts = new OfficeAccounts(store, policy);
    this.directory = new OrgDirectory(store);
  }

  /** What holds now, faults that are made on purpose included. */
  get policy(): OfficePolicy {
    const cap = this.#faults.viewCap;
    return cap === null ? this.#policy : { ...this.#policy, imapViewCap: Math.min(cap, this.#policy.imapViewCap ?? cap) };
  }

  /** SPEC P6. @throws PlatformError `forbidden`, `policy-invalid` */
  changePolicy(actor: Account, change: PolicyChange): OfficePolicy {
    requireSuperAdmin(actor);
    if (change.pop3SmtpInPlan !== undefined) throw new PlatformError('forbidden', 'The plan is not changed by the office');
    if (change.pop3Smtp && !this.#policy.pop3SmtpInPlan) throw new PlatformError('forbidden', 'The plan has no POP3/SMTP option');
    return this.provisionPolicy(change);
  }

  /** Past the rules, as the hoster. @throws PlatformError `policy-invalid` */
  provisionPolicy(change: PolicyChange): OfficePolicy {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const parsed = OFFICE_POLICY.safeParse({ ...this.#policy, ...given });
    if (!parsed.success)
      throw new PlatformError('policy-invalid', parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
    this.#store.settings.set('policy', parsed.data);
    this.#policy = parsed.data;
    return parsed.data;
  }

  /** To be called when the store went back to an earlier state. */
  reload(): void {
    this.#policy = readPolicy(this.#store);
  }

  /** Null if there is no such address in the office (SPEC A9, A13). */
  resolve(address: string): Recipient | null {
    return resolveRecipient(this.#store, address);
  }
}

const readPolicy = (store: Store): OfficePolicy => OFFICE_POLICY.parse(store.settings.get('policy') ?? {});

const readServiceOpenedAt = (store: Store, now: () => Date): Date => {
  const known = store.settings.get('service-opened-at');
  if (typeof known === 'number') return new Date(known);
  const opened = now();
  store.settings.set('service-opened-at', opened.getTime());
  return opened;
};
