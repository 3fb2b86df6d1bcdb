import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { logInToPlatform, type PlatformClient } from '../client/platform-client.ts';
import type { Platform } from '../platform.ts';
import { spawnPlatform } from '../spawned-platform.testing.ts';
import { startPlatform } from '../start-platform.ts';

const KIM = { user: 'kim@example.com', password: 'pw' };
const LEE = { user: 'lee@example.com', password: 'pw' };
const BOSS = { user: 'boss@example.com', password: 'pw', role: 'admin' as const };

let directory: string;
let platform: Platform;
let boss: PlatformClient;
const start = async (): Promise<void> => {
  platform = await startPlatform({ directory, accounts: [KIM, LEE, BOSS], failedLogInMs: 0 });
  boss = await logInToPlatform(platform.httpUrl, BOSS);
};
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-copy-'));
  await start();
});
afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true });
});

const fill = (path: string, count: number): void => {
  platform.account(KIM.user).appendAll(
    path,
    Array.from({ length: count }, (_, n) => ({
      bytes: Buffer.from(`Subject: ${path} ${n}\r\n\r\nx`),
      flags: n % 2 ? ['\\Seen', '$Label'] : [],
      internalDate: new Date(Date.UTC(2020, 0, 1, 0, 0, n)),
    })),
  );
};
const copy = (folder?: string) =>
  boss.POST('/api/v1/mailbox-copies', { body: { fromUser: KIM.user, toUser: LEE.user, ...(folder === undefined ? {} : { folder }) } });
const untilDone = async (id: string | undefined) => {
  for (;;) {
    const { data } = await boss.GET('/api/v1/mailbox-copies/{id}', { params: { path: { id: id ?? '' } } });
    if (data?.state !== 'running') return data;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
/** Path, flags, date and SHA-256 of every message of an account, below a folder. */
const contents = (user: string, folder = ''): string[] => {
  const account = platform.account(user);
  return account
    .listMailboxes()
    .filter(({ path }) => path.startsWith(folder))
    .flatMap(({ path }) => [
      `${path.slice(folder.length)}:`,
      ...Array.from(account.messages(path), ({ flags, internalDate, sha256 }) => `${flags} ${internalDate.toISOString()} ${sha256}`),
    ]);
};

describe('a copy of a mailbox tree', () => {
  it('M13: brings every mailbox and message of one user to another, with flags and dates, into a folder', async () => {
    platform.account(KIM.user).addMailbox('업무/2024/계약');
    fill('업무/2024/계약', 1200);
    fill('INBOX', 30);
    const { data, response } = await copy();
    expect([response.status, data?.folder, data?.total]).toEqual([201, KIM.user, 1230]);
    expect(await untilDone(data?.id)).toMatchObject({ state: 'complete', copied: 1230, reason: null });
    expect(contents(LEE.user, `${KIM.user}/`)).toEqual(contents(KIM.user));
    expect((await boss.GET('/api/v1/mailbox-copies')).data?.mailboxCopies.map(({ id }) => id)).toEqual([data?.id]);
  });

  it('M13: is refused into a folder that is there, and makes a second tree in another', async () => {
    fill('INBOX', 3);
    await untilDone((await copy()).data?.id);
    const again = await copy();
    expect([again.response.status, again.error?.error.code]).toEqual([409, 'mailbox-exists']);
    expect(await untilDone((await copy('두번째')).data?.id)).toMatchObject({ state: 'complete', copied: 3 });
    expect(contents(LEE.user, '두번째/')).toEqual(contents(KIM.user));
    expect(contents(LEE.user, `${KIM.user}/`)).toEqual(contents(KIM.user));
  });

  it('M13: is for administrators only', async () => {
    const kim = await logInToPlatform(platform.httpUrl, KIM);
    const refused = await kim.POST('/api/v1/mailbox-copies', { body: { fromUser: LEE.user, toUser: KIM.user } });
    expect([refused.response.status, refused.error?.error.code]).toEqual([403, 'forbidden']);
    expect((await kim.GET('/api/v1/mailbox-copies')).response.status).toBe(403);
  });

  it('M13: checks quota, set-up and names before it makes anything', async () => {
    fill('INBOX', 3);
    const before = contents(LEE.user);
    const refusal = async (folder?: string) => (await copy(folder)).error?.error.code;
    await boss.PATCH('/api/v1/accounts/{user}', { params: { path: { user: LEE.user } }, body: { quotaBytes: 50 } });
    expect(await refusal()).toBe('over-quota');
    await boss.PATCH('/api/v1/accounts/{user}', { params: { path: { user: LEE.user } }, body: { quotaBytes: null, setUp: false } });
    expect(await refusal()).toBe('account-not-set-up');
    await boss.PATCH('/api/v1/accounts/{user}', { params: { path: { user: LEE.user } }, body: { setUp: true } });
    expect(await refusal('a//b')).toBe('mailbox-name-invalid');
    expect(await refusal(Array.from({ length: 32 }, () => 'x').join('/'))).toBe('mailbox-name-invalid');
    expect(contents(LEE.user)).toEqual(before);
    expect((await boss.GET('/api/v1/mailbox-copies')).data?.mailboxCopies).toEqual([]);
  });

  it('M13: goes on after it was cut short, without doubles, and leaves out what came later', async () => {
    fill('Sent', 3000);
    const wanted = contents(KIM.user);
    const { data } = await copy();
    fill('Sent', 10);
    await platform.stop();
    await start();
    expect(await untilDone(data?.id)).toMatchObject({ state: 'complete', total: 3000, copied: 3000 });
    expect(contents(LEE.user, `${KIM.user}/`)).toEqual(wanted);
  });

  it('M13: goes on after SIGKILL, without doubles', async () => {
    fill('Sent', 20_000);
    const wanted = contents(KIM.user);
    await platform.stop();
    const options = { directory, failedLogInMs: 0, accounts: [KIM, LEE, BOSS] };
    let { url, kill } = await spawnPlatform(options);
    onTestFinished(() => kill());
    boss = await logInToPlatform(url, BOSS);
    const { data } = await copy();
    const killedAt: (number | undefined)[] = [];
    for (let kills = 0; kills < 3; kills += 1) {
      const now = await boss.GET('/api/v1/mailbox-copies/{id}', { params: { path: { id: data?.id ?? '' } } });
      killedAt.push(now.data?.copied);
      await kill();
      ({ url, kill } = await spawnPlatform(options));
      boss = await logInToPlatform(url, BOSS);
    }
    expect(killedAt[0]).toBeLessThan(20_000);
    expect(await untilDone(data?.id)).toMatchObject({ state: 'complete', total: 20_000, copied: 20_000 });
    await kill();
    await start();
    expect(contents(LEE.user, `${KIM.user}/`)).toEqual(wanted);
  });

  it('M13: fails with a reason when the target is full after all', async () => {
    fill('Sent', 3);
    platform.addFault({ kind: 'full-quota', user: LEE.user });
    const { data } = await copy();
    expect(await untilDone(data?.id)).toMatchObject({ state: 'failed', copied: 0, reason: expect.stringContaining('quota') });
  });
});
