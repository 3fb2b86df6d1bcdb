import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { runCli } from '../fixtures/cli.ts';
import { corpusMessages, hasCorpus } from '../fixtures/corpus.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const isPossible = hasDovecot() && hasCorpus() && hasProgram('python3');
const TARGET = { user: 'new@example.co.kr', password: 'target-secret' };

describe.skipIf(!isPossible)('the corpus of real mail, served by Dovecot (needs dovecot, python3 and the corpus)', () => {
  let dovecot: Dovecot;
  let platform: Platform;
  let directory: string;
  let served: string[][];
  let expectedCount: number;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-corpus-'));
    dovecot = await startDovecot();
    const corpus = corpusMessages();
    corpus.set('받은 서류/계약서', [Buffer.from('Subject: x\r\n\r\nbody\r\n')]);
    expectedCount = [...corpus.values()].reduce((sum, messages) => sum + messages.length, 0);
    dovecot.addAccount('kim', corpus);
    platform = await startPlatform({ accounts: [TARGET] });
    const list = await runProgram('python3', [
      join(import.meta.dirname, 'imap-hashes.py'),
      '127.0.0.1',
      String(dovecot.imapPort),
      'kim',
      dovecot.password,
    ]);
    served = list
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
  });

  afterAll(async () => {
    await platform?.stop();
    await dovecot?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  const hashes = (rows: Iterable<readonly [uid: string | number, sha256: string]>) =>
    Array.from(rows, ([uid, sha256]) => `${sha256} ${uid}`).toSorted();

  it('is backed up over TLS byte for byte, and every ZIP tool opens the parts', async () => {
    const out = join(directory, 'backup');
    const args = [
      'backup',
      '--from',
      `imaps://kim@localhost:${dovecot.imapsPort}`,
      '--from-ca-file',
      dovecot.certificatePath,
      '--out',
      out,
      '--json',
    ];
    const { exitCode, stdout, stderr } = await runCli(args, { env: { MAILFERRY_FROM_PASSWORD: dovecot.password } });
    expect(stderr).not.toContain('rror');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ fetchedMessages: expectedCount, reconciliation: { differences: [] } });
    const manifest = manifestMessages(out);
    expect(hashes(manifest.map(({ uid, sha256 }) => [uid, sha256]))).toEqual(
      hashes(served.map(([, uid = '', sha256 = '']) => [uid, sha256])),
    );

    const parts = readdirSync(out)
      .filter((name) => name.endsWith('.zip'))
      .map((name) => join(out, name));
    const unpacked = await runProgram('python3', [join(import.meta.dirname, 'zip-hashes.py'), ...parts]);
    expect(unpacked.trimEnd().split('\n').toSorted()).toEqual(manifest.map(({ name, sha256 }) => `${name}\t${sha256}`).toSorted());
    await runProgram('sha256sum', ['-c', '--strict', 'SHA256SUMS'], out);
    for (const part of parts) await runProgram('unzip', ['-tqq', part]);
    for (const part of parts) await runProgram('7zz', ['t', part]);
    expect(await runCli(['verify', out])).toMatchObject({ exitCode: 0 });
  });

  it('S42: comes back from a restore into the embedded platform with zero differences', async () => {
    const { exitCode, stdout } = await runCli(['drill', join(directory, 'backup'), '--json']);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      { messages: expectedCount, archivedMessages: expectedCount, differences: [], failed: [] },
    ]);
  });

  it('is found whole by a checker in another language', async () => {
    const checker = join(import.meta.dirname, '../../examples/check_archive.py');
    expect(await runProgram('python3', [checker, join(directory, 'backup')])).toContain(`whole: ${expectedCount} messages`);
  });

  it('is migrated whole, run again with nothing to do, and the source is as it was', async () => {
    const before = await runProgram('python3', [
      join(import.meta.dirname, 'imap-flags.py'),
      '127.0.0.1',
      String(dovecot.imapPort),
      'kim',
      dovecot.password,
    ]);
    const to = `http://${encodeURIComponent(TARGET.user)}@127.0.0.1:${platform.httpPort}`;
    const args = [
      'migrate',
      '--from',
      `imap://kim@127.0.0.1:${dovecot.imapPort}`,
      '--allow-insecure',
      '--to',
      to,
      '--archive',
      join(directory, 'migration'),
      '--yes',
      '--json',
    ];
    const env = { MAILFERRY_FROM_PASSWORD: dovecot.password, MAILFERRY_TO_PASSWORD: TARGET.password };
    const first = await runCli(args, { env });
    expect(first.exitCode, first.stderr + first.stdout).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      fetchedMessages: expectedCount,
      uploadedMessages: expectedCount,
      failed: [],
      reconciliation: { differences: [] },
    });
    const account = platform.account(TARGET.user);
    const held = account.listMailboxes().flatMap(({ path }) => Array.from(account.messages(path), ({ sha256 }) => sha256));
    expect(held.toSorted()).toEqual(served.map(([, , sha256]) => sha256).toSorted());

    const second = await runCli(args, { env });
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ fetchedMessages: 0, uploadedMessages: 0, reconciliation: { differences: [] } });
    const after = await runProgram('python3', [
      join(import.meta.dirname, 'imap-flags.py'),
      '127.0.0.1',
      String(dovecot.imapPort),
      'kim',
      dovecot.password,
    ]);
    expect(after).toBe(before);
  });
});
