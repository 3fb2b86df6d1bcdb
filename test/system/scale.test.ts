import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, type Progress } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { runCli } from '../fixtures/cli.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';

const MANY = 200_000;
const BIG_BYTES = 100 * 1024 * 1024;

describe.skipIf(!hasDovecot())('S33: an account that is very big (needs dovecot)', () => {
  let dovecot: Dovecot;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-scale-'));
    dovecot = await startDovecot();
  });
  afterAll(async () => {
    await dovecot?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  it('comes with 200,000 messages within a heap of 256 MB', async () => {
    const thousand = Array.from({ length: 1000 }, (_, n) => Buffer.from(`Subject: message ${n}\r\n\r\n${`line ${n}\r\n`.repeat(40)}`));
    dovecot.addAccount('many', new Map([['INBOX', Array.from({ length: MANY }, (_, n) => thousand[n % 1000] ?? Buffer.alloc(0))]]));
    const from = `imap://many@127.0.0.1:${dovecot.imapPort}`;
    const { exitCode, stdout, stderr } = await runCli(
      ['backup', '--from', from, '--allow-insecure', '--out', join(directory, 'many'), '--json'],
      {
        env: { MAILFERRY_FROM_PASSWORD: dovecot.password, NODE_OPTIONS: '--max-old-space-size=256' },
      },
    );
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ fetchedMessages: MANY, reconciliation: { differences: [] } });
  }, 300_000);

  it.each([
    ['IMAP', 'imap', () => dovecot.imapPort],
    ['POP3', 'pop3', () => dovecot.pop3Port],
  ])(
    'comes with a message of 100 MB byte for byte over %s, and with progress that only grows',
    async (_, scheme, port) => {
      const lines = randomBytes(BIG_BYTES / 2)
        .toString('hex')
        .replace(/.{76}/g, '$&\r\n');
      const big = Buffer.from(`Subject: big\r\n\r\n${lines}\r\n`);
      dovecot.addAccount(`big-${scheme}`, new Map([['INBOX', [Buffer.from('Subject: small\r\n\r\nx\r\n'), big]]]));
      const source = openSource({
        url: `${scheme}://big-${scheme}@127.0.0.1:${port()}`,
        credential: { kind: 'password', password: dovecot.password },
        allowInsecure: true,
      });
      const seen: Progress[] = [];
      const out = join(directory, scheme);
      await backup({ source, directory: out, signal: AbortSignal.timeout(120_000), onProgress: (progress) => seen.push(progress) });
      await source.close();
      const sha256 = createHash('sha256').update(big).digest('hex');
      expect(manifestMessages(out).map((entry) => entry.sha256)).toContain(sha256);
      const fetching = seen.filter(({ phase }) => phase === 'fetching');
      expect(fetching.map(({ bytesDone }) => bytesDone)).toEqual(fetching.map(({ bytesDone }) => bytesDone).toSorted((a, b) => a - b));
      expect(fetching.at(-1)).toMatchObject({ messagesDone: 2, messagesTotal: 2, bytesDone: fetching.at(-1)?.bytesTotal });
    },
    180_000,
  );
});
