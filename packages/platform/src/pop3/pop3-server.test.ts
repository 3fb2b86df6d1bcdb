import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { Faults } from '../faults/faults.ts';
import { TEST_TLS } from '../imap/raw-client.testing.ts';
import { Office } from '../office/office.ts';
import type { Platform } from '../platform.ts';
import type { PlatformOptions } from '../platform-options.ts';
import { SASL_MECHANISMS } from '../sasl/mechanisms.ts';
import { startPlatform } from '../start-platform.ts';
import { openStore, type Store } from '../store/store.ts';
import { WallClock } from '../wall-clock.ts';
import { DEFAULT_POP3_LIMITS, type Pop3Limits } from './limits.ts';
import { startPop3Server } from './pop3-server.ts';

const USER = 'kim@example.com';
const PASSWORD = 'pass word';
const ODD = Buffer.from('Subject: odd\r\n.\r\n\r\n.\r\n..\r\nbody \0 \xff\n.bare\r\nend', 'latin1');
/** `ODD` as POP3 carries it, without its dots unstuffed. */
const ODD_ON_THE_WIRE = 'Subject: odd\r\n..\r\n\r\n..\r\n...\r\nbody \0 \xff\r\n..bare\r\nend\r\n';

/** A client that knows only lines: no library may smooth over what the server says. */
class RawClient {
  #socket: Socket;
  #received = '';
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async connect(port: number): Promise<RawClient> {
    const client = new RawClient(connect(port, '127.0.0.1'));
    clients.push(client);
    expect(await client.line()).toMatch(/^\+OK Mailferry platform\r\n$/);
    return client;
  }

  /** What came up to and with the match. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.#received);
      if (match) {
        const end = match.index + match[0].length;
        const text = this.#received.slice(0, end);
        this.#received = this.#received.slice(end);
        return text;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  line(): Promise<string> {
    return this.until(/^.*?\r\n|^\(closed\)/);
  }

  /** What comes until the server closes. */
  rest(): Promise<string> {
    return this.until(/\(closed\)$/);
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** The line that answers a command. */
  command(text: string): Promise<string> {
    this.send(`${text}\r\n`);
    return this.line();
  }

  /** What comes behind the `+OK` line, without the dot that ends it. */
  async lines(text: string): Promise<string> {
    expect(await this.command(text)).toMatch(/^\+OK/);
    return (await this.until(/(^|\r\n)\.\r\n/)).replace(/\.\r\n$/, '');
  }

  async logIn(): Promise<this> {
    expect(await this.command(`USER ${USER}`)).toMatch(/^\+OK/);
    expect(await this.command(`PASS ${PASSWORD}`)).toMatch(/^\+OK/);
    return this;
  }

  startTls(): Promise<void> {
    this.#socket.removeAllListeners();
    const plain = this.#socket;
    return new Promise((resolve, reject) => {
      this.#socket = connectTls({ socket: plain, ca: TEST_TLS.cert, servername: 'localhost' }, resolve).once('error', reject);
      this.#listen();
    });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends no more, and waits for answers. */
  endSending(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('error', () => {});
    this.#socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
      this.#wake();
    });
    this.#socket.on('end', () => {
      this.#received += '(closed)';
      this.#wake();
    });
  }
}

let platform: Platform;
const clients: RawClient[] = [];
const start = async (options: PlatformOptions = {}): Promise<void> => {
  platform = await startPlatform({
    accounts: [{ user: USER, password: PASSWORD }],
    failedLogInMs: 0,
    policy: { pop3Smtp: true },
    ...options,
  });
};
const open = (): Promise<RawClient> => RawClient.connect(platform.pop3Port);
const loggedIn = async (): Promise<RawClient> => (await open()).logIn();
const put = (bytes: string | Buffer): number => platform.account(USER).append('INBOX', Buffer.from(bytes));
const left = (): number[] => [...platform.account(USER).messages('INBOX')].map(({ uid }) => uid);

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await platform?.stop();
});

const plain = (text: string): string => Buffer.from(text).toString('base64');

describe('log-in', () => {
  it('advertises what holds in each state', async () => {
    await start({ tls: TEST_TLS });
    const client = await open();
    const always = 'TOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\nEXPIRE NEVER\r\nIMPLEMENTATION Mailferry-platform\r\n';
    expect(await client.lines('CAPA')).toBe(`${always}STLS\r\n`);
    expect(await client.lines('auth')).toBe('');
    expect(await client.command('STLS')).toMatch(/^\+OK/);
    await client.startTls();
    expect(await client.lines('CAPA')).toBe(`${always}USER\r\nSASL PLAIN LOGIN XOAUTH2 OAUTHBEARER\r\n`);
    expect(await client.lines('auth')).toBe('PLAIN\r\nLOGIN\r\nXOAUTH2\r\nOAUTHBEARER\r\n');
    await client.logIn();
    expect(await client.lines('CAPA')).toBe(`${always}USER\r\nSASL PLAIN LOGIN XOAUTH2 OAUTHBEARER\r\n`);
    expect(await client.command('STLS')).toMatch(/^-ERR/);
  });

  it('takes no command before its state, or after it', async () => {
    await start();
    const client = await open();
    for (const command of [
      'STAT',
      'LIST',
      'UIDL 1',
      'RETR 1',
      'TOP 1 0',
      'DELE 1',
      'RSET',
      'NOOP',
      'PASS x',
      'STLS',
      'APOP a b',
      'XYZ',
      '',
    ])
      expect(await client.command(command)).toMatch(/^-ERR /);
    await client.logIn();
    for (const command of ['USER x', 'PASS x', 'AUTH PLAIN', 'STLS']) expect(await client.command(command)).toMatch(/^-ERR /);
    expect(await client.command('noop')).toMatch(/^\+OK/);
  });

  it('logs in by AUTH PLAIN, at once, asked and cancelled', async () => {
    await start();
    const right = plain(`\0${USER}\0${PASSWORD}`);
    const client = await open();
    expect(await client.command('AUTH PLAIN')).toBe('+ \r\n');
    expect(await client.command('*')).toMatch(/^-ERR /);
    expect(await client.command('AUTH PLAIN !')).toMatch(/^-ERR /);
    expect(await client.command('AUTH CRAM-MD5')).toMatch(/^-ERR /);
    expect(await client.command('AUTH PLAIN')).toBe('+ \r\n');
    expect(await client.command(right)).toBe('+OK Logged in: 0 messages, 0 octets\r\n');
    expect(await client.command('QUIT')).toMatch(/^\+OK/);
    expect(await (await open()).command(`auth plain ${right}`)).toMatch(/^\+OK/);
  });

  it('answers an unknown user and a wrong password alike, and closes after the third', async () => {
    await start();
    const client = await open();
    const refusal = '-ERR [AUTH] User name or password is wrong\r\n';
    expect(await client.command('USER nobody@example.com')).toMatch(/^\+OK/);
    expect(await client.command('PASS x')).toBe(refusal);
    expect(await client.command('PASS x')).toMatch(/^-ERR USER/);
    expect(await client.command(`AUTH PLAIN ${plain(`\0${USER}\0wrong`)}`)).toBe(refusal);
    await client.command(`USER ${USER}`);
    expect(await client.command('PASS pass')).toBe(refusal);
    expect(await client.rest()).toBe('(closed)');
  });

  it('answers a failed log-in after a while', async () => {
    await start({ failedLogInMs: 150 });
    const client = await open();
    await client.command(`USER ${USER}`);
    const before = performance.now();
    expect(await client.command('PASS x')).toMatch(/^-ERR \[AUTH\]/);
    expect(performance.now() - before).toBeGreaterThan(140);
  });

  it('takes no password in the clear where TLS is configured', async () => {
    await start({ tls: TEST_TLS });
    const client = await open();
    expect(await client.command(`USER ${USER}`)).toMatch(/^-ERR Start TLS/);
    expect(await client.command(`AUTH PLAIN ${plain(`\0${USER}\0${PASSWORD}`)}`)).toMatch(/^-ERR Start TLS/);
  });

  it('forgets what was said in the clear before TLS, and commands sent behind STLS', async () => {
    await start({ tls: TEST_TLS, allowPlainText: true });
    const client = await open();
    await client.command(`USER ${USER}`);
    client.send('STLS\r\nNOOP\r\n');
    expect(await client.line()).toMatch(/^\+OK/);
    await client.startTls();
    expect(await client.command(`PASS ${PASSWORD}`)).toMatch(/^-ERR USER/);
    await client.logIn();
  });

  it('serves TLS from the start on its own port', async () => {
    await start({ tls: TEST_TLS });
    put(ODD);
    const socket = connectTls({ port: platform.pop3sPort ?? 0, ca: TEST_TLS.cert, servername: 'localhost' });
    const client = new RawClient(socket);
    clients.push(client);
    expect(await client.line()).toMatch(/^\+OK/);
    await client.logIn();
    expect(await client.lines('RETR 1')).toBe(ODD_ON_THE_WIRE);
    expect(await client.command('QUIT')).toMatch(/^\+OK/);
    expect(await client.rest()).toBe('(closed)');
  });
});

describe('the policy', () => {
  it('P1: POP3 is off at first, and says so', async () => {
    await start({ policy: {} });
    const client = await open();
    await client.command(`USER ${USER}`);
    expect(await client.command(`PASS ${PASSWORD}`)).toMatch(/^-ERR \[AUTH\] POP3\/SMTP is switched off/);
  });

  it('is on where a port was asked for', async () => {
    await start({ policy: {}, pop3Port: 0 });
    await loggedIn();
  });

  it('P4: with retention on, DELE is taken and the mail stays; with it off, it goes', async () => {
    await start({ policy: { pop3Smtp: true, retention: true } });
    put(ODD);
    const client = await loggedIn();
    expect(await client.command('DELE 1')).toMatch(/^\+OK/);
    expect(await client.command('QUIT')).toMatch(/^\+OK/);
    expect(left()).toEqual([1]);
    platform.office.setPolicy({ retention: false });
    const another = await loggedIn();
    await another.command('DELE 1');
    await another.command('QUIT');
    expect(left()).toEqual([]);
  });

  it('P2: switched off, it ends sessions that are under way at their next command, and deletes nothing', async () => {
    await start();
    put(ODD);
    const [reading, leaving] = [await loggedIn(), await loggedIn()];
    await leaving.command('DELE 1');
    platform.office.setPolicy({ pop3Smtp: false });
    expect(await reading.command('RETR 1')).toMatch(/^-ERR \[SYS\/PERM\] This account may no longer/);
    expect(await reading.rest()).toBe('(closed)');
    expect(await leaving.command('QUIT')).toMatch(/^-ERR \[SYS\/PERM\] This account may no longer/);
    expect(left()).toEqual([1]);
  });

  it('P7: shows INBOX only', async () => {
    await start();
    platform.account(USER).append('Sent', ODD);
    expect(await (await loggedIn()).command('STAT')).toBe('+OK 0 0\r\n');
  });

  it('takes a token by XOAUTH2, and tells a bad one why before it refuses it', async () => {
    await start();
    const response = (token: string) => plain(`user=${USER}\x01auth=Bearer ${token}\x01\x01`);
    const client = await open();
    expect(await client.command(`AUTH XOAUTH2 ${response('wrong')}`)).toMatch(/^\+ [A-Za-z0-9+/=]+\r\n$/);
    expect(await client.command('')).toMatch(/^-ERR \[AUTH\]/);
    expect(await client.command(`AUTH XOAUTH2 ${response(platform.account(USER).issueToken())}`)).toMatch(/^\+OK/);
  });
});

describe('a maildrop', () => {
  it('counts, lists and names its messages', async () => {
    await start();
    put('A: 1\r\n\r\nx\r\n');
    put(ODD);
    const client = await loggedIn();
    const sizes = [11, ODD.length];
    expect(await client.command('STAT')).toBe(`+OK 2 ${11 + ODD.length}\r\n`);
    expect(await client.lines('LIST')).toBe(`1 ${sizes[0]}\r\n2 ${sizes[1]}\r\n`);
    expect(await client.command('LIST 2')).toBe(`+OK 2 ${sizes[1]}\r\n`);
    const ids = await client.lines('UIDL');
    expect(ids).toMatch(/^1 [!-~]{1,70}\r\n2 [!-~]{1,70}\r\n$/);
    expect(`+OK ${ids.split('\r\n')[1]}\r\n`).toBe(await client.command('UIDL 2'));
    await client.command('QUIT');
    expect(await (await loggedIn()).lines('UIDL')).toBe(ids);
  });

  it.each(['', '0', '3', '-1', '1 1', 'x', '1x', '99999999999'])('has no message "%s"', async (argument) => {
    await start();
    put(ODD);
    put(ODD);
    const client = await loggedIn();
    const commands =
      argument === '' ? ['RETR', 'DELE', 'TOP', 'TOP 1'] : ['RETR', 'DELE', 'LIST', 'UIDL'].map((name) => `${name} ${argument}`);
    for (const command of commands) expect(await client.command(command)).toMatch(/^-ERR /);
    expect(await client.command(`TOP ${argument} 0 0`)).toMatch(/^-ERR /);
    expect(await client.command('STAT 1')).toMatch(/^-ERR /);
    expect(await client.command('STAT')).toBe(`+OK 2 ${2 * ODD.length}\r\n`);
  });

  it('gives every byte, with dots stuffed and the last line ended', async () => {
    await start();
    put(ODD);
    put('.');
    const client = await loggedIn();
    expect(await client.lines('RETR 1')).toBe(ODD_ON_THE_WIRE);
    expect(await client.lines('RETR 2')).toBe('..\r\n');
  });

  it('gives the header and as many lines as are asked for', async () => {
    await start();
    put(ODD);
    put('Subject: no body\r\n');
    put('\r\none\ntwo');
    const client = await loggedIn();
    const header = 'Subject: odd\r\n..\r\n\r\n';
    expect(await client.lines('TOP 1 0')).toBe(header);
    expect(await client.lines('TOP 1 1')).toBe(`${header}..\r\n`);
    expect(await client.lines('TOP 1 3')).toBe(`${header}..\r\n...\r\nbody \0 \xff\n\r\n`);
    expect(await client.lines('TOP 1 9999999999')).toBe(ODD_ON_THE_WIRE);
    expect(await client.lines('TOP 2 5')).toBe('Subject: no body\r\n');
    expect(await client.lines('TOP 3 1')).toBe('\r\none\n\r\n');
  });

  it('counts the lines of TOP over the chunks of the store', async () => {
    await start();
    const line = `${'x'.repeat(998)}\r\n`;
    put(`A: 1\r\n\r\n${line.repeat(3000)}`);
    const client = await loggedIn();
    expect(await client.lines('TOP 1 2500')).toBe(`A: 1\r\n\r\n${line.repeat(2500)}`);
  });

  it('deletes at QUIT what is marked', async () => {
    await start();
    for (let n = 1; n <= 4; n += 1) put(`A: ${n}\r\n\r\n`);
    const client = await loggedIn();
    for (const number of [1, 3]) expect(await client.command(`DELE ${number}`)).toMatch(/^\+OK/);
    for (const command of ['DELE 1', 'RETR 1', 'LIST 3', 'UIDL 3', 'TOP 1 0']) expect(await client.command(command)).toMatch(/^-ERR/);
    expect(await client.command('STAT')).toBe('+OK 2 16\r\n');
    expect(await client.lines('LIST')).toBe('2 8\r\n4 8\r\n');
    expect(await client.lines('UIDL')).toMatch(/^2 .*\r\n4 .*\r\n$/);
    expect(left()).toEqual([1, 2, 3, 4]);
    expect(await client.command('QUIT')).toMatch(/^\+OK/);
    expect(left()).toEqual([2, 4]);
    expect(await client.rest()).toBe('(closed)');
  });

  it('deletes nothing after RSET, nor when the client goes without QUIT', async () => {
    await start();
    put(ODD);
    const client = await loggedIn();
    await client.command('DELE 1');
    expect(await client.command('RSET')).toMatch(/^\+OK/);
    expect(await client.lines('LIST')).toBe(`1 ${ODD.length}\r\n`);
    expect(await client.command('QUIT')).toMatch(/^\+OK/);
    const another = await loggedIn();
    await another.command('DELE 1');
    another.endSending();
    expect(await another.rest()).toBe('(closed)');
    expect(left()).toEqual([1]);
  });

  it('is as it was at the log-in to each of several sessions, whatever another one deletes', async () => {
    await start();
    put(ODD);
    put('A: 2\r\n\r\n');
    const [first, second] = [await loggedIn(), await loggedIn()];
    await first.command('DELE 1');
    await first.command('QUIT');
    expect(left()).toEqual([2]);
    expect(await second.lines('RETR 1')).toBe(ODD_ON_THE_WIRE);
    await second.command('DELE 1');
    await second.command('DELE 2');
    expect(await second.command('QUIT')).toMatch(/^\+OK/);
    expect(left()).toEqual([]);
    const third = await loggedIn();
    expect(await third.command('STAT')).toBe('+OK 0 0\r\n');
  });

  it('keeps its numbers while others add and expunge', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) put(`A: ${n}\r\n\r\n`);
    const client = await loggedIn();
    const imap = connect(platform.imapPort, '127.0.0.1');
    imap.end(
      `a LOGIN ${USER} "${PASSWORD}"\r\nb SELECT INBOX\r\nc STORE 2 +FLAGS (\\Deleted)\r\nd EXPUNGE\r\ne APPEND INBOX {5+}\r\nA: 4\n\r\nf LOGOUT\r\n`,
    );
    imap.resume();
    await once(imap, 'close');
    expect(left()).toEqual([1, 3, 4]);
    expect(await client.command('STAT')).toBe('+OK 3 24\r\n');
    expect(await client.lines('RETR 2')).toBe('A: 2\r\n\r\n');
    expect(await client.lines('RETR 3')).toBe('A: 3\r\n\r\n');
    await client.command('DELE 2');
    expect(await client.command('QUIT')).toMatch(/^\+OK/);
    expect(await (await loggedIn()).lines('LIST')).toBe('1 8\r\n2 8\r\n3 5\r\n');
  });

  it('sends a big message to a slow client while it is expunged, and the goodbye behind it', async () => {
    await start();
    const line = `.${'x'.repeat(98)}\n`;
    put(line.repeat(60_000));
    const client = await loggedIn();
    client.send('RETR 1\r\nQUIT\r\n');
    client.pause();
    const imap = connect(platform.imapPort, '127.0.0.1');
    imap.end(`a LOGIN ${USER} "${PASSWORD}"\r\nb SELECT INBOX\r\nc STORE 1 +FLAGS (\\Deleted)\r\nd EXPUNGE\r\nf LOGOUT\r\n`);
    imap.resume();
    await once(imap, 'close');
    expect(left()).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    client.resume();
    const received = await client.rest();
    expect(received.slice(0, received.indexOf('\n') + 1)).toBe(`+OK ${line.length * 60_000} octets\r\n`);
    const ending = '\r\n.\r\n+OK Until next time\r\n(closed)';
    expect(received.endsWith(ending)).toBe(true);
    expect(received.match(/\r\n\.\.x{98}/g)).toHaveLength(60_000);
  });
});

describe('a connection', () => {
  it('answers commands that were sent at once in their order, after the client stopped sending too', async () => {
    await start();
    put('A: 1\r\n\r\n');
    const client = await open();
    client.send(`USER ${USER}\r\nPASS ${PASSWORD}\r\nSTAT\r\nRETR 1\r\n${'NOOP\r\n'.repeat(20_000)}DELE 1\nLIST\r\nQUIT\r\nNOOP\r\n`);
    client.endSending();
    const answers = (await client.rest()).split('\r\n');
    expect(answers.slice(2, 8)).toEqual(['+OK 1 8', '+OK 8 octets', 'A: 1', '', '.', '+OK Done']);
    expect(answers.filter((line) => line === '+OK Done')).toHaveLength(20_000);
    expect(answers.slice(-5)).toEqual(['+OK Marked as deleted', '+OK 0 messages', '.', '+OK Until next time', '(closed)']);
    expect(left()).toEqual([]);
  });

  it('survives nonsense and ends on a line without end', async () => {
    await start();
    const client = await open();
    for (const nonsense of ['\0\0', '\xff\xfe \x80', 'USER', 'RETR \0', ' STAT', '\r', 'GET / HTTP/1.1', 'x'.repeat(500)]) {
      const answer = await client.command(nonsense);
      expect(answer).toMatch(/^-ERR [ -~]+\r\n$/);
      expect(answer.length).toBeLessThan(100);
    }
    client.send('x'.repeat(100_000));
    expect(await client.rest()).toBe('-ERR That line is too long\r\n(closed)');
    const another = await open();
    another.send('AUTH PLAIN\r\n');
    expect(await another.line()).toBe('+ \r\n');
    another.send('A'.repeat(10_000));
    expect(await another.rest()).toBe('-ERR That line is too long\r\n(closed)');
  });

  it('is given up when its client breaks off in a message or a handshake', async () => {
    const errors: unknown[] = [];
    await start({ tls: TEST_TLS, allowPlainText: true, onError: (error) => errors.push(error) });
    put('x'.repeat(20_000_000));
    const client = await loggedIn();
    client.send('RETR 1\r\n');
    await client.line();
    client.close();
    const another = await open();
    expect(await another.command('STLS')).toMatch(/^\+OK/);
    another.send('this is no TLS at all\r\n');
    await another.rest();
    await expect
      .poll(() =>
        open()
          .then((third) => third.logIn())
          .then(
            () => true,
            () => false,
          ),
      )
      .toBe(true);
    expect(errors).toEqual([]);
  });

  it('ends when the platform stops, and deletes nothing', async () => {
    await start();
    put(ODD);
    const client = await loggedIn();
    await client.command('DELE 1');
    const { account } = platform;
    const remaining = [...account(USER).messages('INBOX')].length;
    await platform.stop();
    expect(await client.rest()).toBe('(closed)');
    expect(remaining).toBe(1);
  });
});

describe('the limits of a server', () => {
  const withServer = async (
    limits: Partial<Pop3Limits>,
    use: (port: number, store: Store, errors: unknown[], ends: string[]) => Promise<void>,
  ): Promise<void> => {
    const store = openStore(null, () => new Date());
    const now = () => new Date();
    const office = new Office({ store, clock: new WallClock('UTC'), now, failedLogInMs: 0, faults: new Faults(), onEvent: () => {} });
    office.provisionPolicy({ pop3Smtp: true });
    await office.accounts.provision({ user: USER, password: PASSWORD });
    const errors: unknown[] = [];
    const ends: string[] = [];
    const server = await startPop3Server({
      store,
      office,
      host: '127.0.0.1',
      port: 0,
      tlsPort: 0,
      tls: null,
      line: (socket) => socket,
      mechanisms: SASL_MECHANISMS,
      allowPlainText: true,
      limits: { ...DEFAULT_POP3_LIMITS, ...limits },
      onEvent: (event) => event.kind === 'connection-ended' && ends.push(event.reason),
      onError: (error) => errors.push(error),
    });
    try {
      await use(server.port, store, errors, ends);
    } finally {
      await server.stop();
      store.close();
    }
  };

  it('end a client that does not log in in time, is idle, or is one too many, and tell of it', async () => {
    await withServer({ logInMs: 100 }, async (port, _, errors, ends) => {
      const slow = await RawClient.connect(port);
      expect(await slow.rest()).toBe('(closed)');
      expect([errors, ends]).toEqual([[], ['log-in-too-slow']]);
    });
    await withServer({ logInMs: 300, idleMs: 500 }, async (port, _, errors, ends) => {
      const idle = await (await RawClient.connect(port)).logIn();
      const before = performance.now();
      expect(await idle.rest()).toBe('(closed)');
      expect(performance.now() - before).toBeGreaterThan(400);
      expect([errors, ends]).toEqual([[], ['idle']]);
    });
    await withServer({ connections: 1 }, async (port, _, errors, ends) => {
      await RawClient.connect(port);
      const refused = new RawClient(connect(port, '127.0.0.1'));
      clients.push(refused);
      expect(await refused.rest()).toBe('-ERR [SYS/TEMP] Too many connections\r\n(closed)');
      expect([errors, ends]).toEqual([[], ['too-many-connections']]);
    });
  });

  it('say so when QUIT could not delete, and close', async () => {
    await withServer({}, async (port, store, errors) => {
      const inbox = store.mailboxes.open(store.accounts.find(USER)?.id ?? 0, 'INBOX');
      store.messages.append(inbox.id, { bytes: ODD, flags: [], internalDate: new Date() });
      const client = await (await RawClient.connect(port)).logIn();
      await client.command('DELE 1');
      store.close();
      expect(await client.command('QUIT')).toBe('-ERR [SYS/TEMP] That failed here; nothing was deleted\r\n');
      expect(await client.rest()).toBe('(closed)');
      expect(errors).toHaveLength(1);
    });
  });
});
