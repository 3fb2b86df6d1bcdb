import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Faults } from '../faults/faults.ts';
import { Office } from '../office/office.ts';
import type { Platform } from '../platform.ts';
import type { PlatformOptions } from '../platform-options.ts';
import { SASL_MECHANISMS } from '../sasl/mechanisms.ts';
import { startPlatform } from '../start-platform.ts';
import { openStore } from '../store/store.ts';
import { WallClock } from '../wall-clock.ts';
import { startImapServer } from './imap-server.ts';
import { DEFAULT_IMAP_LIMITS } from './limits.ts';
import { RawClient, TEST_TLS as TLS, TEST_USER as USER } from './raw-client.testing.ts';

const MAIL = Buffer.from('Subject: =?UTF-8?B?7KO86rCEIOuztOqzoA==?=\r\nFrom: a@b\r\n folded\r\nX: 1\r\n\r\nbody \0 \xff\r\nend', 'latin1');

let platform: Platform;
const clients: RawClient[] = [];
const start = async (options: PlatformOptions = {}): Promise<void> => {
  platform = await startPlatform({ accounts: [{ user: USER, password: 'pw' }], failedLogInMs: 0, timeZone: 'UTC', ...options });
};
const open = async (): Promise<RawClient> => {
  const client = await RawClient.connect(platform.imapPort);
  clients.push(client);
  return client;
};
const selected = async (command = 'SELECT INBOX'): Promise<RawClient> => {
  const client = await (await open()).logIn();
  expect(await client.command(command)).toMatch(/^OK/m);
  return client;
};
const put = (bytes: string | Buffer = MAIL, flags: string[] = [], path = 'INBOX'): number =>
  platform.account(USER).append(path, Buffer.from(bytes), { flags, internalDate: new Date('2026-01-02T03:04:05Z') });
const flagsOf = (uid: number): readonly string[] =>
  [...platform.account(USER).messages('INBOX')].find((message) => message.uid === uid)?.flags ?? [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await platform.stop();
});

describe('log-in', () => {
  it('advertises what holds in each state', async () => {
    await start();
    const client = await open();
    expect(await client.command('CAPABILITY')).toMatch(/^\* CAPABILITY IMAP4rev1 LITERAL\+ SASL-IR ID ENABLE AUTH=PLAIN AUTH=LOGIN/);
    await client.logIn();
    expect(await client.command('CAPABILITY')).toContain('APPENDLIMIT=157286400');
  });

  it('takes no command before its state', async () => {
    await start();
    const client = await open();
    for (const command of ['SELECT INBOX', 'LIST "" *', 'FETCH 1 FLAGS', 'IDLE', 'APPEND INBOX {1+}\r\nx']) {
      expect(await client.command(command)).toMatch(/^BAD Log in first/);
    }
    await client.logIn();
    expect(await client.command('FETCH 1 FLAGS')).toMatch(/^BAD Select/);
    expect(await client.command(`LOGIN ${USER} pw`)).toMatch(/^BAD/);
  });

  it('logs in by AUTHENTICATE PLAIN, at once, asked and cancelled', async () => {
    await start();
    const response = Buffer.from(`\0${USER}\0pw`).toString('base64');
    expect(await (await open()).command(`AUTHENTICATE PLAIN ${response}`)).toMatch(/^OK/);
    const asked = await open();
    asked.send('x AUTHENTICATE PLAIN\r\n');
    await asked.until(/^\+ \r\n/);
    asked.send(`${response}\r\n`);
    expect(await asked.until(/x .*\r\n/)).toMatch(/^x OK/);
    const cancelled = await open();
    cancelled.send('x AUTHENTICATE PLAIN\r\n');
    await cancelled.until(/^\+ \r\n/);
    cancelled.send('*\r\n');
    expect(await cancelled.until(/x .*\r\n/)).toMatch(/^x BAD/);
  });

  it('answers an unknown user and a wrong password alike, and closes after the third', async () => {
    await start();
    const client = await open();
    const wrong = await client.command(`LOGIN ${USER} no`);
    expect(wrong).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
    expect(await client.command('LOGIN nobody@example.com no')).toBe(wrong);
    expect(await client.command('LOGIN kim pw')).toMatch(/^\* BYE .*\r\nNO/);
    await client.until(/\(closed\)/);
  });

  it('takes no password in the clear where TLS is configured', async () => {
    await start({ tls: TLS });
    const client = await open();
    expect(await client.command('CAPABILITY')).toContain('STARTTLS LOGINDISABLED');
    expect(await client.command(`LOGIN ${USER} pw`)).toMatch(/^NO \[PRIVACYREQUIRED\]/);
    expect(await client.command(`AUTHENTICATE PLAIN ${Buffer.from('x').toString('base64')}`)).toMatch(/^NO \[PRIVACYREQUIRED\]/);
    expect(await client.command('STARTTLS')).toMatch(/^OK/);
    await client.startTls();
    expect(await client.command('CAPABILITY')).not.toMatch(/STARTTLS|LOGINDISABLED/);
    await client.logIn();
  });

  it('forgets commands that were sent in the clear behind STARTTLS', async () => {
    await start({ tls: TLS });
    const client = await open();
    client.send('x STARTTLS\r\ny NOOP\r\n');
    await client.until(/x OK.*\r\n/);
    await client.startTls();
    expect(await client.command('NOOP')).toMatch(/^OK/);
  });

  it('serves TLS from the start on its own port', async () => {
    await start({ tls: TLS });
    const client = new RawClient(connectTls({ port: platform.imapsPort ?? 0, host: '127.0.0.1', ca: TLS.cert, servername: 'localhost' }));
    clients.push(client);
    await client.until(/^\* OK.*\r\n/);
    await client.logIn();
  });
});

describe('mailboxes', () => {
  beforeEach(() => start());

  it('lists by pattern with children and special use', async () => {
    const client = await (await open()).logIn();
    await client.command('CREATE a/&vBvHQA-/c');
    expect(await client.command('LIST "" a/%')).toBe('* LIST (\\HasChildren) "/" "a/&vBvHQA-"\r\nOK Listed\r\n');
    expect(await client.command('LIST "a/" *c')).toContain('"a/&vBvHQA-/c"');
    expect(await client.command('LIST "" "%"')).toContain('* LIST (\\HasNoChildren \\Sent) "/" "Sent"');
    expect(await client.command('LIST "" inbox')).toContain('"INBOX"');
    expect(await client.command('LIST "" ""')).toBe('* LIST (\\Noselect) "/" ""\r\nOK That is the delimiter\r\n');
    expect(await client.command(`LIST "" "${'*a'.repeat(500)}"`)).toBe('OK Listed\r\n');
  });

  it('keeps a subscription without its mailbox, and names the parent that stands in for it', async () => {
    const client = await (await open()).logIn();
    await client.command('SUBSCRIBE x/y');
    expect(await client.command('LSUB "" x/*')).toBe('* LSUB () "/" "x/y"\r\nOK Listed\r\n');
    expect(await client.command('LSUB "" x%')).toBe('* LSUB (\\Noselect) "/" "x"\r\nOK Listed\r\n');
    await client.command('UNSUBSCRIBE x/y');
    expect(await client.command('LSUB "" x*')).toBe('OK Listed\r\n');
  });

  it('makes, renames and deletes, and says why not', async () => {
    const client = await (await open()).logIn();
    expect(await client.command('CREATE new/')).toMatch(/^OK/);
    expect(await client.command('CREATE new')).toMatch(/^NO \[ALREADYEXISTS\]/);
    expect(await client.command('RENAME new old')).toMatch(/^OK/);
    expect(await client.command('DELETE new')).toMatch(/^NO \[NONEXISTENT\]/);
    expect(await client.command('DELETE old')).toMatch(/^OK/);
    expect(await client.command('DELETE INBOX')).toMatch(/^NO \[CANNOT\]/);
    expect(await client.command('CREATE a&b')).toMatch(/^NO \[CANNOT\]/);
    expect(await client.command('SELECT old')).toMatch(/^NO \[NONEXISTENT\]/);
  });

  it('counts for STATUS and SELECT', async () => {
    put();
    put(MAIL, ['\\Seen', '$Label']);
    const client = await (await open()).logIn();
    expect(await client.command('STATUS INBOX (MESSAGES RECENT UIDNEXT UNSEEN)')).toContain('(MESSAGES 2 RECENT 2 UIDNEXT 3 UNSEEN 1)');
    const examined = await client.command('EXAMINE INBOX');
    expect(examined).toContain('* 2 RECENT');
    expect(examined).toContain('[PERMANENTFLAGS ()]');
    expect(examined).toMatch(/OK \[READ-ONLY\]/);
    const opened = await client.command('SELECT INBOX');
    expect(opened).toContain('* 2 EXISTS\r\n* 2 RECENT\r\n* OK [UNSEEN 1]');
    expect(opened).toContain('$Label \\*)]');
    expect(await client.command('SELECT INBOX')).toContain('* 0 RECENT');
  });
});

describe('fetch', () => {
  beforeEach(() => start());

  it('gives every byte, NUL and 8-bit too, and shows that the message was seen', async () => {
    const uid = put();
    const client = await selected();
    expect(await client.command('UID FETCH 1:* (BODY.PEEK[])')).toBe(
      `* 1 FETCH (UID ${uid} BODY[] {${MAIL.length}}\r\n${MAIL.toString('latin1')})\r\nOK Fetched\r\n`,
    );
    expect(flagsOf(uid)).toEqual([]);
    expect(await client.command('FETCH 1 BODY[]<5.4>')).toBe('* 1 FETCH (BODY[]<5> {4}\r\nct:  FLAGS (\\Recent \\Seen))\r\nOK Fetched\r\n');
    expect(flagsOf(uid)).toEqual(['\\Seen']);
  });

  it('gives header, text, fields and parts of them', async () => {
    put();
    const client = await selected();
    const bodyStart = MAIL.indexOf('\r\n\r\n') + 4;
    const text = MAIL.toString('latin1');
    const body = async (item: string): Promise<string> => {
      const [, size, rest = ''] = /\{(\d+)\}\r\n([\s\S]*)\)\r\nOK/.exec(await client.command(`FETCH 1 (${item})`)) ?? [];
      return rest.slice(0, Number(size));
    };
    expect(await body('RFC822.HEADER')).toBe(text.slice(0, bodyStart));
    expect(await body('BODY.PEEK[TEXT]')).toBe(text.slice(bodyStart));
    expect(await body('BODY.PEEK[HEADER.FIELDS (from x)]')).toBe('From: a@b\r\n folded\r\nX: 1\r\n\r\n');
    expect(await body('BODY.PEEK[HEADER.FIELDS.NOT (from subject)]')).toBe('X: 1\r\n\r\n');
    expect(await body('BODY.PEEK[TEXT]<0.4>')).toBe('body');
    expect(await body('BODY.PEEK[]<99999.5>')).toBe('');
    expect(await client.command('FETCH 1 FAST')).toContain(`INTERNALDATE " 2-Jan-2026 03:04:05 +0000" RFC822.SIZE ${MAIL.length}`);
  });

  it('knows which messages a set names', async () => {
    for (let i = 0; i < 5; i += 1) put(`m${i}`);
    const client = await selected();
    const numbers = async (command: string): Promise<string[]> =>
      [...(await client.command(command)).matchAll(/^\* (\d+) FETCH/gm)].map(([, number]) => number ?? '');
    expect(await numbers('FETCH 4:2,1,3 UID')).toEqual(['1', '2', '3', '4']);
    expect(await numbers('FETCH * UID')).toEqual(['5']);
    expect(await numbers('UID FETCH 900:* FLAGS')).toEqual(['5']);
    expect(await numbers('UID FETCH 900:901 FLAGS')).toEqual([]);
    expect(await client.command('FETCH 6 UID')).toMatch(/^BAD/);
  });

  it('sends a big message with back-pressure while it is expunged', async () => {
    const big = Buffer.alloc(8 * 1024 * 1024, 'abcdefg\r\n');
    put(big);
    const [reader, other] = [await selected(), await selected()];
    reader.send('f FETCH 1 BODY.PEEK[]\r\n');
    expect(await other.command('STORE 1 +FLAGS.SILENT (\\Deleted)')).toMatch(/^OK/);
    expect(await other.command('EXPUNGE')).toMatch(/^\* 1 EXPUNGE\r\nOK/);
    const answer = await reader.until(/f OK.*\r\n/);
    expect(answer).toContain(`{${big.length}}`);
    expect(answer.length).toBeGreaterThan(big.length);
  });
});

describe('changing messages', () => {
  beforeEach(() => start());

  it('appends with flags and date by either kind of literal', async () => {
    const client = await (await open()).logIn();
    client.send(`x APPEND INBOX (\\Seen $K) "01-Feb-2003 04:05:06 +0900" {${MAIL.length}}\r\n`);
    await client.until(/^\+ .*\r\n/);
    client.send(MAIL);
    client.send('\r\n');
    expect(await client.until(/x .*\r\n/)).toMatch(/^x OK \[APPENDUID \d+ 1\]/);
    const [message] = platform.account(USER).messages('INBOX');
    expect(message?.read()).toEqual(MAIL);
    expect(message).toMatchObject({ flags: ['\\Seen', '$K'], internalDate: new Date('2003-01-31T19:05:06Z') });
    expect(await client.command('APPEND none {1+}\r\nx')).toMatch(/^NO \[TRYCREATE\]/);
    expect(await client.command('APPEND INBOX {0+}\r\n')).toMatch(/^NO/);
  });

  it('refuses a message over the limit and goes on', async () => {
    await platform.stop();
    await start({ maxMessageBytes: 1000 });
    const client = await (await open()).logIn();
    expect(await client.command('APPEND INBOX {1001}')).toMatch(/^NO \[TOOBIG\]/);
    expect(await client.command(`APPEND INBOX {1001+}\r\n${'x'.repeat(1001)}`)).toMatch(/^NO \[TOOBIG\]/);
    expect(await client.command('NOOP')).toBe('OK Done\r\n');
  });

  it('stores flags, silently too, and nothing in a mailbox opened read-only', async () => {
    const uid = put(MAIL, ['$A']);
    const client = await selected();
    expect(await client.command('STORE 1 +FLAGS (\\flagged $a)')).toBe(
      `* 1 FETCH (UID ${uid} FLAGS (\\Recent $A \\Flagged))\r\nOK Stored\r\n`,
    );
    expect(await client.command(`UID STORE ${uid} -FLAGS.SILENT $A`)).toBe('OK Stored\r\n');
    expect(await client.command('STORE 1 FLAGS (bad*)')).toMatch(/^BAD/);
    expect(flagsOf(uid)).toEqual(['\\Flagged']);
    await client.command('EXAMINE INBOX');
    for (const command of ['STORE 1 FLAGS ()', 'EXPUNGE', 'UID EXPUNGE 1', 'MOVE 1 Trash'])
      expect(await client.command(command)).toMatch(/^NO/);
    await client.command('FETCH 1 BODY[]');
    await client.command('CLOSE');
    expect(flagsOf(uid)).toEqual(['\\Flagged']);
  });

  it('expunges by UID only what is named and deleted', async () => {
    for (let i = 0; i < 4; i += 1) put(`m${i}`, i < 3 ? ['\\Deleted'] : []);
    const client = await selected();
    expect(await client.command('UID EXPUNGE 2:4')).toBe('* 3 EXPUNGE\r\n* 2 EXPUNGE\r\nOK Expunged\r\n');
    expect(await client.command('CLOSE')).toBe('OK Closed\r\n');
    expect([...platform.account(USER).messages('INBOX')].map(({ uid }) => uid)).toEqual([4]);
  });

  it('copies and moves with the UIDs of both sides', async () => {
    for (let i = 0; i < 4; i += 1) put(`m${i}`, [`$${i}`]);
    const client = await selected();
    expect(await client.command('COPY 1:2 Trash')).toMatch(/^OK \[COPYUID \d+ 1:2 1:2\]/);
    expect(await client.command('UID MOVE 2,4 Trash')).toMatch(/^\* OK \[COPYUID \d+ 2,4 3:4\].*\r\n\* 4 EXPUNGE\r\n\* 2 EXPUNGE\r\nOK/);
    expect(await client.command('COPY 1 none')).toMatch(/^NO \[TRYCREATE\]/);
    const moved = [...platform.account(USER).messages('Trash')];
    expect(moved.map((message) => [message.read().toString(), ...message.flags])).toEqual([
      ['m0', '$0'],
      ['m1', '$1'],
      ['m1', '$1'],
      ['m3', '$3'],
    ]);
  });
});

describe('search', () => {
  beforeEach(() => start());

  it.each([
    ['ALL', '1 2 3'],
    ['SEEN', '2'],
    ['UNSEEN KEYWORD $k', '3'],
    ['2:*', '2 3'],
    ['2:1000', '2 3'],
    ['1000', ''],
    ['UID 1,3', '1 3'],
    ['NOT (SEEN)', '1 3'],
    ['OR SEEN LARGER 30', '1 2'],
    ['SMALLER 20', '3'],
    ['SUBJECT "주간"', '1'],
    ['FROM folded', '1'],
    ['HEADER X ""', '1'],
    ['HEADER SUBJECT HELLO', '2'],
    ['BODY subject', '3'],
    ['TEXT sUBJECT', '1 2 3'],
    ['ON 2-Jan-2026', '1 2 3'],
    ['BEFORE 2-Jan-2026', ''],
    ['SINCE 3-Jan-2026', ''],
    ['SENTON 5-Mar-2020', '2'],
    ['SENTBEFORE 6-Mar-2020', '2'],
    ['RECENT', '1 2 3'],
  ])('finds by %s', async (keys, numbers) => {
    put();
    put('Subject: hello\r\nDate: Thu, 5 Mar 2020 23:59:59 -0800\r\n\r\n', ['\\Seen']);
    put('\r\nsubject: x', ['$K']);
    const client = await selected();
    const text = Buffer.from(keys).toString('latin1');
    const sent = /"[^"]*[\x80-\xff]/.test(text) ? text.replace(/"(.+)"/, (_, raw: string) => `{${raw.length}+}\r\n${raw}`) : text;
    expect(await client.command(`SEARCH CHARSET UTF-8 ${sent}`)).toBe(`* SEARCH${numbers ? ` ${numbers}` : ''}\r\nOK Searched\r\n`);
  });

  it('finds an address that comments and spaces stand in', async () => {
    put('From: <user (comment)@ (comment) example.org>\r\n\r\n');
    const client = await selected();
    expect(await client.command('SEARCH FROM user@example.org')).toBe('* SEARCH 1\r\nOK Searched\r\n');
  });

  it('finds text that is cut by a chunk of the store', async () => {
    put(Buffer.concat([Buffer.from('\r\n'), Buffer.alloc(1024 * 1024 - 5, 'x'), Buffer.from('NEEDLE')]));
    const client = await selected();
    expect(await client.command('UID SEARCH BODY needle')).toBe('* SEARCH 1\r\nOK Searched\r\n');
    expect(await client.command('UID SEARCH BODY needles')).toBe('* SEARCH\r\nOK Searched\r\n');
  });

  it('takes any charset that it can read, and names two where it can not', async () => {
    put('Subject: =?euc-kr?B?vsiz5w==?=\r\n\r\nbody');
    const client = await selected();
    const korean = Buffer.from('bec8b3e7', 'hex').toString('latin1');
    expect(await client.command(`SEARCH CHARSET EUC-KR SUBJECT {4+}\r\n${korean}`)).toBe('* SEARCH 1\r\nOK Searched\r\n');
    expect(await client.command('SEARCH CHARSET X-NONE ALL')).toMatch(/^NO \[BADCHARSET \(US-ASCII UTF-8\)\]/);
  });

  it('looks at text as it reads, whatever its encoding, charset, case and composition', async () => {
    const base64 = Buffer.from('회의 자료: Größe', 'utf8').toString('base64');
    put(
      [
        'Subject: =?utf-8?Q?=EC=A3=BC?= =?utf-8?Q?=EA=B0=84?= x',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        'preamble',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        base64,
        '--b',
        'Content-Type: application/octet-stream; name=file.bin',
        '',
        'binary needle',
        '--b--',
      ].join('\r\n'),
    );
    const client = await selected();
    const finds = async (keys: string, text: string): Promise<boolean> => {
      const bytes = Buffer.from(text);
      const answer = await client.command(`SEARCH CHARSET UTF-8 ${keys} {${bytes.length}+}\r\n${bytes.toString('latin1')}`);
      return answer.startsWith('* SEARCH 1\r\n');
    };
    expect(await finds('SUBJECT', '주간 X')).toBe(true);
    expect(await finds('BODY', '자료: grÖssE'.replace('ss', 'ß'))).toBe(true);
    expect(await finds('BODY', '회의'.normalize('NFD'))).toBe(true);
    expect(await finds('TEXT', '주간')).toBe(true);
    expect(await finds('BODY', '주간')).toBe(false);
    expect(await finds('TEXT', 'file.bin')).toBe(true);
    expect(await finds('BODY', 'binary needle')).toBe(false);
  });

  it('answers ESEARCH with what is asked for, and the mod-sequences that belong to it', async () => {
    for (let i = 0; i < 5; i += 1) put(`m${i}`);
    const client = await selected();
    await client.command('STORE 2:4 +FLAGS (\\Flagged)');
    const esearch = async (text: string): Promise<string> => (await client.command(text)).replace(/TAG "t\d+"/, 'TAG');
    expect(await esearch('SEARCH RETURN (MIN MAX COUNT) FLAGGED')).toBe('* ESEARCH (TAG) MIN 2 MAX 4 COUNT 3\r\nOK Searched\r\n');
    expect(await esearch('UID SEARCH RETURN () FLAGGED')).toBe('* ESEARCH (TAG) UID ALL 2:4\r\nOK Searched\r\n');
    expect(await esearch('SEARCH RETURN (ALL COUNT) DRAFT')).toBe('* ESEARCH (TAG) COUNT 0\r\nOK Searched\r\n');
    expect(await esearch('SEARCH RETURN (FOO) ALL')).toMatch(/^BAD/);
    await client.command('FETCH 1 MODSEQ');
    expect(await esearch('SEARCH MODSEQ 7')).toMatch(/^\* SEARCH 2 3 4 \(MODSEQ 7\)/);
    expect(await esearch('SEARCH RETURN (MIN) MODSEQ "/flags/\\\\Seen" all 1')).toMatch(/^\* ESEARCH \(TAG\) MIN 1 MODSEQ 2\r\n/);
    expect(await esearch('SEARCH RETURN (ALL) MODSEQ 1')).toMatch(/^\* ESEARCH \(TAG\) ALL 1:5 MODSEQ 7\r\n/);
  });
});

describe('several sessions', () => {
  beforeEach(() => start());

  it('keep their message numbers until they may be told', async () => {
    for (let i = 0; i < 3; i += 1) put(`m${i}`);
    const [one, two] = [await selected(), await selected()];
    await one.command('STORE 2 +FLAGS.SILENT (\\Deleted)');
    await one.command('EXPUNGE');
    expect(await two.command('FETCH 1:3 UID')).toBe(
      '* 1 FETCH (UID 1)\r\n* 3 FETCH (UID 3)\r\nOK Some of the messages no longer exist\r\n',
    );
    expect(await two.command('STORE 3 +FLAGS.SILENT (\\Seen)')).toBe('OK Stored\r\n');
    expect(await two.command('SEARCH ALL')).toBe('* SEARCH 1 3\r\nOK Searched\r\n');
    expect(await two.command('NOOP')).toBe('* 2 EXPUNGE\r\nOK Done\r\n');
    expect(await two.command('FETCH 2 UID')).toContain('(UID 3)');
    expect(await one.command('NOOP')).toBe('* 2 FETCH (UID 3 FLAGS (\\Recent \\Seen))\r\nOK Done\r\n');
  });

  it('are told of new mail, and only one of them that it is recent', async () => {
    const [one, two] = [await selected(), await selected()];
    put();
    expect(await one.command('NOOP')).toBe('* 1 EXISTS\r\n* 1 RECENT\r\nOK Done\r\n');
    expect(await two.command('NOOP')).toBe('* 1 EXISTS\r\n* 0 RECENT\r\nOK Done\r\n');
  });

  it('are told while they idle', async () => {
    const client = await selected();
    client.send('i IDLE\r\n');
    await client.until(/^\+ .*\r\n/);
    const uid = put();
    await client.until(/\* 1 EXISTS\r\n/);
    const other = await selected();
    await other.command('STORE 1 +FLAGS.SILENT (\\Deleted)');
    await client.until(new RegExp(`\\* 1 FETCH \\(UID ${uid} FLAGS .*Deleted`));
    await other.command('EXPUNGE');
    await client.until(/\* 1 EXPUNGE\r\n/);
    client.send('done\r\n');
    expect(await client.until(/i .*\r\n/)).toMatch(/i OK/);
  });

  it('see the messages of a deleted mailbox go', async () => {
    platform.account(USER).addMailbox('x');
    put(MAIL, [], 'x');
    const client = await selected('SELECT x');
    await (await (await open()).logIn()).command('DELETE x');
    expect(await client.command('NOOP')).toBe('* 1 EXPUNGE\r\nOK Done\r\n');
    expect(await client.command('FETCH 1:* UID')).toBe('OK Fetched\r\n');
  });
});

describe('the connection', () => {
  it('survives nonsense and ends on a line without end', async () => {
    await start();
    const client = await (await open()).logIn();
    for (const line of ['', 'FETCH', 'UID', 'UID FROB 1', 'SELECT', 'SELECT "IN\0BOX"', 'SELECT "x', 'LIST "" (', 'NOOP x']) {
      expect(await client.command(line)).toMatch(/^BAD/m);
    }
    client.send('\r\n');
    expect(await client.until(/.*\r\n/)).toMatch(/^\* BAD/);
    client.send('x'.repeat(70_000));
    await client.until(/\* BYE.*too long\r\n/);
  });

  it('ends when the client does not log in in time, or is one too many', async () => {
    await start();
    const store = openStore(null, () => new Date());
    const limits = { ...DEFAULT_IMAP_LIMITS, logInMs: 50, connections: 1 };
    const clock = new WallClock('UTC');
    const now = () => new Date();
    const office = new Office({ store, clock, now, failedLogInMs: 0, faults: new Faults(), onEvent: () => {} });
    const options = {
      store,
      office,
      faults: new Faults(),
      line: (socket: Socket) => socket,
      host: '127.0.0.1',
      port: 0,
      tlsPort: 0,
      tls: null,
      mechanisms: SASL_MECHANISMS,
      allowPlainText: true,
      clock,
      limits,
    };
    const ends: unknown[] = [];
    const server = await startImapServer({ ...options, now, onEvent: (event) => ends.push(event), onError: () => {} });
    const slow = await RawClient.connect(server.port);
    const tooMany = await RawClient.connect(server.port);
    await tooMany.until(/\(closed\)/);
    expect(await slow.until(/\(closed\)/)).toBe('* BYE Too slow to log in\r\n(closed)');
    expect(ends).toMatchObject([{ reason: 'too-many-connections' }, { reason: 'log-in-too-slow' }]);
    await server.stop();
    store.close();
  });

  it('says goodbye when the platform stops', async () => {
    await start();
    const client = await selected();
    const stopped = platform.stop();
    await client.until(/\* BYE .*\r\n/);
    client.close();
    await stopped;
  });
});
