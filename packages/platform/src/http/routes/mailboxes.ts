import { createRoute, z } from '@hono/zod-openapi';
import { PlatformError } from '../../platform-error.ts';
import type { StoredMailbox } from '../../store/mailboxes.ts';
import type { Store } from '../../store/store.ts';
import { FOR_USER, ownerFor } from '../for-user.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';
import { MAILBOX, mailboxView, PAGE_LIMIT, SPECIAL_USE } from '../schemas.ts';

const MESSAGE = z
  .object({
    uid: z.number().int(),
    sizeBytes: z.number().int(),
    sha256: z.string(),
    internalDate: z.iso.datetime(),
    flags: z.array(z.string()),
  })
  .openapi('Message');

const listMailboxes = createRoute({
  method: 'get',
  path: '/api/v1/mailboxes',
  summary: 'All mailboxes with their counts',
  security: [{ bearer: [] }],
  request: { query: FOR_USER },
  responses: {
    200: { description: 'By path', content: { 'application/json': { schema: z.object({ mailboxes: z.array(MAILBOX) }) } } },
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown' }),
  },
});

const createMailbox = createRoute({
  method: 'post',
  path: '/api/v1/mailboxes',
  summary: 'Make a mailbox, and those above it',
  security: [{ bearer: [] }],
  request: { query: FOR_USER, ...jsonBody(z.object({ path: z.string().min(1), specialUse: SPECIAL_USE.optional() })) },
  responses: {
    200: { description: 'It was there already, and stays as it is', content: { 'application/json': { schema: MAILBOX } } },
    201: { description: 'Made', content: { 'application/json': { schema: MAILBOX } } },
    ...problems({ 400: 'mailbox-name-invalid, request-invalid', 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown' }),
  },
});

const listMessages = createRoute({
  method: 'get',
  path: '/api/v1/mailboxes/{id}/messages',
  summary: 'The messages of a mailbox, by UID',
  security: [{ bearer: [] }],
  request: {
    params: z.object({ id: z.string() }),
    query: FOR_USER.extend({ after: z.coerce.number().int().min(0).default(0), limit: PAGE_LIMIT }),
  },
  responses: {
    200: {
      description: 'One page; `next` is the `after` of the next one, null on the last',
      content: { 'application/json': { schema: z.object({ messages: z.array(MESSAGE), next: z.number().int().nullable() }) } },
    },
    ...problems({ 400: 'request-invalid', 401: 'auth-required', 403: 'forbidden', 404: 'mailbox-missing, account-unknown' }),
  },
});

/** @throws PlatformError `mailbox-missing`, also for another account's */
export const openMailbox = (store: Store, accountId: number, id: string): StoredMailbox => {
  const mailbox = /^\d{1,15}$/.test(id) ? store.mailboxes.byId(Number(id)) : null;
  if (!mailbox?.selectable || mailbox.accountId !== accountId) throw new PlatformError('mailbox-missing', 'There is no such mailbox');
  return mailbox;
};

export const addMailboxRoutes = (app: HttpApp, context: HttpContext): void => {
  const { store } = context;

  app.openapi(listMailboxes, (c) => {
    const { id: accountId } = ownerFor(context, c.var.account, c.req.valid('query'));
    const mailboxes = store.mailboxes.list(accountId).filter(({ selectable }) => selectable);
    return c.json({ mailboxes: mailboxes.map(mailboxView) }, 200);
  });

  app.openapi(createMailbox, (c) => {
    const { id: accountId } = ownerFor(context, c.var.account, c.req.valid('query'));
    const { path, specialUse } = c.req.valid('json');
    const existing = store.mailboxes.find(accountId, path);
    if (existing?.selectable) return c.json(mailboxView(existing), 200);
    const mailbox = store.mailboxes.create(accountId, path, specialUse ?? null);
    store.mailboxes.subscribe(accountId, path);
    return c.json(mailboxView(mailbox), 201);
  });

  app.openapi(listMessages, (c) => {
    const { after, limit, ...query } = c.req.valid('query');
    const { id: accountId } = ownerFor(context, c.var.account, query);
    const mailbox = openMailbox(store, accountId, c.req.valid('param').id);
    const page = store.messages.page(mailbox.id, after, limit + 1);
    const messages = page.slice(0, limit).map(({ uid, sizeBytes, sha256, internalDate, flags }) => ({
      uid,
      sizeBytes,
      sha256,
      internalDate: internalDate.toISOString(),
      flags: [...flags],
    }));
    return c.json({ messages, next: page.length > limit ? (messages.at(-1)?.uid ?? null) : null }, 200);
  });
};
