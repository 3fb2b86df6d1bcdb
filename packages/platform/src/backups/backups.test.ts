import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { logInToPlatform, type PlatformClient } from '../client/platform-client.ts';
import { type ManualClock, manualClock } from '../manual-clock.ts';
import type { Platform } from '../platform.ts';
import type { PlatformOptions } from '../platform-options.ts';
import { startPlatform } from '../start-platform.ts';
import { type BackupJson, download, readZip, sha256, untilPrepared } from './backup-house.testing.ts';

const KIM = { user: 'kim@example.com', password: 'pw' };
const LEE = { user: 'lee@example.com', password: 'pw' };
const BOSS = { user: 'boss@example.com', password: 'pw', role: 'super-admin' as const };

let platform: Platform;
let client: PlatformClient;
let clock: ManualClock;
const start = async (options: PlatformOptions = {}): Promise<void> => {
  // Noon of 15 March in Seoul.
  clock = manualClock(new Date('2026-03-15T03:00:00Z'));
  platform = await startPlatform({ accounts: [KIM, LEE, BOSS], failedLogInMs: 0, now: clock.now, ...options });
  await logIn();
};
/** Again, where the clock has moved past the life of a token. */
const logIn = async (): Promise<void> => {
  client = await logInToPlatform(platform.httpUrl, KIM);
};
afterEach(() => platform.stop());

const mail = (n: number): Buffer => Buffer.from(`Subject: number ${n}\r\n\r\nbody ${n}\r\n`);
const put = (path: string, internalDate: string, bytes: Buffer): string => {
  platform.account(KIM.user).append(path, bytes, { internalDate: new Date(internalDate) });
  return sha256(bytes);
};

type Period = { kind: 'whole' | 'this-year' } | { kind: 'range'; from: string; to: string };
const ask = (period: Period = { kind: 'whole' }, mailboxId: string | null = null) =>
  client.POST('/api/v1/backups', { body: { mailboxId, period } });

const prepare = async (period?: Period, mailboxId?: string | null): Promise<BackupJson> => {
  const { data, error } = await ask(period, mailboxId);
  if (!data) throw new Error(error?.error.code);
  return untilPrepared(client, data.id);
};
const list = async (): Promise<readonly BackupJson[]> => (await client.GET('/api/v1/backups')).data?.backups ?? [];
const part = async (backup: BackupJson, number = 1): Promise<Buffer> => {
  const bytes = await download(client, backup.id, number);
  if (typeof bytes === 'string') throw new Error(bytes);
  return bytes;
};
const hashes = async (backup: BackupJson): Promise<string[]> => {
  const parts = await Promise.all(backup.parts.map(async ({ number }) => readZip(await part(backup, number))));
  return parts.flat().map((entry) => entry.sha256);
};
const mailboxId = async (path: string): Promise<string> =>
  (await client.GET('/api/v1/mailboxes')).data?.mailboxes.find((mailbox) => mailbox.path === path)?.id ?? '';

describe('a backup', () => {
  it('B1: is of one mailbox, or of all', async () => {
    await start();
    const [a, b] = [put('INBOX', '2026-01-01T00:00:00Z', mail(1)), put('Sent', '2026-01-02T00:00:00Z', mail(2))];
    const [all, one] = [await prepare(), await prepare({ kind: 'whole' }, await mailboxId('Sent'))];
    expect(await hashes(all)).toEqual([a, b]);
    expect(await hashes(one)).toEqual([b]);
    expect([all.mailboxPath, one.mailboxPath]).toEqual([null, 'Sent']);
    const refused = await ask({ kind: 'whole' }, '999999');
    expect([refused.response.status, refused.error?.error.code]).toEqual([404, 'mailbox-missing']);
  });

  it('B1, B8: takes the days of its period, by the calendar of the office', async () => {
    await start();
    const at = (instant: string, n: number) => put('Sent', instant, mail(n));
    const lastYear = at('2025-12-31T14:59:59Z', 1);
    const newYear = at('2025-12-31T15:00:00Z', 2);
    const lastOfYesterday = at('2026-03-14T14:59:59Z', 3);
    const firstOfToday = at('2026-03-14T15:00:00Z', 4);
    const whole = await prepare({ kind: 'whole' });
    expect([whole.fromDay, whole.toDay, await hashes(whole)]).toEqual([null, '2026-03-14', [lastYear, newYear, lastOfYesterday]]);
    const thisYear = await prepare({ kind: 'this-year' });
    expect([thisYear.fromDay, thisYear.toDay, await hashes(thisYear)]).toEqual(['2026-01-01', '2026-03-14', [newYear, lastOfYesterday]]);
    const range = await prepare({ kind: 'range', from: '2026-01-01', to: '2026-03-15' }, await mailboxId('Sent'));
    expect(await hashes(range)).toEqual([newYear, lastOfYesterday, firstOfToday]);
    expect((await ask({ kind: 'range', from: '2026-01-02', to: '2026-01-01' })).response.status).toBe(400);
    expect((await ask({ kind: 'range', from: '2026-02-30', to: '2026-03-01' })).response.status).toBe(400);
  });

  it('B8: is empty and without parts for this year on 1 January', async () => {
    await start();
    clock.set(new Date('2026-01-01T03:00:00Z'));
    put('INBOX', '2025-12-31T03:00:00Z', mail(1));
    expect(await prepare({ kind: 'this-year' })).toMatchObject({ state: 'ready', messageCount: 0, parts: [] });
  });

  it('B2: has parts of at most the limit, whatever the mail is like, and cuts no entry', async () => {
    const limit = 100_000;
    await start({ maxBackupPartBytes: limit });
    // What does not compress, what does, and one that fills a part nearly by itself.
    const contents = Array.from({ length: 60 }, (_, n) =>
      n % 3 === 0 ? Buffer.alloc(20_000, `${n}`) : randomBytes(n === 31 ? 99_000 : 5000 + n),
    );
    const wanted = contents.map((bytes) => put('INBOX', '2026-01-01T00:00:00Z', bytes));
    const backup = await prepare();
    expect(backup.parts.length).toBeGreaterThan(4);
    for (const { number, sizeBytes, sha256: hash } of backup.parts) {
      const bytes = await part(backup, number);
      expect([bytes.length, sha256(bytes)]).toEqual([sizeBytes, hash]);
      expect(bytes.length).toBeLessThanOrEqual(limit);
    }
    expect(await hashes(backup)).toEqual(wanted);
    expect(backup.parts.reduce((sum, { messageCount }) => sum + messageCount, 0)).toBe(60);
  });

  it('B2: begins a new part before a ZIP has more entries than every reader takes', async () => {
    await start();
    platform.account(KIM.user).appendAll(
      'INBOX',
      Array.from({ length: 10_001 }, (_, n) => ({ bytes: mail(n), internalDate: new Date('2026-01-01T00:00:00Z') })),
    );
    const backup = await prepare();
    expect(backup.parts.map(({ messageCount }) => messageCount)).toEqual([10_000, 1]);
    expect(new Set(await hashes(backup)).size).toBe(10_001);
  });

  it('B9: counts the messages of the period', async () => {
    await start();
    for (let n = 0; n < 7; n += 1) put(n % 2 ? 'Sent' : 'INBOX', `2026-01-0${n + 1}T00:00:00Z`, mail(n));
    const backup = await prepare({ kind: 'range', from: '2026-01-02', to: '2026-01-06' });
    expect([backup.messageCount, (await hashes(backup)).length]).toEqual([5, 5]);
    expect(backup.contentBytes).toBe(5 * mail(0).length);
  });

  it('names its entries by mailbox, number, date and subject, safe everywhere and never twice', async () => {
    await start();
    platform.account(KIM.user).addMailbox('업무/a:b');
    platform.account(KIM.user).addMailbox('업무/A?b');
    const subjects = ['=?utf-8?B?7JWI64WV?= there', 'CON: ..\\x/../<y>|*?', 'same', 'SAME', '', '🙂'.repeat(40)];
    for (const subject of subjects) put('INBOX', '2025-12-31T15:30:00Z', Buffer.from(`Subject: ${subject}\r\n\r\nx`));
    for (const path of ['업무/a:b', '업무/A?b']) put(path, '2026-01-02T00:00:00Z', mail(1));
    const names = (await readZip(await part(await prepare()))).map(({ name }) => name);
    expect(names).toEqual([
      'INBOX/000001_20260101-0030_안녕 there.eml',
      'INBOX/000002_20260101-0030_CON_ .._x_.._y_.eml',
      'INBOX/000003_20260101-0030_same.eml',
      'INBOX/000004_20260101-0030_SAME.eml',
      'INBOX/000005_20260101-0030_제목 없음.eml',
      `INBOX/000006_20260101-0030_${'🙂'.repeat(30)}.eml`,
      '업무/A_b/000007_20260102-0900_number 1.eml',
      '업무/a_b~2/000008_20260102-0900_number 1.eml',
    ]);
  });

  it('holds what was there when its preparing began, even if it is expunged meanwhile', async () => {
    await start();
    platform.account(KIM.user).appendAll(
      'INBOX',
      Array.from({ length: 500 }, (_, n) => ({ bytes: mail(n), internalDate: new Date('2026-01-01T00:00:00Z') })),
    );
    const { data } = await ask();
    while ((await list())[0]?.state === 'queued');
    platform.account(KIM.user).expunge(
      'INBOX',
      Array.from({ length: 500 }, (_, n) => n + 1),
    );
    const backup = await untilPrepared(client, data?.id ?? '');
    expect(backup).toMatchObject({ state: 'ready', messageCount: 500 });
    expect((await hashes(backup)).length).toBe(500);
  });

  it('keeps a message of 40 MiB whole', async () => {
    await start();
    const big = randomBytes(40 * 2 ** 20);
    const hash = put('INBOX', '2026-01-01T00:00:00Z', big);
    expect(await hashes(await prepare())).toEqual([hash]);
  });

  it('fails with a reason if a message fits into no part', async () => {
    await start({ maxBackupPartBytes: 1000 });
    put('INBOX', '2026-01-01T00:00:00Z', Buffer.alloc(2000, 'x'));
    expect(await prepare()).toMatchObject({ state: 'failed', reason: expect.stringContaining('2000 bytes'), parts: [] });
  });
});

describe('a backup request', () => {
  it('B3: can be downloaded for 7 days, and every listing says until when', async () => {
    await start();
    put('INBOX', '2026-01-01T00:00:00Z', mail(1));
    const backup = await prepare();
    const expiresAt = '2026-03-22T03:00:00.000Z';
    expect(backup).toMatchObject({ expiresAt, parts: [{ expiresAt, createdAt: '2026-03-15T03:00:00.000Z' }] });
    expect((await list())[0]?.parts[0]?.expiresAt).toBe(expiresAt);
    clock.advance({ days: 7, seconds: -1 });
    await logIn();
    expect(await download(client, backup.id)).toBeInstanceOf(Buffer);
    clock.advance({ seconds: 1 });
    await logIn();
    expect(await download(client, backup.id)).toBe('backup-expired');
    expect((await list())[0]).toMatchObject({ state: 'expired', expiresAt });
  });

  it('B4: waits as long as the office takes to prepare it', async () => {
    await start({ policy: { backupPreparationMs: 3 * 24 * 3_600_000 } });
    put('INBOX', '2026-01-01T00:00:00Z', mail(1));
    const { data } = await ask();
    expect(data).toMatchObject({ state: 'queued', messageCount: null, parts: [] });
    expect(await download(client, data?.id ?? '')).toBe('backup-not-ready');
    clock.advance({ days: 3, seconds: -1 });
    await logIn();
    expect((await list())[0]?.state).toBe('queued');
    clock.advance({ seconds: 1 });
    await logIn();
    expect(await untilPrepared(client, data?.id ?? '')).toMatchObject({ state: 'ready', readyAt: '2026-03-18T03:00:00.000Z' });
  });

  it('B5: tells its account by mail when it is ready, in Korean and English', async () => {
    await start();
    put('Sent', '2026-01-01T00:00:00Z', mail(1));
    await prepare();
    const notices = [...platform.account(KIM.user).messages('INBOX')].map((message) => message.read().toString());
    expect(notices.length).toBe(1);
    const [header = '', body = ''] = (notices[0] ?? '').split('\r\n\r\n');
    expect(header).toContain('To: <kim@example.com>');
    const text = Buffer.from(body, 'base64').toString();
    for (const line of ['메일: 1통, 파일: 1개', '다운로드 만료 기한: 22-Mar-2026 12:00:00 +0900', 'Messages: 1, files: 1'])
      expect(text).toContain(line);
    expect(Math.max(...(notices[0] ?? '').split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78);
  });

  it('B6: is refused as the 6th until one is deleted, has failed or has expired', async () => {
    await start({ maxBackupPartBytes: 1000 });
    const ready = await Promise.all(Array.from({ length: 5 }, () => prepare()));
    const refused = await ask();
    expect([refused.response.status, refused.error?.error]).toEqual([
      409,
      { code: 'backup-limit', message: expect.stringContaining('delete one first') },
    ]);
    await client.DELETE('/api/v1/backups/{id}', { params: { path: { id: ready[0]?.id ?? '' } } });
    put('INBOX', '2026-01-01T00:00:00Z', Buffer.alloc(2000, 'x'));
    expect((await prepare()).state).toBe('failed');
    platform.account(KIM.user).expunge(
      'INBOX',
      [...platform.account(KIM.user).messages('INBOX')].map(({ uid }) => uid),
    );
    expect((await prepare()).state).toBe('ready');
    expect((await ask()).error?.error.code).toBe('backup-limit');
    clock.advance({ days: 7 });
    await logIn();
    for (let n = 0; n < 5; n += 1) expect((await prepare({ kind: 'whole' }, await mailboxId('Sent'))).state).toBe('ready');
    expect((await ask()).error?.error.code).toBe('backup-limit');
  });

  it('B7: leaves the list 14 days after it expired or failed', async () => {
    await start({ maxBackupPartBytes: 1000 });
    const ready = await prepare();
    put('INBOX', '2026-01-01T00:00:00Z', Buffer.alloc(2000, 'x'));
    const failed = await prepare();
    const listed = async () => {
      await logIn();
      return (await list()).map(({ id, state }) => [id, state]);
    };
    clock.advance({ days: 14, seconds: -1 });
    expect(await listed()).toEqual([
      [ready.id, 'expired'],
      [failed.id, 'failed'],
    ]);
    clock.advance({ seconds: 1 });
    expect(await listed()).toEqual([[ready.id, 'expired']]);
    clock.advance({ days: 7, seconds: -1 });
    expect(await listed()).toEqual([[ready.id, 'expired']]);
    clock.advance({ seconds: 1 });
    expect(await listed()).toEqual([]);
  });

  it('can be deleted in every state', async () => {
    await start({ policy: { backupPreparationMs: 1000 } });
    put('INBOX', '2026-01-01T00:00:00Z', mail(1));
    const remove = async (id: string) => (await client.DELETE('/api/v1/backups/{id}', { params: { path: { id } } })).response.status;
    const [first, second] = [(await ask()).data?.id ?? '', (await ask()).data?.id ?? ''];
    expect(await remove(first)).toBe(204);
    clock.advance({ seconds: 1 });
    expect((await untilPrepared(client, second)).state).toBe('ready');
    expect(await remove(second)).toBe(204);
    expect([await remove(second), await list(), await download(client, second)]).toEqual([404, [], 'backup-missing']);
  });

  it("is its account's, and administrators' on its behalf", async () => {
    await start();
    put('INBOX', '2026-01-01T00:00:00Z', mail(1));
    const { id } = await prepare();
    const lee = await logInToPlatform(platform.httpUrl, LEE);
    expect((await lee.GET('/api/v1/backups/{id}', { params: { path: { id } } })).error?.error.code).toBe('backup-missing');
    expect(await download(lee, id)).toBe('backup-missing');
    expect((await lee.GET('/api/v1/backups', { params: { query: { user: KIM.user } } })).error?.error.code).toBe('forbidden');
    const boss = await logInToPlatform(platform.httpUrl, BOSS);
    const ofKim = await boss.GET('/api/v1/backups', { params: { query: { user: KIM.user } } });
    expect(ofKim.data?.backups.map((backup) => backup.id)).toEqual([id]);
  });
});

describe('a part', () => {
  it('is given out in ranges that fit together, with its SHA-256 as ETag', async () => {
    await start();
    for (let n = 0; n < 50; n += 1) put('INBOX', '2026-01-01T00:00:00Z', randomBytes(3000));
    const backup = await prepare();
    const [{ sizeBytes = 0, sha256: hash } = {}] = backup.parts;
    const whole = await part(backup);
    const pieces = await Promise.all(
      [`bytes=0-999`, `bytes=1000-${sizeBytes - 101}`, 'bytes=-100'].map((range) => download(client, backup.id, 1, range)),
    );
    expect(Buffer.concat(pieces.map((piece) => Buffer.from(piece))).equals(whole)).toBe(true);
    expect(await download(client, backup.id, 1, `bytes=${sizeBytes}-`)).toBe('range-invalid');
    const token = platform.account(KIM.user).issueToken();
    const get = (method: string, headers: Record<string, string>) =>
      fetch(`${platform.httpUrl}/api/v1/backups/${backup.id}/parts/1/content`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
      });
    const head = await get('HEAD', {});
    expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([200, String(sizeBytes), `"${hash}"`]);
    expect((await get('GET', { range: 'bytes=5-9', 'if-range': `"${hash}"` })).headers.get('content-range')).toBe(`bytes 5-9/${sizeBytes}`);
    expect((await get('GET', { range: 'bytes=5-9', 'if-range': '"other"' })).status).toBe(200);
    expect((await get('GET', { range: 'bytes=0-1,3-4' })).status).toBe(200);
    const behind = await get('GET', { range: 'bytes=999999999-' });
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, `bytes */${sizeBytes}`]);
  });
});
