import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Platform, startPlatform } from '@mailferry/platform';
import { ImapFlow } from 'imapflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const USER = 'kim@example.com';
const PASSWORD = 'pass-word';

/** Bytes that a careless server would change; NUL, which mbsync refuses, has a mail of its own. */
const MAILS = [
  'Subject: plain\r\nMessage-ID: <1@example.com>\r\n\r\nbody\r\n',
  'Subject: no line end\r\nMessage-ID: <2@example.com>\r\n\r\nlast line',
  'Subject: \xb9\xae\xbc\xad raw EUC-KR\r\nMessage-ID: <3@example.com>\r\n\r\n8-bit \xff \x80\r\n.\r\n',
  `Subject: long\r\nMessage-ID: <4@example.com>\r\n\r\n${'x'.repeat(50_000)}\r\n`,
].map((text) => Buffer.from(text, 'latin1'));
const WITH_NUL = Buffer.from('Subject: NUL\r\n\r\na\0b \n bare LF \r bare CR\r\n', 'latin1');

const versionOf = (program: string): string | null => {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
};

/** A suite that is skipped, and says why in its name, on a machine without the program. */
const describeWith = (program: string, title: string, suite: () => void): void => {
  if (versionOf(program) === null) describe.skip(`${title} (skipped: ${program} is not installed)`, suite);
  else describe(title, suite);
};

let platform: Platform;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-clients-'));
  platform = await startPlatform({
    directory: join(directory, 'platform'),
    accounts: [{ user: USER, password: PASSWORD }],
    failedLogInMs: 0,
  });
});
afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true });
});

const stored = (path: string) =>
  [...platform.account(USER).messages(path)].map((message) => ({
    flags: [...message.flags].toSorted(),
    bytes: message.read(),
    internalDate: message.internalDate,
  }));

describe('imapflow', () => {
  let client: ImapFlow;
  beforeEach(async () => {
    client = new ImapFlow({
      host: '127.0.0.1',
      port: platform.imapPort,
      secure: false,
      doSTARTTLS: false,
      auth: { user: USER, pass: PASSWORD },
      logger: false,
      disableAutoIdle: true,
    });
    client.on('error', () => {});
    await client.connect();
  });
  afterEach(() => client.logout());

  it('lists mailboxes with their special use and status', async () => {
    await client.mailboxCreate('업무/2024');
    platform.account(USER).append('업무/2024', WITH_NUL);
    const listed = await client.list({ statusQuery: { messages: true } });
    expect(listed.map(({ path, specialUse, status }) => [path, specialUse, status?.messages]).toSorted()).toEqual([
      ['Drafts', '\\Drafts', 0],
      ['INBOX', '\\Inbox', 0],
      ['Junk', '\\Junk', 0],
      ['Sent', '\\Sent', 0],
      ['Trash', '\\Trash', 0],
      ['업무', undefined, 0],
      ['업무/2024', undefined, 1],
    ]);
  });

  it('fetches every byte', async () => {
    for (const mail of [...MAILS, WITH_NUL]) platform.account(USER).append('INBOX', mail);
    await client.mailboxOpen('INBOX', { readOnly: true });
    const fetched = await client.fetchAll('1:*', { uid: true, source: true, size: true });
    expect(fetched.map(({ source }) => source)).toEqual([...MAILS, WITH_NUL]);
    expect(fetched.map(({ size }) => size)).toEqual([...MAILS, WITH_NUL].map(({ length }) => length));
  });

  it('appends, stores, moves and expunges', async () => {
    const date = new Date('2019-08-07T06:05:04Z');
    const appended = await client.append('INBOX', MAILS[0] ?? '', ['\\Seen', '$Forwarded'], date);
    expect(appended).toMatchObject({ uid: 1, destination: 'INBOX' });
    expect(stored('INBOX')).toEqual([{ flags: ['$Forwarded', '\\Seen'], bytes: MAILS[0], internalDate: date }]);
    await client.append('INBOX', MAILS[1] ?? '');
    await client.mailboxOpen('INBOX');
    await client.messageFlagsAdd('2', ['\\Flagged']);
    expect(stored('INBOX')[1]?.flags).toEqual(['\\Flagged']);
    expect(await client.messageMove('1', 'Trash')).toMatchObject({ uidMap: new Map([[1, 1]]) });
    await client.messageDelete('1:*');
    expect(stored('INBOX')).toEqual([]);
    expect(stored('Trash').map(({ bytes }) => bytes)).toEqual([MAILS[0]]);
  });

  it('hears of new mail while it idles', async () => {
    await client.mailboxOpen('INBOX');
    const heard = new Promise((resolve) => client.once('exists', resolve));
    const idling = client.idle();
    await new Promise((resolve) => setTimeout(resolve, 100));
    platform.account(USER).append('INBOX', WITH_NUL);
    expect(await heard).toMatchObject({ path: 'INBOX', count: 1 });
    await client.noop();
    await idling;
  });
});

describeWith('python3', "Python's imaplib", () => {
  it('lists, selects, appends, fetches, stores and expunges', async () => {
    for (const mail of MAILS) platform.account(USER).append('INBOX', mail);
    const script = `
import base64, imaplib, json, sys
port, user, password, mail = int(sys.argv[1]), sys.argv[2], sys.argv[3], base64.b64decode(sys.argv[4])
def ok(answer):
    assert answer[0] == 'OK', answer
    return answer[1]
m = imaplib.IMAP4('127.0.0.1', port)
ok(m.login(user, password))
names = [line.decode().split(' "/" ')[1] for line in ok(m.list())]
ok(m.create('"&vBvHQA-"'))
ok(m.append('"&vBvHQA-"', '(\\\\Seen)', imaplib.Time2Internaldate(1e9), mail))
count = ok(m.select('INBOX'))[0].decode()
bodies = [base64.b64encode(part[1]).decode() for part in ok(m.fetch('1:*', '(BODY.PEEK[])')) if isinstance(part, tuple)]
ok(m.store('2,3', '+FLAGS', '(\\\\Deleted)'))
found = ok(m.search(None, 'DELETED'))[0].decode()
ok(m.expunge())
left = ok(m.uid('SEARCH', 'ALL'))[0].decode()
ok(m.close()); m.logout()
print(json.dumps({'names': names, 'count': count, 'bodies': bodies, 'found': found, 'left': left}))
`;
    // imaplib itself would turn a bare LF into CRLF.
    const appended = Buffer.from('Subject: NUL\r\n\r\na\0b\r\n');
    const { stdout } = await run('python3', ['-c', script, String(platform.imapPort), USER, PASSWORD, appended.toString('base64')]);
    expect(JSON.parse(stdout)).toEqual({
      names: ['"Drafts"', '"INBOX"', '"Junk"', '"Sent"', '"Trash"'],
      count: '4',
      bodies: MAILS.map((mail) => mail.toString('base64')),
      found: '2 3',
      left: '1 4',
    });
    expect(stored('받은')).toEqual([{ flags: ['\\Seen'], bytes: appended, internalDate: new Date(1e12) }]);
  });
});

describeWith('mbsync', 'mbsync', () => {
  const localMessages = (): string[] =>
    ['cur', 'new'].flatMap((folder) => readdirSync(join(directory, 'local', folder)).map((name) => join(directory, 'local', folder, name)));
  const sync = (): Promise<unknown> => run('mbsync', ['-c', join(directory, 'mbsyncrc'), '-a']);

  beforeEach(() => {
    writeFileSync(
      join(directory, 'mbsyncrc'),
      `IMAPStore far
Host 127.0.0.1
Port ${platform.imapPort}
User ${USER}
Pass ${PASSWORD}
SSLType None
AuthMechs LOGIN

MaildirStore near
Path ${directory}/
Inbox ${directory}/local

Channel mail
Far :far:INBOX
Near :near:INBOX
Create Near
Expunge Both
SyncState *
`,
    );
  });

  it('pulls, pushes, flags and expunges', async () => {
    for (const mail of MAILS) platform.account(USER).append('INBOX', mail);
    await sync();
    const unixLines = (bytes: Buffer): string => bytes.toString('latin1').replaceAll('\r\n', '\n');
    const withoutTuid = (path: string): string => readFileSync(path, 'latin1').replace(/^X-TUID: .*\n/m, '');
    expect(localMessages().map(withoutTuid).toSorted()).toEqual(MAILS.map(unixLines).toSorted());

    const pushed = 'Subject: pushed\nMessage-ID: <5@example.com>\n\nfrom here\n';
    writeFileSync(join(directory, 'local', 'cur', '1.local:2,FS'), pushed);
    await sync();
    const [arrived] = stored('INBOX').slice(MAILS.length);
    expect(arrived?.flags).toEqual(['\\Flagged', '\\Seen']);
    expect(arrived?.bytes.toString('latin1').replace(/^X-TUID: .*\r\n/m, '')).toBe(pushed.replaceAll('\n', '\r\n'));

    for (const path of localMessages()) if (readFileSync(path, 'latin1').includes('<1@example.com>')) rmSync(path);
    await sync();
    expect(stored('INBOX').map(({ bytes }) => /<(\d)@/.exec(bytes.toString('latin1'))?.[1])).toEqual(['2', '3', '4', '5']);
  });
});
