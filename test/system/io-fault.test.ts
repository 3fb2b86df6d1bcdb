import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

/** Makes file operations of a program fail, one after the other; kept beside the repository. */
const IO_FAULT = resolve(import.meta.dirname, '../../../shared/checks/io-fault');
const CLI = resolve(import.meta.dirname, '../../packages/cli/bin/mailferry.js');
const ACCOUNT = { user: 'kim@example.co.kr', password: 'secret' };
const POINTS = 24;

const isPossible = existsSync(IO_FAULT) && hasProgram('python3') && hasProgram('cc');

describe.skipIf(!isPossible)('a backup whose disk fails (needs python3, cc and the fault injectors)', () => {
  let platform: Platform;
  let directory: string;
  let out: string;
  let script: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-io-'));
    out = join(directory, 'out');
    platform = await startPlatform({ accounts: [ACCOUNT] });
    const messages = Array.from({ length: 300 }, (_, n) => ({
      bytes: Buffer.from(`Subject: message ${n}\r\n\r\n${'body '.repeat(n)}\r\n`),
    }));
    platform.account(ACCOUNT.user).appendAll('INBOX', messages);
    script = join(directory, 'backup.sh');
    const url = `imap://${encodeURIComponent(ACCOUNT.user)}@127.0.0.1:${platform.imapPort}`;
    const command = (path: string) =>
      `"${process.execPath}" "${CLI}" backup --from ${url} --allow-insecure --out ${path} --part-size 100000 --quiet`;
    writeFileSync(script, `export MAILFERRY_FROM_PASSWORD=${ACCOUNT.password}\n${command('"$1"')}\n`);
    await runProgram('sh', [script, join(directory, 'undisturbed')]);
    const compare = `diff -r -x .mailferry "${join(directory, 'undisturbed')}" "${out}" && cd "${out}" && sha256sum -c --quiet --strict SHA256SUMS`;
    writeFileSync(join(directory, 'check.sh'), compare);
  });

  afterAll(async () => {
    await platform?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each(['kill', 'torn', 'power', 'errno:ENOSPC', 'errno:EIO'])(
    'ends, gone on with after %s at any write, sync or rename, in the bytes of an undisturbed one',
    async (action) => {
      const run = `sh ${script} ${out}`;
      const args = [
        'sweep',
        '--action',
        action,
        '--path',
        out,
        '--prepare',
        `rm -rf ${out}; mkdir ${out}`,
        '--run',
        run,
        '--check',
        `sh ${join(directory, 'check.sh')}`,
      ];
      const output = await runProgram('python3', [IO_FAULT, ...args, '--max', String(POINTS)]).catch(
        (error: Error & { stdout?: string }) => error.stdout ?? error.message,
      );
      expect(output).toMatch(/\b0 failed/);
      expect(output).not.toMatch(/\b0 ok/);
    },
    600_000,
  );
});
