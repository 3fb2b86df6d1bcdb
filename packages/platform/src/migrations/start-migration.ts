import { generatePassword } from '../office/generated-password.ts';
import type { Office } from '../office/office.ts';
import { requireAdmin } from '../office/permissions.ts';
import { PlatformError } from '../platform-error.ts';
import type { Account } from '../store/accounts.ts';
import type { MigrationMethod } from '../store/migrations.ts';
import type { Store } from '../store/store.ts';
import type { MigratingUser } from './migration-list.ts';

/** SPEC M11. */
const OPEN_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** An account that was made for a request; its password is told this once. */
export interface MadeAccount {
  readonly user: string;
  readonly password: string;
}

/** @throws PlatformError `migration-closed` from 30 days after the service opened on */
export const requireOpenMigrations = ({ serviceOpenedAt }: Office, now: Date): void => {
  if (now.getTime() - serviceOpenedAt.getTime() < OPEN_DAYS * DAY_MS) return;
  throw new PlatformError('migration-closed', `Requests are taken for ${OPEN_DAYS} days after the service opened`);
};

/**
 * Makes the accounts that are missing and a request with one item for each user (SPEC M9).
 * @throws PlatformError `forbidden`, `migration-closed`, `domain-unknown`, `address-taken`, `name-invalid`
 */
export const startMigration = async (
  { store, office, now }: { readonly store: Store; readonly office: Office; readonly now: () => Date },
  actor: Account,
  method: MigrationMethod,
  users: readonly MigratingUser[],
): Promise<{ requestId: number; made: MadeAccount[] }> => {
  requireAdmin(actor);
  requireOpenMigrations(office, now());
  const made: MadeAccount[] = [];
  for (const { user, name, password, department, rank } of users) {
    const departmentId = department.length === 0 ? undefined : office.directory.ensureDepartment(actor, department);
    if (store.accounts.find(user)) continue;
    const chosen = password ?? generatePassword(office.policy.passwordMinLength);
    await office.accounts.create(actor, { user, name, password: chosen, departmentId, rank });
    if (password === null) made.push({ user, password: chosen });
  }
  return { requestId: store.migrations.add(method, actor.user, users), made };
};
