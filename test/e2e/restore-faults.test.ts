import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveReader } from '@mailferry/core/archive';
import { backup, type RestoreOptions, type RestoreReport, restore } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { openImapTarget } from '@mailferry/core/target';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BreakingProxy, type BreakingProxyOptions, startBreakingProxy } from '../fixtures/breaking-proxy.ts';

const OLD = { user: 'old@example.co.kr', password: 'old-secret' };
const NEW = { user: 'new@example.co.kr', password: 'new-secret' };

let platform: Platform;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-restore-faults-'));
  platform = await startPlatform({ accounts: [OLD, NEW], failedLogInMs: 0 });
});
afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const message = (n: number | string, body = `body ${n}`): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@x>\r\n\r\n${body}\r\n`);
const urlOf = ({ user }: { user: string }, port: number) => `imap://${encodeURIComponent(user)}@127.0.0.1:${port}`;
const archive = () => join(directory, 'archive');
const signal = () => AbortSignal.timeout(50_000);

const makeArchive = async (partLimitBytes?: number): Promise<void> => {
  const credential = { kind: 'password', password: OLD.password } as const;
  const source = openSource({ url: urlOf(OLD, platform.imapPort), credential, allowInsecure: true });
  try {
    await backup({ source, directory: archive(), signal: signal(), ...(partLimitBytes ? { partLimitBytes } : {}) });
  } finally {
    await source.close();
  }
};

const runRestore = async (port: number, options: Partial<RestoreOptions> = {}, stallMs = 10_000): Promise<RestoreReport> => {
  const credential = { kind: 'password', password: NEW.password } as const;
  const target = openImapTarget({ url: urlOf(NEW, port), credential, allowInsecure: true, stallMs });
  try {
    const reader = await ArchiveReader.open({ directory: archive(), signal: signal() });
    return await restore({ reader, directory: archive(), target, signal: signal(), ...options });
  } finally {
    await target.close();
  }
};

const proxied = (options: Omit<BreakingProxyOptions, 'targetPort'>): Promise<BreakingProxy> =>
  startBreakingProxy({ ...options, targetPort: platform.imapPort });

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const held = (mailbox = 'INBOX'): string[] => Array.from(platform.account(NEW.user).messages(mailbox), (one) => one.sha256).toSorted();
const hashes = (messages: readonly Buffer[]): string[] => messages.map(sha256).toSorted();
const fill = (messages: readonly Buffer[], mailbox = 'INBOX'): void => {
  for (const bytes of messages) platform.account(OLD.user).append(mailbox, bytes);
};
const accountsClose = ({ mailboxes }: RestoreReport): boolean =>
  mailboxes.every(({ messages, restoredBefore, restored, failed }) => messages === restoredBefore + restored + failed);

/** As a server that knows no UIDPLUS. */
const withoutUidPlus = (text: string): string => text.replaceAll('UIDPLUS', 'UIDNONE').replace(/\[APPENDUID \d+ \d+\] /g, '');

describe('a restore whose answers are lost', () => {
  it('brings a message exactly once that the server takes after the connection is gone', async () => {
    const messages = [1, 2, 3].map((n) => message(n));
    fill(messages);
    await makeArchive();
    let isCut = false;
    await using proxy = await proxied({
      fromClient: (text, connection) => {
        if (!isCut && text.includes(' APPEND ')) {
          isCut = true;
          connection.cutClientOnly(300, 1200);
        }
        return text;
      },
    });
    const report = await runRestore(proxy.port);
    expect([report.failed, accountsClose(report)]).toEqual([[], true]);
    await sleep(1500);
    expect(held()).toEqual(hashes(messages));
  });

  it('without UIDPLUS, the first of two equal messages does not stand for the second, which never arrived', async () => {
    const messages = [message(1), message('same'), message('same'), message(4)];
    fill(messages);
    await makeArchive();
    let seen = 0;
    await using proxy = await proxied({
      fromServer: withoutUidPlus,
      fromClient: (text, connection) => {
        if (!text.includes('body same')) return text;
        seen += text.split('body same').length - 1;
        if (seen !== 2 || connection.number > 2) return text;
        seen += 1;
        // The answer of the first one is on its way; the second one never gets there.
        const end = text.lastIndexOf('Subject: message same');
        setTimeout(() => connection.cut(), 300);
        return text.slice(0, end);
      },
    });
    const report = await runRestore(proxy.port);
    expect([report.failed, accountsClose(report)]).toEqual([[], true]);
    expect(held()).toEqual(hashes(messages));
  });

  it('without UIDPLUS, another message with the same Message-ID does not stand for one that never arrived', async () => {
    const messages = [message('same', 'one'), message('same', 'other')];
    fill(messages);
    await makeArchive();
    let isCut = false;
    await using proxy = await proxied({
      fromServer: withoutUidPlus,
      fromClient: (text, connection) => {
        if (isCut || !text.includes('other')) return text;
        isCut = true;
        setTimeout(() => connection.cut(), 300);
        return text.slice(0, text.lastIndexOf('Subject: message same'));
      },
    });
    const report = await runRestore(proxy.port);
    const uncertain = report.failed.filter(({ code }) => code === 'append-uncertain');
    expect(held().length + uncertain.length).toBe(2);
    expect(accountsClose(report)).toBe(true);
  });

  it('sends nothing twice where the server does not list what it took', async () => {
    const messages = [1, 2, 3].map((n) => message(n));
    fill(messages);
    await makeArchive();
    let appends = 0;
    let hidden = 0;
    await using proxy = await proxied({
      fromServer: (text, connection) => {
        if (text.includes('APPENDUID') && appends === 0) {
          appends += 1;
          connection.cut();
          return '';
        }
        // One listing comes without its messages, and ends as if it were whole.
        if (hidden > 1 || !/^\* \d+ FETCH \(UID \d+ RFC822\.SIZE/m.test(text)) return text;
        hidden += 1;
        return text.replace(/^\* \d+ FETCH .*\r\n/gm, '');
      },
    });
    await runRestore(proxy.port).catch(() => undefined);
    const report = await runRestore(platform.imapPort);
    expect(held()).toEqual(hashes(messages));
    expect(accountsClose(report)).toBe(true);
  });

  it('S39: what was moved away before anyone asked is not sent again behind the back of its owner', async () => {
    fill([message(1)]);
    await makeArchive();
    await using proxy = await proxied({
      fromServer: (text, connection) => {
        if (!text.includes('APPENDUID')) return text;
        const account = platform.account(NEW.user);
        for (const { uid } of account.messages('INBOX')) account.expunge('INBOX', [uid]);
        connection.cut();
        return '';
      },
    });
    const report = await runRestore(proxy.port);
    expect(report.failed).toMatchObject([{ code: 'append-uncertain' }]);
    expect(held()).toEqual([]);
    const again = await runRestore(platform.imapPort, { sendUncertain: true });
    expect([again.failed, held()]).toEqual([[], hashes([message(1)])]);
  });
});

describe('a restore to a target that is hard to get along with', () => {
  it('names the message that breaks every connection, and brings the others', async () => {
    const messages = [message(1), message('POISON', 'POISON'), message(3), message(4)];
    fill(messages);
    await makeArchive();
    await using proxy = await proxied({
      fromClient: (text, connection) => {
        if (!text.includes('POISON')) return text;
        connection.cut();
        return '';
      },
    });
    const report = await runRestore(proxy.port);
    expect(report.failed).toMatchObject([{ code: 'append-broke-connection' }]);
    expect(accountsClose(report)).toBe(true);
    expect(held()).toEqual(hashes([message(1), message(3), message(4)]));
    expect((await runRestore(platform.imapPort)).failed).toEqual([]);
    expect(held()).toEqual(hashes(messages));
  }, 60_000);

  it('gives up where nothing gets through at all', async () => {
    fill(Array.from({ length: 30 }, (_, n) => message(n)));
    await makeArchive();
    await using proxy = await proxied({
      fromClient: (text, connection) => {
        if (!text.includes(' APPEND ')) return text;
        connection.cut();
        return '';
      },
    });
    await expect(runRestore(proxy.port)).rejects.toMatchObject({ code: 'connection-lost' });
    expect(held()).toEqual([]);
  }, 60_000);

  it('goes on with the others where one mailbox can not be made', async () => {
    platform.account(OLD.user).addMailbox('good');
    platform.account(OLD.user).addMailbox('bad');
    platform.account(OLD.user).addMailbox('bad and empty');
    fill([message(1)], 'good');
    fill([message(2)], 'bad');
    await makeArchive();
    await using proxy = await proxied({
      fromClient: (text) => text.replace(/CREATE "bad[^"]*"/, 'CREATE "a/../b"'),
    });
    const report = await runRestore(proxy.port);
    expect(report.failed.map(({ mailbox, code }) => [mailbox, code])).toEqual([
      ['bad', 'target-mailbox'],
      ['bad and empty', 'target-mailbox'],
    ]);
    expect([held('good'), accountsClose(report)]).toEqual([hashes([message(1)]), true]);
  });

  it('drops no more keywords than the one that is refused, and tries it no more', async () => {
    for (const n of [1, 2, 3]) platform.account(OLD.user).append('INBOX', message(n), { flags: ['\\Seen', '$Forwarded', 'bad-one'] });
    await makeArchive();
    let refused = 0;
    await using proxy = await proxied({
      fromClient: (text) =>
        text.replace(/APPEND "INBOX" \([^)]*bad-one[^)]*\)/g, () => {
          refused += 1;
          return 'APPEND "no such mailbox" (\\Seen)';
        }),
    });
    const report = await runRestore(proxy.port);
    expect(report.failed).toEqual([]);
    const flags = Array.from(platform.account(NEW.user).messages('INBOX'), (one) => one.flags.toSorted());
    expect(flags).toEqual([1, 2, 3].map(() => ['$Forwarded', '\\Seen'].toSorted()));
    expect(report.notices).toContainEqual({ code: 'flag-dropped', details: { mailbox: 'INBOX', flag: 'bad-one', count: 3 } });
    expect(refused).toBeLessThan(9);
  });
});

describe('a restore of an archive that is not whole', () => {
  it('names the messages of a part that is gone, and brings those of the others', async () => {
    const big = (n: number): Buffer => message(n, randomBytes(40_000).toString('base64'));
    const messages = [1, 2, 3].map(big);
    fill(messages);
    await makeArchive(70_000);
    const parts = (await ArchiveReader.open({ directory: archive(), signal: signal() })).parts;
    expect(parts.length).toBeGreaterThan(1);
    rmSync(join(archive(), parts[0] ?? ''));
    const report = await runRestore(platform.imapPort);
    expect(report.failed.map(({ code }) => code)).toEqual(report.failed.map(() => 'zip-invalid'));
    expect(report.failed.length + held().length).toBe(3);
    expect([held().length > 0, accountsClose(report)]).toEqual([true, true]);
  });

  it('never completes a big message whose bytes turn out to be damaged', async () => {
    const big = message('big', randomBytes(7_000_000).toString('base64'));
    fill([big, message(2)]);
    await makeArchive();
    const reader = await ArchiveReader.open({ directory: archive(), signal: signal() });
    const part = join(archive(), reader.parts[0] ?? '');
    const bytes = readFileSync(part);
    bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
    writeFileSync(part, bytes);
    const report = await runRestore(platform.imapPort);
    expect(report.failed).toMatchObject([{ code: 'entry-damaged' }]);
    expect(held()).toEqual(hashes([message(2)]));
  });
});

describe('the record of a restore', () => {
  it('belongs to where the mail went: below another mailbox it is another restore', async () => {
    fill([message(1)]);
    await makeArchive();
    await runRestore(platform.imapPort);
    const report = await runRestore(platform.imapPort, { under: 'copy' });
    expect([report.failed, held(), held('copy/INBOX')]).toEqual([[], hashes([message(1)]), hashes([message(1)])]);
  });
});
