import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../fixtures/cli.ts';
import { downloadBackup } from '../fixtures/hoster-backup.ts';

const KIM = { user: 'kim@example.co.kr', password: 'secret' };
const NEW = { user: 'new@example.co.kr', password: 'new-secret' };

let platform: Platform;
let directory: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-hoster-'));
  platform = await startPlatform({ accounts: [KIM, NEW], failedLogInMs: 0, maxBackupPartBytes: 3_000_000 });
  const account = platform.account(KIM.user);
  account.addMailbox('받은 서류/계약서');
  const internalDate = new Date('2024-03-05T00:12:40Z');
  for (let n = 0; n < 40; n += 1) {
    // One is deflated in pieces, the others are stored.
    const body = n === 7 ? randomBytes(2_000_000).toString('base64') : randomBytes(20_000).toString('hex');
    account.append(n % 3 === 0 ? '받은 서류/계약서' : 'INBOX', Buffer.from(`Subject: =?utf-8?B?66mU7J28?= ${n}\r\n\r\n${body}\r\n`), {
      internalDate,
    });
  }
});
afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Mailbox and SHA-256 of what an account has, but for the notice that its backup is ready. */
const held = ({ user }: { user: string }): string[] => {
  const account = platform.account(user);
  return account
    .listMailboxes()
    .flatMap(({ path }) =>
      Array.from(account.messages(path), (message) => ({ path, bytes: message.read() }))
        .filter(({ bytes }) => !bytes.includes('Auto-Submitted: auto-generated'))
        .map(({ bytes }) => `${path} ${createHash('sha256').update(bytes).digest('hex')}`),
    )
    .toSorted();
};

describe("the hoster's backup", () => {
  it('B2, B9, U7: is repacked and uploaded into another account, message by message the same', async () => {
    const parts = await downloadBackup(platform, KIM, join(directory, 'parts'));
    expect(parts.length).toBeGreaterThan(1);
    const repacked = await runCli(['repack', join(directory, 'parts'), '--out', join(directory, 'out'), '--json']);
    expect(JSON.parse(repacked.stdout)).toMatchObject({ exitCode: 0, repackedMessages: 40, failed: [] });
    const to = `http://${encodeURIComponent(NEW.user)}@127.0.0.1:${platform.httpPort}`;
    const uploaded = await runCli(['upload', join(directory, 'out'), '--to', to, '--yes', '--json'], {
      env: { MAILFERRY_TO_PASSWORD: NEW.password },
    });
    expect(JSON.parse(uploaded.stdout)).toMatchObject({
      exitCode: 0,
      uploadedMessages: 40,
      failed: [],
      reconciliation: { differences: [] },
    });
    expect(held(NEW)).toEqual(held(KIM));
  });

  it('is taken as a source of a backup, and restored over IMAP', async () => {
    await downloadBackup(platform, KIM, join(directory, 'parts'));
    const backup = await runCli(['backup', '--from', `zip:${join(directory, 'parts')}`, '--out', join(directory, 'archive'), '--json']);
    expect(JSON.parse(backup.stdout)).toMatchObject({ exitCode: 0 });
    const to = `imap://${encodeURIComponent(NEW.user)}@127.0.0.1:${platform.imapPort}`;
    const restored = await runCli(['restore', join(directory, 'archive'), '--to', to, '--allow-insecure', '--yes', '--json'], {
      env: { MAILFERRY_TO_PASSWORD: NEW.password },
    });
    expect(JSON.parse(restored.stdout)).toMatchObject({ exitCode: 0, messages: 40, failed: [] });
    expect(held(NEW)).toEqual(held(KIM));
  });
});
