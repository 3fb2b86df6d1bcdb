import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ledger } from '@mailferry/core/ledger';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { type CliResult, runCli } from '../fixtures/cli.ts';
import { storedZip } from '../fixtures/stored-zip.ts';

const KIM = { user: 'kim@example.co.kr', password: 'old-secret' };

let directory: string;
let platform: Platform;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-sources-'));
  platform = await startPlatform({ accounts: [KIM], failedLogInMs: 0 });
});
afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const message = (n: number | string, date = 'Tue, 05 Mar 2024 09:12:33 +0900'): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nDate: ${date}\r\n\r\nbody ${n}\r\n`);
const fromLine = 'From kim@example.com Tue Mar  5 09:12:33 2024\n';
const url = (scheme = 'imap') => `${scheme}://${encodeURIComponent(KIM.user)}@127.0.0.1:${platform.imapPort}`;
const env = { MAILFERRY_FROM_PASSWORD: KIM.password };

const backup = async (from: string, ...more: string[]): Promise<CliResult & { report: Record<string, unknown> }> => {
  const out = more.includes('--out') ? [] : ['--out', join(directory, 'archive')];
  const result = await runCli(['backup', '--from', from, '--allow-insecure', ...out, '--json', ...more], { env });
  return { ...result, report: JSON.parse(result.stdout) };
};
const stored = (name = 'archive') =>
  manifestMessages(join(directory, name))
    .map(({ mailbox, name: entry }) => `${mailbox}: ${/message (\w+)/.exec(entry)?.[1]}`)
    .toSorted();

describe('mail in files', () => {
  it.each<[string, Record<string, Buffer>, string]>([
    ['an mbox', { 'Old mail.mbox': Buffer.from(`${fromLine}${message(1)}\n`) }, 'Old mail.mbox'],
    ['a gzipped mbox', { 'a.mbox.gz': gzipSync(`${fromLine}${message(1)}\n`) }, 'a.mbox.gz'],
    ['a Maildir', { 'cur/1.a:2,S': message(1), 'new/.keep': Buffer.alloc(0) }, ''],
    ['a folder of EML files', { 'a.eml': message(1) }, ''],
    ['a ZIP', { 'a.zip': storedZip({ '보낸메일함/1.eml': message(1) }) }, 'a.zip'],
  ])('is known by a look at it: %s', async (_, files, path) => {
    const root = join(directory, 'mail');
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), bytes);
    }
    rmSync(join(root, 'new/.keep'), { force: true });
    const { exitCode, report, stderr } = await backup(join(root, path));
    expect(exitCode, stderr).toBe(0);
    expect(report).toMatchObject({ fetchedMessages: 1, reconciliation: { differences: [] } });
  });

  it('that is none is refused with what to do', async () => {
    writeFileSync(join(directory, 'letter.txt'), 'Dear Kim\n');
    expect(await backup(join(directory, 'letter.txt'))).toMatchObject({ exitCode: 1, report: { error: { code: 'source-unknown' } } });
    expect(await backup(`mbox:${join(directory, 'nothing')}`)).toMatchObject({ report: { error: { code: 'source-missing' } } });
  });

  it('S32: an mbox is counted exactly, whatever way From_ lines are told apart, and gone on with by offset', async () => {
    const root = join(directory, 'mail');
    mkdirSync(root);
    const rd = `${fromLine}Subject: message 1\n\n>From me\n>>From you\n\n${fromLine}Subject: message 2\n\nbody\n\n`;
    const cl2 = (n: number) => {
      const body = `From unquoted\n\n${fromLine}not a message\n`;
      return `${fromLine}Subject: message ${n}\nContent-Length: ${body.length}\n\n${body}\n`;
    };
    writeFileSync(join(root, 'rd.mbox'), rd);
    writeFileSync(join(root, 'cl2.mbox'), cl2(1) + cl2(2) + cl2(3));
    writeFileSync(join(root, 'crlf.mbox'), rd.replaceAll('\n', '\r\n'));
    writeFileSync(join(root, 'cut.mbox'), `${rd}${fromLine}Subject: message 3\n\ncut in the mid`);
    const first = await backup(`mbox:${root}`);
    expect(first.report).toMatchObject({ reconciliation: { differences: [], totals: { stored: 2 + 3 + 2 + 3 } } });
    appendFileSync(join(root, 'rd.mbox'), `${fromLine}${message(9)}\n`);
    expect((await backup(`mbox:${root}`)).report).toMatchObject({
      fetchedMessages: 1,
      reconciliation: { differences: [], totals: { stored: 11 } },
    });
  });

  it('S23: a date that is absent, malformed or after 2038 does no harm', async () => {
    const root = join(directory, 'mail');
    mkdirSync(root);
    const odd = ['Date: nonsense\r\n', '', 'Date: Tue, 19 Jan 2038 03:14:08 +0000\r\n', 'Date: Mon, 1 Jan 0001 00:00:00 +0000\r\n'];
    for (const [n, header] of odd.entries()) writeFileSync(join(root, `${n}.eml`), `Subject: message ${n}\r\n${header}\r\nx\r\n`);
    platform.account(KIM.user).append('INBOX', message('late'), { internalDate: new Date('2039-06-01T01:02:03Z') });
    expect((await backup(`eml:${root}`)).exitCode).toBe(0);
    expect((await backup(url(), '--out', join(directory, 'late'))).exitCode).toBe(0);
    expect(manifestMessages(join(directory, 'late'))[0]?.internalDate).toBe('2039-06-01T01:02:03.000Z');
  });
});

describe('odd bytes', () => {
  it('S26: come out of an archive as they went in', async () => {
    const nested = Array.from({ length: 1000 }, (_, n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n\r\n`).join('');
    const bodies = [
      'Subject: NUL \0 here\r\n\r\n\0\0\r\n',
      'Subject: bare\n\nline\nfeeds\rand\rreturns\n',
      `Subject: long\r\n\r\n${'x'.repeat(50_000)}\r\n`,
      'Subject: \xc7\xd1\xb1\xdb\r\n\r\nraw EUC-KR\r\n',
      'Subject: =?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$BF|K\\\x1b(B\r\n',
      'Subject: base64\r\nContent-Transfer-Encoding: base64\r\n\r\n=====%%%%\r\n',
      'Subject: boundary\r\nContent-Type: multipart/mixed; boundary=none\r\n\r\n--other\r\n',
      `Subject: nested\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n${nested}`,
    ].map((text) => Buffer.from(text, 'latin1'));
    platform.account(KIM.user).appendAll(
      'INBOX',
      bodies.map((bytes) => ({ bytes })),
    );
    const { exitCode } = await backup(url());
    expect(exitCode).toBe(0);
    const sums = bodies.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
    expect(manifestMessages(join(directory, 'archive')).map(({ sha256 }) => sha256)).toEqual(sums);
    expect((await runCli(['verify', join(directory, 'archive')])).exitCode).toBe(0);
  });
});

describe('filters', () => {
  it('take a period by whole days of a time zone, and count what they leave out', async () => {
    const account = platform.account(KIM.user);
    account.addMailbox('스팸메일함');
    // 2024 begins in Seoul nine hours before it does in London.
    for (const [n, at] of [1, 2, 3].entries())
      account.append('INBOX', message(at), { internalDate: new Date(`2023-12-31T${14 + n}:30:00Z`) });
    account.append('스팸메일함', message(4), { internalDate: new Date('2024-06-01T00:00:00Z') });
    const { report } = await backup(url(), '--period', '2024', '--time-zone', 'Asia/Seoul', '--exclude', '스팸*');
    expect(report).toMatchObject({ reconciliation: { totals: { stored: 2, filtered: 2, source: 4 }, differences: [] } });
    expect(stored()).toEqual(['INBOX: 2', 'INBOX: 3']);
    expect((await backup(url(), '--larger-than', '1MB', '--out', join(directory, 'large'))).report).toMatchObject({ fetchedMessages: 0 });
  });

  it.each([
    ['--period', '2024-13'],
    ['--time-zone', 'Mars/Olympus'],
    ['--larger-than', 'big'],
    ['--mbox-format', 'mboxx'],
    ['--way', 'http'],
    ['--from-fingerprint', 'abc'],
  ])('and other options are checked before anything starts: %s %s', async (option, value) => {
    const more = option === '--time-zone' ? ['--period', '2024', option, value] : [option, value];
    expect(await backup(url(), ...more)).toMatchObject({ exitCode: 2, report: { error: { code: 'option-invalid' } } });
  });
});

describe('an archive', () => {
  it('S12: goes on with the same mail at another place only when it is told so', async () => {
    const account = platform.account(KIM.user);
    account.append('INBOX', message(1));
    await backup(url());
    const root = join(directory, 'INBOX');
    mkdirSync(root);
    writeFileSync(join(root, 'a.eml'), message(1));
    writeFileSync(join(root, 'b.eml'), message(2));
    expect(await backup(`eml:${root}`)).toMatchObject({ exitCode: 1, report: { error: { code: 'ledger-other-job' } } });
    const { report } = await backup(`eml:${root}`, '--rebind');
    expect(report).toMatchObject({ fetchedMessages: 1, reconciliation: { totals: { duplicates: 1, stored: 2 } } });
  });

  it('S14: that another run works on is left alone, with 6', async () => {
    platform.account(KIM.user).append('INBOX', message(1));
    await backup(url());
    const other = new Ledger(join(directory, 'archive/.mailferry/ledger.sqlite'));
    try {
      expect(await backup(url())).toMatchObject({ exitCode: 6, report: { error: { code: 'archive-locked' } } });
    } finally {
      other.close();
    }
    expect((await backup(url())).exitCode).toBe(0);
  });

  it('whose ledger is older than its parts is not written over', async () => {
    const account = platform.account(KIM.user);
    account.append('INBOX', message(1));
    await backup(url());
    writeFileSync(join(directory, 'archive/part-0002.zip'), 'a part of a later run');
    account.append('INBOX', message(2));
    expect(await backup(url())).toMatchObject({ exitCode: 1, report: { error: { code: 'archive-part-unknown' } } });
  });

  it('K6: does not keep twice what only a name makes a view, and keeps what only it holds', async () => {
    const account = platform.account(KIM.user);
    account.addMailbox('별표편지함');
    account.append('INBOX', message(1));
    account.append('별표편지함', message(1));
    account.append('별표편지함', message(2));
    expect((await backup(url())).report).toMatchObject({ reconciliation: { totals: { stored: 2, duplicates: 1 }, differences: [] } });
    expect(stored()).toEqual(['INBOX: 1', '별표편지함: 2']);
  });

  it('tells what became of a mailbox that is gone', async () => {
    const account = platform.account(KIM.user);
    account.addMailbox('Old');
    account.append('Old', message(1));
    await backup(url());
    const root = join(directory, 'INBOX');
    mkdirSync(root);
    writeFileSync(join(root, 'a.eml'), message(2));
    const { report } = await backup(`eml:${root}`, '--rebind');
    expect(report).toMatchObject({ reconciliation: { differences: [] } });
  });
});

describe('looking before a move', () => {
  it('probes an account, and copies nothing', async () => {
    const account = platform.account(KIM.user);
    account.append('INBOX', message(1));
    account.append('INBOX', message(2));
    const { exitCode, stdout } = await runCli(['probe', '--from', url(), '--allow-insecure', '--json'], { env });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'probe',
      messages: 2,
      facts: { protocol: 'IMAP', security: 'plain' },
      sample: { messages: 1 },
    });
    const text = await runCli(['probe', '--from', url(), '--allow-insecure', '--lang', 'ko'], { env });
    expect(text.stdout).toContain('복사하거나 바꾼 것은 없습니다');
  });

  it('knows providers, and what a company address needs', async () => {
    const { stdout } = await runCli(['providers', 'naver', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ providers: [{ id: 'naver', imap: { host: 'imap.naver.com' } }] });
    expect(await runCli(['providers', 'nobody'])).toMatchObject({ exitCode: 2 });
    const unknown = await runCli(['probe', '--from', 'kim@company.co.kr']);
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--provider') });
    const plain = await runCli(['probe', '--from', 'kim@company.co.kr', '--provider', 'ecount'], { env });
    expect(plain).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--allow-insecure') });
  });

  it('asks before anything is deleted at a source', async () => {
    const { exitCode, report } = await backup(`pop3://kim@127.0.0.1:1`, '--delete-after-pull');
    expect({ exitCode, code: (report.error as { code: string }).code }).toEqual({ exitCode: 2, code: 'consent-missing' });
  });
});
