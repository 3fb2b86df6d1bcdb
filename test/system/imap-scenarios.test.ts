import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackupReport, backup, migrate } from '@mailferry/core/operations';
import { openSource, type SourceAddress } from '@mailferry/core/source';
import { openTarget } from '@mailferry/core/target';
import { startPlatform } from '@mailferry/platform';
import type { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner as asOwnerOf } from '../contracts/imap-world.ts';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';

const message = (n: number | string, extra = ''): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@example.com>\r\n${extra}\r\nbody ${n}\r\n`);

describe.skipIf(!hasDovecot())('an account at Dovecot (needs dovecot)', () => {
  let dovecot: Dovecot;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-imap-'));
    dovecot = await startDovecot();
  });
  afterAll(async () => {
    await dovecot?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = async (
    user: string,
    options: Partial<Parameters<typeof backup>[0]> = {},
    address: Partial<SourceAddress> = {},
  ): Promise<BackupReport> => {
    const source = openSource({
      url: `imap://${user}@127.0.0.1:${dovecot.imapPort}`,
      credential: { kind: 'password', password: dovecot.password },
      allowInsecure: true,
      ...address,
    });
    try {
      return await backup({ source, directory: join(directory, user), signal: AbortSignal.timeout(60_000), ...options });
    } finally {
      await source.close();
    }
  };

  /** What another mail program does in the account meanwhile. */
  const asOwner = <Result>(user: string, work: (client: ImapFlow) => Promise<Result>): Promise<Result> =>
    asOwnerOf({ port: dovecot.imapPort, user, password: dovecot.password }, work);

  const subjects = (user: string): string[] =>
    manifestMessages(join(directory, user))
      .map(({ name, mailbox }) => `${mailbox} ${/message (\S+)/.exec(name)?.[1]?.split('_')[0] ?? name}`)
      .toSorted();

  it('S3: a mailbox made anew with other mail at the same UIDs is stored as well, and the old parts stay as they are', async () => {
    dovecot.addAccount(
      's3',
      new Map([
        ['INBOX', []],
        ['Work', [message(1), message(2)]],
      ]),
    );
    const first = await run('s3');
    await asOwner('s3', async (client) => {
      await client.mailboxDelete('Work');
      await client.mailboxCreate('Work');
      await client.append('Work', message(3), []);
      await client.append('Work', message(4), []);
    });
    const second = await run('s3');
    expect(second.fetchedMessages).toBe(2);
    expect(second.notices.map(({ code }) => code)).toContain('mailbox-remade');
    expect(second.reconciliation.differences).toEqual([]);
    expect(subjects('s3').map((line) => line.slice(0, 6))).toEqual(['Work 1', 'Work 2', 'Work 3', 'Work 4']);
    expect(second.sealedParts.map(({ fileName }) => fileName)).not.toContain(first.sealedParts[0]?.fileName);
  });

  it('S3: what a mailbox made anew holds of the old mail is not stored again', async () => {
    dovecot.addAccount(
      's3b',
      new Map([
        ['INBOX', []],
        ['Work', [message(1), message(1), message(2)]],
      ]),
    );
    await run('s3b');
    await asOwner('s3b', async (client) => {
      await client.mailboxDelete('Work');
      await client.mailboxCreate('Work');
      for (const n of [2, 1, 5, 1, 1]) await client.append('Work', message(n), []);
    });
    const { fetchedMessages, reconciliation } = await run('s3b');
    // Two of the three copies of 1 were there before, one is new; 5 is new.
    expect(fetchedMessages).toBe(2);
    expect(reconciliation.totals).toMatchObject({ duplicates: 3, stored: 5, source: 5 });
    expect(reconciliation.differences).toEqual([]);
    expect(await run('s3b')).toMatchObject({ fetchedMessages: 0, sealedParts: [] });
  });

  it('S4: five mailboxes made within one second are all complete', async () => {
    dovecot.addAccount('s4', new Map([['INBOX', []]]));
    const names = ['가', '나', '다', '라', '마'];
    await asOwner('s4', async (client) => {
      for (const name of names) await client.mailboxCreate(name);
      for (const name of names) for (const n of [1, 2]) await client.append(name, message(`${name}${n}`), []);
    });
    const { reconciliation } = await run('s4');
    expect(reconciliation.accounts.filter(({ mailbox }) => names.includes(mailbox)).map(({ stored }) => stored)).toEqual([2, 2, 2, 2, 2]);
    expect(reconciliation.differences).toEqual([]);
  });

  it('S5: a mailbox with wide gaps between its UIDs is complete', async () => {
    dovecot.addAccount('s5', new Map([['INBOX', Array.from({ length: 1000 }, (_, n) => message(n))]]));
    await asOwner('s5', async (client) => {
      const lock = await client.getMailboxLock('INBOX');
      for (let copies = 0; copies < 5; copies += 1) await client.messageCopy('1:*', 'INBOX');
      await client.messageDelete('1:29000', { uid: true });
      const keep = new Set(Array.from({ length: 3000 / 3 }, (_, i) => 29_001 + i * 3));
      const rest = Array.from({ length: 3000 }, (_, i) => 29_001 + i).filter((uid) => !keep.has(uid));
      await client.messageDelete([...rest, ...Array.from({ length: 100 }, (_, i) => 32_001 + i)], { uid: true });
      lock.release();
    });
    const { reconciliation, fetchedMessages, notices } = await run('s5');
    expect(fetchedMessages).toBe(1000);
    expect(reconciliation.differences).toEqual([]);
    // P9: exactly 1,000 is what a capped view would show.
    expect(notices).toContainEqual({ code: 'suspicious-1000', details: { mailbox: 'INBOX' } });
  });

  it('S6, S7: two bodies under one Message-ID are both kept, and one message in three mailboxes is in each of them', async () => {
    const shared = message('shared');
    dovecot.addAccount(
      's6',
      new Map([
        ['INBOX', [message(1), Buffer.concat([message(1), Buffer.from('other\r\n')]), shared]],
        ['Sent', [shared]],
        ['Archive', [shared]],
      ]),
    );
    const { reconciliation } = await run('s6');
    expect(reconciliation.totals).toMatchObject({ stored: 5, duplicates: 0 });
    expect(
      manifestMessages(join(directory, 's6')).filter(({ sha256 }, _, all) => all.filter((one) => one.sha256 === sha256).length === 3),
    ).toHaveLength(3);
  });

  it('S8: messages without headers or body are stored as they are', async () => {
    const odd = ['\r\n', 'x', 'Subject: only a header\r\n', '\r\nonly a body\r\n', '\n'].map((text) => Buffer.from(text));
    dovecot.addAccount('s8', new Map([['INBOX', odd]]));
    const { reconciliation } = await run('s8');
    expect(reconciliation.totals).toMatchObject({ stored: odd.length });
    expect(reconciliation.differences).toEqual([]);
  });

  it('S9, S11: an old message that is moved in later is taken by the next run, and the one after it stores nothing', async () => {
    dovecot.addAccount(
      's9',
      new Map([
        ['INBOX', [message(1)]],
        ['Old', [message('old', 'Date: Mon, 1 Feb 2010 10:00:00 +0900\r\n')]],
      ]),
    );
    await run('s9');
    await asOwner('s9', async (client) => {
      const lock = await client.getMailboxLock('Old');
      await client.messageMove('1', 'INBOX');
      lock.release();
    });
    expect(await run('s9')).toMatchObject({ fetchedMessages: 1, reconciliation: { differences: [] } });
    expect(await run('s9')).toMatchObject({ fetchedMessages: 0, sealedParts: [], reconciliation: { differences: [] } });
  });

  it('S10: what is expunged between listing and fetch is vanished, not failed', async () => {
    dovecot.addAccount('s10', new Map([['INBOX', Array.from({ length: 50 }, (_, n) => message(n))]]));
    let expunged: Promise<unknown> | undefined;
    const source = openSource({
      url: `imap://s10@127.0.0.1:${dovecot.imapPort}`,
      credential: { kind: 'password', password: dovecot.password },
      allowInsecure: true,
    });
    const { fetch } = source;
    // Between the listing and the first fetch.
    source.fetch = async function* (...args) {
      expunged ??= asOwner('s10', async (client) => {
        const lock = await client.getMailboxLock('INBOX');
        await client.messageDelete('10:19', { uid: true });
        lock.release();
      });
      await expunged;
      yield* fetch.apply(source, args);
    };
    const report = await backup({ source, directory: join(directory, 's10'), signal: AbortSignal.timeout(60_000) });
    await source.close();
    expect(report.failed).toEqual([]);
    expect(report.reconciliation.totals).toMatchObject({ stored: 40, vanished: 10, failed: 0 });
    expect(report.reconciliation.differences).toEqual([]);
  });

  it('S12: another account on the archive is refused, unless it is said to be the same', async () => {
    dovecot.addAccount('s12', new Map([['INBOX', [message(1)]]]));
    dovecot.addAccount('s12new', new Map([['INBOX', [message(1), message(2)]]]));
    await run('s12');
    await expect(run('s12new', { directory: join(directory, 's12') })).rejects.toMatchObject({ code: 'ledger-other-job' });
    const report = await run('s12new', { directory: join(directory, 's12'), rebind: true });
    expect(report).toMatchObject({ fetchedMessages: 1, reconciliation: { differences: [], totals: { duplicates: 1, stored: 2 } } });
    await expect(run('s12')).rejects.toMatchObject({ code: 'ledger-other-job' });
  });

  it('S13: an archive that was moved or copied to another path is gone on with', async () => {
    dovecot.addAccount('s13', new Map([['INBOX', [message(1)]]]));
    await run('s13');
    renameSync(join(directory, 's13'), join(directory, '옮긴 곳'));
    expect(await run('s13', { directory: join(directory, '옮긴 곳') })).toMatchObject({ fetchedMessages: 0, storedMessages: 1 });
    cpSync(join(directory, '옮긴 곳'), join(directory, 'copy'), { recursive: true });
    expect(await run('s13', { directory: join(directory, 'copy') })).toMatchObject({ fetchedMessages: 0, storedMessages: 1 });
  });

  it('S27: a pull sets no flag and changes nothing', async () => {
    dovecot.addAccount('s27', new Map([['INBOX', Array.from({ length: 20 }, (_, n) => message(n))]]));
    const state = () =>
      asOwner('s27', async (client) => {
        const lock = await client.getMailboxLock('INBOX', { readOnly: true });
        const all = await client.fetchAll('1:*', { uid: true, flags: true, internalDate: true });
        lock.release();
        return all.map(({ uid, flags, internalDate }) => [uid, [...(flags ?? [])].filter((flag) => flag !== '\\Recent'), internalDate]);
      });
    const before = await state();
    await run('s27');
    expect(await state()).toEqual(before);
  });

  it('P9, K6: a sound mailbox raises no notice', async () => {
    dovecot.addAccount(
      'plain',
      new Map([
        ['INBOX', [message(1)]],
        ['Sent', [message(2)]],
      ]),
    );
    expect((await run('plain')).notices).toEqual([]);
  });

  it('lists only what changed since the last run, and finds every change', async () => {
    dovecot.addAccount(
      'delta',
      new Map([
        ['INBOX', Array.from({ length: 30 }, (_, n) => message(n))],
        ['Quiet', [message('q')]],
      ]),
    );
    await run('delta');
    const source = openSource({
      url: `imap://delta@127.0.0.1:${dovecot.imapPort}`,
      credential: { kind: 'password', password: dovecot.password },
      allowInsecure: true,
    });
    const scopes: string[] = [];
    const { listMessages } = source;
    source.listMessages = async (...args) => {
      const listing = await listMessages.apply(source, args);
      scopes.push(`${args[0].path} ${listing.scope} ${[...listing.messages].length}`);
      return listing;
    };
    await asOwner('delta', async (client) => {
      const lock = await client.getMailboxLock('INBOX');
      await client.messageDelete('3,7,28:30', { uid: true });
      await client.messageFlagsAdd('1:5', ['\\Flagged'], { uid: true });
      lock.release();
      for (const n of [101, 102]) await client.append('INBOX', message(n), []);
    });
    const report = await backup({ source, directory: join(directory, 'delta'), signal: AbortSignal.timeout(60_000) });
    expect(report).toMatchObject({ fetchedMessages: 2, reconciliation: { differences: [], totals: { source: 28, stored: 33 } } });
    expect(scopes.toSorted()).toEqual(['INBOX delta 2', 'Quiet delta 0']);
    scopes.length = 0;
    await backup({ source, directory: join(directory, 'delta'), signal: AbortSignal.timeout(60_000) });
    expect(scopes.toSorted()).toEqual(['INBOX delta 0', 'Quiet delta 0']);
    await source.close();
  });

  it('counts what a filter leaves out, and takes it when the filter is gone', async () => {
    dovecot.addAccount(
      'filter',
      new Map([
        ['INBOX', [message(1), message(2, `X-Long: ${'x'.repeat(3000)}\r\n`)]],
        ['Spam', [message(3)]],
      ]),
    );
    const filtered = await run('filter', { filter: { exclude: ['spam'], maxSizeBytes: 2000 } });
    expect(filtered.reconciliation.totals).toMatchObject({ stored: 1, filtered: 2, source: 3 });
    expect(filtered.reconciliation.differences).toEqual([]);
    const seen = await run('filter', { filter: { exclude: ['spam'], withFlags: ['\\Answered'] } });
    expect(seen.reconciliation.totals).toMatchObject({ stored: 1, filtered: 2 });
    const all = await run('filter');
    expect(all).toMatchObject({ fetchedMessages: 2, reconciliation: { differences: [], totals: { stored: 3, filtered: 0 } } });
  });

  it('takes a certificate by its fingerprint alone, and sends nothing to any other', async () => {
    dovecot.addAccount('pin', new Map([['INBOX', [message(1)]]]));
    const { X509Certificate } = await import('node:crypto');
    const { readFileSync } = await import('node:fs');
    const fingerprint = new X509Certificate(readFileSync(dovecot.certificatePath)).fingerprint256;
    const ways = [`imaps://pin@127.0.0.1:${dovecot.imapsPort}`, `imap://pin@127.0.0.1:${dovecot.imapPort}`];
    for (const url of ways) {
      expect(await run('pin', {}, { url, fingerprint, allowInsecure: false })).toMatchObject({ reconciliation: { differences: [] } });
      const other = fingerprint.replace(/^../, (digits) => (digits === '00' ? '01' : '00'));
      await expect(run('pin', {}, { url, fingerprint: other, allowInsecure: false })).rejects.toMatchObject({ code: 'tls-refused' });
      await expect(run('pin', {}, { url, allowInsecure: false })).rejects.toMatchObject({ code: 'tls-refused' });
    }
  });

  it('S25: names below INBOX. become one Sent and one Trash at a platform that has its own', async () => {
    await using prefixed = await startDovecot({ settings: 'namespace inbox {\n  prefix = INBOX.\n  separator = .\n}\n' });
    prefixed.addAccount(
      's25',
      new Map([
        ['INBOX', [message(1)]],
        ['보낸편지함', [message(2)]],
        ['휴지통', [message(3)]],
        ['회사/계약', [message(4)]],
      ]),
    );
    const platform = await startPlatform({ accounts: [{ user: 'new@example.co.kr', password: 'secret' }] });
    try {
      const source = openSource({
        url: `imap://s25@127.0.0.1:${prefixed.imapPort}`,
        credential: { kind: 'password', password: prefixed.password },
        allowInsecure: true,
      });
      const target = openTarget({
        url: `http://new%40example.co.kr@127.0.0.1:${platform.httpPort}`,
        password: 'secret',
        allowInsecure: true,
      });
      const report = await migrate({ source, target, directory: join(directory, 's25'), signal: AbortSignal.timeout(60_000) });
      await source.close();
      expect(report.reconciliation.differences).toEqual([]);
      const filled = platform
        .account('new@example.co.kr')
        .listMailboxes()
        .filter(({ messageCount }) => messageCount > 0);
      expect(filled.filter(({ specialUse }) => specialUse === '\\Sent')).toHaveLength(1);
      expect(filled.filter(({ specialUse }) => specialUse === '\\Trash')).toHaveLength(1);
      expect(filled.map(({ messageCount }) => messageCount)).toEqual([1, 1, 1, 1]);
    } finally {
      await platform.stop();
    }
  });
});
