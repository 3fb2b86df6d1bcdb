import { z } from '@hono/zod-openapi';
import { requireSuperAdmin } from '../office/permissions.ts';
import type { Account } from '../store/accounts.ts';
import type { HttpContext } from './http-context.ts';
import { openAccountFor } from './routes/accounts.ts';

/** The query of a route that administrators may use for others. */
export const FOR_USER = z.object({
  user: z.string().optional().openapi({ description: "Whose; another's for administrators. Default: one's own" }),
});

/** Whom the request is for; mail of administrators is the super administrator's to act on. @throws PlatformError `account-unknown`, `forbidden` */
export const ownerFor = (context: HttpContext, actor: Account, { user }: z.infer<typeof FOR_USER>): Account => {
  const owner = user === undefined ? actor : openAccountFor(context, actor, user);
  if (owner.id !== actor.id && owner.role !== 'user') requireSuperAdmin(actor);
  return owner;
};
