import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oneTimeCode } from '../office/one-time-code.ts';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';

const BOSS = 'boss@example.com';
const ADMIN = 'admin@example.com';
const KIM = 'kim@example.com';
const PASSWORD = 'pw';

let platform: Platform;
const tokens = new Map<string, string>();

const call = async (method: string, path: string, user?: string, json?: unknown) => {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const token = user === undefined ? undefined : tokens.get(user);
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const response = await fetch(`${platform.httpUrl}/api/v1${path}`, {
    method,
    headers,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
};
const problem = (status: number, code: string) => ({ status, body: { error: { code } } });
const logIn = (user: string, extra: object = {}) => call('POST', '/sessions', undefined, { user, password: PASSWORD, ...extra });

beforeEach(async () => {
  platform = await startPlatform({
    accounts: [
      { user: BOSS, password: PASSWORD, role: 'super-admin' },
      { user: ADMIN, password: PASSWORD, role: 'admin' },
      { user: KIM, password: PASSWORD },
    ],
    failedLogInMs: 0,
  });
  for (const user of [BOSS, ADMIN, KIM]) tokens.set(user, ((await logIn(user)).body as { token: string }).token);
});
afterEach(() => platform.stop());

describe('accounts', () => {
  it('A1-A3: are made, listed, changed and deleted by administrators', async () => {
    const made = { user: 'new@example.com', password: 'abcd', name: '새 사람' };
    expect(await call('POST', '/accounts', ADMIN, made)).toMatchObject({ status: 201, body: { quotaBytes: 20 * 2 ** 20, usedBytes: 0 } });
    expect(await call('POST', '/accounts', ADMIN, made)).toMatchObject(problem(409, 'address-taken'));
    expect(await call('POST', '/accounts', KIM, made)).toMatchObject(problem(403, 'forbidden'));
    expect(await call('POST', '/accounts', ADMIN, { ...made, user: 'b@example.com', password: 'abc' })).toMatchObject(
      problem(422, 'password-weak'),
    );
    expect(await call('PATCH', '/accounts/new@example.com', ADMIN, { quotaBytes: 5 })).toMatchObject({
      status: 200,
      body: { quotaBytes: 5, name: '새 사람' },
    });
    expect(await call('PATCH', '/accounts/new@example.com', ADMIN, { quota: 5 })).toMatchObject(problem(400, 'request-invalid'));
    expect(await call('GET', '/accounts', ADMIN)).toMatchObject({ status: 200, body: { accounts: { length: 4 } } });
    expect(await call('GET', '/accounts', KIM)).toMatchObject(problem(403, 'forbidden'));
    expect(await call('DELETE', '/accounts/new@example.com', ADMIN)).toMatchObject(problem(409, 'confirmation-required'));
    expect(await call('DELETE', '/accounts/new@example.com?confirm=new@example.com', ADMIN)).toEqual({ status: 204, body: null });
    expect(await call('GET', '/accounts/new@example.com', ADMIN)).toMatchObject(problem(404, 'account-unknown'));
  });

  it('tell a user about himself, and nothing about who else there is', async () => {
    expect(await call('GET', `/accounts/${KIM}`, KIM)).toMatchObject({ status: 200, body: { user: KIM } });
    expect(await call('GET', `/accounts/${BOSS}`, KIM)).toMatchObject(problem(403, 'forbidden'));
    expect(await call('GET', '/accounts/nobody@example.com', KIM)).toMatchObject(problem(403, 'forbidden'));
    expect(await call('PATCH', `/accounts/${KIM}`, KIM, { pop3Smtp: false })).toMatchObject({ status: 200, body: { pop3Smtp: false } });
    expect(await call('PATCH', `/accounts/${KIM}`, KIM, { role: 'admin' })).toMatchObject(problem(403, 'forbidden'));
    expect(JSON.stringify((await call('GET', '/accounts', BOSS)).body)).not.toMatch(/secret|password/i);
  });

  it("let an administrator act on the mail of users, and the super administrator on administrators' too", async () => {
    for (const [actor, owner, status] of [
      [ADMIN, KIM, 200],
      [ADMIN, BOSS, 403],
      [BOSS, ADMIN, 200],
      [KIM, ADMIN, 403],
    ] as const) {
      expect((await call('GET', `/backups?user=${owner}`, actor)).status).toBe(status);
    }
  });

  it('M4: log in with a one-time code where two-step verification is on', async () => {
    const { body } = await call('POST', `/accounts/${KIM}/one-time-codes`, KIM);
    expect(await logIn(KIM)).toMatchObject(problem(401, 'one-time-code-required'));
    expect(await logIn(KIM, { oneTimeCode: oneTimeCode((body as { secret: string }).secret, new Date()) })).toMatchObject({ status: 201 });
    expect(await call('DELETE', `/accounts/${KIM}/one-time-codes`, ADMIN)).toMatchObject({ status: 204 });
    expect(await logIn(KIM)).toMatchObject({ status: 201 });
  });

  it('A6: lose their log-ins over the web at once when they are suspended', async () => {
    await call('PATCH', `/accounts/${KIM}`, ADMIN, { suspended: true });
    expect(await call('GET', '/account', KIM)).toMatchObject(problem(403, 'account-suspended'));
  });

  it('change their password and log out', async () => {
    expect(await call('PUT', `/accounts/${KIM}/password`, ADMIN, { password: 'neu!' })).toMatchObject({ status: 204 });
    expect(await call('GET', '/account', KIM)).toMatchObject(problem(401, 'auth-required'));
    expect(await logIn(KIM)).toMatchObject(problem(401, 'auth-refused'));
    expect(await call('DELETE', '/sessions/current', ADMIN)).toMatchObject({ status: 204 });
    expect(await call('GET', '/account', ADMIN)).toMatchObject(problem(401, 'auth-required'));
  });
});

describe('the policy', () => {
  it('P5, P6: shows what is unavailable while POP3 is on; the super administrator changes it', async () => {
    expect(await call('GET', '/policy', KIM)).toMatchObject({ status: 200, body: { pop3Smtp: false, unavailableFeatures: [] } });
    expect(await call('PATCH', '/policy', ADMIN, { pop3Smtp: true })).toMatchObject(problem(403, 'forbidden'));
    expect(await call('PATCH', '/policy', BOSS, { pop3Smtp: true })).toMatchObject({
      status: 200,
      body: { pop3Smtp: true, retention: false, unavailableFeatures: ['secret-mail', 'approval-mail'] },
    });
    expect(await call('PATCH', '/policy', BOSS, { pop3smtp: true })).toMatchObject(problem(400, 'request-invalid'));
    expect(await call('PATCH', '/policy', BOSS, { webBlockedHours: { from: '18:01', to: '8:59' } })).toMatchObject(
      problem(400, 'request-invalid'),
    );
  });

  it('P3: asks before a user is taken off the exception list', async () => {
    const path = '/policy/pop3-smtp-exceptions';
    expect(await call('PUT', `${path}/${KIM}`, BOSS)).toMatchObject({ status: 204 });
    expect(await call('GET', path, ADMIN)).toEqual({ status: 200, body: { users: [KIM] } });
    expect(await call('DELETE', `${path}/${KIM}`, BOSS)).toMatchObject(problem(409, 'confirmation-required'));
    expect(await call('DELETE', `${path}/${KIM}?confirm=${KIM}`, BOSS)).toMatchObject({ status: 204 });
    expect(await call('GET', path, ADMIN)).toEqual({ status: 200, body: { users: [] } });
  });
});

describe('the directory', () => {
  it('A7: shows the org chart to everyone', async () => {
    const { body } = await call('POST', '/departments', ADMIN, { name: '영업부' });
    const { id } = body as { id: number };
    await call('PATCH', `/accounts/${KIM}`, ADMIN, { departmentId: id, rank: '과장' });
    expect(await call('GET', '/org-chart', KIM)).toMatchObject({
      body: { departments: [{ id, name: '영업부', people: [{ user: KIM, name: '', rank: '과장' }], departments: [] }] },
    });
    expect(await call('PUT', `/departments/${id}`, ADMIN, { name: '마케팅', parentId: null })).toMatchObject({ status: 204 });
    expect(await call('DELETE', `/departments/${id}`, KIM)).toMatchObject(problem(403, 'forbidden'));
    expect(await call('DELETE', `/departments/${id}`, ADMIN)).toMatchObject({ status: 204 });
  });

  it('A9, A13, X3: keeps alias domains, mailing addresses and forwards', async () => {
    expect(await call('POST', '/domains', BOSS, { name: 'alias.example', aliasOf: 'example.com' })).toMatchObject({ status: 204 });
    expect(await call('GET', '/domains', KIM)).toMatchObject({
      body: { domains: [{ name: 'alias.example', aliasOf: 'example.com' }, {}] },
    });
    expect(await call('PUT', '/mailing-addresses/team@alias.example', ADMIN, { members: ['kim@alias.example'] })).toEqual({
      status: 200,
      body: { address: 'team@example.com', name: '', members: [KIM] },
    });
    expect(await call('PUT', `/accounts/${KIM}/forwards/team@example.com`, KIM)).toMatchObject({
      body: { forwards: ['team@example.com'] },
    });
    expect(await call('PUT', `/accounts/${BOSS}/forwards/${KIM}`, KIM)).toMatchObject(problem(403, 'forbidden'));
    expect(await call('DELETE', `/accounts/${KIM}/forwards/team@example.com`, KIM)).toMatchObject({ status: 204 });
    expect(await call('DELETE', '/mailing-addresses/team@example.com', ADMIN)).toMatchObject({ status: 204 });
    expect(await call('GET', '/mailing-addresses', KIM)).toEqual({ status: 200, body: { mailingAddresses: [] } });
    expect(await call('DELETE', '/domains/alias.example', BOSS)).toMatchObject({ status: 204 });
  });

  it('A12: shows the access log in pages, to a user his own', async () => {
    const all = (await call('GET', '/access-log?limit=2', ADMIN)).body as { accesses: { user: string }[]; next: number };
    expect(all.accesses.map(({ user }) => user)).toEqual([KIM, ADMIN]);
    expect(await call('GET', `/access-log?limit=2&before=${all.next}`, ADMIN)).toMatchObject({
      body: { accesses: [{ user: BOSS, route: 'web', address: '127.0.0.1', result: 'ok' }], next: null },
    });
    expect(await call('GET', '/access-log', KIM)).toMatchObject(problem(403, 'forbidden'));
    expect(await call('GET', `/access-log?user=${KIM}`, KIM)).toMatchObject({ body: { accesses: [{ user: KIM }] } });
  });
});
