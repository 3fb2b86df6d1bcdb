import { createRoute, z } from '@hono/zod-openapi';
import { holdMessages } from '../../backups/backup-messages.ts';
import { periodOf } from '../../backups/backup-period.ts';
import { zipOf } from '../../backups/zip-of.ts';
import { emptyMailbox } from '../../mailbox-housekeeping.ts';
import { PlatformError } from '../../platform-error.ts';
import type { StoredMailbox } from '../../store/mailboxes.ts';
import type { StoredMessage } from '../../store/messages.ts';
import type { Store } from '../../store/store.ts';
import type { WallClock } from '../../wall-clock.ts';
import { DAY, dayNumber } from '../day-text.ts';
import { FOR_USER, ownerFor } from '../for-user.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { jsonBody } from '../json-body.ts';
import { problems } from '../problem.ts';
import { MAILBOX, mailboxView } from '../schemas.ts';
import { openMailbox } from './mailboxes.ts';

const MAX_ZIP_MESSAGES = 1000;
const MAX_ZIP_BYTES = 256 * 1024 * 1024;

const ONE_MAILBOX = { query: FOR_USER, params: z.object({ id: z.string() }) };
const BINARY = { schema: { type: 'string' as const, format: 'binary' } };

const renameMailbox = createRoute({
  method: 'patch',
  path: '/api/v1/mailboxes/{id}',
  summary: 'Rename a mailbox, and with it those below it',
  description: 'They keep their ids and get a new UIDVALIDITY. INBOX stays, and gives its messages to a new mailbox, which is the answer.',
  security: LOGGED_IN,
  request: { ...ONE_MAILBOX, ...jsonBody(z.strictObject({ path: z.string().min(1) })) },
  responses: {
    200: jsonAnswer('The mailbox', MAILBOX),
    ...problems({
      400: 'mailbox-name-invalid, request-invalid',
      401: 'auth-required',
      403: 'forbidden',
      404: 'mailbox-missing, account-unknown',
      409: 'mailbox-exists',
    }),
  },
});

const deleteMailbox = createRoute({
  method: 'delete',
  path: '/api/v1/mailboxes/{id}',
  summary: 'Delete a mailbox with its messages, for good. Those below it stay',
  security: LOGGED_IN,
  request: ONE_MAILBOX,
  responses: {
    204: { description: 'It is gone' },
    ...problems({
      401: 'auth-required',
      403: 'forbidden',
      404: 'mailbox-missing, account-unknown',
      409: "mailbox-protected: INBOX can't be deleted",
    }),
  },
});

const DAY_OR_NULL = DAY.nullable().openapi({
  description: "Of the message's arrival, in the office's time zone, included; null leaves it open",
});

const emptyOne = createRoute({
  method: 'post',
  path: '/api/v1/mailboxes/{id}/empty',
  summary: 'Remove the messages of a period, or all, for good',
  security: LOGGED_IN,
  request: { ...ONE_MAILBOX, ...jsonBody(z.strictObject({ from: DAY_OR_NULL, to: DAY_OR_NULL })) },
  responses: {
    200: jsonAnswer('How many were removed', z.object({ removed: z.number().int() })),
    ...problems({ 400: 'request-invalid', 401: 'auth-required', 403: 'forbidden', 404: 'mailbox-missing, account-unknown' }),
  },
});

const getContent = createRoute({
  method: 'get',
  path: '/api/v1/mailboxes/{id}/content',
  summary: 'A small mailbox as a ZIP of EML files',
  description: `At most ${MAX_ZIP_MESSAGES} messages and ${MAX_ZIP_BYTES} bytes; ask for a backup of a larger one.`,
  security: LOGGED_IN,
  request: ONE_MAILBOX,
  responses: {
    200: { description: 'The ZIP, made as it is sent', content: { 'application/zip': BINARY } },
    ...problems({
      401: 'auth-required',
      403: 'forbidden',
      404: 'mailbox-missing, account-unknown',
      413: 'mailbox-too-large: ask for a backup',
    }),
  },
});

const getMessageContent = createRoute({
  method: 'get',
  path: '/api/v1/mailboxes/{id}/messages/{uid}/content',
  summary: 'A message as it was stored, as an EML file',
  description: 'The ETag is its SHA-256. Its flags stay as they are.',
  security: LOGGED_IN,
  request: { query: FOR_USER, params: z.object({ id: z.string(), uid: z.coerce.number().int().min(1) }) },
  responses: {
    200: { description: 'The message', content: { 'message/rfc822': BINARY } },
    ...problems({
      400: 'request-invalid',
      401: 'auth-required',
      403: 'forbidden',
      404: 'mailbox-missing, message-missing, account-unknown',
    }),
  },
});

/** What is sent is held from its first piece on, to its end, however that comes. */
async function* messageBytes({ bodies }: Store['messages'], { bodyId, sizeBytes }: StoredMessage): AsyncGenerator<Buffer, void, undefined> {
  const release = bodies.hold([bodyId]);
  try {
    yield* bodies.read(bodyId, 0, sizeBytes);
  } finally {
    release();
  }
}

async function* mailboxZip(store: Store, clock: WallClock, { id, path }: StoredMailbox): AsyncGenerator<Buffer, void, undefined> {
  const held = holdMessages(store, clock, [{ path, messages: store.periods.contents(id, { from: null, before: null }) }]);
  try {
    yield* zipOf(held.entries);
  } finally {
    held.release();
  }
}

const attachment = (fileName: string): string => `attachment; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, escape)}`;

const addChangeRoutes = (app: HttpApp, context: HttpContext): void => {
  const { store, clock } = context;

  app.openapi(renameMailbox, (c) => {
    const { id: accountId } = ownerFor(context, c.var.account, c.req.valid('query'));
    const mailbox = openMailbox(store, accountId, c.req.valid('param').id);
    const { path } = c.req.valid('json');
    store.mailboxes.rename(accountId, mailbox.path, path);
    return c.json(mailboxView(store.mailboxes.open(accountId, path)), 200);
  });

  app.openapi(deleteMailbox, (c) => {
    const { id: accountId } = ownerFor(context, c.var.account, c.req.valid('query'));
    store.mailboxes.delete(accountId, openMailbox(store, accountId, c.req.valid('param').id).path);
    return c.body(null, 204);
  });

  app.openapi(emptyOne, async (c) => {
    const { id: accountId } = ownerFor(context, c.var.account, c.req.valid('query'));
    const { id } = openMailbox(store, accountId, c.req.valid('param').id);
    const { from, to } = c.req.valid('json');
    const period = periodOf({ from: from === null ? null : dayNumber(from), to: to === null ? null : dayNumber(to) }, clock);
    return c.json({ removed: await emptyMailbox(store, id, period) }, 200);
  });
};

const addContentRoutes = (app: HttpApp, context: HttpContext): void => {
  const { store, clock } = context;

  app.openapi(getContent, (c) => {
    const { id: accountId } = ownerFor(context, c.var.account, c.req.valid('query'));
    const mailbox = openMailbox(store, accountId, c.req.valid('param').id);
    const { path, messageCount, sizeBytes } = mailbox;
    if (messageCount > MAX_ZIP_MESSAGES || sizeBytes > MAX_ZIP_BYTES) {
      throw new PlatformError('mailbox-too-large', `It has ${messageCount} messages and ${sizeBytes} bytes; ask for a backup`);
    }
    return c.body(ReadableStream.from(mailboxZip(store, clock, mailbox)), 200, {
      'content-type': 'application/zip',
      'content-disposition': attachment(`${path.replaceAll('/', '_')}.zip`),
    });
  });

  app.openapi(getMessageContent, (c) => {
    const { id: accountId } = ownerFor(context, c.var.account, c.req.valid('query'));
    const { id, uid } = c.req.valid('param');
    const message = store.messages.find(openMailbox(store, accountId, id).id, uid);
    if (!message) throw new PlatformError('message-missing', 'There is no such message');
    return c.body(ReadableStream.from(messageBytes(store.messages, message)), 200, {
      'content-type': 'message/rfc822',
      'content-length': String(message.sizeBytes),
      'content-disposition': attachment(`${uid}.eml`),
      'etag': `"${message.sha256}"`,
    });
  });
};

export const addHousekeepingRoutes = (app: HttpApp, context: HttpContext): void => {
  addChangeRoutes(app, context);
  addContentRoutes(app, context);
};
