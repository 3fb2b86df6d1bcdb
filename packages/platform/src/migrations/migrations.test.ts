import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../manual-clock.ts';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';

const BOSS = { user: 'boss@new.example', password: 'pw', role: 'super-admin' } as const;
const KIM = { user: 'kim@new.example', password: 'pw' };
const LIST = '이름,기존메일아이디,비밀번호,새아이디,소속,직급\n';

let platform: Platform;
let clock: ManualClock;

const call = async (method: string, path: string, body?: string | object, user: string = BOSS.user) => {
  const headers = {
    'authorization': `Bearer ${platform.account(user).issueToken()}`,
    'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
  };
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${platform.httpUrl}/api/v1${path}`, { method, headers, ...sent });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>) };
};

beforeEach(async () => {
  clock = manualClock(new Date('2026-01-02T03:04:05Z'));
  platform = await startPlatform({ accounts: [BOSS, KIM], failedLogInMs: 0, now: clock.now });
});
afterEach(() => platform.stop());

describe('migration requests', () => {
  it('M9: make the accounts that are missing and one item for each user, with a status that can be told', async () => {
    const list = `${LIST}김,kim@old.example,,kim,영업부>1팀,과장\n새,new@old.example,,,영업부,\n옛,old@old.example,"pa;""ss",other@new.example,,\n`;
    const { status, body } = await call('POST', '/migrations?method=imap&provider=naver', list);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      migration: {
        method: { kind: 'imap', provider: 'naver' },
        createdBy: BOSS.user,
        items: [
          { row: 2, user: KIM.user, oldId: 'kim@old.example', status: 'waiting' },
          { row: 3, user: 'new@new.example', oldId: 'new@old.example' },
          { row: 4, user: 'other@new.example' },
        ],
      },
      rejected: [],
      madeAccounts: [{ user: 'new@new.example', password: expect.stringMatching(/^.{20}$/) }],
    });
    expect(
      platform
        .account('other@new.example')
        .listMailboxes()
        .map(({ path }) => path),
    ).toContain('INBOX');
    const { id, items } = (body as { migration: { id: number; items: { id: number }[] } }).migration;
    const item = `/migrations/${id}/items/${items[0]?.id}`;
    expect(await call('PATCH', item, { status: 'partial', reason: '2 failed', succeeded: 8, failed: 2 })).toMatchObject({ status: 204 });
    expect((await call('GET', `/migrations/${id}`)).body).toMatchObject({
      items: [{ status: 'partial', reason: '2 failed', succeeded: 8, failed: 2 }, {}, {}],
    });
    expect(JSON.stringify((await call('GET', '/migrations')).body)).not.toContain('pa;');
  });

  it('M9: tell errors of the list by row and column before anything starts', async () => {
    const list = `${LIST}김,kim@old.example\n,x@old.example\n이,\n박,park@old.example,abc\n최,choi@old.example,,bad id\n김2,kim@other.example\n`;
    const rejected = [
      { row: 3, column: '이름', reason: 'name-missing' },
      { row: 4, column: '기존메일아이디', reason: 'email-missing' },
      { row: 5, column: '비밀번호', reason: 'password-weak' },
      { row: 6, column: '새아이디', reason: 'user-invalid' },
      { row: 7, column: '새아이디', reason: 'duplicate' },
    ];
    expect(await call('POST', '/migrations?method=upload', list)).toEqual({ status: 200, body: { accepted: 1, rejected } });
    expect((await call('GET', '/migrations')).body).toEqual({ migrations: [] });
    expect(await call('POST', '/migrations?method=upload&partial=true', list)).toMatchObject({
      status: 201,
      body: { migration: { items: [{ row: 2 }] }, rejected },
    });
    expect(await call('POST', '/migrations?method=upload', '이름,메일\na,b\n')).toMatchObject({
      status: 422,
      body: { error: { code: 'csv-invalid' } },
    });
  });

  it('M9: start nothing in a dry run', async () => {
    expect(await call('POST', '/migrations?method=upload&dryRun=true', `${LIST}새,new@old.example\n`)).toEqual({
      status: 200,
      body: { accepted: 1, rejected: [] },
    });
    expect(() => platform.account('new@new.example')).toThrow();
  });

  it('M10: have one way, with a provider that is known or typed in', async () => {
    const list = `${LIST}김,kim@old.example\n`;
    expect(await call('POST', '/migrations?method=pop3', list)).toMatchObject({
      status: 400,
      body: { error: { code: 'request-incomplete' } },
    });
    expect(await call('POST', '/migrations?method=pop3&provider=unknown', list)).toMatchObject({ status: 400 });
    expect(await call('POST', '/migrations?method=pop3&domain=old.example&host=pop.old.example&port=995&security=tls', list)).toMatchObject(
      {
        status: 201,
        body: { migration: { method: { kind: 'pop3', host: 'pop.old.example', port: 995, security: 'tls' } } },
      },
    );
  });

  it('M11: are taken for 30 days after the service opened', async () => {
    clock.advance({ days: 30, seconds: -1 });
    expect(await call('POST', '/migrations?method=upload', `${LIST}김,kim@old.example\n`)).toMatchObject({ status: 201 });
    clock.advance({ seconds: 1 });
    expect(await call('POST', '/migrations?method=upload', `${LIST}김,kim@old.example\n`)).toMatchObject({
      status: 403,
      body: { error: { code: 'migration-closed' } },
    });
    expect(await call('GET', '/migrations')).toMatchObject({ status: 200 });
  });

  it('M7: go with their items', async () => {
    await call('POST', '/migrations?method=upload', `${LIST}김,kim@old.example\n`);
    expect(await call('DELETE', '/migrations/1')).toMatchObject({ status: 204 });
    expect(await call('PATCH', '/migrations/1/items/1', { status: 'done' })).toMatchObject({
      status: 404,
      body: { error: { code: 'migration-missing' } },
    });
  });

  it('are for administrators', async () => {
    for (const [method, path, body] of [
      ['POST', '/migrations?method=upload', `${LIST}김,kim@old.example\n`],
      ['GET', '/migrations'],
      ['GET', '/migrations/1'],
      ['DELETE', '/migrations/1'],
      ['PATCH', '/migrations/1/items/1', { status: 'done' }],
    ] as const) {
      expect(await call(method, path, body, KIM.user)).toMatchObject({ status: 403 });
    }
  });
});
