import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';

const KIM = { user: 'kim@example.com', password: 'pw', quotaBytes: 1000 };
const LEE = { user: 'lee@example.com', password: 'pw2' };

let platform: Platform;
let now = new Date('2026-01-02T03:04:05Z');

const call = async (method: string, path: string, options: { token?: string; body?: string; type?: string } = {}) => {
  const { token, body, type = 'application/json' } = options;
  const headers = { ...(body === undefined ? {} : { 'content-type': type }), ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(platform.httpUrl + path, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const logIn = async (user: string, password: string): Promise<string> =>
  String((await call('POST', '/api/v1/sessions', { body: JSON.stringify({ user, password }) })).body.token);
const problem = (status: number, code: string) => ({ status, body: { error: { code, message: expect.any(String) } } });

beforeEach(async () => {
  now = new Date('2026-01-02T03:04:05Z');
  platform = await startPlatform({ accounts: [KIM, LEE, { user: 'lee@example.org', password: 'pw3' }], failedLogInMs: 0, now: () => now });
});
afterEach(() => platform.stop());

describe('log-in', () => {
  it('takes the whole address, and the local part where it is unique (SPEC A8)', async () => {
    const body = (user: string, password: string): string => JSON.stringify({ user, password });
    expect(await call('POST', '/api/v1/sessions', { body: body('KIM@example.com', 'pw') })).toMatchObject({
      status: 201,
      body: { token: expect.any(String), expiresAt: '2026-01-03T03:04:05.000Z' },
    });
    expect((await call('POST', '/api/v1/sessions', { body: body('kim', 'pw') })).status).toBe(201);
    expect((await call('POST', '/api/v1/sessions', { body: body('lee', 'pw2') })).body).toEqual(problem(401, 'auth-refused').body);
    expect(await call('POST', '/api/v1/sessions', { body: body('kim', 'no') })).toEqual(problem(401, 'auth-refused'));
  });

  it.each([undefined, 'x', 'y'.repeat(5000)])('is asked for with the token %.10s', async (token) => {
    for (const path of ['/api/v1/account', '/api/v1/mailboxes', '/api/v1/uploads', '/api/v1/uploads/x/content']) {
      expect(await call('GET', path, token ? { token } : {})).toEqual(problem(401, 'auth-required'));
    }
  });

  it('ends after a day', async () => {
    const token = await logIn('kim', 'pw');
    now = new Date('2026-01-03T03:04:04Z');
    expect((await call('GET', '/api/v1/account', { token })).status).toBe(200);
    now = new Date('2026-01-03T03:04:05Z');
    expect((await call('GET', '/api/v1/account', { token })).status).toBe(401);
  });
});

describe('the account and its mailboxes', () => {
  it('shows what is used (SPEC A3)', async () => {
    platform.account(KIM.user).append('INBOX', Buffer.from('12345'));
    const token = await logIn('kim', 'pw');
    expect(await call('GET', '/api/v1/account', { token })).toMatchObject({
      status: 200,
      body: { user: KIM.user, setUp: true, quotaBytes: 1000, usedBytes: 5, messageCount: 1 },
    });
    expect((await call('GET', '/api/v1/account', { token: await logIn(LEE.user, 'pw2') })).body).toMatchObject({ quotaBytes: null });
  });

  it('lists mailboxes with counts', async () => {
    platform.account(KIM.user).append('Sent', Buffer.from('12345'));
    const { body } = await call('GET', '/api/v1/mailboxes', { token: await logIn('kim', 'pw') });
    const mailbox = (path: string, specialUse: string | null, count = 0) => ({
      id: expect.stringMatching(/^\d+$/),
      path,
      delimiter: '/',
      specialUse,
      uidValidity: expect.any(Number),
      messageCount: count,
      sizeBytes: 5 * count,
    });
    expect(body.mailboxes).toEqual([
      mailbox('Drafts', '\\Drafts'),
      mailbox('INBOX', null),
      mailbox('Junk', '\\Junk'),
      mailbox('Sent', '\\Sent', 1),
      mailbox('Trash', '\\Trash'),
    ]);
  });

  it('makes a mailbox once', async () => {
    const token = await logIn('kim', 'pw');
    const make = (body: unknown) => call('POST', '/api/v1/mailboxes', { token, body: JSON.stringify(body) });
    const made = await make({ path: '업무/2024', specialUse: '\\Archive' });
    expect(made).toMatchObject({ status: 201, body: { path: '업무/2024', specialUse: '\\Archive' } });
    expect(await make({ path: '업무/2024' })).toEqual({ status: 200, body: made.body });
    expect(await make({ path: 'a//b' })).toEqual(problem(400, 'mailbox-name-invalid'));
    expect(await make({ path: 'x', specialUse: '\\Nothing' })).toEqual(problem(400, 'request-invalid'));
  });

  it('pages through messages', async () => {
    const account = platform.account(KIM.user);
    for (let i = 0; i < 5; i += 1) account.append('INBOX', Buffer.from(`m${i}`), { flags: ['\\Seen', '$X'], internalDate: now });
    const token = await logIn('kim', 'pw');
    const { body } = await call('GET', '/api/v1/mailboxes', { token });
    const { id } = (body.mailboxes as { id: string; path: string }[]).find(({ path }) => path === 'INBOX') ?? { id: '' };
    const page = async (query: string) =>
      (await call('GET', `/api/v1/mailboxes/${id}/messages${query}`, { token })).body as {
        messages: { uid: number }[];
        next: number | null;
      };
    expect((await page('')).next).toBeNull();
    expect((await page('')).messages[0]).toEqual({
      uid: 1,
      sizeBytes: 2,
      sha256: createHash('sha256').update('m0').digest('hex'),
      internalDate: '2026-01-02T03:04:05.000Z',
      flags: ['\\Seen', '$X'],
    });
    const seen: number[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const { messages, next }: { messages: { uid: number }[]; next: number | null } = await page(`?after=${after}&limit=2`);
      seen.push(...messages.map(({ uid }) => uid));
      after = next;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    for (const query of ['?limit=0', '?limit=5001', '?after=x', '?after=-1']) {
      expect(await call('GET', `/api/v1/mailboxes/${id}/messages${query}`, { token })).toEqual(problem(400, 'request-invalid'));
    }
  });

  it("hides another account's mailboxes and uploads", async () => {
    const kim = await logIn('kim', 'pw');
    const lee = await logIn(LEE.user, 'pw2');
    const { body } = await call('GET', '/api/v1/mailboxes', { token: kim });
    const [{ id } = { id: '' }] = body.mailboxes as { id: string }[];
    expect(await call('GET', `/api/v1/mailboxes/${id}/messages`, { token: lee })).toEqual(problem(404, 'mailbox-missing'));
    const request = JSON.stringify({ mailboxId: id, fileName: 'x', sizeBytes: 1, sha256: '0'.repeat(64) });
    const open = (token: string) =>
      fetch(`${platform.httpUrl}/api/v1/uploads`, {
        method: 'POST',
        headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'k' },
        body: request,
      });
    expect((await open(lee)).status).toBe(404);
    const upload = (await (await open(kim)).json()) as { id: string };
    expect((await call('GET', `/api/v1/uploads/${upload.id}`, { token: kim })).status).toBe(200);
    for (const path of [`/api/v1/uploads/${upload.id}`, `/api/v1/uploads/${upload.id}/entries`]) {
      expect(await call('GET', path, { token: lee })).toEqual(problem(404, 'upload-missing'));
    }
    expect((await call('GET', '/api/v1/uploads', { token: lee })).body).toEqual({ uploads: [] });
  });
});

describe('requests that are wrong', () => {
  it.each([
    ['no JSON', '{', 'application/json'],
    ['another type', '{}', 'text/plain'],
    ['a field missing', '{"user":"kim"}', 'application/json'],
    ['a field of another type', '{"user":"kim","password":1}', 'application/json'],
  ])('are refused for %s', async (_, body, type) => {
    expect(await call('POST', '/api/v1/sessions', { body, type })).toEqual(problem(400, 'request-invalid'));
  });

  it('are refused before too much of them is read', async () => {
    const body = JSON.stringify({ user: 'kim', password: 'x'.repeat(300_000) });
    expect(await call('POST', '/api/v1/sessions', { body })).toEqual(problem(413, 'body-too-large'));
  });

  it('need an Idempotency-Key to announce an upload', async () => {
    const body = JSON.stringify({ mailboxId: '1', fileName: 'x', sizeBytes: 1, sha256: '0'.repeat(64) });
    expect(await call('POST', '/api/v1/uploads', { token: await logIn('kim', 'pw'), body })).toEqual(problem(400, 'request-invalid'));
  });

  it('find nothing beside the routes', async () => {
    expect(await call('GET', '/nothing')).toEqual(problem(404, 'route-missing'));
    expect(await call('DELETE', '/api/v1/account', { token: await logIn('kim', 'pw') })).toEqual(problem(404, 'route-missing'));
  });
});

describe('the OpenAPI document', () => {
  it('describes every route: what it does, what it gives, and that it needs a log-in', async () => {
    const { body } = await call('GET', '/openapi.json');
    const routes = Object.entries(
      body.paths as Record<string, Record<string, { summary?: string; security?: unknown; responses: object }>>,
    );
    const operations = routes.flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(10);
    for (const { path, method, operation } of operations) {
      const isLogIn = path === '/api/v1/sessions' && method === 'post';
      expect.soft(operation.summary, `${method} ${path}`).toMatch(/./);
      expect.soft(operation.security, `${method} ${path}`).toEqual(isLogIn ? undefined : [{ bearer: [] }]);
      expect.soft(Object.keys(operation.responses).join(), `${method} ${path}`).toMatch(/20\d.*4\d\d/);
    }
  });
});
