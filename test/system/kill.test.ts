import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { runCli } from '../fixtures/cli.ts';
import { startCountingProxy } from '../fixtures/counting-proxy.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { runProgram } from '../fixtures/programs.ts';

const MESSAGES = 20_000;
const KILLS = 10;
/** What a kill may cost at most: a batch, what is in memory behind it, and what sockets and proxy hold, for two connections. */
const LOST_PER_KILL_BYTES = (8 + 4 + 2 * 4) * 1024 * 1024;

const message = (n: number): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@example.com>\r\n\r\n${`line ${n * 7919}\r\n`.repeat(1 + ((n * 31) % 500))}`);

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
        ['INBOX', all.slice(0, 14_000)],
        ['Archive/2023', all.slice(14_000)],
      ]),
    );
  });

  afterAll(async () => {
    await dovecot?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  const backup = (name: string, port: number, killAfterMs?: number) =>
    runCli(
      [
        'backup',
        '--from',
        `imap://kim@127.0.0.1:${port}`,
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

  it('S1: ends with the manifest of an undisturbed one, and fetches at most a batch again for each kill', async () => {
    await using whole = await startCountingProxy(dovecot.imapPort);
    const start = performance.now();
    expect(await backup('undisturbed', whole.port)).toMatchObject({ exitCode: 0 });
    const wholeMs = performance.now() - start;
    expect(entries('undisturbed')).toHaveLength(MESSAGES);
    await using pieces = await startCountingProxy(dovecot.imapPort);
    let kills = 0;
    for (let run = 0; run < KILLS; run += 1) {
      // Spread over start-up, the pull and the seals: the later ones come in a run that is gone on with.
      const result = await backup('killed', pieces.port, 150 + (wholeMs * ((run * 7) % KILLS)) / KILLS / 2);
      expect(result.signal === 'SIGKILL' || result.exitCode === 0, result.stderr).toBe(true);
      if (result.signal === 'SIGKILL') kills += 1;
    }
    const last = await backup('killed', pieces.port);
    expect(last.exitCode, last.stderr).toBe(0);
    expect(kills).toBeGreaterThan(KILLS / 2);
    expect(JSON.parse(last.stdout)).toMatchObject({ reconciliation: { differences: [] } });
    expect(entries('killed')).toEqual(entries('undisturbed'));
    expect(pieces.bytesFromServer).toBeLessThan(whole.bytesFromServer + kills * LOST_PER_KILL_BYTES);
    await runProgram('sha256sum', ['-c', '--strict', 'SHA256SUMS'], join(directory, 'killed'));
    const again = await backup('killed', dovecot.imapPort);
    expect(JSON.parse(again.stdout)).toMatchObject({ fetchedMessages: 0, sealedParts: [] });
  }, 300_000);
});
