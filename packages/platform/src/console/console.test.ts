import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../manual-clock.ts';
import { oneTimeCode } from '../office/one-time-code.ts';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';
import { ConsoleBrowser } from './console-browser.testing.ts';

const BOSS = 'boss@example.com';
const ADMIN = 'admin@example.com';
const KIM = 'kim@example.com';
const PASSWORD = 'pw-1';

const clock = manualClock(new Date('2026-03-02T03:00:00Z'));
let platform: Platform;
const errors: unknown[] = [];

beforeEach(async () => {
  clock.set(new Date('2026-03-02T03:00:00Z'));
  platform = await startPlatform({
    accounts: [
      { user: BOSS, password: PASSWORD, role: 'super-admin' },
      { user: ADMIN, password: PASSWORD, role: 'admin' },
      { user: KIM, password: PASSWORD, quotaBytes: 1024 },
    ],
    failedLogInMs: 0,
    now: clock.now,
    onError: (error) => errors.push(error),
  });
});
afterEach(async () => {
  await platform.stop();
  // What a visitor sends is no error of the platform's.
  expect(errors.splice(0)).toEqual([]);
});

const browser = (): ConsoleBrowser => new ConsoleBrowser(platform.httpUrl);
const logIn = (user: string): Promise<ConsoleBrowser> => browser().logIn(user, PASSWORD);
/** The number in the address of the account's page. */
const idOf = async (admin: ConsoleBrowser, user: string): Promise<string> => {
  await admin.get(`/console/accounts?q=${user}`);
  return /href="\/console\/accounts\/(\d+)"/.exec(admin.page.slice(admin.page.indexOf('<tbody')))?.[1] ?? 'none';
};

describe('the door', () => {
  it('M4: asks for the one-time code where the account has one, and keeps the session in a cookie that no script reads', async () => {
    const admin = await logIn(ADMIN);
    const id = await idOf(admin, ADMIN);
    await admin.get(`/console/accounts/${id}`);
    await admin.get((await admin.post(`/console/accounts/${id}/one-time-codes`, {})).headers.get('location') ?? '');
    const secret = /<code[^>]*>([A-Z2-7 ]+)</.exec(admin.page)?.[1]?.replaceAll(' ', '') ?? '';
    const visitor = browser();
    const refused = await visitor.post('/console/log-in', { user: ADMIN, password: PASSWORD });
    expect(refused.status).toBe(422);
    expect(visitor.page).toMatch(/id="log-in-code-error">Enter the one-time code/);
    const code = oneTimeCode(secret, clock.now());
    const granted = await visitor.post('/console/log-in', {
      user: ADMIN,
      password: PASSWORD,
      code: `${code.slice(0, 3)} ${code.slice(3)}`,
    });
    expect(granted.headers.get('location')).toBe('/console');
    expect(granted.headers.get('set-cookie')).toMatch(/^mailferry-session=[\w-]{43}; Path=\/console; HttpOnly; SameSite=Strict$/);
  });

  it('A8: takes the local part, and says of a wrong password what it says of a wrong name', async () => {
    const visitor = browser();
    expect((await visitor.post('/console/log-in', { user: 'kim', password: 'wrong' })).status).toBe(422);
    const wrongPassword = visitor.page.replaceAll('"kim"', '');
    await visitor.post('/console/log-in', { user: 'nobody', password: 'wrong' });
    expect(visitor.page.replaceAll('"nobody"', '')).toBe(wrongPassword);
    expect(visitor.page).not.toContain('wrong"');
    expect((await visitor.post('/console/log-in', { user: 'kim', password: PASSWORD })).status).toBe(303);
  });

  it('A6: a suspended account is out at once; an ended session is told so', async () => {
    const kim = await logIn(KIM);
    const admin = await logIn(ADMIN);
    const id = await idOf(admin, KIM);
    await admin.get(`/console/accounts/${id}`);
    await admin.post(`/console/accounts/${id}`, { quota: '1', suspended: 'on', mailClients: 'on', setUp: 'on' });
    expect((await kim.get('/console')).headers.get('location')).toBe('/console/log-in?ended=1');
    clock.advance({ days: 1, seconds: 1 });
    expect((await admin.get('/console/accounts')).headers.get('location')).toBe('/console/log-in?ended=1');
  });

  it('ends the session that the browser had before', async () => {
    const kim = await logIn(KIM);
    const former = kim.cookie('mailferry-session') ?? '';
    expect((await kim.post('/console/log-in', { user: KIM, password: PASSWORD })).status).toBe(303);
    const response = await fetch(`${platform.httpUrl}/api/v1/account`, { headers: { authorization: `Bearer ${former}` } });
    expect(response.status).toBe(401);
    expect((await kim.get('/console/uploads')).status).toBe(200);
  });

  it('logs out for good, not only in this browser', async () => {
    const kim = await logIn(KIM);
    const token = kim.cookie('mailferry-session') ?? '';
    const api = () => fetch(`${platform.httpUrl}/api/v1/account`, { headers: { authorization: `Bearer ${token}` } });
    expect((await api()).status).toBe(200);
    expect((await kim.post('/console/log-out', {})).headers.get('location')).toBe('/console/log-in?done=logged-out');
    expect((await api()).status).toBe(401);
    expect(kim.cookie('mailferry-session')).toBeUndefined();
  });
});

describe('forms', () => {
  it('count only from a page of this host, with the token of this session', async () => {
    const admin = await logIn(ADMIN);
    await admin.get('/console/accounts/new');
    const fields = { user: 'new@example.com', quota: '1' };
    const other = /name="form-token" value="([^"]+)"/.exec((await logIn(BOSS)).page)?.[1] ?? '';
    const page = admin.page;
    expect((await admin.post('/console/accounts/new', fields, { origin: 'http://evil.example' })).status).toBe(403);
    await admin.get('/console/accounts/new');
    expect((await admin.post('/console/accounts/new', fields, { origin: 'null' })).status).toBe(403);
    expect((await admin.post('/console/accounts/new', { ...fields, 'form-token': other })).status).toBe(403);
    expect((await admin.post('/console/accounts/new', { ...fields, 'form-token': '' })).status).toBe(403);
    expect(() => platform.account('new@example.com')).toThrow();
    const token = /name="form-token" value="([^"]+)"/.exec(page)?.[1] ?? '';
    expect((await admin.post('/console/accounts/new', { ...fields, 'form-token': token })).status).toBe(303);
    expect(platform.account('new@example.com').listMailboxes()).not.toEqual([]);
    const visitor = browser();
    expect((await visitor.post('/console/log-in', { user: KIM, password: PASSWORD }, { origin: 'http://evil.example' })).status).toBe(403);
  });

  it('that are cut off or in another form than browsers send are refused, and nothing else happens', async () => {
    const origin = platform.httpUrl;
    const headers = { origin, 'content-type': 'multipart/form-data; boundary=x' };
    for (const body of ['--x\r\ncontent-disposition: form-data', 'user=%zz%&user=1&__proto__=2&=&&', '\0'.repeat(1000)]) {
      expect((await fetch(`${origin}/console/log-in`, { method: 'POST', headers, body })).status).toBe(422);
    }
    const socket = connect(platform.httpPort, '127.0.0.1');
    socket.end(
      `POST /console/log-in HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nOrigin: ${origin}\r\nContent-Length: 100\r\n\r\nuser=kim`,
    );
    socket.resume();
    await once(socket, 'close');
    expect((await browser().get('/console/log-in')).status).toBe(200);
  });

  it('are bounded, and a page that is not there is said to be so', async () => {
    const admin = await logIn(ADMIN);
    expect((await admin.get('/console/nothing')).status).toBe(404);
    expect(admin.page).toContain('There is nothing at this address.');
    expect((await admin.get('/console/accounts/999')).status).toBe(404);
    expect((await admin.get('/console/accounts/99999999999999999999')).status).toBe(404);
    expect((await admin.post('/console/accounts/new', { user: 'a'.repeat(600_000) })).status).toBe(413);
  });
});

describe('what someone may see', () => {
  it('A4, P6: users see themselves, administrators all accounts, the super administrator the policy', async () => {
    const [boss, admin, kim] = [await logIn(BOSS), await logIn(ADMIN), await logIn(KIM)];
    const bossId = await idOf(boss, BOSS);
    const kimId = await idOf(boss, KIM);
    const statuses = async (visitor: ConsoleBrowser) => {
      const paths = [
        '',
        '/accounts',
        '/accounts/new',
        `/accounts/${bossId}`,
        `/accounts/${kimId}/delete`,
        '/access-log',
        '/policy',
        '/departments',
      ];
      return Promise.all(paths.map(async (path) => (await visitor.get(`/console${path}`)).status));
    };
    expect(await statuses(boss)).toEqual([200, 200, 200, 200, 200, 200, 200, 200]);
    expect(await statuses(admin)).toEqual([200, 200, 200, 200, 200, 200, 403, 200]);
    expect(await statuses(kim)).toEqual([303, 403, 403, 403, 403, 403, 403, 403]);
    await kim.get(`/console/accounts/${kimId}`);
    expect(kim.page).not.toContain('name="quota"');
    await kim.post(`/console/accounts/${kimId}`, { name: '김', quota: '900', role: 'super-admin', suspended: 'on' });
    await boss.get(`/console/accounts/${kimId}`);
    expect(boss.page).toContain('value="0.0009765625"');
    expect(boss.page).toContain('<option value="user" selected>');
    await admin.get(`/console/accounts/${bossId}`);
    expect((await admin.post(`/console/accounts/${bossId}/password`, { password: 'stolen' })).status).toBe(403);
    expect((await logIn(BOSS)).page).toContain('Overview');
  });

  it('escapes what others have named', async () => {
    const evil = `<script>alert("1")</script>'&amp;`;
    platform.account(KIM).addMailbox(evil);
    const admin = await logIn(ADMIN);
    const id = await idOf(admin, KIM);
    await admin.get(`/console/accounts/${id}`);
    await admin.post(`/console/accounts/${id}`, {
      name: `"><img src=x onerror=alert(1)>`,
      quota: '1',
      rank: `" autofocus x="`,
      setUp: 'on',
    });
    await admin.get(`/console/accounts/${id}?done=%3Cb%3E&shown=%3Cb%3E`);
    expect(admin.page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(admin.page).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;');
    expect(admin.page).toContain('value="&quot; autofocus x=&quot;"');
    expect(admin.page).not.toMatch(/<script|<img|<b>/);
    await browser().post('/console/log-in', { user: '<script>x</script>', password: '<' });
    await admin.get('/console/access-log');
    expect(admin.page).toContain('&lt;script&gt;x');
    expect(admin.page).toContain('User id, password or code wrong');
    await admin.get(`/console/accounts?q=${encodeURIComponent('"><script>')}`);
    expect(admin.page).not.toContain('<script');
  });

  it('allows no script, no frame and no other host, and keeps pages out of caches', async () => {
    const kim = await logIn(KIM);
    const response = await browser().get('/console/log-in');
    for (const answer of [
      response,
      await kim.get('/console/accounts'),
      await kim.get('/console/nothing'),
      await kim.post('/console', {}),
    ]) {
      expect(answer.headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    const style = /href="([^"]+\.css)"/.exec(await response.text())?.[1] ?? '';
    const sheet = await fetch(platform.httpUrl + style);
    expect(sheet.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(sheet.headers.get('content-type')).toMatch(/^text\/css/);
  });
});

describe('languages', () => {
  it('follow the browser, until one is chosen', async () => {
    const visitor = browser();
    await visitor.get('/console/log-in', { 'accept-language': 'fr, ko-KR;q=0.9, en;q=0.5' });
    expect(visitor.page).toContain('<html lang="ko">');
    expect(visitor.page).toContain('비밀번호');
    const chosen = await visitor.get('/console/log-in?lang=en&ended=1', { 'accept-language': 'ko' });
    expect([chosen.status, chosen.headers.get('location')]).toEqual([303, '/console/log-in?ended=1']);
    await visitor.get('/console/log-in', { 'accept-language': 'ko' });
    expect(visitor.page).toContain('<html lang="en">');
  });
});
