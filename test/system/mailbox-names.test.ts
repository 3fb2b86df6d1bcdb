import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { backup, probe } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner } from '../contracts/imap-world.ts';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { hasFaultTools, startFaultTool } from '../fixtures/faults.ts';
import { hasProgram } from '../fixtures/programs.ts';

/** What Korean providers call their mailboxes, by their use; kept beside the repository. */
const KOREAN_NAMES = resolve(import.meta.dirname, '../../../shared/data/korean-folder-names.json');
/** Names of any characters and length, with `.` between levels and `/` as a letter. */
const ANY_NAME = `
mail_location = sdbox:{directory}/mail/%u/dbox:LAYOUT=index
mail_plugins = listescape
namespace inbox {
  separator = .
}
`;

const koreanNames = (): [use: string, names: string[]][] =>
  Object.entries<{ name: string }[]>(JSON.parse(readFileSync(KOREAN_NAMES, 'utf8'))).map(([use, all]) => [
    use,
    all.map(({ name }) => name),
  ]);

const message = (text: string): Buffer => Buffer.from(`Subject: in ${text}\r\n\r\nbody\r\n`);
const signal = AbortSignal.timeout(100_000);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-names-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.skipIf(!hasDovecot())('mailbox names at Dovecot (needs dovecot)', () => {
  let dovecot: Dovecot;

  beforeAll(async () => {
    dovecot = await startDovecot({ settings: ANY_NAME });
  });
  afterAll(() => dovecot?.[Symbol.asyncDispose]());

  /** Makes mailboxes with one message each, and backs the account up twice. */
  const takeOver = async (user: string, names: readonly string[]) => {
    dovecot.addAccount(user, new Map([['INBOX', []]]));
    const account = { port: dovecot.imapPort, user, password: dovecot.password };
    await asOwner(account, async (client) => {
      for (const name of names) {
        if (name !== 'INBOX') await client.mailboxCreate(name);
        await client.append(name, message(name));
      }
    });
    const source = openSource({
      url: `imap://${user}@127.0.0.1:${dovecot.imapPort}`,
      credential: { kind: 'password', password: dovecot.password },
      allowInsecure: true,
    });
    try {
      const first = await backup({ source, directory: join(directory, user), signal });
      const second = await backup({ source, directory: join(directory, user), signal });
      return { first, second, stored: manifestMessages(join(directory, user)) };
    } finally {
      await source.close();
    }
  };

  it('S24: become one folder each, with nothing lost and nothing mixed', async () => {
    const names = [
      ...['INBOX', '한글', 'R&D', '&', '📬', '👨‍👩‍👧 가족', 'trailing ', 'trailing', '2024', 'a/b', 'a.b'],
      ...[
        'Sent',
        'SENT',
        'sent',
        'parent.child',
        'x'.repeat(200),
        '긴'.repeat(80),
        `${'긴'.repeat(79)}끝`,
        `${'x'.repeat(199)}y`,
        'CON',
        '"quoted"',
        'back\\slash',
        '*',
        '%',
      ],
    ];
    const { first, second, stored } = await takeOver('s24', names);
    expect(stored.map(({ mailbox }) => mailbox).toSorted()).toEqual(names.toSorted());
    expect(new Set(stored.map(({ sha256 }) => sha256)).size).toBe(names.length);
    const folders = stored.map(({ name }) => name.slice(0, name.lastIndexOf('/')).normalize('NFC').toLowerCase());
    expect(new Set(folders).size).toBe(names.length);
    expect(first.reconciliation.differences).toEqual([]);
    expect(second).toMatchObject({ fetchedMessages: 0, reconciliation: { differences: [] } });
  });

  it.skipIf(!existsSync(KOREAN_NAMES))('of Korean providers come back as they are', async () => {
    const names = ['INBOX', ...koreanNames().flatMap(([, all]) => all)];
    const { first, stored } = await takeOver('korean', names);
    expect(stored.map(({ mailbox }) => mailbox).toSorted()).toEqual(names.toSorted());
    expect(first.reconciliation.differences).toEqual([]);
  });
});

describe.skipIf(!hasFaultTools() || !hasProgram('python3'))('mailbox names of a hostile server (needs python3 and the fault tools)', () => {
  it('are all in the report, and those that no command can hold are named', async () => {
    await using server = await startFaultTool('evil-imap-server', ['--mode', 'list-traversal', '--user', 'kim', '--pass', 'pw']);
    const source = openSource({
      url: `imap://kim@127.0.0.1:${server.port}`,
      credential: { kind: 'password', password: 'pw' },
      allowInsecure: true,
    });
    const { reconciliation } = await backup({ source, directory: join(directory, 'hostile'), signal });
    await source.close();
    const unread = reconciliation.differences.map(({ mailbox, code, reason }) => [mailbox, code, reason]);
    expect(unread).toEqual(['nul\0evil', 'cr\r\nlf'].map((name) => [name, 'mailbox-unread', 'server-refused']));
    const paths = reconciliation.accounts.map(({ mailbox }) => mailbox);
    expect(paths).toEqual(expect.arrayContaining(['../../../../../../tmp/evil-imap', '..', 'CON', 'x'.repeat(300), '\x1b[2Jevil']));
    expect(reconciliation.totals).toMatchObject({ source: 15, stored: 15 });
  });
});

describe.skipIf(!existsSync(KOREAN_NAMES))('what Korean names say of a mailbox (needs the list of names)', () => {
  it.each(existsSync(KOREAN_NAMES) ? koreanNames() : [])('%s: %j', async (use, names) => {
    for (const name of names) {
      const root = mkdtempSync(join(directory, 'use-'));
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, '1.eml'), message(name));
      const source = openSource({ url: `eml:${root}` });
      const { mailboxes } = await probe({ source, signal });
      expect(mailboxes.find(({ path }) => path === name)).toMatchObject({ specialUse: use.startsWith('\\') ? use : null });
      await source.close();
    }
  });
});
