import { createRoute, z } from '@hono/zod-openapi';
import { requestedDays } from '../../backups/backup-period.ts';
import { BACKUP_PERIODS, BACKUP_STATES, type Backup } from '../../store/backups.ts';
import { DAY, dayNumber, dayText } from '../day-text.ts';
import { FOR_USER, ownerFor } from '../for-user.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { jsonAnswer, LOGGED_IN } from '../json-answer.ts';
import { jsonBody } from '../json-body.ts';
import { answerPart, partFileName } from '../part-answer.ts';
import { problems } from '../problem.ts';
import { SHA256 } from '../schemas.ts';
import { openMailbox } from './mailboxes.ts';

const ONE_BACKUP = { query: FOR_USER, params: z.object({ id: z.string() }) };

const PERIOD = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['whole', 'this-year']).openapi({ description: 'Ends with the day before the request' }) }),
  z
    .strictObject({ kind: z.literal('range'), from: DAY, to: DAY.openapi({ description: 'Included' }) })
    .refine(({ from, to }) => from <= to, 'It ends before it begins'),
]);

const PART = z
  .object({
    number: z.number().int(),
    fileName: z.string(),
    sizeBytes: z.number().int(),
    sha256: SHA256,
    messageCount: z.number().int(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().openapi({ description: 'From then on it can not be downloaded' }),
  })
  .openapi('BackupPart');

const BACKUP = z
  .object({
    id: z.string(),
    state: z.enum(BACKUP_STATES),
    reason: z.string().nullable().openapi({ description: 'Why it failed' }),
    mailboxId: z.string().nullable().openapi({ description: 'Null for all mailboxes' }),
    mailboxPath: z.string().nullable().openapi({ description: 'At the time of the request' }),
    period: z.enum(BACKUP_PERIODS),
    fromDay: z.iso.date().nullable().openapi({ description: 'Null from the beginning. Days are those of the office' }),
    toDay: z.iso.date().openapi({ description: 'Included' }),
    messageCount: z.number().int().nullable().openapi({ description: 'Null until it is ready' }),
    contentBytes: z.number().int().nullable().openapi({ description: 'Of the messages, unpacked; null until it is ready' }),
    createdAt: z.iso.datetime(),
    readyAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable(),
    parts: z.array(PART).openapi({ description: 'None where the period has no message' }),
  })
  .openapi('Backup');

const requestBackup = createRoute({
  method: 'post',
  path: '/api/v1/backups',
  summary: 'Ask for a backup of one mailbox, or of all, over a period',
  description: 'At most 5 requests of an account wait, are being prepared or can be downloaded. Poll until the state is ready or failed.',
  security: LOGGED_IN,
  request: { query: FOR_USER, ...jsonBody(z.strictObject({ mailboxId: z.string().nullable(), period: PERIOD })) },
  responses: {
    201: jsonAnswer('The request', BACKUP),
    ...problems({
      400: 'request-invalid',
      401: 'auth-required',
      403: 'forbidden',
      404: 'mailbox-missing, account-unknown',
      409: 'backup-limit: delete one first',
    }),
  },
});

const listBackups = createRoute({
  method: 'get',
  path: '/api/v1/backups',
  summary: 'All backup requests of an account, the oldest first. Failed and expired ones stay for 14 days',
  security: LOGGED_IN,
  request: { query: FOR_USER },
  responses: {
    200: jsonAnswer('Requests', z.object({ backups: z.array(BACKUP) })),
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'account-unknown' }),
  },
});

const getBackup = createRoute({
  method: 'get',
  path: '/api/v1/backups/{id}',
  summary: 'State of a backup request, and its parts',
  security: LOGGED_IN,
  request: ONE_BACKUP,
  responses: {
    200: jsonAnswer('The request', BACKUP),
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'backup-missing, account-unknown' }),
  },
});

const deleteBackup = createRoute({
  method: 'delete',
  path: '/api/v1/backups/{id}',
  summary: 'Delete a request with its parts, in whatever state it is',
  security: LOGGED_IN,
  request: ONE_BACKUP,
  responses: {
    204: { description: 'It is gone' },
    ...problems({ 401: 'auth-required', 403: 'forbidden', 404: 'backup-missing, account-unknown' }),
  },
});

const ZIP_CONTENT = { 'application/zip': { schema: { type: 'string' as const, format: 'binary' } } };

const getPart = createRoute({
  method: 'get',
  path: '/api/v1/backups/{id}/parts/{number}/content',
  summary: 'Download a part, or a range of its bytes',
  description: 'The ETag is the SHA-256 of the whole part. One range is given as 206; several are answered with the whole part.',
  security: LOGGED_IN,
  request: {
    query: FOR_USER,
    params: z.object({ id: z.string(), number: z.coerce.number().int().min(1) }),
    headers: z.object({ 'range': z.string().optional(), 'if-range': z.string().optional() }),
  },
  responses: {
    200: { description: 'The part', content: ZIP_CONTENT },
    206: { description: 'The range', content: ZIP_CONTENT },
    ...problems({
      400: 'request-invalid',
      401: 'auth-required',
      403: 'forbidden',
      404: 'backup-missing, account-unknown',
      409: 'backup-not-ready',
      410: 'backup-expired',
      416: 'range-invalid: it begins behind the end',
    }),
  },
});

const toWantedPeriod = (period: z.infer<typeof PERIOD>) =>
  period.kind === 'range' ? { kind: period.kind, from: dayNumber(period.from), to: dayNumber(period.to) } : period;

const backupView = (user: string, backup: Backup): z.infer<typeof BACKUP> => {
  const { mailbox, fromDay, toDay, createdAt, readyAt, expiresAt, parts, accountId: _, ...shown } = backup;
  const times = { createdAt: (readyAt ?? createdAt).toISOString(), expiresAt: (expiresAt ?? createdAt).toISOString() };
  return {
    ...shown,
    mailboxId: mailbox && String(mailbox.id),
    mailboxPath: mailbox?.path ?? null,
    fromDay: fromDay === null ? null : dayText(fromDay),
    toDay: dayText(toDay),
    createdAt: createdAt.toISOString(),
    readyAt: readyAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    parts: parts.map((part) => ({ ...part, fileName: partFileName(user, backup, part.number), ...times })),
  };
};

export const addBackupRoutes = (app: HttpApp, context: HttpContext): void => {
  const { store, backups, clock, now } = context;

  app.openapi(requestBackup, async (c) => {
    const { id, user } = ownerFor(context, c.var.account, c.req.valid('query'));
    const { mailboxId, period } = c.req.valid('json');
    const mailbox = mailboxId === null ? null : openMailbox(store, id, mailboxId);
    const wanted = { mailbox: mailbox && { id: mailbox.id, path: mailbox.path }, ...requestedDays(toWantedPeriod(period), clock, now()) };
    return c.json(backupView(user, await backups.request(id, wanted)), 201);
  });

  app.openapi(listBackups, async (c) => {
    const { id, user } = ownerFor(context, c.var.account, c.req.valid('query'));
    return c.json({ backups: (await backups.list(id)).map((backup) => backupView(user, backup)) }, 200);
  });

  app.openapi(getBackup, async (c) => {
    const { id, user } = ownerFor(context, c.var.account, c.req.valid('query'));
    return c.json(backupView(user, await backups.find(id, c.req.valid('param').id)), 200);
  });

  app.openapi(deleteBackup, async (c) => {
    const { id } = ownerFor(context, c.var.account, c.req.valid('query'));
    await backups.delete(id, c.req.valid('param').id);
    return c.body(null, 204);
  });

  app.openapi(getPart, (c) => answerPart(c, backups, ownerFor(context, c.var.account, c.req.valid('query')), c.req.valid('param')));
};
