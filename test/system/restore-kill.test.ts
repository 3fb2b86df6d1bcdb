import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner } from '../contracts/imap-world.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { runRestoreProcess, UNDISTURBED } from '../fixtures/restore-run.ts';

const MESSAGES = 150;

describe.skipIf(!hasDovecot())('a restore to Dovecot that is killed (needs dovecot)', () => {
  let directory: string;
  let dovecot: Dovecot;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-restore-kill-'));
    mkdirSync(join(directory, 'mail', 'Box'), { recursive: true });
    for (let n = 0; n < MESSAGES; n += 1) {
      const subject = n % 9 === 0 ? 'same' : `message ${n}`;
      writeFileSync(join(directory, 'mail', 'Box', `${n}.eml`), `Subject: ${subject}\r\n\r\n${'body '.repeat(100)}\r\n`);
    }
    const source = openSource({ url: `eml:${join(directory, 'mail')}` });
    await backup({ source, directory: join(directory, 'archive'), signal: new AbortController().signal });
    await source.close();
    dovecot = await startDovecot();
  });
  afterAll(async () => {
    await dovecot?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  it('again and again: each message is there exactly once in the end', async () => {
    dovecot.addAccount('kim', new Map([['INBOX', []]]));
    const account = { port: dovecot.imapPort, user: 'kim', password: dovecot.password };
    const task = {
      url: `imap://kim@127.0.0.1:${dovecot.imapPort}`,
      ...{ password: dovecot.password, directory: join(directory, 'archive'), journalDirectory: join(directory, 'journal') },
    };
    for (let at = 30; at < 240; at += 35) if (await runRestoreProcess({ ...task, kill: { moment: 'after-write', at } })) break;
    const last = await runRestoreProcess({ ...task, kill: UNDISTURBED });
    expect(last?.failed).toEqual([]);
    const subjects = await asOwner(account, async (client) => {
      const lock = await client.getMailboxLock('Box', { readOnly: true });
      const found = await client.fetchAll('1:*', { envelope: true });
      lock.release();
      return found.map(({ envelope }) => envelope?.subject ?? '');
    });
    const same = Math.ceil(MESSAGES / 9);
    expect([subjects.length, subjects.filter((subject) => subject === 'same').length]).toEqual([MESSAGES, same]);
    expect(new Set(subjects).size).toBe(MESSAGES - same + 1);
  }, 300_000);
});
