import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { RawClient, TEST_TLS } from '../imap/raw-client.testing.ts';
import type { Platform } from '../platform.ts';
import type { PlatformEvent } from '../platform-event.ts';
import type { PlatformOptions } from '../platform-options.ts';
import { startPlatform } from '../start-platform.ts';

const USER = 'kim@example.com';
const PASSWORD = 'pass word';
const OTHERS = ['lee@example.com', 'park@example.com'];

/** A client that knows only replies: no library may smooth over what the server says. */
class SmtpClient {
  readonly raw: RawClient;

  constructor(raw: RawClient) {
    this.raw = raw;
  }

  /** All lines of one reply. */
  async reply(): Promise<string> {
    return (await this.raw.until(/^(?:\d{3}-.*\r\n)*(?:\d{3} .*\r\n|\(closed\))/)).trimEnd();
  }

  async command(text: string): Promise<string> {
    this.raw.send(`${text}\r\n`);
    return await this.reply();
  }

  async logIn(user = USER): Promise<this> {
    await this.command('EHLO client.example');
    expect(await this.command(`AUTH PLAIN ${plain(`\0${user}\0${PASSWORD}`)}`)).toMatch(/^235 /);
    return this;
  }

  /** The reply to the message as it goes over the wire, with its end. */
  async data(onTheWire: string): Promise<string> {
    expect(await this.command('DATA')).toMatch(/^354 /);
    this.raw.send(onTheWire);
    return await this.reply();
  }

  /** The last reply: of the first command that is refused, or of the message. */
  async submit(to: readonly string[], onTheWire = 'Subject: hi\r\n\r\nhello\r\n.\r\n', from = USER): Promise<string> {
    for (const command of [`MAIL FROM:<${from}>`, ...to.map((address) => `RCPT TO:<${address}>`)]) {
      const answer = await this.command(command);
      if (!answer.startsWith('250')) return answer;
    }
    return await this.data(onTheWire);
  }
}

let platform: Platform;
const clients: RawClient[] = [];
const plain = (text: string): string => Buffer.from(text).toString('base64');

const start = async (options: PlatformOptions = {}): Promise<void> => {
  platform = await startPlatform({
    accounts: [USER, ...OTHERS].map((user) => ({ user, password: PASSWORD })),
    failedLogInMs: 0,
    smtpPort: 0,
    ...options,
  });
};

const open = async (port = platform.smtpPort): Promise<SmtpClient> => {
  const raw = new RawClient(connect(port, '127.0.0.1'));
  clients.push(raw);
  const client = new SmtpClient(raw);
  expect(await client.reply()).toMatch(/^220 example\.com ESMTP Mailferry platform$/);
  return client;
};
const loggedIn = async (): Promise<SmtpClient> => (await open()).logIn();

const inboxOf = (user: string): string[] =>
  Array.from(platform.account(user).messages('INBOX'), (message) => message.read().toString('latin1'));
/** A message without the three lines of its trace. */
const withoutTrace = (message = ''): string => message.replace(/^Received: .*\r\n\t.*\r\n\t.*\r\n/, '');

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await platform.stop();
});

describe('log-in', () => {
  it('advertises what it does, and takes no password in the clear where it has TLS', async () => {
    await start({ tls: TEST_TLS, maxMessageBytes: 5000 });
    const client = await open();
    const lines = ['250-PIPELINING', '250-8BITMIME', '250-SMTPUTF8', '250-AUTH PLAIN LOGIN XOAUTH2'];
    expect((await client.command('EHLO me')).split('\r\n').slice(1)).toEqual([...lines, '250-STARTTLS', '250 SIZE 5000']);
    expect(await client.command(`AUTH PLAIN ${plain(`\0${USER}\0${PASSWORD}`)}`)).toMatch(/^538 /);
    expect(await client.command('STARTTLS')).toMatch(/^220 /);
    await client.raw.startTls();
    expect((await client.command('EHLO me')).split('\r\n').slice(1)).toEqual([...lines, '250 SIZE 5000']);
    await client.logIn();
  });

  it('serves TLS from the start on its own port', async () => {
    await start({ tls: TEST_TLS });
    const raw = new RawClient(connectTls({ port: platform.smtpsPort ?? 0, host: '127.0.0.1', ca: TEST_TLS.cert, servername: 'localhost' }));
    clients.push(raw);
    const client = new SmtpClient(raw);
    expect(await client.reply()).toMatch(/^220 /);
    await client.logIn();
  });

  it('takes LOGIN and a token, and refuses what is wrong by a code of its own', async () => {
    await start();
    const client = await open();
    await client.command('EHLO me');
    expect(await client.command('MAIL FROM:<kim@example.com>')).toMatch(/^530 /);
    expect(await client.command(`AUTH PLAIN ${plain(`\0${USER}\0wrong`)}`)).toMatch(/^535 5\.7\.8 /);
    expect(await client.command(`AUTH PLAIN ${plain(`${OTHERS[0]}\0${USER}\0${PASSWORD}`)}`)).toMatch(/^535 5\.7\.8 /);
    const bearer = (token: string) => plain(`user=${USER}\x01auth=Bearer ${token}\x01\x01`);
    expect(await client.command(`AUTH XOAUTH2 ${bearer('wrong')}`)).toMatch(/^334 /);
    expect(await client.command('')).toMatch(/^535 /);
    expect(await client.command(`AUTH XOAUTH2 ${bearer(platform.account(USER).issueToken())}`)).toMatch(/^235 /);
    const another = await open();
    await another.command('EHLO me');
    expect(await another.command('AUTH LOGIN')).toMatch(/^334 /);
    expect(await another.command(plain(USER))).toMatch(/^334 /);
    expect(await another.command(plain(PASSWORD))).toMatch(/^235 /);
  });

  it('P1: SMTP is off at first, and says so; A6, P2: switched off it ends what is under way', async () => {
    await start({ policy: { pop3Smtp: false } });
    const client = await open();
    await client.command('EHLO me');
    expect(await client.command(`AUTH PLAIN ${plain(`\0${USER}\0${PASSWORD}`)}`)).toMatch(/^535 5\.7\.1 POP3\/SMTP is switched off/);
    platform.office.setPolicy({ pop3Smtp: true });
    await client.logIn();
    platform.office.setPolicy({ pop3Smtp: false });
    expect(await client.submit([USER])).toMatch(/^550 5\.7\.1 This account may not send/);
  });
});

describe('a submission', () => {
  it('is delivered byte for byte behind its trace, dots unstuffed', async () => {
    await start({ now: () => new Date('2026-03-04T05:06:07Z') });
    const client = await loggedIn();
    const header = 'Date: Wed, 4 Mar 2026 14:06:07 +0900\r\nMessage-ID: <1@example.com>\r\nBcc: park@example.com\r\n';
    const answer = await client.submit([OTHERS[0] ?? ''], `${header}\r\n..\r\n...x\r\nNUL \0 8-bit \xff bare \n LF \r CR\r\n.\r\n`);
    expect(answer).toBe('250 2.6.0 Delivered');
    const [message = ''] = inboxOf(OTHERS[0] ?? '');
    expect(message).toMatch(
      /^Received: from client\.example \(\[127\.0\.0\.1\]\)\r\n\tby example\.com with ESMTPA id [\w-]+;\r\n\tWed, 04 Mar 2026 05:06:07 \+0000\r\n/,
    );
    expect(withoutTrace(message)).toBe(`${header}\r\n.\r\n..x\r\nNUL \0 8-bit \xff bare \n LF \r CR\r\n`);
  });

  it('is the same however it is cut into pieces', async () => {
    await start();
    const client = await loggedIn();
    const onTheWire = 'Date: x\r\nMessage-ID: y\r\n\r\n..\r\n....\r\n.\n..a\r\n\r\n..\r\n.\r\n';
    const sent = onTheWire.replace('.\n..a', 'a');
    for (const size of [1, 2, 3, 5, 7]) {
      await client.command(`MAIL FROM:<${USER}>`);
      await client.command(`RCPT TO:<${USER}>`);
      await client.command('DATA');
      for (let at = 0; at < sent.length; at += size) {
        client.raw.send(sent.slice(at, at + size));
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await client.reply()).toMatch(/^250 /);
    }
    const messages = inboxOf(USER).map(withoutTrace);
    expect(messages).toEqual(Array(5).fill('Date: x\r\nMessage-ID: y\r\n\r\n.\r\n...\r\na\r\n\r\n.\r\n'));
  });

  it('gets a date and an id where it has none, and a blank line before a body without header', async () => {
    await start();
    const client = await loggedIn();
    await client.submit([USER], 'Subject: x\r\n\r\nbody\r\n.\r\n');
    await client.submit([USER], 'no header\r\n.\r\n');
    const [first, second] = inboxOf(USER).map(withoutTrace);
    expect(first).toMatch(/^Date: .*\r\nMessage-ID: <[\w-]+@example\.com>\r\nSubject: x\r\n\r\nbody\r\n$/);
    expect(second).toMatch(/^Date: .*\r\nMessage-ID: .*\r\n\r\nno header\r\n$/);
  });

  it('ends only at CRLF dot CRLF, and is refused where a dot stands behind a bare LF', async () => {
    await start();
    const client = await loggedIn();
    for (const end of ['\n.\n', '\n.\r\n']) {
      const answer = await client.submit([USER], `Subject: x\r\n\r\nbody${end}MAIL FROM:<evil@example.com>\r\n.\r\n`);
      expect(answer).toMatch(/^554 5\.6\.0 /);
    }
    expect(await client.submit([USER], 'Subject: x\r\n\r\nbody\r.\rMAIL\r\n.\r\n')).toMatch(/^250 /);
    expect(inboxOf(USER)).toHaveLength(1);
  });

  it('A9, A13, X3: goes to alias domains, to the members of mailing addresses, once each, and over forwards', async () => {
    const [lee, park] = ['lee@example.com', 'park@example.com'];
    await start({ accounts: [USER, lee, park].map((user) => ({ user, password: PASSWORD, role: 'super-admin' })) });
    platform.office.addAliasDomain('alias.example', 'example.com');
    const put = async (path: string, body?: unknown): Promise<number> => {
      const headers = { 'authorization': `Bearer ${platform.account(USER).issueToken()}`, 'content-type': 'application/json' };
      const { status } = await fetch(`${platform.httpUrl}/api/v1/${path}`, { method: 'PUT', headers, body: JSON.stringify(body ?? {}) });
      return status;
    };
    expect(await put('mailing-addresses/team@example.com', { members: [lee, 'park@alias.example', lee] })).toBe(200);
    expect(await put(`accounts/${USER}/forwards/${park}`)).toBe(200);
    const client = await loggedIn();
    const counts = () => [USER, lee, park].map((user) => inboxOf(user).length);
    expect(await client.submit(['lee@alias.example', 'LEE@example.com'], undefined, 'kim@ALIAS.example')).toMatch(/^250 /);
    expect(counts()).toEqual([0, 1, 0]);
    expect(await client.submit(['team@alias.example', lee])).toMatch(/^250 /);
    expect(counts()).toEqual([0, 2, 1]);
    expect(await client.submit([USER])).toMatch(/^250 /);
    expect(counts()).toEqual([1, 2, 2]);
  });

  it('has to come from an address of the account, or from nobody, and stays inside the office', async () => {
    await start();
    const client = await loggedIn();
    expect(await client.submit([USER], undefined, 'lee@example.com')).toMatch(/^553 5\.7\.1 /);
    expect(await client.submit(['someone@elsewhere.example'])).toMatch(/^550 5\.7\.1 .*inside this office/);
    await client.command('RSET');
    expect(await client.submit(['nobody@example.com'])).toMatch(/^550 5\.1\.1 /);
    await client.command('RSET');
    expect(await client.submit([USER], undefined, '')).toMatch(/^250 /);
  });

  it('A3: is refused where the only recipient is full, and bounced where one of several is', async () => {
    const [full, free] = OTHERS;
    await start({ accounts: [USER, ...OTHERS].map((user) => ({ user, password: PASSWORD, quotaBytes: user === full ? 10 : null })) });
    const client = await loggedIn();
    expect(await client.submit([full ?? ''])).toMatch(/^552 5\.2\.2 /);
    expect(await client.submit([full ?? '', free ?? ''])).toMatch(/^250 2\.6\.0 Delivered, except to 1/);
    expect([full, free].map((user) => inboxOf(user ?? '').length)).toEqual([0, 1]);
    expect(inboxOf(USER)[0]).toMatch(/Final-Recipient: rfc822; lee@example\.com/);
  });
});

describe('the limits', () => {
  it('X1: so many messages a day, until midnight of the office, and so many recipients a message', async () => {
    let now = new Date('2026-03-04T14:59:58Z');
    await start({ policy: { messagesPerDay: 2, recipientsPerMessage: 2 }, now: () => now });
    const client = await loggedIn();
    expect(await client.submit([USER, ...OTHERS])).toMatch(/^452 4\.5\.3 .*at most 2 recipients/);
    await client.command('RSET');
    for (const _ of [1, 2]) expect(await client.submit([USER])).toMatch(/^250 /);
    expect(await client.submit([USER])).toMatch(/^450 4\.7\.1 The limit of 2 messages a day/);
    now = new Date('2026-03-04T15:00:00Z');
    expect(await client.submit([USER])).toMatch(/^250 /);
  });

  it('a message that is too large, by its announced or its real size, is refused and the session goes on', async () => {
    await start({ maxMessageBytes: 1000 });
    const client = await loggedIn();
    expect(await client.command(`MAIL FROM:<${USER}> SIZE=1001`)).toMatch(/^552 /);
    expect(await client.submit([USER], `Subject: x\r\n\r\n${'x'.repeat(1000)}\r\n.\r\n`)).toMatch(/^552 /);
    expect(await client.submit([USER])).toMatch(/^250 /);
    expect(inboxOf(USER)).toHaveLength(1);
  });

  it('end a client that sends an endless line or nonsense, or breaks off, and tell of it', async () => {
    const events: PlatformEvent[] = [];
    const errors: unknown[] = [];
    await start({ onEvent: (event) => events.push(event), onError: (error) => errors.push(error) });
    const endless = await open();
    endless.raw.send('x'.repeat(100_000));
    expect(await endless.raw.until(/\(closed\)/)).toMatch(/^421 /);
    const broken = await loggedIn();
    await broken.command(`MAIL FROM:<${USER}>`);
    await broken.command(`RCPT TO:<${USER}>`);
    await broken.command('DATA');
    broken.raw.send('Subject: half');
    broken.raw.close();
    const other = await loggedIn();
    await expect
      .poll(() => events.flatMap((event) => (event.kind === 'connection-ended' ? [event.reason] : [])))
      .toEqual(['limit-passed', 'message-cut-off']);
    expect(await other.submit([USER])).toMatch(/^250 /);
    expect(errors).toEqual([]);
    expect(inboxOf(USER)).toHaveLength(1);
  });
});
