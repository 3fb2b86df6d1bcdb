import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { startPlatform } from '@mailferry/platform';
import { describe, expect, it } from 'vitest';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const SCRIPT = join(import.meta.dirname, 'pop3-torture.py');
const USER = 'kim@example.com';
const PASSWORD = 'pass-word';
const SECONDS = 10;
const MESSAGES = 300;

interface Verdict {
  readonly sessions: number;
  readonly retr: number;
  readonly cut: number;
  readonly aborted: number;
  readonly quit: number;
  /** Names. */
  readonly left: readonly string[];
  readonly deleted: readonly string[];
  /** Marked in sessions whose QUIT was sent and its answer not read. */
  readonly uncertain: readonly string[];
  readonly arrived: readonly string[];
  readonly violations: readonly string[];
}

/** Dots at line starts, 8-bit bytes, NUL, and every fifth as long as several chunks of the store. */
const message = (n: number): Buffer => {
  const line = `.${'.'.repeat(n % 3)}line ${n} \0 \xe9\xff\r\n`;
  const body = Buffer.from(`${line.repeat(n % 5 === 0 ? 100_000 : n + 1)}.\r\n..\r\n`, 'latin1');
  const digest = createHash('sha256').update(body).digest('hex');
  return Buffer.concat([Buffer.from(`X-Name: old-${n}\r\nX-Digest: ${digest}\r\n\r\n`), body]);
};

describe.skipIf(!hasProgram('python3'))('POP3 under sessions that delete, abort and break off (judged by poplib, needs python3)', () => {
  it.each([1, 2])('loses nothing and deletes only by QUIT, seed %i', { timeout: SECONDS * 1000 + 60_000 }, async (seed) => {
    const platform = await startPlatform({
      accounts: [{ user: USER, password: PASSWORD }],
      policy: { pop3Smtp: true, messagesPerDay: 1_000_000 },
      failedLogInMs: 0,
    });
    try {
      const old = Array.from({ length: MESSAGES }, (_, n) => ({ bytes: message(n) }));
      platform.account(USER).appendAll('INBOX', old);
      const ports = [platform.pop3Port, platform.smtpPort].map(String);
      const verdict = JSON.parse(
        await runProgram('python3', [SCRIPT, '127.0.0.1', ...ports, USER, PASSWORD, String(SECONDS), String(seed)]),
      ) as Verdict;
      expect(verdict.violations).toEqual([]);
      for (const kind of ['sessions', 'retr', 'cut', 'aborted', 'quit'] as const) expect(verdict[kind], kind).toBeGreaterThan(5);

      const had = [...old.map((_, n) => `old-${n}`), ...verdict.arrived];
      const gone = had.filter((name) => !verdict.left.includes(name));
      expect(new Set(verdict.left).size).toBe(verdict.left.length);
      expect(verdict.left.filter((name) => !had.includes(name))).toEqual([]);
      expect(gone.filter((name) => !verdict.deleted.includes(name) && !verdict.uncertain.includes(name))).toEqual([]);
      expect(verdict.deleted.filter((name) => verdict.left.includes(name))).toEqual([]);
    } finally {
      await platform.stop();
    }
  });
});
