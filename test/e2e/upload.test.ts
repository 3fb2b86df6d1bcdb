import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../fixtures/cli.ts';
import { storedZip } from '../fixtures/stored-zip.ts';

const ACCOUNT = { user: 'new@example.co.kr', password: 'new-secret' };
const OLD = { user: 'old@example.co.kr', password: 'old-secret' };
const message = (n: number): Buffer => Buffer.from(`Subject: message ${n}\r\n\r\nbody ${n}\r\n`);

let platform: Platform;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-upload-'));
  platform = await startPlatform({ accounts: [ACCOUNT, OLD] });
});

afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const upload = (path: string, ...rest: string[]) => {
  const to = `http://${encodeURIComponent(ACCOUNT.user)}@127.0.0.1:${platform.httpPort}`;
  return runCli(['upload', path, '--to', to, '--yes', '--json', ...rest], { env: { MAILFERRY_TO_PASSWORD: ACCOUNT.password } });
};

const held = (mailbox: string): string[] =>
  Array.from(platform.account(ACCOUNT.user).messages(mailbox), (stored) => stored.read().toString()).toSorted();

describe('a ZIP that a user brings', () => {
  it('is taken but for what the target refuses, each named with its reason, and doubles nothing when sent again', async () => {
    const path = join(directory, 'mail.zip');
    writeFileSync(
      path,
      storedZip({ 'a.eml': message(1), '빈 메일.eml': Buffer.alloc(0), 'notes.txt': Buffer.from('not mail'), 'b.EML': message(2) }),
    );
    for (const attempt of ['first', 'again']) {
      const result = await upload(path, '--mailbox', '보관/2024');
      expect(result.exitCode, `${attempt}: ${result.stdout}`).toBe(3);
      expect(JSON.parse(result.stdout).failed).toMatchObject([
        { mailbox: '보관/2024', entryName: '빈 메일.eml', code: 'upload-entry-empty' },
        { mailbox: '보관/2024', entryName: 'notes.txt', code: 'upload-entry-not-eml' },
      ]);
      expect(held('보관/2024')).toEqual([message(1).toString(), message(2).toString()]);
    }
  });

  it.each([
    ['of 2 GB, before a byte is sent', 2 ** 31, 'zip-too-large'],
    ['that is none', 100, 'zip-invalid'],
  ])('%s is refused', async (_, sizeBytes, code) => {
    const path = join(directory, 'mail.zip');
    writeFileSync(path, '');
    truncateSync(path, sizeBytes);
    const result = await upload(path, '--mailbox', 'INBOX');
    expect(result.exitCode).toBe(1);
    expect(JSON.parse(result.stdout).error.code).toBe(code);
  });
});

describe('an archive', () => {
  const backUp = (...rest: string[]) => {
    platform.account(OLD.user).appendAll(
      'INBOX',
      [1, 2, 3].map((n) => ({ bytes: message(n), flags: ['\\Seen'] })),
    );
    const from = `imap://${encodeURIComponent(OLD.user)}@127.0.0.1:${platform.imapPort}`;
    return runCli(['backup', '--from', from, '--allow-insecure', '--out', join(directory, 'archive'), '--json', ...rest], {
      env: { MAILFERRY_FROM_PASSWORD: OLD.password },
    });
  };

  it('made for upload goes up once, and is held against the target', async () => {
    await backUp('--for-upload');
    const first = await upload(join(directory, 'archive'));
    expect(first.exitCode, first.stdout).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      uploadedMessages: 3,
      reconciliation: { differences: [], totals: { uploaded: 3, target: 3 } },
    });
    const again = await upload(join(directory, 'archive'));
    expect(JSON.parse(again.stdout)).toMatchObject({ uploadedMessages: 0, uploadedParts: 0, reconciliation: { differences: [] } });
    expect(held('INBOX')).toHaveLength(3);
  });

  it('with mixed parts is refused with what to do instead', async () => {
    await backUp();
    const result = await upload(join(directory, 'archive'));
    expect(result.exitCode).toBe(1);
    expect(JSON.parse(result.stdout).error).toMatchObject({ code: 'zip-mixed-mailboxes', hint: expect.stringContaining('--for-upload') });
  });
});
