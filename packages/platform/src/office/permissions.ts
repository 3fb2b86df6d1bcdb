import { PlatformError } from '../platform-error.ts';
import type { Account } from '../store/accounts.ts';

/** @throws PlatformError `forbidden` */
export const requireAdmin = ({ role }: Account): void => {
  if (role === 'user') throw new PlatformError('forbidden', 'Only an administrator may do that');
};

/** @throws PlatformError `forbidden` */
export const requireSuperAdmin = ({ role }: Account): void => {
  if (role !== 'super-admin') throw new PlatformError('forbidden', 'Only the super administrator may do that');
};
