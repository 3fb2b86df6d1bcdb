import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, runCli } from '../fixtures/cli.ts';

const OLD = { user: 'old@example.co.kr', password: 'old-secret' };
const NEW = { user: 'new@example.co.kr', password: 'new-secret' };

let platform: Platform;
let directory: string;

const message = (n: number): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@x>\r\nDate: Tue, 05 Mar 2024 09:12:33 +0900\r\n\r\nbody ${n}\r\n`);
const archive = () => join(directory, 'archive');
const urlOf = ({ user }: { user: string }) => `imap://${encodeURIComponent(user)}@127.0.0.1:${platform.imapPort}`;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-restore-'));
  platform = await startPlatform({ accounts: [OLD, NEW], failedLogInMs: 0 });
  const account = platform.account(OLD.user);
  account.addMailbox('받은 서류/계약서');
  account.addMailbox('비어 있음');
  account.appendAll(
    'INBOX',
    [1, 2, 3].map((n) => ({ bytes: message(n), flags: ['\\Seen', '$Forwarded'], internalDate: new Date('2024-03-05T00:12:40Z') })),
  );
  account.append('받은 서류/계약서', message(4), { flags: ['\\Flagged', '\\Draft'], internalDate: new Date('2038-01-19T03:14:09Z') });
  account.append('Sent', message(5), { internalDate: new Date('1999-12-31T23:59:59Z') });
  const result = await runCli(['backup', '--from', urlOf(OLD), '--allow-insecure', '--out', archive(), '--quiet'], {
    env: { MAILFERRY_FROM_PASSWORD: OLD.password },
  });
  expect(result.exitCode, result.stderr).toBe(0);
});

afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const restore = (...options: string[]): Promise<CliResult> =>
  runCli(['restore', archive(), '--to', urlOf(NEW), '--allow-insecure', '--yes', '--json', ...options], {
    env: { MAILFERRY_TO_PASSWORD: NEW.password },
  });

const held = ({ user }: { user: string }) => {
  const account = platform.account(user);
  return account.listMailboxes().map(({ path }) => ({
    path,
    messages: Array.from(account.messages(path), ({ sha256, flags, internalDate }) => ({ sha256, flags: flags.toSorted(), internalDate })),
  }));
};

describe('restore', () => {
  it('brings every mailbox and message back with bytes, flags and dates, and a second run sends nothing', async () => {
    const first = await restore();
    expect(first.exitCode, first.stdout + first.stderr).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ kind: 'restore', messages: 5, failed: [], notices: [] });
    expect(held(NEW)).toEqual(held(OLD));
    const again = JSON.parse((await restore()).stdout);
    expect(again.mailboxes.reduce((sum: number, { restored }: { restored: number }) => sum + restored, 0)).toBe(0);
    expect(again.mailboxes.reduce((sum: number, mailbox: { restoredBefore: number }) => sum + mailbox.restoredBefore, 0)).toBe(5);
    expect(held(NEW)).toEqual(held(OLD));
  });

  it('S39: makes no copies of what was moved at the target between two runs, and brings what is new', async () => {
    await restore();
    const account = platform.account(NEW.user);
    const [first] = account.messages('INBOX');
    account.expunge('INBOX', [first?.uid ?? 0]);
    account.append('Trash', message(1));
    platform.account(OLD.user).append('INBOX', message(6));
    await runCli(['backup', '--from', urlOf(OLD), '--allow-insecure', '--out', archive()], {
      env: { MAILFERRY_FROM_PASSWORD: OLD.password },
    });
    const report = JSON.parse((await restore()).stdout);
    expect(report).toMatchObject({ exitCode: 0, failed: [] });
    expect([...account.messages('INBOX')].map(({ sha256 }) => sha256)).toEqual(
      [2, 3, 6].map((n) => createHash('sha256').update(message(n)).digest('hex')),
    );
  });

  it('S43: a dry run counts what the real run then sends, and changes nothing here and there', async () => {
    const before = held(NEW);
    const names = readdirSync(directory, { recursive: true }).toSorted();
    const planned = JSON.parse((await restore('--dry-run')).stdout);
    expect([held(NEW), readdirSync(directory, { recursive: true }).toSorted()]).toEqual([before, names]);
    const real = JSON.parse((await restore()).stdout);
    expect([planned.messages, planned.bytes]).toEqual([real.messages, real.bytes]);
    expect(planned.mailboxes.map(({ mailbox, target, messages }: Record<string, unknown>) => [mailbox, target, messages])).toEqual(
      real.mailboxes.map(({ mailbox, target, restored }: Record<string, unknown>) => [mailbox, target, restored]),
    );
    expect(JSON.parse((await restore('--dry-run')).stdout)).toMatchObject({ bytes: 0 });
  });

  it('takes a selection, puts it below a mailbox, and keeps its record elsewhere', async () => {
    const journal = join(directory, 'journal');
    const result = await restore(
      '--include',
      '받은*',
      '--include',
      'Sent',
      '--with-flag',
      '\\Draft',
      '--under',
      '복원',
      '--journal',
      journal,
    );
    expect(JSON.parse(result.stdout)).toMatchObject({ exitCode: 0, messages: 1 });
    const found = held(NEW).filter(({ messages }) => messages.length > 0);
    expect(found).toMatchObject([{ path: '복원/받은 서류/계약서', messages: [{ flags: ['\\Draft', '\\Flagged'] }] }]);
    expect(readdirSync(join(archive(), '.mailferry')).filter((name) => name.startsWith('restore'))).toEqual([]);
    expect(readdirSync(journal)).toHaveLength(1);
  });

  it('leaves out what vanished at the source, where that is asked for', async () => {
    platform.account(OLD.user).expunge('INBOX', [2]);
    await runCli(['backup', '--from', urlOf(OLD), '--allow-insecure', '--out', archive()], {
      env: { MAILFERRY_FROM_PASSWORD: OLD.password },
    });
    expect(JSON.parse((await restore('--as-listed')).stdout)).toMatchObject({ exitCode: 0, messages: 4 });
    expect([...platform.account(NEW.user).messages('INBOX')]).toHaveLength(2);
  });

  it('S38: ends clearly where the account is full, and goes on when there is room', async () => {
    await platform.stop();
    const full = await startPlatform({ accounts: [{ ...NEW, quotaBytes: 250 }], failedLogInMs: 0 });
    const to = `imap://${encodeURIComponent(NEW.user)}@127.0.0.1:${full.imapPort}`;
    const args = ['restore', archive(), '--to', to, '--allow-insecure', '--yes', '--json'];
    const env = { MAILFERRY_TO_PASSWORD: NEW.password };
    try {
      const result = await runCli(args, { env });
      expect(JSON.parse(result.stdout).error?.code ?? result.stdout).toBe('target-over-quota');
    } finally {
      await full.stop();
    }
    platform = await startPlatform({ accounts: [OLD, NEW], failedLogInMs: 0 });
  });

  it('asks first, and refuses a password that is wrong once', async () => {
    const unasked = await runCli(['restore', archive(), '--to', urlOf(NEW), '--allow-insecure', '--json'], {
      env: { MAILFERRY_TO_PASSWORD: 'x' },
    });
    expect(JSON.parse(unasked.stdout).error.code).toBe('consent-missing');
    const wrong = await runCli(['restore', archive(), '--to', urlOf(NEW), '--allow-insecure', '--yes', '--json'], {
      env: { MAILFERRY_TO_PASSWORD: 'x' },
    });
    expect([wrong.exitCode, JSON.parse(wrong.stdout).error.code]).toEqual([5, 'auth-refused']);
  });
});
