import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { type CliResult, runCli } from '../fixtures/cli.ts';

const OLD = { user: 'old@example.co.kr', password: 'old-secret' };
const NEW = { user: 'new@example.co.kr', password: 'new-secret' };
const UNREADY = { user: 'unready@example.co.kr', password: 'unready-secret', setUp: false };

let platform: Platform;
let directory: string;

const message = (n: number): Buffer => Buffer.from(`Subject: message ${n}\r\nDate: Tue, 05 Mar 2024 09:12:33 +0900\r\n\r\nbody ${n}\r\n`);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-migrate-'));
  platform = await startPlatform({ accounts: [OLD, NEW, UNREADY], failedLogInMs: 0 });
  const account = platform.account(OLD.user);
  account.addMailbox('받은 서류/계약서');
  account.addMailbox('비어 있음');
  account.appendAll(
    'INBOX',
    [1, 2, 3].map((n) => ({ bytes: message(n), flags: ['\\Seen', '$Forwarded'], internalDate: new Date('2024-03-05T00:12:40Z') })),
  );
  account.append('받은 서류/계약서', message(4), { flags: ['\\Flagged'], internalDate: new Date('2038-01-19T03:14:08Z') });
});

afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const imapUrl = (user = OLD.user, port = platform.imapPort) => `imap://${encodeURIComponent(user)}@127.0.0.1:${port}`;
const httpUrl = (user = NEW.user) => `http://${encodeURIComponent(user)}@127.0.0.1:${platform.httpPort}`;
const passwords = (from = OLD.password, to = NEW.password) => ({ MAILFERRY_FROM_PASSWORD: from, MAILFERRY_TO_PASSWORD: to });
const archive = () => join(directory, 'archive');

const migrate = (options: { from?: string; to?: string; env?: Record<string, string> } = {}): Promise<CliResult> =>
  runCli(
    [
      'migrate',
      '--from',
      options.from ?? imapUrl(),
      '--allow-insecure',
      '--to',
      options.to ?? httpUrl(),
      '--archive',
      archive(),
      '--yes',
      '--json',
    ],
    {
      env: options.env ?? passwords(),
    },
  );

const held = (user: string) => {
  const account = platform.account(user);
  return account.listMailboxes().map(({ path }) => ({
    path,
    messages: Array.from(account.messages(path), ({ sha256, flags, internalDate }) => ({
      sha256,
      flags: flags.toSorted(),
      internalDate,
    })),
  }));
};

describe('migrate', () => {
  it('moves every mailbox and message with bytes, flags and dates, and the second run does nothing', async () => {
    const first = await migrate();
    expect(first.exitCode, first.stdout).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      fetchedMessages: 4,
      uploadedMessages: 4,
      failed: [],
      reconciliation: { differences: [] },
    });
    expect(held(NEW.user)).toEqual(held(OLD.user));
    const second = await migrate();
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ fetchedMessages: 0, uploadedMessages: 0, sealedParts: [] });
    expect(held(NEW.user)).toEqual(held(OLD.user));
  });

  it('moves what is new, also an old message that came late', async () => {
    await migrate();
    platform.account(OLD.user).append('INBOX', message(5), { internalDate: new Date('2010-01-01T00:00:00Z') });
    const again = await migrate();
    expect(JSON.parse(again.stdout)).toMatchObject({ fetchedMessages: 1, uploadedMessages: 1, reconciliation: { differences: [] } });
    expect(held(NEW.user)).toEqual(held(OLD.user));
  });

  it('says what the target lost since', async () => {
    await migrate();
    await platform.stop();
    platform = await startPlatform({ accounts: [OLD, NEW] });
    const result = await migrate();
    const report = JSON.parse(result.stdout);
    expect(result.exitCode).toBe(4);
    expect(report.reconciliation.differences.map(({ code }: { code: string }) => code)).toEqual(Array(4).fill('missing-at-target'));
  });

  it('is refused before anything is pulled when the target account is not set up', async () => {
    const result = await migrate({ to: httpUrl(UNREADY.user), env: passwords(OLD.password, UNREADY.password) });
    expect(result.exitCode).toBe(1);
    expect(JSON.parse(result.stdout).error.code).toBe('target-account-not-set-up');
    expect(readdirSync(archive())).toEqual(['.mailferry']);
  });

  it.each([
    ['source', passwords('wrong', NEW.password)],
    ['target', passwords(OLD.password, 'wrong')],
  ])('ends with 5 and a hint on a wrong password for the %s', async (_, env) => {
    const result = await migrate({ env });
    expect(result.exitCode).toBe(5);
    expect(JSON.parse(result.stdout).error).toMatchObject({ code: 'auth-refused', hint: expect.stringContaining('password') });
    expect(result.stdout + result.stderr).not.toMatch(/-secret|wrong/);
  });

  it('refuses the archive of another account and leaves it as it is', async () => {
    await migrate();
    const before = manifestMessages(archive());
    const result = await migrate({ from: imapUrl(NEW.user), env: passwords(NEW.password, NEW.password) });
    expect(result.exitCode).toBe(1);
    expect(JSON.parse(result.stdout).error.code).toBe('ledger-other-job');
    expect(manifestMessages(archive())).toEqual(before);
  });

  it('goes on where a refused message was left, with 3 and its reason', async () => {
    await platform.stop();
    platform = await startPlatform({ accounts: [{ ...NEW, quotaBytes: 200 }, OLD] });
    platform.account(OLD.user).appendAll(
      'INBOX',
      [1, 2, 3, 4].map((n) => ({ bytes: message(n) })),
    );
    const result = await migrate();
    const report = JSON.parse(result.stdout);
    expect(result.exitCode).toBe(3);
    expect(report.uploadedMessages).toBe(2);
    expect(report.failed).toMatchObject(Array(2).fill({ mailbox: 'INBOX', code: 'upload-entry-refused' }));
    expect(report.failed[0].entryName).toMatch(/^INBOX\/.*message.*\.eml$/);
  });
});

describe('a source that misbehaves', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** Answers each line of a client with what `reply` gives for it. */
  const serve = async (reply: (tag: string, command: string) => string): Promise<number> => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\r\n');
      socket.on('data', (data) => {
        for (const line of data.toString('latin1').split('\r\n').filter(Boolean)) {
          const [tag = '', ...command] = line.split(' ');
          const answer = reply(tag, command.join(' ').toUpperCase());
          if (answer === 'CLOSE') socket.destroy();
          else socket.write(answer.replaceAll('TAG', tag));
        }
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server?.once('listening', resolve));
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  };

  /** An INBOX of two messages, but for what `special` answers. */
  const inbox =
    (special: (command: string) => string | undefined) =>
    (_: string, command: string): string => {
      const answer = special(command);
      if (answer !== undefined) return answer;
      if (command.startsWith('LIST') || command.startsWith('LSUB')) return '* LIST () "/" INBOX\r\nTAG OK\r\n';
      if (command.startsWith('EXAMINE')) return '* 2 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 9]\r\nTAG OK\r\n';
      if (command.startsWith('UID FETCH 1:* (UID RFC822.SIZE)'))
        return '* 1 FETCH (UID 3 RFC822.SIZE 8)\r\n* 2 FETCH (UID 8 RFC822.SIZE 8)\r\nTAG OK\r\n';
      if (command.startsWith('UID SEARCH')) return '* SEARCH 3 8\r\nTAG OK\r\n';
      if (command.includes('BODY.PEEK[]')) {
        const uids = [3, 8].filter((uid) => command.split(' ')[2]?.split(',').includes(String(uid)));
        return `${uids.map((uid) => `* 1 FETCH (UID ${uid} FLAGS () INTERNALDATE "17-Jul-1996 02:44:25 -0700" BODY[] {8}\r\nA: b\r\n\r\n)\r\n`).join('')}TAG OK\r\n`;
      }
      return 'TAG OK\r\n';
    };

  const backup = (port: number) =>
    runCli(['backup', '--from', imapUrl(OLD.user, port), '--allow-insecure', '--out', archive(), '--connections', '1', '--json'], {
      env: passwords(),
    });

  it('is pulled whole where it behaves', async () => {
    const result = await backup(await serve(inbox(() => undefined)));
    expect(JSON.parse(result.stdout)).toMatchObject({ fetchedMessages: 2, reconciliation: { differences: [] } });
  });

  it('keeps the other messages when one body is withheld, with 3 and the reason', async () => {
    const withhold = (command: string) => {
      if (command.includes('BODY.PEEK[]') && command.includes(' 8 ')) return '* 2 FETCH (UID 8 BODY[] NIL)\r\nTAG OK\r\n';
      if (command.includes('BODY.PEEK[]'))
        return '* 1 FETCH (UID 3 FLAGS () BODY[] {8}\r\nA: b\r\n\r\n)\r\n* 2 FETCH (UID 8 BODY[] NIL)\r\nTAG OK\r\n';
      if (command.startsWith('UID FETCH 8 (UID FLAGS INTERNALDATE)')) return '* 2 FETCH (UID 8 FLAGS ())\r\nTAG OK\r\n';
      return undefined;
    };
    const result = await backup(await serve(inbox(withhold)));
    expect(result.exitCode).toBe(3);
    expect(JSON.parse(result.stdout)).toMatchObject({
      fetchedMessages: 1,
      failed: [{ mailbox: 'INBOX', locator: 8, code: 'message-withheld' }],
    });
    // The server gives it later: the next run takes it.
    server?.close();
    const later = await backup(await serve(inbox(() => undefined)));
    expect(later.exitCode).toBe(0);
    expect(JSON.parse(later.stdout)).toMatchObject({ fetchedMessages: 1, failed: [] });
  });

  it('never stores a message of 0 bytes', async () => {
    const empty = (command: string) =>
      command.includes('BODY.PEEK[]')
        ? '* 1 FETCH (UID 3 FLAGS () BODY[] {0}\r\n)\r\n* 2 FETCH (UID 8 FLAGS () BODY[] {8}\r\nA: b\r\n\r\n)\r\nTAG OK\r\n'
        : undefined;
    const result = await backup(await serve(inbox(empty)));
    expect(result.exitCode).toBe(3);
    expect(JSON.parse(result.stdout)).toMatchObject({ fetchedMessages: 1, failed: [{ locator: 3, code: 'message-empty' }] });
  });

  it('closes a message that vanished between listing and fetch', async () => {
    const gone = (command: string) => {
      if (command.startsWith('UID SEARCH')) return '* SEARCH\r\nTAG OK\r\n';
      return command.includes('BODY.PEEK[]')
        ? '* 1 FETCH (UID 3 FLAGS () BODY[] {8}\r\nA: b\r\n\r\n)\r\nTAG OK Some messages no longer exist\r\n'
        : undefined;
    };
    const result = await backup(await serve(inbox(gone)));
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      fetchedMessages: 1,
      reconciliation: { totals: { vanished: 1, stored: 1 }, differences: [] },
    });
  });

  it('loses only the message that breaks the connection each time, with 3 and the reason', async () => {
    let served = 0;
    const poison = (command: string) => {
      if (!command.includes('BODY.PEEK[]')) return undefined;
      served += 1;
      if (command.includes('3,8')) return '* 1 FETCH (UID 3 BODY[] {10000000000}\r\n';
      return command.startsWith('UID FETCH 3 ') ? '* 1 FETCH (UID 3 BODY[] {10000000000}\r\n' : undefined;
    };
    const result = await backup(await serve(inbox(poison)));
    expect(result.exitCode, result.stdout).toBe(3);
    expect(served).toBe(3);
    expect(JSON.parse(result.stdout)).toMatchObject({ fetchedMessages: 1, failed: [{ locator: 3, code: 'message-unreadable' }] });
  });

  it.each([
    ['cut in the middle of a literal', (command: string) => (command.includes('BODY.PEEK[]') ? 'CLOSE' : undefined), 'message-unreadable'],
    [
      'hiding a message',
      (command: string) => (command.startsWith('UID FETCH 1:*') ? '* 1 FETCH (UID 3 RFC822.SIZE 8)\r\nTAG OK\r\n' : undefined),
      'listing-incomplete',
    ],
    [
      'giving UID 0',
      (command: string) => (command.startsWith('UID FETCH 1:*') ? '* 1 FETCH (UID 0 RFC822.SIZE 8)\r\nTAG OK\r\n' : undefined),
      'protocol-violation',
    ],
    [
      'announcing 10 GB',
      (command: string) => (command.includes('BODY.PEEK[]') ? '* 1 FETCH (UID 3 BODY[] {10000000000}\r\n' : undefined),
      'message-unreadable',
    ],
    [
      'sending an endless line',
      (command: string) => (command.startsWith('EXAMINE') ? `* OK ${'x'.repeat(300_000)}\r\nTAG OK\r\n` : undefined),
      'protocol-violation',
    ],
    [
      'asking for a pause',
      (command: string) => (command.includes('BODY.PEEK[]') ? 'TAG NO [THROTTLED] Suggested Backoff Time: 3000\r\n' : undefined),
      'server-busy',
    ],
  ])('%s never ends in success', async (_, special, code) => {
    const result = await backup(await serve(inbox(special)));
    const report = JSON.parse(result.stdout);
    expect(result.exitCode).toBeGreaterThan(0);
    // Either the run ends, or what it could not get is named.
    const reasons = report.reconciliation?.differences.map(({ reason }: { reason: string }) => reason) ?? [report.error.code];
    expect(reasons).toContain(code);
  });
});
