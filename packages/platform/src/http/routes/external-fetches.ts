import { createRoute, z } from '@hono/zod-openapi';
import { FETCH_FAILURE_CODES } from '../../external-fetch/fetch-failure.ts';
import { SOURCE_SECURITIES } from '../../external-fetch/pop3-source.ts';
import { EXTERNAL_FETCH_STATES, type ExternalFetch, SKIP_CODES } from '../../store/external-fetches.ts';
import { FOR_USER, ownerFor } from '../for-user.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';
import { PAGE_LIMIT } from '../schemas.ts';
import { openMailbox } from './mailboxes.ts';

/** Becomes a line of POP3. */
const ONE_LINE = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}+$/u, 'It has a control character');

const REQUEST = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65535),
  security: z.enum(SOURCE_SECURITIES).openapi({ description: 'plain sends the password in the clear' }),
  user: ONE_LINE,
  password: ONE_LINE.openapi({ description: 'It is not kept' }),
  mailboxId: z.string().optional().openapi({ description: 'Where the mail goes. Default: INBOX' }),
});

const EXTERNAL_FETCH = z
  .object({
    id: z.string(),
    state: z.enum(EXTERNAL_FETCH_STATES),
    code: z.enum(FETCH_FAILURE_CODES).nullable(),
    reason: z.string().nullable().openapi({ description: 'Why it failed; what was fetched before stays' }),
    host: z.string(),
    port: z.number().int(),
    user: z.string(),
    mailboxId: z.string(),
    found: z.number().int().nullable().openapi({ description: 'Messages that the server lists; null until it has' }),
    known: z.number().int().openapi({ description: 'Of those, fetched by an earlier request' }),
    fetched: z.number().int(),
    fetchedBytes: z.number().int(),
    skipped: z.number().int(),
    createdAt: z.iso.datetime(),
  })
  .openapi('ExternalFetch');

const SKIPPED = z
  .object({
    number: z.number().int().openapi({ description: 'In the maildrop, from 1' }),
    uniqueId: z.string(),
    sizeBytes: z.number().int().openapi({ description: 'As the server says' }),
    code: z.enum(SKIP_CODES),
  })
  .openapi('SkippedMessage');

const ONE_FETCH = { query: FOR_USER, params: z.object({ id: z.string() }) };

const beginFetch = createRoute({
  method: 'post',
  path: '/api/v1/external-fetches',
  summary: 'Pull what is new from a POP3 account elsewhere, once',
  description:
    'Messages of 5 MiB or more are skipped, and what would make it more than 1 GiB. Nothing is deleted there. Ask until it is complete or failed.',
  security: LOGGED_IN,
  request: { query: FOR_USER, ...jsonBody(REQUEST) },
  responses: {
    201: jsonAnswer('It runs', EXTERNAL_FETCH),
    ...problems({
      400: 'request-invalid',
      401: 'auth-required',
      403: 'forbidden, host-not-allowed',
      404: 'mailbox-missing, account-unknown',
      409: 'external-fetch-running',
      422: 'host-unknown',
    }),
  },
});

const listFetches = createRoute({
  method: 'get',
  path: '/api/v1/external-fetches',
  summary: 'The latest 20 fetches, the oldest first',
  security: LOGGED_IN,
  request: { query: FOR_USER },
  responses: {
    200: jsonAnswer('Fetches', z.object({ externalFetches: z.array(EXTERNAL_FETCH) })),
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown' }),
  },
});

const getFetch = createRoute({
  method: 'get',
  path: '/api/v1/external-fetches/{id}',
  summary: 'State and counts of a fetch',
  security: LOGGED_IN,
  request: ONE_FETCH,
  responses: {
    200: jsonAnswer('The fetch', EXTERNAL_FETCH),
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'external-fetch-missing, account-unknown' }),
  },
});

const listSkipped = createRoute({
  method: 'get',
  path: '/api/v1/external-fetches/{id}/skipped',
  summary: 'What was not fetched, and why',
  security: LOGGED_IN,
  request: { ...ONE_FETCH, query: FOR_USER.extend({ after: z.coerce.number().int().min(0).default(0), limit: PAGE_LIMIT }) },
  responses: {
    200: jsonAnswer(
      'One page; `next` is the `after` of the next one, null on the last',
      z.object({ skipped: z.array(SKIPPED), next: z.number().int().nullable() }),
    ),
    ...problems({ 400: 'request-invalid', 401: 'auth-required', 403: 'forbidden', 404: 'external-fetch-missing, account-unknown' }),
  },
});

const fetchView = ({ accountId: _, mailboxId, createdAt, ...shown }: ExternalFetch): z.infer<typeof EXTERNAL_FETCH> => ({
  ...shown,
  mailboxId: String(mailboxId),
  createdAt: createdAt.toISOString(),
});

export const addExternalFetchRoutes = (app: HttpApp, context: HttpContext): void => {
  const { store, fetcher } = context;
  const { externalFetches } = store;

  app.openapi(beginFetch, async (c) => {
    const { id } = ownerFor(context, c.var.account, c.req.valid('query'));
    const { mailboxId, ...account } = c.req.valid('json');
    const mailbox = mailboxId === undefined ? store.mailboxes.open(id, 'INBOX') : openMailbox(store, id, mailboxId);
    return c.json(fetchView(await fetcher.begin(id, mailbox.id, account)), 201);
  });

  app.openapi(listFetches, (c) => {
    const { id } = ownerFor(context, c.var.account, c.req.valid('query'));
    return c.json({ externalFetches: externalFetches.list(id).map(fetchView) }, 200);
  });

  app.openapi(getFetch, (c) => {
    const { id } = ownerFor(context, c.var.account, c.req.valid('query'));
    return c.json(fetchView(externalFetches.open(id, c.req.valid('param').id)), 200);
  });

  app.openapi(listSkipped, (c) => {
    const { after, limit, ...query } = c.req.valid('query');
    const owner = ownerFor(context, c.var.account, query);
    const { id } = externalFetches.open(owner.id, c.req.valid('param').id);
    const page = externalFetches.skipped(id, after, limit + 1);
    const skipped = page.slice(0, limit);
    return c.json({ skipped, next: page.length > limit ? (skipped.at(-1)?.number ?? null) : null }, 200);
  });
};
