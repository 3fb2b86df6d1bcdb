import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../fixtures/cli.ts';
import { storedZip } from '../fixtures/stored-zip.ts';

const KIM = { user: 'kim@example.co.kr', password: 'kim-secret' };
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_SECONDS = 30;

/** RFC 6238, as an app on a telephone does it. */
const codeOf = (secret: string): string => {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_SECONDS)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};

let platform: Platform;
let directory: string;
let secret: string;

const post = async (path: string, body: object, token = ''): Promise<Record<string, string>> => {
  const response = await fetch(`http://127.0.0.1:${platform.httpPort}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'authorization': `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, string>;
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-code-'));
  platform = await startPlatform({ accounts: [KIM] });
  const { token } = await post('/sessions', KIM);
  secret = (await post(`/accounts/${KIM.user}/one-time-codes`, {}, token)).secret ?? '';
});

afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const upload = (...rest: string[]) => {
  const path = join(directory, 'mail.zip');
  writeFileSync(path, storedZip({ 'a.eml': Buffer.from('Subject: a\r\n\r\na\r\n') }));
  const to = `http://${encodeURIComponent(KIM.user)}@127.0.0.1:${platform.httpPort}`;
  const args = ['upload', path, '--mailbox', 'INBOX', '--to', to, '--yes', '--json', ...rest];
  return runCli(args, { env: { MAILFERRY_TO_PASSWORD: KIM.password } });
};

describe('M4: an account with two-step verification', () => {
  it('is filled with the code that a command prints', async () => {
    const { exitCode, stdout } = await upload('--to-code-command', `echo ${codeOf(secret)}`);
    expect(JSON.parse(stdout)).toMatchObject({ uploadedMessages: 1 });
    expect(exitCode).toBe(0);
  });

  it('is said to want a code where nobody can be asked', async () => {
    const { exitCode, stdout } = await upload();
    expect(JSON.parse(stdout).error.code).toBe('one-time-code-missing');
    expect(exitCode).toBe(5);
  });

  it('refuses a wrong code, and is asked once', async () => {
    const { exitCode, stdout } = await upload('--to-code-command', 'echo 000000');
    expect(JSON.parse(stdout).error.code).toBe('auth-refused');
    expect(exitCode).toBe(5);
  });

  it('names a command that prints nothing', async () => {
    const { exitCode, stdout } = await upload('--to-code-command', 'false');
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'option-invalid', details: { option: '--to-code-command' } });
    expect(exitCode).toBe(2);
  });
});
