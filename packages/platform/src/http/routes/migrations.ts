import { createRoute, z } from '@hono/zod-openapi';
import { readMigrationList } from '../../migrations/migration-list.ts';
import { requireOpenMigrations, startMigration } from '../../migrations/start-migration.ts';
import { requireAdmin } from '../../office/permissions.ts';
import { PlatformError } from '../../platform-error.ts';
import { MIGRATION_STATUSES, type MigrationMethod, type MigrationRequest } from '../../store/migrations.ts';
import type { Store } from '../../store/store.ts';
import { CSV_QUERY, csvBody, REJECTED_ROW, readCsvBody } from '../csv-body.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';

const PROVIDERS = [
  'hiworks',
  'mailplug',
  'ecount',
  'whois',
  'naver',
  'naver-works',
  'daum',
  'kakao',
  'nate',
  'gmail',
  'microsoft-365',
  'yahoo',
  'icloud',
  'zoho',
  'dooray',
] as const;

const METHOD_QUERY = {
  method: z.enum(['pop3', 'imap', 'upload']).openapi({ description: 'One for the whole request' }),
  provider: z.enum(PROVIDERS).optional().openapi({ description: 'Of the old hoster; else domain, host, port and security are given' }),
  domain: z.string().max(253).optional(),
  host: z
    .string()
    .max(253)
    .regex(/^[\p{L}\p{N}.:-]+$/u)
    .optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  security: z.enum(['tls', 'starttls', 'none']).optional(),
};

const METHOD = z.object({
  kind: z.enum(['pop3', 'imap', 'upload']),
  provider: z.string().optional(),
  domain: z.string().optional(),
  host: z.string().optional(),
  port: z.number().int().optional(),
  security: z.string().optional(),
});

const ITEM = z
  .object({
    id: z.number().int(),
    row: z.number().int().openapi({ description: 'Of the list; the header row is 1' }),
    user: z.string(),
    oldId: z.string(),
    status: z.enum(MIGRATION_STATUSES),
    reason: z.string().nullable(),
    succeeded: z.number().int(),
    failed: z.number().int(),
  })
  .openapi('MigrationItem');

const REQUEST = z
  .object({ id: z.number().int(), method: METHOD, createdBy: z.string(), createdAt: z.iso.datetime(), items: z.array(ITEM) })
  .openapi('Migration');

const startRoute = createRoute({
  method: 'post',
  path: '/api/v1/migrations',
  summary: 'Ask for the move of the users of a list (CSV), for administrators: accounts that are missing are made',
  security: LOGGED_IN,
  request: {
    query: z.object({
      ...METHOD_QUERY,
      dryRun: z.enum(['true', 'false']).default('false').openapi({ description: 'True only checks the list' }),
      partial: z
        .enum(['true', 'false'])
        .default('false')
        .openapi({ description: 'True starts although rows were rejected, without these' }),
      ...CSV_QUERY,
    }),
    ...csvBody,
  },
  responses: {
    200: jsonAnswer(
      'Nothing was started: a dry run, or rows were rejected',
      z.object({ accepted: z.number().int(), rejected: z.array(REJECTED_ROW) }),
    ),
    201: jsonAnswer(
      'Started; passwords that were made up are told this once',
      z.object({
        migration: REQUEST,
        rejected: z.array(REJECTED_ROW),
        madeAccounts: z.array(z.object({ user: z.string(), password: z.string() })),
      }),
    ),
    ...problems({
      400: 'request-invalid: provider, or domain, host, port and security are needed',
      401: 'auth-required',
      403: 'forbidden, migration-closed: 30 days after the service opened',
      413: 'body-too-large',
      422: 'csv-invalid, too-many-rows, domain-unknown',
    }),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/migrations',
  summary: 'All requests with the status of each user, for administrators',
  security: LOGGED_IN,
  responses: {
    200: jsonAnswer('By age', z.object({ migrations: z.array(REQUEST) })),
    ...problems({ 401: 'auth-required', 403: 'forbidden' }),
  },
});

const ID = z.object({ id: z.coerce.number().int().min(1) });

const getRoute = createRoute({
  method: 'get',
  path: '/api/v1/migrations/{id}',
  summary: 'One request with the status of each user',
  security: LOGGED_IN,
  request: { params: ID },
  responses: { 200: jsonAnswer('The request', REQUEST), ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'migration-missing' }) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: '/api/v1/migrations/{id}/items/{itemId}',
  summary: 'Tell how far the move of a user is',
  security: LOGGED_IN,
  request: {
    params: ID.extend({ itemId: z.coerce.number().int().min(1) }),
    ...jsonBody(
      z.strictObject({
        status: z.enum(MIGRATION_STATUSES),
        reason: z.string().max(2000).nullable().default(null),
        succeeded: z.number().int().min(0).default(0),
        failed: z.number().int().min(0).default(0),
      }),
    ),
  },
  responses: {
    204: { description: 'Noted' },
    ...problems({ 400: 'request-invalid', 401: 'auth-required', 403: 'forbidden', 404: 'migration-missing' }),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/v1/migrations/{id}',
  summary: 'Delete a request with its items; accounts and mail stay',
  security: LOGGED_IN,
  request: { params: ID },
  responses: { 204: { description: 'Gone' }, ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'migration-missing' }) },
});

const requestView = (store: Store, { id, method, createdBy, createdAt }: MigrationRequest): z.infer<typeof REQUEST> => ({
  id,
  method: { ...method },
  createdBy,
  createdAt: createdAt.toISOString(),
  items: store.migrations.items(id),
});

interface MethodQuery {
  readonly method: MigrationMethod['kind'];
  readonly provider?: string | undefined;
  readonly domain?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly security?: 'tls' | 'starttls' | 'none' | undefined;
}

/** @throws PlatformError `request-incomplete` */
const methodOf = ({ method, provider, domain, host, port, security }: MethodQuery): MigrationMethod => {
  if (method === 'upload') return { kind: 'upload' };
  if (provider !== undefined) return { kind: method, provider };
  if (domain !== undefined && host !== undefined && port !== undefined && security !== undefined) {
    return { kind: method, domain, host, port, security };
  }
  throw new PlatformError('request-incomplete', 'Name a provider, or domain, host, port and security');
};

/** Of ids that are no whole addresses: that of the administrator. */
const domainOf = (user: string): string => user.slice(user.lastIndexOf('@') + 1);

export const addMigrationRoutes = (app: HttpApp, { store, office, now }: HttpContext): void => {
  app.openapi(startRoute, async (c) => {
    const { account } = c.var;
    requireAdmin(account);
    requireOpenMigrations(office, now());
    const { dryRun, partial, encoding, delimiter, ...query } = c.req.valid('query');
    const method = methodOf(query);
    const table = await readCsvBody(c.req.raw, { encoding, delimiter });
    const { users, rejected } = readMigrationList(table, domainOf(account.user), office.policy);
    if (dryRun === 'true' || (rejected.length > 0 && partial === 'false')) return c.json({ accepted: users.length, rejected }, 200);
    const { requestId, made } = await startMigration({ store, office, now }, account, method, users);
    return c.json({ migration: requestView(store, store.migrations.open(requestId)), rejected, madeAccounts: made }, 201);
  });

  app.openapi(listRoute, (c) => {
    requireAdmin(c.var.account);
    return c.json({ migrations: store.migrations.list().map((request) => requestView(store, request)) }, 200);
  });

  app.openapi(getRoute, (c) => {
    requireAdmin(c.var.account);
    return c.json(requestView(store, store.migrations.open(c.req.valid('param').id)), 200);
  });

  app.openapi(updateRoute, (c) => {
    requireAdmin(c.var.account);
    const { id, itemId } = c.req.valid('param');
    store.migrations.update(id, itemId, c.req.valid('json'));
    return c.body(null, 204);
  });

  app.openapi(deleteRoute, (c) => {
    requireAdmin(c.var.account);
    store.migrations.delete(store.migrations.open(c.req.valid('param').id).id);
    return c.body(null, 204);
  });
};
