import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { runCli } from '../fixtures/cli.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { runProgram } from '../fixtures/programs.ts';

const MESSAGES = 6000;
const KILLS = 20;

const message = (n: number): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@example.com>\r\n\r\n${`line ${n * 7919}\r\n`.repeat(1 + ((n * 31) % 900))}`);

describe.skipIf(!hasDovecot())('a backup from Dovecot that is killed at any moment (needs dovecot)', () => {
  let dovecot: Dovecot;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-kill-'));
    dovecot = await startDovecot();
    const all = Array.from({ length: MESSAGES }, (_, n) => message(n));
    dovecot.addAccount(
      'kim',
      new Map([
        ['INBOX', all.slice(0, 4000)],
        ['Archive/2023', all.slice(4000)],
      ]),
    );
  });

  afterAll(async () => {
    await dovecot?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  const backup = (name: string, killAfterMs?: number) =>
    runCli(
      [
        'backup',
        '--from',
        `imap://kim@127.0.0.1:${dovecot.imapPort}`,
        '--allow-insecure',
        '--out',
        join(directory, name),
        '--part-size',
        '500KB',
        '--json',
      ],
      {
        env: { MAILFERRY_FROM_PASSWORD: dovecot.password },
        ...(killAfterMs === undefined ? {} : { killAfterMs }),
      },
    );

  const entries = (name: string): string[] =>
    manifestMessages(join(directory, name))
      .map((record) => JSON.stringify(record))
      .toSorted();

  it('ends, after 20 kills, with the manifest of an undisturbed one', async () => {
    const start = performance.now();
    expect(await backup('undisturbed')).toMatchObject({ exitCode: 0 });
    const wholeMs = performance.now() - start;
    expect(entries('undisturbed')).toHaveLength(MESSAGES);
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Spread over start-up, the pull and the seals: the later ones come in a run that is gone on with.
      const result = await backup('killed', 150 + (wholeMs * ((kill * 7) % KILLS)) / KILLS / 2);
      expect(result.signal === 'SIGKILL' || result.exitCode === 0, result.stderr).toBe(true);
    }
    const last = await backup('killed');
    expect(last.exitCode, last.stderr).toBe(0);
    expect(JSON.parse(last.stdout)).toMatchObject({ reconciliation: { differences: [] } });
    expect(entries('killed')).toEqual(entries('undisturbed'));
    await runProgram('sha256sum', ['-c', '--strict', 'SHA256SUMS'], join(directory, 'killed'));
    const again = await backup('killed');
    expect(JSON.parse(again.stdout)).toMatchObject({ fetchedMessages: 0, sealedParts: [] });
  }, 300_000);
});
