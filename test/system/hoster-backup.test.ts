import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadBackup } from '../fixtures/hoster-backup.ts';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const KIM = { user: 'kim@example.co.kr', password: 'secret' };

let platform: Platform;
let directory: string;
let parts: string[];
const sent: string[] = [];
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-hoster-'));
  platform = await startPlatform({ accounts: [KIM], failedLogInMs: 0, maxBackupPartBytes: 20_000_000 });
  const messages = Array.from({ length: 500 }, (_, n) => {
    const bytes = Buffer.from(
      `Subject: 메일 ${n}\r\n\r\n${randomBytes(n % 100 === 0 ? 3_000_000 : 30_000).toString('latin1')}\r\n`,
      'latin1',
    );
    sent.push(createHash('sha256').update(bytes).digest('hex'));
    return { bytes, internalDate: new Date(n % 2 ? '1999-12-31T23:59:59Z' : '2024-02-29T12:00:00Z') };
  });
  platform.account(KIM.user).appendAll('INBOX', messages);
  parts = await downloadBackup(platform, KIM, directory);
});
afterAll(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe("the parts of the hoster's backup", () => {
  it.runIf(hasProgram('unzip'))('are sound for unzip', async () => {
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(await runProgram('unzip', ['-tq', part])).toContain('No errors detected');
  });

  it.runIf(hasProgram('7zz'))('are sound for 7-Zip', async () => {
    for (const part of parts) expect(await runProgram('7zz', ['t', part])).toContain('Everything is Ok');
  });

  it.runIf(hasProgram('python3'))("hold every message byte for byte for Python's zipfile", async () => {
    const listed = await runProgram('python3', [resolve(import.meta.dirname, 'zip-hashes.py'), ...parts.toSorted()]);
    const hashes = listed
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[1]);
    expect(hashes.toSorted()).toEqual(sent.toSorted());
  });
});
