import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const OLD = { user: 'old@example.com', password: 'pw-of-the-old-one' };
const NEW = { user: 'new@example.com', password: 'pw-of-the-new-one' };
const MESSAGES = 5;

let platform: Platform;
let folder: string;
let archive: string;

beforeAll(async () => {
  platform = await startPlatform({ accounts: [OLD, NEW] });
  const account = platform.account(OLD.user);
  account.addMailbox('프로젝트');
  for (let at = 1; at <= MESSAGES; at += 1) {
    const mailbox = at % 2 === 0 ? 'INBOX' : '프로젝트';
    account.append(mailbox, Buffer.from(`Subject: ${at}\r\n\r\nText of ${at}\r\n`), { flags: [], internalDate: new Date(0) });
  }
});
afterAll(() => platform.stop());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailferry-cli-'));
  archive = join(folder, 'archive');
  return () => rm(folder, { recursive: true });
});

const PASSWORDS = { MAILFERRY_FROM_PASSWORD: OLD.password, MAILFERRY_TO_PASSWORD: NEW.password };

const run = async (args: readonly string[], options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {}) => {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const terminal = { ...streams, env: { LANG: 'C', ...PASSWORDS, ...options.env } };
  const exitCode = await runCli(args, terminal, options.signal ?? new AbortController().signal);
  const read = (stream: PassThrough): string => String(stream.read() ?? '');
  return { exitCode, stdout: read(streams.stdout), stderr: read(streams.stderr) };
};

const from = (user = OLD.user) => ['--from', `imap://${user}@127.0.0.1:${platform.imapPort}`, '--allow-insecure'];
const to = (user = NEW.user) => ['--to', `http://${user}@127.0.0.1:${platform.httpPort}`];

const flipByte = async (path: string): Promise<void> => {
  await using file = await open(path, 'r+');
  const at = Math.floor((await file.stat()).size / 2);
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at);
};

describe('mailferry', () => {
  it('migrates an account, and has nothing to do the second time', async () => {
    const args = ['migrate', ...from(), ...to(), '--archive', archive, '--yes'];
    const first = await run(args);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toMatch(/\nTotal +5 +5 +5 +0 +0 +0 +5\n/);
    expect(first.stdout).toMatch(/\nEvery message found is accounted for\. In the archive: 5, at the target: 5\.\n$/);
    const second = await run([...args, '--json']);
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ kind: 'migrate', fetchedMessages: 0, uploadedMessages: 0, failed: [], exitCode: 0 });
    const third = await run(args, { env: { LANG: 'ko_KR.UTF-8' } });
    expect(third.stdout).toMatch(/\n할 일이 없습니다\. [^\n]*5통[^\n]*\n$/);
  });

  it('backs up and verifies, and finds a damaged byte', async () => {
    expect((await run(['backup', ...from(), '--out', archive, '--quiet'])).exitCode).toBe(0);
    const whole = await run(['verify', archive, '--json']);
    expect(whole.exitCode).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({ kind: 'verify', entryCount: MESSAGES, damages: [], exitCode: 0 });
    const part = (await readdir(archive)).find((name) => name.endsWith('.zip')) ?? '';
    await flipByte(join(archive, part));
    const damaged = await run(['verify', archive]);
    expect(damaged.exitCode).toBe(4);
    expect(damaged.stdout).toContain(part);
    expect(damaged.stdout).toMatch(/\nThe archive is damaged\. /);
  });

  it('says which side refused a password, and never shows it', async () => {
    const sides = [{ MAILFERRY_FROM_PASSWORD: 'not-the-old-one' }, { MAILFERRY_TO_PASSWORD: 'not-the-new-one' }];
    for (const env of sides) {
      const refused = await run(['migrate', ...from(), ...to(), '--archive', archive, '--yes', '--json'], { env });
      expect(refused.exitCode).toBe(5);
      expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'auth-refused', details: { host: '127.0.0.1' } }, exitCode: 5 });
      expect(refused.stdout + refused.stderr).not.toMatch(/not-the-|pw-of-the-/);
    }
  });

  it('starts nothing without consent', async () => {
    const { exitCode, stderr } = await run(['migrate', ...from(), ...to(), '--archive', archive]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('[consent-missing]');
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses to delete at a source that is not read by POP3, before it asks or connects', async () => {
    const lines = [
      ['backup', '--out', archive],
      ['migrate', ...to(), '--archive', archive],
    ];
    for (const line of lines) {
      const { exitCode, stderr } = await run([...line, '--from', 'imaps://kim@127.0.0.1:1', '--delete-after-pull']);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/--delete-after-pull: .*POP3 \[option-invalid\]/);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a password in an address without showing it', async () => {
    const lines = [
      ['backup', '--from', 'imaps://kim:s3cret@mail.example', '--out', archive],
      ['backup', 'imaps://kim:s3cret@mail.example', '--out', archive, ...from()],
      ['upload', archive, '--to', 'https://kim:s3cret@mail.example', '--yes', '--json'],
    ];
    for (const line of lines) {
      const { exitCode, stdout, stderr } = await run(line);
      expect(exitCode).toBe(2);
      expect(stdout + stderr).toMatch(/password|Unknown argument/);
      expect(stdout + stderr).not.toContain('s3cret');
    }
  });

  it('writes an error as the one JSON document', async () => {
    const { exitCode, stdout, stderr } = await run(['verify', archive, '--bad', '--json']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'option-invalid',
        message: 'command line: Unknown argument: bad',
        hint: expect.any(String),
        scope: 'run',
        retry: 'never',
        details: { option: 'command line', reason: 'Unknown argument: bad' },
      },
      exitCode: 2,
    });
  });

  it('tells a server that is not there from one that says no', async () => {
    const { exitCode, stderr } = await run(['backup', '--from', 'imap://kim@127.0.0.1:1', '--allow-insecure', '--out', archive]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('[connection-refused]');
  });

  it('stops when it is told to', async () => {
    const stopped = await run(['backup', ...from(), '--out', archive], { signal: AbortSignal.abort() });
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toContain('[cancelled]');
  });

  it('serves a platform until it is told to stop', async () => {
    const stop = new AbortController();
    const stdout = new PassThrough();
    const terminal = { env: {}, stdin: new PassThrough(), stdout, stderr: new PassThrough() };
    const serving = runCli(['platform', 'serve', '--account', OLD.user, '--json'], terminal, stop.signal);
    const started = JSON.parse(await new Promise<string>((resolve) => stdout.once('data', (chunk) => resolve(String(chunk)))));
    expect(started).toMatchObject({
      kind: 'platform',
      host: '127.0.0.1',
      pop3Port: null,
      smtpPort: null,
      accounts: [{ user: OLD.user, password: expect.stringMatching(/.{16}/) }],
    });
    expect((await fetch(started.httpUrl)).status).toBeLessThan(500);
    stop.abort();
    expect(await serving).toBe(0);
    await expect(fetch(started.httpUrl)).rejects.toThrow();
  });

  it('says which option keeps a platform from starting', async () => {
    const serve = (...more: string[]) => run(['platform', 'serve', '--account', OLD.user, ...more, '--json']);
    const optionOf = ({ stdout }: { stdout: string }): unknown => JSON.parse(stdout).error.details.option;
    expect(optionOf(await serve('--imap-port', String(platform.imapPort)))).toBe('--imap-port');
    expect(optionOf(await serve('--pop3-port', String(platform.pop3Port)))).toBe('--pop3-port');
    expect(optionOf(await serve('--smtp-port', String(platform.smtpPort)))).toBe('--smtp-port');
    expect(optionOf(await serve('--http-port', String(platform.httpPort)))).toBe('--http-port');
    expect(optionOf(await serve('--host', '203.0.113.9'))).toBe('--host');
    expect(optionOf(await serve('--data', import.meta.filename))).toBe('--data');
  });
});
