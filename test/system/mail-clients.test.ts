import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../fixtures/programs.ts';

const CHECK = resolve(import.meta.dirname, '../../../shared/checks/clients-check');
const NODE_MODULES = resolve(import.meta.dirname, '../node_modules');
const PROGRAMS = ['python3', 'openssl', 'mbsync', 'offlineimap', 'fetchmail', 'getmail', 'mutt', 'neomutt', 'curl', 'swaks', 'msmtp'];
const USER = 'kim@example.com';
const PASSWORD = 'pass-word';
const TIME_MS = 240_000;

/** Every line that it prints; it exits with 1 where a check failed. */
const checkClients = (ports: readonly number[], options: readonly string[]): Promise<string[]> => {
  const args = ['--node-modules', NODE_MODULES, ...options, 'localhost', ...ports.map(String), USER, PASSWORD];
  return new Promise((done) => {
    execFile(CHECK, args, { timeout: TIME_MS, maxBuffer: 64 * 1024 * 1024 }, (_, stdout) => done(stdout.trimEnd().split('\n')));
  });
};

const isMissing = !existsSync(CHECK) || !PROGRAMS.every(hasProgram);

describe.skipIf(isMissing)(`mail programs of others do their main job (needs ${PROGRAMS.join(', ')} and clients-check)`, () => {
  let directory: string;
  let platform: Platform;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-clients-'));
    const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')];
    const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...name, ...files], { stdio: 'ignore' });
  });
  afterEach(() => platform.stop());
  afterAll(() => rmSync(directory, { recursive: true }));

  const failuresOf = async (leastPassed: number, options: readonly string[]): Promise<string[]> => {
    const tls = { key: readFileSync(join(directory, 'key.pem')), cert: readFileSync(join(directory, 'cert.pem')) };
    platform = await startPlatform({
      accounts: [{ user: USER, password: PASSWORD, quotaBytes: 2 ** 32 }],
      policy: { pop3Smtp: true },
      maxMessageBytes: 20 * 1024 * 1024,
      failedLogInMs: 0,
      ...(options.includes('starttls') ? { tls } : {}),
    });
    const lines = await checkClients([platform.imapPort, platform.pop3Port, platform.smtpPort], options);
    const failures = lines.filter((line) => /^FAIL /.test(line));
    expect(Number(/^(\d+) passed/.exec(lines.at(-1) ?? '')?.[1]), lines.join('\n')).toBeGreaterThanOrEqual(leastPassed);
    return failures;
  };

  it('in the clear', { timeout: TIME_MS + 10_000 }, async () => {
    expect(await failuresOf(127, [])).toEqual([]);
  });

  it('over STARTTLS, where passwords in the clear are refused', { timeout: TIME_MS + 10_000 }, async () => {
    expect(await failuresOf(119, ['--tls', 'starttls', '--ca', join(directory, 'cert.pem')])).toEqual([]);
  });
});
