import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveReader } from '@mailferry/core/archive';
import { drill } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { openImapTarget } from '@mailferry/core/target';
import { type Platform, startPlatform } from '@mailferry/platform';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../fixtures/cli.ts';

const KIM = { user: 'kim@example.co.kr', password: 'secret' };
const [FILLED, READ] = ['filled', 'read'].map((name) => ({ user: `${name}@example.co.kr`, password: 'secret' }));

let platform: Platform;
let directory: string;
const archive = () => join(directory, 'archive');
const urlOf = (user: string) => `imap://${encodeURIComponent(user)}@127.0.0.1:${platform.imapPort}`;
const message = (n: number): Buffer => Buffer.from(`Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
const WHEN = new Date('2024-03-05T00:12:40Z');

const backup = async (...options: string[]): Promise<void> => {
  const args = ['backup', '--from', urlOf(KIM.user), '--allow-insecure', '--out', archive(), '--quiet', ...options];
  expect((await runCli(args, { env: { MAILFERRY_FROM_PASSWORD: KIM.password } })).exitCode).toBe(0);
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-drill-'));
  platform = await startPlatform({ accounts: [KIM, FILLED, READ].filter((one) => one !== undefined), failedLogInMs: 0 });
  const account = platform.account(KIM.user);
  account.addMailbox('받은 서류/계약서');
  account.addMailbox('비어 있음');
  for (let n = 0; n < 30; n += 1)
    account.append(n % 3 === 0 ? '받은 서류/계약서' : 'INBOX', message(n % 20), {
      flags: n % 2 === 0 ? ['\\Seen', '$Forwarded', '&yRHVlA-'] : ['\\Draft'],
      internalDate: new Date(WHEN.getTime() + n * 1000),
    });
});
afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('S42: a drill', () => {
  it('restores, pulls back, compares, and finds zero differences; the archive stays as it was', async () => {
    await backup();
    const before = readdirSync(archive(), { recursive: true }).toSorted();
    const { exitCode, stdout } = await runCli(['drill', archive(), '--json']);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { messages: 30, archivedMessages: 30, differences: [], failed: [] }]);
    expect(readdirSync(archive(), { recursive: true }).toSorted()).toEqual(before);
  });

  it('takes a sample that is spread over the archive', async () => {
    await backup();
    const { exitCode, stdout } = await runCli(['drill', archive(), '--sample', '7', '--json']);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { messages: 7, archivedMessages: 30, differences: [] }]);
    expect(JSON.parse((await runCli(['drill', archive(), '--sample', '1000', '--json'])).stdout)).toMatchObject({ messages: 30 });
  });

  it('of an encrypted archive needs its identity', async () => {
    const identity = await generateX25519Identity();
    writeFileSync(join(directory, 'identity'), identity);
    await backup('--encrypt-to', await identityToRecipient(identity));
    expect(JSON.parse((await runCli(['drill', archive(), '--json'])).stdout).error.code).toBe('identity-missing');
    const { exitCode, stdout } = await runCli(['drill', archive(), '--identity', join(directory, 'identity'), '--json']);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { messages: 30, differences: [] }]);
  });

  it('names a message that is damaged in the archive', async () => {
    await backup();
    const part = join(archive(), 'part-0001.zip');
    const bytes = readFileSync(part);
    const at = bytes.indexOf('.eml') + 4 + 9 + 20;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(part, bytes);
    const { exitCode, stdout } = await runCli(['drill', archive(), '--json']);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([4, { messages: 29, differences: [], failed: [{ code: 'entry-damaged' }] }]);
  });

  it('names what comes back otherwise: other bytes, flags, dates and mailboxes', async () => {
    await backup();
    const signal = new AbortController().signal;
    const account = (user: string) =>
      ({ url: urlOf(user), credential: { kind: 'password', password: 'secret' }, allowInsecure: true }) as const;
    const read = platform.account(READ?.user ?? '');
    for (const [n, { flags, internalDate, read: body }] of [...platform.account(KIM.user).messages('INBOX')].entries()) {
      const isSwapped = n === 0;
      if (n === 1) continue;
      read.append('INBOX', isSwapped ? message(999) : body(), {
        flags: n === 2 ? [...flags, '\\Answered'] : flags,
        internalDate: n === 3 ? new Date(0) : internalDate,
      });
    }
    const stage = { target: openImapTarget(account(FILLED?.user ?? '')), source: openSource(account(READ?.user ?? '')) };
    const reader = await ArchiveReader.open({ directory: archive(), signal });
    try {
      const { differences } = await drill({ reader, directory: archive(), stage, signal });
      const codes = Map.groupBy(differences, ({ code }) => code);
      expect(codes.get('message-unexpected')).toHaveLength(1);
      // The one that was left out, the one that was swapped, and a whole mailbox.
      expect(codes.get('message-missing')).toHaveLength(12);
      expect(codes.get('flags-differ')).toMatchObject([{ mailbox: 'INBOX', found: expect.stringContaining('\\answered') }]);
      expect(codes.get('date-differs')).toMatchObject([{ found: '1970-01-01T00:00:00.000Z' }]);
      expect(codes.get('mailbox-missing')?.map(({ mailbox }) => mailbox)).toEqual(
        expect.arrayContaining(['받은 서류/계약서', '비어 있음']),
      );
    } finally {
      await stage.target.close();
      await stage.source.close();
    }
  });
});
