import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveReader } from '@mailferry/core/archive';
import { backup, type RestoreOptions, type RestoreReport, restore } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { openImapTarget } from '@mailferry/core/target';
import type { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner } from '../contracts/imap-world.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { type FaultTool, hasFaultTools, startFaultTool } from '../fixtures/faults.ts';
import { hasProgram } from '../fixtures/programs.ts';

/** Names of any characters and length, with `.` between levels and `/` as a letter. */
const ANY_NAME = `
mail_location = sdbox:{directory}/mail/%u/dbox:LAYOUT=index
mail_plugins = listescape
namespace inbox {
  separator = .
}
`;
/** Everything below INBOX, and special uses in the administrator's language. */
const BELOW_INBOX = `
mail_location = sdbox:{directory}/mail/%u/dbox:LAYOUT=index
namespace inbox {
  separator = .
  prefix = INBOX.
  mailbox "보낸메일함" {
    special_use = \\Sent
    auto = subscribe
  }
  mailbox "휴지통" {
    special_use = \\Trash
    auto = subscribe
  }
}
`;
const STRICT_KEYWORDS = `
mail_max_keyword_length = 12
`;

const message = (n: number | string, extra = ''): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@example.com>\r\n${extra}\r\nbody ${n}\r\n`);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-restore-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Account {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const runBackup = async (url: string, name: string, account?: Account): Promise<string> => {
  const archive = join(directory, name);
  const source = openSource({
    url,
    ...(account ? { credential: { kind: 'password', password: account.password } } : {}),
    allowInsecure: true,
  });
  try {
    const report = await backup({ source, directory: archive, signal: AbortSignal.timeout(60_000) });
    expect(report.reconciliation.differences).toEqual([]);
    return archive;
  } finally {
    await source.close();
  }
};

const runRestore = async (
  archive: string,
  { port, user, password }: Account,
  options: Partial<RestoreOptions> = {},
): Promise<RestoreReport> => {
  const signal = AbortSignal.timeout(60_000);
  const target = openImapTarget({
    url: `imap://${user}@127.0.0.1:${port}`,
    credential: { kind: 'password', password },
    allowInsecure: true,
    stallMs: 3000,
  });
  try {
    const reader = await ArchiveReader.open({ directory: archive, signal });
    return await restore({ reader, directory: archive, target, signal, ...options });
  } finally {
    await target.close();
  }
};

/** What another program finds in an account: mailbox, message, flags and date, as lines. */
const look = (account: Account): Promise<string[]> =>
  asOwner(account, async (client) => {
    const lines: string[] = [];
    for (const { path, flags: attributes } of await client.list()) {
      if (attributes.has('\\Noselect') || attributes.has('\\NonExistent')) continue;
      const lock = await client.getMailboxLock(path, { readOnly: true });
      const isEmpty = client.mailbox === false || client.mailbox.exists === 0;
      const messages = isEmpty ? [] : await client.fetchAll('1:*', { uid: true, flags: true, internalDate: true, source: true });
      for (const { flags, internalDate, source } of messages)
        lines.push(
          `${path}\t${sha256(source ?? Buffer.alloc(0))}\t${[...(flags ?? [])].filter((flag) => flag !== '\\Recent').toSorted()}\t${new Date(internalDate ?? 0).toISOString()}`,
        );
      lock.release();
    }
    return lines.toSorted();
  });

const restored = ({ mailboxes }: RestoreReport): number => mailboxes.reduce((sum, mailbox) => sum + mailbox.restored, 0);
const missing = ({ mailboxes }: RestoreReport): number => mailboxes.reduce((sum, mailbox) => sum + mailbox.missing, 0);

describe.skipIf(!hasDovecot())('from Dovecot to Dovecot (needs dovecot)', () => {
  let dovecot: Dovecot;

  beforeAll(async () => {
    dovecot = await startDovecot({ settings: ANY_NAME });
  });
  afterAll(() => dovecot?.[Symbol.asyncDispose]());

  const accountAt = (server: Dovecot, user: string): Account => {
    server.addAccount(user, new Map([['INBOX', []]]));
    return { port: server.imapPort, user, password: server.password };
  };
  const fill = (account: Account, work: (client: ImapFlow) => Promise<void>): Promise<void> => asOwner(account, work);
  const backupOf = (account: Account): Promise<string> =>
    runBackup(`imap://${account.user}@127.0.0.1:${account.port}`, account.user, account);

  const FLAGS = [
    '\\Seen',
    '\\Draft',
    '\\Answered',
    '\\Flagged',
    '\\Deleted',
    '$Forwarded',
    '$NotJunk',
    '&yRHVlA-',
    'a-long-keyword-of-mine',
  ];

  it('S22: carries flags and keywords, and every date to the second', async () => {
    const from = accountAt(dovecot, 's22');
    await fill(from, async (client) => {
      await client.append('INBOX', message(1), FLAGS);
      await client.append('INBOX', message(2), []);
    });
    const to = accountAt(dovecot, 's22-new');
    const report = await runRestore(await backupOf(from), to);
    expect(report).toMatchObject({ failed: [], notices: [] });
    expect(await look(to)).toEqual(await look(from));
    expect((await look(to))[0]).toContain('$Forwarded');
  });

  it('S22: brings a message without the keyword that the target rejects, and says so', async () => {
    await using strict = await startDovecot({ settings: STRICT_KEYWORDS });
    const from = accountAt(dovecot, 's22-strict');
    await fill(from, async (client) => {
      for (const n of [1, 2, 3]) await client.append('INBOX', message(n), n === 2 ? FLAGS : ['\\Seen']);
    });
    const to = accountAt(strict, 's22-strict');
    const report = await runRestore(await backupOf(from), to);
    expect([report.failed, restored(report)]).toEqual([[], 3]);
    expect(report.notices).toContainEqual({
      code: 'flag-dropped',
      details: { mailbox: 'INBOX', flag: 'a-long-keyword-of-mine', count: 1 },
    });
    const lines = await look(to);
    expect(lines).toHaveLength(3);
    expect(lines.find((line) => line.includes('\\Draft'))).toContain('\\Answered');
  });

  it('S23: keeps the dates of servers, of headers, and of none', async () => {
    const from = accountAt(dovecot, 's23');
    const dates = ['1971-01-01T00:00:01Z', '1999-12-31T23:59:59Z', '2038-01-19T03:14:07Z', '2038-01-19T03:14:08Z', '2099-06-01T12:00:00Z'];
    await fill(from, async (client) => {
      for (const [n, date] of dates.entries())
        await client.append('INBOX', message(n, n % 2 === 0 ? 'Date: gibberish\r\n' : ''), [], new Date(date));
    });
    const to = accountAt(dovecot, 's23-new');
    await runRestore(await backupOf(from), to);
    expect(await look(to)).toEqual(await look(from));

    // Files know no date of a server.
    const folder = join(directory, 's23-eml', 'Mail');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '1.eml'), message(1, 'Date: Tue, 05 Mar 2024 09:12:33 +0900\r\n'));
    writeFileSync(join(folder, '2.eml'), message(2));
    const toNew = accountAt(dovecot, 's23-files');
    const report = await runRestore(await runBackup(`eml:${join(directory, 's23-eml')}`, 's23-files-archive'), toNew);
    expect((await look(toNew)).filter((line) => line.endsWith('2024-03-05T00:12:33.000Z'))).toHaveLength(1);
    expect(report.notices.map(({ code }) => code)).toEqual(expect.arrayContaining(['date-from-header', 'date-missing']));
  });

  const NAMES = [
    ...['한글', 'R&D', '&', '📬', 'trailing ', 'trailing', '2024', 'a/b', 'Sent', 'SENT', 'sent', 'x'.repeat(200), `${'x'.repeat(199)}y`],
    ...['parent.child', '"quoted"', 'back\\slash', '*', '%', '긴'.repeat(60)],
  ];

  it('S24: brings mailboxes of all names back one to one', async () => {
    const from = accountAt(dovecot, 's24');
    await fill(from, async (client) => {
      for (const name of NAMES) {
        await client.mailboxCreate(name);
        await client.append(name, message(name.length), []);
      }
    });
    const to = accountAt(dovecot, 's24-new');
    const report = await runRestore(await backupOf(from), to);
    expect([report.failed, restored(report), report.notices]).toEqual([[], NAMES.length, []]);
    expect(await look(to)).toEqual(await look(from));
  });

  it('S24: keeps them apart where the target can not have those names', async () => {
    await using other = await startDovecot();
    const from: Account = { port: dovecot.imapPort, user: 's24', password: dovecot.password };
    const to = accountAt(other, 's24');
    const report = await runRestore(await backupOf(from), to);
    expect([report.failed, restored(report)]).toEqual([[], NAMES.length]);
    const targets = report.mailboxes.map(({ target }) => target);
    expect(new Set(targets).size).toBe(targets.length);
    const lines = await look(to);
    for (const { target, messages } of report.mailboxes)
      expect(
        lines.filter((line) => line.startsWith(`${target}\t`)),
        target,
      ).toHaveLength(messages);
    expect(report.mailboxes.find(({ mailbox }) => mailbox === 'a/b')?.target).toBe('a_b');
    expect(report.mailboxes.find(({ mailbox }) => mailbox === 'parent.child')?.target).toBe('parent/child');
    expect(restored(await runRestore(join(directory, 's24'), to))).toBe(0);
  });

  it('S25: from below INBOX. to a target with localised special uses there is one Sent and one Trash', async () => {
    await using below = await startDovecot({ settings: BELOW_INBOX });
    const from = accountAt(below, 's25');
    await fill(from, async (client) => {
      await client.append('INBOX.보낸메일함', message('sent'), []);
      await client.append('INBOX.휴지통', message('trash'), []);
      await client.mailboxCreate('INBOX.프로젝트.2024');
      await client.append('INBOX.프로젝트.2024', message('project'), []);
    });
    const archive = await backupOf(from);
    const to = accountAt(dovecot, 's25-new');
    await fill(to, async (client) => {
      await client.mailboxCreate('Sent');
    });
    const report = await runRestore(archive, to);
    const map = Object.fromEntries(report.mailboxes.map(({ mailbox, target }) => [mailbox, target]));
    expect(map['INBOX.보낸메일함']).toBe('Sent');
    expect(map['INBOX.프로젝트.2024']).toBe('프로젝트.2024');

    // And the other way round, with the names that a Korean provider gives.
    const back = accountAt(below, 's25-back');
    const returned = await runRestore(archive, back);
    expect(returned.failed).toEqual([]);
    expect((await look(back)).map((line) => line.split('\t')[0]).toSorted()).toEqual([
      'INBOX.보낸메일함',
      'INBOX.프로젝트.2024',
      'INBOX.휴지통',
    ]);
  });

  it.skipIf(!hasFaultTools() || !hasProgram('python3'))('a connection that is cut anywhere doubles and loses nothing', async () => {
    const from = accountAt(dovecot, 'cut');
    await fill(from, async (client) => {
      for (let n = 0; n < 60; n += 1) await client.append('INBOX', message(n % 50, `X-Fill: ${'x'.repeat(2000)}\r\n`), []);
    });
    const archive = await backupOf(from);
    for (const [i, fault] of [
      ['--cut-after', '1500:s2c', '--once'],
      ['--cut-after', '30000:c2s', '--once'],
      ['--rst-after', '70000:c2s', '--once'],
      ['--cut-on', 'APPENDUID [0-9]+ 7\\b:s2c', '--once'],
      ['--hole-on', 'APPENDUID [0-9]+ 33\\b:s2c', '--once'],
    ].entries()) {
      const to = accountAt(dovecot, `cut-${i}`);
      await using proxy: FaultTool = await startFaultTool('chaos-proxy', [`127.0.0.1:${dovecot.imapPort}`, ...fault]);
      const report = await runRestore(archive, { ...to, port: proxy.port });
      expect([report.failed, missing(report)], fault.join(' ')).toEqual([[], 0]);
      expect((await look(to)).map((line) => line.split('\t')[1]).toSorted(), fault.join(' ')).toEqual(
        (await look(from)).map((line) => line.split('\t')[1]).toSorted(),
      );
    }
  });
});

describe.skipIf(!hasFaultTools() || !hasProgram('python3'))('a target that misbehaves (needs python3 and the fault tools)', () => {
  let archive: string;

  beforeAll(async () => {
    const folder = join(directory, 'evil-eml', 'Mail');
    mkdirSync(folder, { recursive: true });
    for (let n = 0; n < 20; n += 1) writeFileSync(join(folder, `${n}.eml`), message(n, n === 13 ? `X-Fill: ${'x'.repeat(1500)}\r\n` : ''));
    archive = await runBackup(`eml:${join(directory, 'evil-eml')}`, 'evil-archive');
  });

  const evil = (mode: string) => startFaultTool('evil-imap-server', ['--mode', mode, '--user', 'kim', '--pass', 'pw']);
  const run = (mode: string, port: number): Promise<RestoreReport> =>
    runRestore(archive, { port, user: 'kim', password: 'pw' }, { journalDirectory: join(directory, mode) });
  const subjects = async (port: number): Promise<string[]> => {
    const lines = await asOwner({ port, user: 'kim', password: 'pw' }, async (client) => {
      const lock = await client.getMailboxLock('Mail', { readOnly: true });
      const found = await client.fetchAll('1:*', { envelope: true });
      lock.release();
      return found.map(({ envelope }) => envelope?.messageId ?? '');
    });
    return lines.toSorted();
  };
  const all = Array.from({ length: 20 }, (_, n) => `<${n}@example.com>`).toSorted();

  it('stores and closes without an answer: each message is there exactly once', async () => {
    await using server = await evil('append-drop');
    const report = await run('append-drop', server.port);
    expect([report.failed, missing(report)]).toEqual([[], 0]);
    expect(await subjects(server.port)).toEqual(all);
  });

  it('says OK and stores nothing: they are missing, and not taken for restored', async () => {
    await using server = await evil('append-lost');
    const report = await run('append-lost', server.port);
    expect(missing(report)).toBeGreaterThan(0);
  });

  it('gives the UID of an older message: it counts as neither loss nor second message', async () => {
    await using server = await evil('append-dup-uid');
    const report = await run('append-dup-uid', server.port);
    expect([report.failed, missing(report)]).toEqual([[], 0]);
  });

  it('adds a header of its own: the messages are told as changed, and nothing is sent twice', async () => {
    await using server = await evil('append-rewrites');
    const report = await run('append-rewrites', server.port);
    expect([report.failed, missing(report)]).toEqual([[], 0]);
    expect(report.notices.map(({ code }) => code)).toContain('target-changed');
    expect(restored(await run('append-rewrites', server.port))).toBe(0);
  });

  it('is full after some: it says so, and holds each of those once', async () => {
    await using server = await evil('append-overquota');
    await expect(run('append-overquota', server.port)).rejects.toMatchObject({ code: 'target-over-quota' });
    const first = await subjects(server.port);
    await expect(run('append-overquota', server.port)).rejects.toMatchObject({ code: 'target-over-quota' });
    const second = await subjects(server.port);
    expect(new Set(second).size).toBe(second.length);
    expect(second.length).toBeGreaterThanOrEqual(first.length);
  });

  it('takes no big messages: these are named, and the others go on', async () => {
    await using server = await evil('append-toobig');
    const report = await run('append-toobig', server.port);
    expect(report.failed).toMatchObject([{ code: 'message-too-large' }]);
    expect(await subjects(server.port)).toEqual(all.filter((id) => id !== '<13@example.com>'));
  });
});
