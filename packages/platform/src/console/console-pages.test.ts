import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipOf } from '../backups/zip-of.ts';
import { manualClock } from '../manual-clock.ts';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';
import { ConsoleBrowser } from './console-browser.testing.ts';

const BOSS = 'boss@example.com';
const ADMIN = 'admin@example.com';
const KIM = 'kim@example.com';
const OTHER = 'other@example.com';
const PASSWORD = 'pw-1';

const clock = manualClock(new Date('2026-03-02T03:00:00Z'));
let platform: Platform;

beforeEach(async () => {
  clock.set(new Date('2026-03-02T03:00:00Z'));
  platform = await startPlatform({
    accounts: [
      { user: BOSS, password: PASSWORD, role: 'super-admin' },
      { user: ADMIN, password: PASSWORD, role: 'admin' },
      { user: KIM, password: PASSWORD, quotaBytes: 1024 },
      { user: OTHER, password: PASSWORD },
    ],
    failedLogInMs: 0,
    now: clock.now,
  });
});
afterEach(() => platform.stop());

const browser = (): ConsoleBrowser => new ConsoleBrowser(platform.httpUrl);
const logIn = (user: string): Promise<ConsoleBrowser> => browser().logIn(user, PASSWORD);
/** The number in the address of the account's page. */
const idOf = async (admin: ConsoleBrowser, user: string): Promise<string> => {
  await admin.get(`/console/accounts?q=${user}`);
  return /href="\/console\/accounts\/(\d+)"/.exec(admin.page.slice(admin.page.indexOf('<tbody')))?.[1] ?? 'none';
};

/** Uploads a ZIP of such entries into the INBOX, and gives the id of the upload when it is complete. */
const uploadZip = async (user: string, names: readonly string[]): Promise<string> => {
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { ...init.headers, authorization: `Bearer ${platform.account(user).issueToken()}` };
    return (await (await fetch(`${platform.httpUrl}/api/v1${path}`, { ...init, headers })).json()) as {
      id: string;
      state: string;
      mailboxes: { id: string; path: string }[];
    };
  };
  const entries = names.map((name) => ({ name, date: clock.now(), sizeBytes: 1, read: () => [Buffer.from('x')] }));
  const pieces: Buffer[] = [];
  for await (const piece of zipOf(entries)) pieces.push(piece);
  const zip = Buffer.concat(pieces);
  const mailboxId = (await call('/mailboxes')).mailboxes.find(({ path }) => path === 'INBOX')?.id;
  const sha256 = createHash('sha256').update(zip).digest('hex');
  const body = JSON.stringify({ mailboxId, fileName: 'old.zip', sizeBytes: zip.length, sha256 });
  const { id } = await call('/uploads', { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'k' }, body });
  await call(`/uploads/${id}/content`, { method: 'PUT', headers: { 'content-type': 'application/zip' }, body: zip });
  await expect.poll(async () => (await call(`/uploads/${id}`)).state).toBe('complete');
  return id;
};

describe('accounts', () => {
  it('A1, A2, A10: are added with the quota of the policy and a password that is shown once', async () => {
    const admin = await logIn(ADMIN);
    await admin.get('/console/accounts/new');
    expect(admin.page).toMatch(/name="quota"[^>]*value="20"/s);
    await admin.post('/console/accounts/new', { user: KIM, quota: 'much', name: '둘째 김' });
    expect(admin.page).toContain('id="new-quota-error"');
    expect(admin.page).toContain('value="둘째 김"');
    await admin.post('/console/accounts/new', { user: KIM, quota: '20' });
    expect(admin.page).toMatch(/id="new-user-error">That address is in use already/);
    const added = await admin.post('/console/accounts/new', { user: 'new@example.com', quota: '0.5' });
    const location = added.headers.get('location') ?? '';
    await admin.get(location);
    const password = /<code[^>]*>([^<]+)</.exec(admin.page)?.[1] ?? '';
    expect(password).toHaveLength(20);
    await admin.get(location);
    expect(admin.page).not.toContain(password);
    expect(admin.page).toContain('0 B of 512 KB');
    await expect(browser().logIn('new@example.com', password)).resolves.toBeDefined();
  });

  it('A5: are deleted only when the address is typed, and backup is pointed at', async () => {
    const admin = await logIn(ADMIN);
    const id = await idOf(admin, KIM);
    await admin.get(`/console/accounts/${id}/delete`);
    expect(admin.page).toContain('Back the mail up first');
    expect((await admin.post(`/console/accounts/${id}/delete`, { confirmation: 'kim' })).status).toBe(422);
    expect(platform.account(KIM).listMailboxes()).not.toEqual([]);
    const deleted = await admin.post(`/console/accounts/${id}/delete`, { confirmation: KIM });
    expect(deleted.headers.get('location')).toBe('/console/accounts?done=account-deleted');
    expect(() => platform.account(KIM)).toThrow();
  });

  it('X3: forward mail to addresses of the office; the owner says where', async () => {
    const kim = await logIn(KIM);
    const action = /action="(\/console\/accounts\/\d+\/forwards)"/.exec(kim.page)?.[1] ?? '';
    await kim.post(action, { address: 'outside@other.example' });
    expect(kim.page).toContain('id="forward-address-error"');
    expect((await kim.post(action, { address: ADMIN })).status).toBe(303);
    platform.office.deliver('Subject: hi\r\n\r\nx\r\n', { to: KIM });
    expect([...platform.account(ADMIN).messages('INBOX')]).toHaveLength(1);
    expect((await kim.post(`${action}/remove`, { address: ADMIN })).status).toBe(303);
  });

  it('A11: a block of web log-ins ends at that minute of the time zone of the office', async () => {
    const admin = await logIn(ADMIN);
    const id = await idOf(admin, KIM);
    await admin.get(`/console/accounts/${id}`);
    await admin.post(`/console/accounts/${id}`, { quota: '', setUp: 'on', mailClients: 'on', webBlockedUntil: '2026-03-02T12:30' });
    await expect(logIn(KIM)).rejects.toThrow('422');
    clock.advance({ minutes: 30 });
    await expect(logIn(KIM)).resolves.toBeDefined();
  });
});

describe('the office', () => {
  it('P1-P6, X1, A10: the policy is saved as a whole, or not at all, with what is wrong beside its field', async () => {
    const boss = await logIn(BOSS);
    await boss.get('/console/policy');
    const policy = {
      pop3Smtp: 'on',
      imap: 'on',
      defaultQuotaBytes: '50',
      passwordMinLength: '8',
      passwordMinKinds: '3',
      messagesPerDay: '10',
      recipientsPerMessage: '5',
      imapViewCap: '1000',
      webAllowedAddresses: '127.0.0.1\r\n192.0.2.0/24',
    };
    const wrong = { ...policy, imapViewCap: '0', messagesPerDay: '-1', webAllowedAddresses: 'here', blockedFrom: '18:01' };
    expect((await boss.post('/console/policy', wrong)).status).toBe(422);
    const errors = [...boss.page.matchAll(/id="policy-(\w+)-error"/g)].map(([, name]) => name);
    expect(errors).toEqual(['imapViewCap', 'messagesPerDay', 'webAllowedAddresses', 'blockedFrom']);
    expect(platform.office.policy).toMatchObject({ pop3Smtp: false, passwordMinLength: 4 });
    expect((await boss.post('/console/policy', policy)).status).toBe(303);
    expect(platform.office.policy).toMatchObject({
      pop3Smtp: true,
      retention: false,
      defaultQuotaBytes: 50 * 2 ** 20,
      passwordMinKinds: 3,
      imapViewCap: 1000,
      webAllowedAddresses: ['127.0.0.1', '192.0.2.0/24'],
      webBlockedHours: null,
    });
    await boss.get('/console/policy');
    expect(boss.page).toContain('secret mail, approval mail');
  });

  it('P6: a plan without POP3/SMTP keeps the switch off, and the rest can be saved', async () => {
    platform.office.setPolicy({ pop3SmtpInPlan: false });
    const boss = await logIn(BOSS);
    await boss.get('/console/policy');
    expect(boss.page).toMatch(/name="pop3Smtp"[^>]*disabled/s);
    const policy = { defaultQuotaBytes: '', passwordMinLength: '4', passwordMinKinds: '1', messagesPerDay: '1', recipientsPerMessage: '1' };
    expect((await boss.post('/console/policy', { ...policy, pop3Smtp: 'on' })).status).toBe(303);
    expect(platform.office.policy).toMatchObject({ pop3Smtp: false, messagesPerDay: 1, defaultQuotaBytes: null });
  });

  it('A7: departments are a tree, which can be changed but not broken', async () => {
    const admin = await logIn(ADMIN);
    await admin.get('/console/departments');
    await admin.post('/console/departments', { name: '본부', parent: '' });
    await admin.get('/console/departments');
    const id = /href="\/console\/departments\/(\d+)"/.exec(admin.page)?.[1] ?? '';
    await admin.post('/console/departments', { name: '팀', parent: id });
    expect((await admin.post('/console/departments', { name: 'a > b', parent: id })).status).toBe(422);
    expect(admin.page).toContain('id="add-name-error"');
    await admin.get('/console/departments');
    const [, child = ''] = [...admin.page.matchAll(/href="\/console\/departments\/(\d+)"/g)].map(([, one]) => one);
    await admin.get(`/console/departments/${id}`);
    expect((await admin.post(`/console/departments/${id}`, { name: '본부', parent: child })).status).toBe(422);
    expect((await admin.post(`/console/departments/${id}/remove`, {})).status).toBe(422);
    expect(admin.page).toContain('There are departments below it.');
    const kimId = await idOf(admin, KIM);
    await admin.get(`/console/accounts/${kimId}`);
    await admin.post(`/console/accounts/${kimId}`, { quota: '1', department: child, setUp: 'on' });
    await admin.get('/console/accounts?q=%EB%B3%B8%EB%B6%80');
    expect(admin.page).toContain('본부 &gt; 팀');
    expect(admin.page).toContain('1 account ·');
    expect((await admin.post(`/console/departments/${child}/remove`, {})).status).toBe(303);
    expect((await admin.get(`/console/departments/${child}`)).status).toBe(404);
  });

  it('A13, A9: mailing addresses reach their members, over alias domains that only the super administrator makes', async () => {
    const [boss, admin] = [await logIn(BOSS), await logIn(ADMIN)];
    await admin.get('/console/mailing-addresses');
    const all = { address: 'all@example.com', name: '모두', members: `${KIM}, nobody@example.com` };
    expect((await admin.post('/console/mailing-addresses', all)).status).toBe(422);
    expect(admin.page).toContain('id="add-members-error"');
    expect((await admin.post('/console/mailing-addresses', { ...all, members: `${KIM}\r\n${ADMIN}` })).status).toBe(303);
    expect((await admin.post('/console/domains', { name: 'alias.example', aliasOf: 'example.com' })).status).toBe(403);
    await boss.get('/console/domains');
    expect((await boss.post('/console/domains', { name: 'not a domain', aliasOf: 'example.com' })).status).toBe(422);
    expect((await boss.post('/console/domains', { name: 'alias.example', aliasOf: 'example.com' })).status).toBe(303);
    platform.office.deliver('Subject: hi\r\n\r\nx\r\n', { to: 'all@alias.example' });
    expect([KIM, ADMIN, BOSS].map((user) => [...platform.account(user).messages('INBOX')].length)).toEqual([1, 1, 0]);
    await admin.get('/console/mailing-addresses/all%40example.com');
    expect((await admin.post('/console/mailing-addresses/all%40example.com/remove', {})).status).toBe(303);
    expect((await admin.get('/console/mailing-addresses/all%40example.com')).status).toBe(404);
    await boss.get('/console/domains');
    expect((await boss.post('/console/domains/remove', { name: 'alias.example' })).status).toBe(303);
  });

  it('A6: nobody locks himself out', async () => {
    const boss = await logIn(BOSS);
    const id = await idOf(boss, BOSS);
    await boss.get(`/console/accounts/${id}`);
    expect((await boss.post(`/console/accounts/${id}`, { quota: '', suspended: 'on', role: 'super-admin' })).status).toBe(422);
    expect((await boss.post(`/console/accounts/${id}`, { quota: '', role: 'user' })).status).toBe(422);
    expect(boss.page).toContain('one super admin has to remain');
    expect((await boss.get('/console/policy')).status).toBe(200);
  });
});

describe('backups and uploads', () => {
  it('B1, B6, B8: five requests at a time; what they ask for is checked', async () => {
    platform.office.setPolicy({ backupPreparationMs: 60_000 });
    const kim = await logIn(KIM);
    const path = /href="(\/console\/accounts\/\d+\/backups)"/.exec(kim.page)?.[1] ?? '';
    await kim.get(path);
    expect((await kim.post(path, { mailbox: '999999', period: 'whole' })).status).toBe(422);
    expect((await kim.post(path, { mailbox: '', period: 'range', from: '2026-02-30', to: '2026-03-01' })).status).toBe(422);
    expect((await kim.post(path, { mailbox: '', period: 'range', from: '2026-03-02', to: '2026-03-01' })).status).toBe(422);
    for (let number = 1; number <= 5; number += 1) expect((await kim.post(path, { mailbox: '', period: 'this-year' })).status).toBe(303);
    expect((await kim.post(path, { mailbox: '', period: 'whole' })).status).toBe(422);
    expect(kim.page).toContain('at most 5 backup requests');
    expect(kim.page).toContain('Jan 1, 2026 – Mar 1, 2026');
    const one = /action="([^"]+\/remove)"/.exec(kim.page)?.[1] ?? '';
    const stranger = await logIn(ADMIN);
    await stranger.get('/console/backups');
    expect(stranger.page.match(/kim@example\.com/g)).toHaveLength(5);
    expect((await kim.post(one, {})).status).toBe(303);
    expect((await kim.post(path, { mailbox: '', period: 'whole' })).status).toBe(303);
  });

  it("are nobody else's: parts and failures of another account are not shown", async () => {
    platform.account(BOSS).append('INBOX', Buffer.from('Subject: secret\r\n\r\nx'), { internalDate: new Date('2026-01-01T00:00:00Z') });
    const [boss, kim] = [await logIn(BOSS), await logIn(KIM)];
    const path = `/console/accounts/${await idOf(boss, BOSS)}/backups`;
    await boss.get(path);
    await boss.post(path, { mailbox: '', period: 'whole' });
    const partLink = async () => /href="([^"]+\/parts\/1)"/.exec(await (await boss.get(path)).text())?.[1] ?? '';
    await expect.poll(partLink).not.toBe('');
    const part = await partLink();
    const whole = await boss.get(part);
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect((await boss.get(part, { range: 'bytes=0-1' })).headers.get('content-length')).toBe('2');
    expect((await kim.get(part)).status).toBe(403);
    expect((await kim.get(path)).status).toBe(403);
    expect((await boss.get(part.replace(/1$/, '2'))).status).toBe(404);
    clock.advance({ days: 7 });
    expect((await (await logIn(BOSS)).get(part)).status).toBe(410);
  });

  it('U4: failures come in pages, in the order of the ZIP', async () => {
    const names = Array.from({ length: 150 }, (_, number) => `${String(number).padStart(3, '0')}.txt`);
    const id = await uploadZip(KIM, names);
    const kim = await logIn(KIM);
    await kim.get('/console/uploads');
    expect(kim.page).toContain(`/console/uploads/${id}`);
    await kim.get(`/console/uploads/${id}`);
    expect(kim.page).toContain('099.txt');
    expect(kim.page).not.toContain('100.txt');
    await kim.get(/rel="next" href="([^"]+)"/.exec(kim.page)?.[1] ?? '');
    expect(kim.page).not.toContain('099.txt');
    expect(kim.page).toContain('149.txt');
    expect((await (await logIn(OTHER)).get(`/console/uploads/${id}`)).status).toBe(404);
  });
});
