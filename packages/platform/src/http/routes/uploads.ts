import { createRoute, z } from '@hono/zod-openapi';
import { PlatformError } from '../../platform-error.ts';
import type { Account } from '../../store/accounts.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';
import { ENTRY, entryView, PAGE_LIMIT, SHA256, UPLOAD, uploadView } from '../schemas.ts';
import { openMailbox } from './mailboxes.ts';

const ONE_UPLOAD = { params: z.object({ id: z.string() }) };
const UPLOAD_JSON = { 'application/json': { schema: UPLOAD } };

const openUpload = createRoute({
  method: 'post',
  path: '/api/v1/uploads',
  summary: 'Announce a ZIP for a mailbox',
  description: 'The same Idempotency-Key with the same body gives the same upload, however often it is sent.',
  security: [{ bearer: [] }],
  request: {
    headers: z.object({ 'idempotency-key': z.string().min(1).max(200) }),
    ...jsonBody(
      z.object({ mailboxId: z.string(), fileName: z.string().min(1).max(500), sizeBytes: z.number().int().positive(), sha256: SHA256 }),
    ),
  },
  responses: {
    200: { description: 'It was announced before', content: UPLOAD_JSON },
    201: { description: 'Send its content now', content: UPLOAD_JSON },
    ...problems({
      400: 'request-invalid',
      401: 'auth-required',
      403: 'account-not-set-up',
      404: 'mailbox-missing',
      409: 'idempotency-conflict',
      413: 'zip-too-large',
    }),
  },
});

const listUploads = createRoute({
  method: 'get',
  path: '/api/v1/uploads',
  summary: 'All uploads of the account, the oldest first',
  security: [{ bearer: [] }],
  responses: {
    200: { description: 'Uploads', content: { 'application/json': { schema: z.object({ uploads: z.array(UPLOAD) }) } } },
    ...problems({ 401: 'auth-required' }),
  },
});

const getUpload = createRoute({
  method: 'get',
  path: '/api/v1/uploads/{id}',
  summary: 'State and counts of an upload',
  security: [{ bearer: [] }],
  request: ONE_UPLOAD,
  responses: {
    200: { description: 'The upload', content: UPLOAD_JSON },
    ...problems({ 401: 'auth-required', 404: 'upload-missing' }),
  },
});

const listEntries = createRoute({
  method: 'get',
  path: '/api/v1/uploads/{id}/entries',
  summary: 'The answer for every entry of the ZIP, by its index',
  security: [{ bearer: [] }],
  request: { ...ONE_UPLOAD, query: z.object({ after: z.coerce.number().int().min(-1).default(-1), limit: PAGE_LIMIT }) },
  responses: {
    200: {
      description: 'One page; `next` is the `after` of the next one, null on the last',
      content: { 'application/json': { schema: z.object({ entries: z.array(ENTRY), next: z.number().int().nullable() }) } },
    },
    ...problems({ 400: 'request-invalid', 401: 'auth-required', 404: 'upload-missing' }),
  },
});

/** SPEC U6: nothing is taken for an account that nobody has set up. */
const requireSetUp = (account: Account): void => {
  if (!account.setUp) throw new PlatformError('account-not-set-up', 'Mail can be moved in only after the account was set up');
};

export const addUploadRoutes = (app: HttpApp, { store, limits }: HttpContext): void => {
  app.openapi(openUpload, (c) => {
    const { account } = c.var;
    const { mailboxId, fileName, sizeBytes, sha256 } = c.req.valid('json');
    requireSetUp(account);
    if (sizeBytes >= limits.zipBytes) throw new PlatformError('zip-too-large', `A ZIP has less than ${limits.zipBytes} bytes`);
    const key = c.req.valid('header')['idempotency-key'];
    const request = { mailboxId: Number(mailboxId), fileName, sizeBytes, sha256 };
    const existing = store.uploads.findByKey(account.id, key, request);
    if (existing) return c.json(uploadView(existing), 200);
    openMailbox(store, account.id, mailboxId);
    return c.json(uploadView(store.uploads.create(account.id, key, request)), 201);
  });

  app.openapi(listUploads, (c) => c.json({ uploads: store.uploads.list(c.var.account.id).map(uploadView) }, 200));

  app.openapi(getUpload, (c) => c.json(uploadView(store.uploads.open(c.var.account.id, c.req.valid('param').id)), 200));

  app.openapi(listEntries, (c) => {
    const { after, limit } = c.req.valid('query');
    const { id } = store.uploads.open(c.var.account.id, c.req.valid('param').id);
    const page = store.uploads.entries(id, after, limit + 1);
    const entries = page.slice(0, limit).map(entryView);
    return c.json({ entries, next: page.length > limit ? (entries.at(-1)?.index ?? null) : null }, 200);
  });
};

/** A plain schema: a zod one would make the library read the body, and take `application/jsonl` for JSON. */
const binary = (mediaType: string, description: string) => ({
  body: { required: true, description, content: { [mediaType]: { schema: { type: 'string' as const, format: 'binary' } } } },
});

const putManifest = createRoute({
  method: 'put',
  path: '/api/v1/uploads/{id}/manifest',
  summary: "Flags and dates of the ZIP's entries, before its content",
  security: [{ bearer: [] }],
  request: {
    ...ONE_UPLOAD,
    ...binary(
      'application/jsonl',
      'Lines {"name", "flags": [], "internalDate": ISO 8601 or null}. Sent again, it replaces the earlier one.',
    ),
  },
  responses: {
    204: { description: 'Taken' },
    ...problems({
      401: 'auth-required',
      403: 'account-not-set-up',
      404: 'upload-missing',
      409: 'content-already-received',
      413: 'body-too-large',
      422: 'manifest-invalid',
    }),
  },
});

const putContent = createRoute({
  method: 'put',
  path: '/api/v1/uploads/{id}/content',
  summary: 'The ZIP itself',
  description: 'After a lost answer it can be sent again: nothing is stored twice.',
  security: [{ bearer: [] }],
  request: { ...ONE_UPLOAD, ...binary('application/zip', 'Exactly the bytes that were announced') },
  responses: {
    200: { description: 'It was received before', content: UPLOAD_JSON },
    202: { description: 'Received, and durable; it is being processed', content: UPLOAD_JSON },
    ...problems({
      401: 'auth-required',
      403: 'account-not-set-up',
      404: 'upload-missing',
      409: 'content-superseded',
      422: 'content-mismatch: send it again',
    }),
  },
});

async function* bodyOf(request: Request): AsyncGenerator<Uint8Array, void, undefined> {
  if (request.body) yield* request.body;
}

export const addUploadBodyRoutes = (app: HttpApp, { store, intake }: HttpContext): void => {
  app.openapi(putManifest, async (c) => {
    requireSetUp(c.var.account);
    await intake.receiveManifest(store.uploads.open(c.var.account.id, c.req.valid('param').id), bodyOf(c.req.raw));
    return c.body(null, 204);
  });

  app.openapi(putContent, async (c) => {
    requireSetUp(c.var.account);
    const upload = store.uploads.open(c.var.account.id, c.req.valid('param').id);
    const isNew = await intake.receiveContent(upload, bodyOf(c.req.raw));
    return c.json(uploadView(store.uploads.open(upload.accountId, upload.id)), isNew ? 202 : 200);
  });
};
