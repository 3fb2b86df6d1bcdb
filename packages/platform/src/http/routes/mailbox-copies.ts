import { createRoute, z } from '@hono/zod-openapi';
import { requireAdmin } from '../../office/permissions.ts';
import { MAILBOX_COPY_STATES, type MailboxCopy } from '../../store/mailbox-copies.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';

const MAILBOX_COPY = z
  .object({
    id: z.string(),
    fromUser: z.string(),
    toUser: z.string(),
    folder: z.string().openapi({ description: 'In the target account, above what is copied' }),
    state: z.enum(MAILBOX_COPY_STATES),
    reason: z.string().nullable().openapi({ description: 'Why it failed; what was copied before stays' }),
    total: z.number().int().openapi({ description: 'Messages that were there when it was asked for' }),
    copied: z.number().int().openapi({ description: 'Messages that are in the target' }),
    createdAt: z.iso.datetime(),
  })
  .openapi('MailboxCopy');

const REQUEST = z.strictObject({
  fromUser: z.string(),
  toUser: z.string(),
  folder: z.string().min(1).optional().openapi({ description: 'Must not be there yet. Default: the address of fromUser' }),
});

const copyMailboxes = createRoute({
  method: 'post',
  path: '/api/v1/mailbox-copies',
  summary: 'Copy all mailboxes of an account into a folder of another. Administrators only',
  description: 'Flags and dates are kept. A second copy into the same folder is refused, so that nothing is doubled unasked.',
  security: LOGGED_IN,
  request: jsonBody(REQUEST),
  responses: {
    201: jsonAnswer('The mailboxes are there; ask until its state is complete or failed', MAILBOX_COPY),
    ...problems({
      400: 'request-invalid, mailbox-name-invalid',
      401: 'auth-required',
      403: 'forbidden, account-not-set-up',
      404: 'account-unknown',
      409: 'mailbox-exists: name another folder; mailbox-limit',
      507: 'over-quota: nothing was copied',
    }),
  },
});

const listCopies = createRoute({
  method: 'get',
  path: '/api/v1/mailbox-copies',
  summary: 'All copies, the oldest first. Administrators only',
  security: LOGGED_IN,
  responses: {
    200: jsonAnswer('Copies', z.object({ mailboxCopies: z.array(MAILBOX_COPY) })),
    ...problems({ 401: 'auth-required', 403: 'forbidden' }),
  },
});

const getCopy = createRoute({
  method: 'get',
  path: '/api/v1/mailbox-copies/{id}',
  summary: 'How far a copy has come. Administrators only',
  security: LOGGED_IN,
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: jsonAnswer('The copy', MAILBOX_COPY),
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'mailbox-copy-missing' }),
  },
});

const copyView = (copy: MailboxCopy): z.infer<typeof MAILBOX_COPY> => ({ ...copy, createdAt: copy.createdAt.toISOString() });

export const addMailboxCopyRoutes = (app: HttpApp, { store, office, copier }: HttpContext): void => {
  app.openapi(copyMailboxes, (c) => {
    requireAdmin(c.var.account);
    const { fromUser, toUser, folder } = c.req.valid('json');
    const [from, to] = [office.accounts.open(fromUser), office.accounts.open(toUser)];
    return c.json(copyView(copier.begin(from, to, folder ?? from.user)), 201);
  });

  app.openapi(listCopies, (c) => {
    requireAdmin(c.var.account);
    return c.json({ mailboxCopies: store.mailboxCopies.list().map(copyView) }, 200);
  });

  app.openapi(getCopy, (c) => {
    requireAdmin(c.var.account);
    return c.json(copyView(store.mailboxCopies.open(c.req.valid('param').id)), 200);
  });
};
