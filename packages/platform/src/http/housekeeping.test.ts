import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readZip, sha256, untilPrepared } from '../backups/backup-house.testing.ts';
import { logInToPlatform, type PlatformClient } from '../client/platform-client.ts';
import { manualClock } from '../manual-clock.ts';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';

const KIM = { user: 'kim@example.com', password: 'pw' };
const LEE = { user: 'lee@example.com', password: 'pw' };
const BOSS = { user: 'boss@example.com', password: 'pw', role: 'admin' as const };

const clock = manualClock(new Date('2026-03-15T03:00:00Z'));
let platform: Platform;
let client: PlatformClient;
beforeEach(async () => {
  platform = await startPlatform({ accounts: [KIM, LEE, BOSS], failedLogInMs: 0, now: clock.now });
  client = await logInToPlatform(platform.httpUrl, KIM);
});
afterEach(() => platform.stop());

const mail = (n: number): Buffer => Buffer.from(`Subject: number ${n}\r\n\r\nbody ${n}\r\n`);
const put = (path: string, internalDate: string, bytes: Buffer): void => {
  platform.account(KIM.user).append(path, bytes, { internalDate: new Date(internalDate) });
};
const mailboxes = async () => (await client.GET('/api/v1/mailboxes')).data?.mailboxes ?? [];
const idOf = async (path: string): Promise<string> => (await mailboxes()).find((mailbox) => mailbox.path === path)?.id ?? '';
const at = (id: string) => ({ params: { path: { id } } });
const stored = (path: string) => [...platform.account(KIM.user).messages(path)].map((message) => message.read().toString());

describe('mailboxes over HTTP', () => {
  it('W1, A3: are added, renamed with those below, deleted, and listed with count and size', async () => {
    await client.POST('/api/v1/mailboxes', { body: { path: '업무/2024' } });
    put('업무/2024', '2026-01-01T00:00:00Z', mail(1));
    const id = await idOf('업무');
    const renamed = await client.PATCH('/api/v1/mailboxes/{id}', { ...at(id), body: { path: 'work' } });
    expect(renamed.data).toMatchObject({ id, path: 'work' });
    expect((await mailboxes()).find(({ path }) => path === 'work/2024')).toMatchObject({ messageCount: 1, sizeBytes: mail(1).length });
    expect((await client.PATCH('/api/v1/mailboxes/{id}', { ...at(id), body: { path: 'Sent' } })).error?.error.code).toBe('mailbox-exists');
    expect((await client.DELETE('/api/v1/mailboxes/{id}', at(await idOf('work/2024')))).response.status).toBe(204);
    expect((await mailboxes()).map(({ path }) => path)).toContain('work');
    expect(await idOf('work/2024')).toBe('');
    expect((await client.DELETE('/api/v1/mailboxes/{id}', at(await idOf('INBOX')))).error?.error.code).toBe('mailbox-protected');
  });

  it('W1: are given as EML, as one ZIP or message by message, and stay unread', async () => {
    for (let n = 0; n < 3; n += 1) put('INBOX', '2026-01-01T00:00:00Z', mail(n));
    const id = await idOf('INBOX');
    const zip = await client.GET('/api/v1/mailboxes/{id}/content', { ...at(id), parseAs: 'arrayBuffer' });
    expect(zip.response.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''INBOX.zip");
    const entries = await readZip(Buffer.from(zip.data ?? new ArrayBuffer()));
    expect(entries.map(({ sha256: hash }) => hash)).toEqual([0, 1, 2].map((n) => sha256(mail(n))));
    const one = await client.GET('/api/v1/mailboxes/{id}/messages/{uid}/content', { params: { path: { id, uid: 2 } }, parseAs: 'text' });
    expect(one.data).toBe(mail(1).toString());
    const missing = await client.GET('/api/v1/mailboxes/{id}/messages/{uid}/content', { params: { path: { id, uid: 9 } } });
    expect(missing.error?.error.code).toBe('message-missing');
    expect([...platform.account(KIM.user).messages('INBOX')].flatMap(({ flags }) => flags)).toEqual([]);
  });

  it('W1: point at a backup where they are too large for one ZIP', async () => {
    platform.account(KIM.user).appendAll(
      'INBOX',
      Array.from({ length: 1001 }, (_, n) => ({ bytes: mail(n) })),
    );
    const { error, response } = await client.GET('/api/v1/mailboxes/{id}/content', at(await idOf('INBOX')));
    expect([response.status, error?.error.code]).toEqual([413, 'mailbox-too-large']);
  });

  it('W2: are emptied for a period of days in the time zone of the office, or wholly, for good', async () => {
    put('INBOX', '2025-12-31T14:59:59Z', mail(1));
    put('INBOX', '2025-12-31T15:00:00Z', mail(2));
    put('INBOX', '2026-01-02T14:59:59Z', mail(3));
    put('INBOX', '2026-01-02T15:00:00Z', mail(4));
    const id = await idOf('INBOX');
    const empty = (from: string | null, to: string | null) =>
      client.POST('/api/v1/mailboxes/{id}/empty', { ...at(id), body: { from, to } });
    expect((await empty('2026-01-01', '2026-01-02')).data).toEqual({ removed: 2 });
    expect(stored('INBOX')).toEqual([mail(1), mail(4)].map(String));
    expect((await empty(null, '2025-12-31')).data).toEqual({ removed: 1 });
    expect((await empty(null, null)).data).toEqual({ removed: 1 });
    expect([stored('INBOX'), (await mailboxes()).find(({ path }) => path === 'INBOX')?.sizeBytes]).toEqual([[], 0]);
    const withoutPeriod = await fetch(`${platform.httpUrl}/api/v1/mailboxes/${id}/empty`, {
      method: 'POST',
      headers: { 'authorization': `Bearer ${platform.account(KIM.user).issueToken()}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(withoutPeriod.status).toBe(400);
  });

  it("are their account's, and administrators' on its behalf", async () => {
    const id = await idOf('Sent');
    const lee = await logInToPlatform(platform.httpUrl, LEE);
    expect((await lee.DELETE('/api/v1/mailboxes/{id}', at(id))).error?.error.code).toBe('mailbox-missing');
    const ofKim = { params: { path: { id }, query: { user: KIM.user } } };
    expect((await lee.DELETE('/api/v1/mailboxes/{id}', ofKim)).error?.error.code).toBe('forbidden');
    const boss = await logInToPlatform(platform.httpUrl, BOSS);
    expect((await boss.GET('/api/v1/mailboxes', { params: { query: { user: KIM.user } } })).data?.mailboxes.length).toBe(5);
    expect((await boss.DELETE('/api/v1/mailboxes/{id}', ofKim)).response.status).toBe(204);
  });

  it('B4: let a backup fail that was to be of a mailbox that is deleted', async () => {
    platform.office.setPolicy({ backupPreparationMs: 1000 });
    platform.account(KIM.user).addMailbox('gone');
    const mailboxId = await idOf('gone');
    const { data } = await client.POST('/api/v1/backups', { body: { mailboxId, period: { kind: 'whole' } } });
    await client.DELETE('/api/v1/mailboxes/{id}', at(mailboxId));
    clock.advance({ seconds: 1 });
    expect(await untilPrepared(client, data?.id ?? '')).toMatchObject({ state: 'failed', reason: 'The mailbox was deleted' });
  });
});
