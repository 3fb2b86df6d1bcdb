import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logInToPlatform, type PlatformClient } from '../client/platform-client.ts';
import { type SpawnedPlatform, spawnPlatform } from '../spawned-platform.testing.ts';
import { startPlatform } from '../start-platform.ts';
import { download, readZip, sha256, untilPrepared } from './backup-house.testing.ts';

const KIM = { user: 'kim@example.com', password: 'pw' };
const COUNT = 4000;
/** Several parts. */
const PART_BYTES = 200_000;

let directory: string;
let stored: string[];
const running: SpawnedPlatform[] = [];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-backup-'));
  const platform = await startPlatform({ directory, accounts: [KIM] });
  const messages = Array.from({ length: COUNT }, (_, n) => ({
    bytes: Buffer.from(`Subject: ${n}\r\n\r\n${'x'.repeat(n % 500)}\r\n`),
    internalDate: new Date('2020-01-01T00:00:00Z'),
  }));
  platform.account(KIM.user).appendAll('Sent', messages);
  stored = messages.map(({ bytes }) => sha256(bytes));
  await platform.stop();
});
afterEach(async () => {
  for (const { kill } of running.splice(0)) await kill();
  rmSync(directory, { recursive: true });
});

const start = async (): Promise<{ client: PlatformClient; kill: () => Promise<void> }> => {
  const spawned = await spawnPlatform({ directory, failedLogInMs: 0, accounts: [KIM], maxBackupPartBytes: PART_BYTES });
  running.push(spawned);
  return { client: await logInToPlatform(spawned.url, KIM), kill: spawned.kill };
};

const ask = async (client: PlatformClient): Promise<string> =>
  (await client.POST('/api/v1/backups', { body: { mailboxId: null, period: { kind: 'whole' } } })).data?.id ?? '';
const partFiles = (): string[] => readdirSync(join(directory, 'backups'));

describe('a backup that is interrupted', () => {
  it('B4: is begun anew after SIGKILL and complete in the end; what was ready stays as it was', async () => {
    let { client, kill } = await start();
    const first = await ask(client);
    const ready = await untilPrepared(client, first);
    const second = await ask(client);
    for (let kills = 0; kills < 3; kills += 1) {
      while (!partFiles().some((name) => name.startsWith(second))) await new Promise((resolve) => setTimeout(resolve, 1));
      await kill();
      ({ client, kill } = await start());
    }
    const hashes: string[] = [];
    const backup = await untilPrepared(client, second);
    for (const { number, sha256: hash } of backup.parts) {
      const bytes = await download(client, second, number);
      if (typeof bytes === 'string') throw new Error(bytes);
      expect(sha256(bytes)).toBe(hash);
      hashes.push(...(await readZip(bytes)).flatMap(({ name, sha256: one }) => (name.startsWith('Sent/') ? one : [])));
    }
    expect(hashes).toEqual(stored);
    const again = await untilPrepared(client, first);
    expect(again).toEqual(ready);
    for (const { number, sha256: hash } of again.parts) {
      const bytes = await download(client, first, number);
      expect(typeof bytes === 'string' ? bytes : sha256(bytes)).toBe(hash);
    }
    await kill();
    expect(partFiles().toSorted()).toEqual(
      [ready, backup].flatMap(({ id, parts }) => parts.map(({ number }) => `${id}.${number}.zip`)).toSorted(),
    );
  });

  it('is prepared after an orderly stop, and one notice is sent', async () => {
    let platform = await startPlatform({ directory });
    const id = await ask(await logInToPlatform(platform.httpUrl, KIM));
    await platform.stop();
    expect(partFiles()).toEqual([]);
    platform = await startPlatform({ directory });
    const backup = await untilPrepared(await logInToPlatform(platform.httpUrl, KIM), id);
    expect(backup).toMatchObject({ state: 'ready', messageCount: COUNT });
    expect([...platform.account(KIM.user).messages('INBOX')].length).toBe(1);
    await platform.stop();
  });

  it('fails where the files of a ready one were taken away', async () => {
    let platform = await startPlatform({ directory });
    const id = await ask(await logInToPlatform(platform.httpUrl, KIM));
    await untilPrepared(await logInToPlatform(platform.httpUrl, KIM), id);
    await platform.stop();
    rmSync(join(directory, 'backups'), { recursive: true });
    platform = await startPlatform({ directory });
    const backup = await untilPrepared(await logInToPlatform(platform.httpUrl, KIM), id);
    expect(backup).toMatchObject({ state: 'failed', reason: expect.stringContaining('gone') });
    await platform.stop();
  });
});
