import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../fixtures/programs.ts';
import { WatchedPlatform } from '../fixtures/watched-platform.ts';

const USER = 'kim@example.com';
const PASSWORD = 'pass-word';
const PLAIN = Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64');
const MIB = 1024 * 1024;
const CROWD = 10_000;
const PATIENCE_MS = 25_000;
/** What a crowd, or a flood, may cost beyond what the platform had before. */
const SPARE_BYTES = 250 * MIB;

type Step = readonly [send: string, expected: RegExp];
const LOG_IN: Readonly<Record<'imap' | 'pop3' | 'smtp', readonly Step[]>> = {
  imap: [
    ['', /^\* OK/],
    [`a LOGIN ${USER} ${PASSWORD}\r\n`, /^a OK/m],
  ],
  pop3: [
    ['', /^\+OK/],
    [`USER ${USER}\r\n`, /^\+OK/],
    [`PASS ${PASSWORD}\r\n`, /^\+OK/],
  ],
  smtp: [
    ['', /^220 /],
    ['EHLO me\r\n', /^250 /m],
    [`AUTH PLAIN ${PLAIN}\r\n`, /^235 /],
  ],
};
const START_TLS: readonly (readonly ['imap' | 'pop3' | 'smtp', string])[] = [
  ['imap', 'a STARTTLS\r\n'],
  ['pop3', 'STLS\r\n'],
  ['smtp', 'STARTTLS\r\n'],
];

/** Resolves when the connection is gone, however it went; rejects when it is there for longer. */
const gone = (socket: Socket, timeoutMs = PATIENCE_MS): Promise<void> =>
  new Promise((resolve, reject) => {
    if (socket.closed) return resolve();
    const timer = setTimeout(() => reject(new Error('the connection is still there')), timeoutMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** A client that says what it likes. */
class Client {
  readonly socket: Socket;
  received = '';

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.received += bytes.toString('latin1');
    });
  }

  /** Takes the steps one by one; each has to be answered as expected. */
  async take(steps: readonly Step[]): Promise<this> {
    for (const [send, expected] of steps) {
      this.received = '';
      if (send) this.socket.write(send, 'latin1');
      await expect.poll(() => this.received, { timeout: PATIENCE_MS, interval: 5 }).toMatch(expected);
    }
    return this;
  }

  /** All that came until the connection was gone. */
  async untilClosed(): Promise<string> {
    await gone(this.socket);
    return this.received;
  }
}

const isMissing = !hasProgram('openssl') || !existsSync('/proc/self/status');

describe.skipIf(isMissing)('hostile clients (needs openssl and /proc)', () => {
  let directory: string;
  let platform: WatchedPlatform;
  const crawling: { readonly port: string; readonly ended: Promise<string>; readonly timer: NodeJS.Timeout }[] = [];

  const portOf = (route: 'imap' | 'pop3' | 'smtp'): number => platform.ports[`${route}Port`];
  const dial = (port: number): Client => new Client(connect(port, '127.0.0.1'));
  const secure = async (port: number, options = {}): Promise<TLSSocket> => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    await once(socket, 'secureConnect');
    return socket;
  };

  /** Whether a newcomer is let in. */
  const greets = async (route: 'imap' | 'pop3' | 'smtp'): Promise<boolean> => {
    const socket = connect(portOf(route), '127.0.0.1');
    socket.on('error', () => {});
    const greeting = await Promise.race([once(socket, 'data'), gone(socket).then(() => [''])]);
    socket.destroy();
    return LOG_IN[route][0]?.[1].test(String(greeting[0])) ?? false;
  };

  /** Others log in and are answered by every protocol. */
  const expectService = async (): Promise<void> => {
    for (const route of ['imap', 'pop3', 'smtp'] as const) {
      const client = await dial(portOf(route)).take(LOG_IN[route]);
      client.socket.destroy();
    }
    expect((await fetch(`http://127.0.0.1:${platform.ports.httpPort}/openapi.json`)).status).toBe(200);
  };

  /** One byte a second, never a whole line. */
  const crawl = (port: keyof typeof platform.ports): void => {
    const socket = connect(platform.ports[port], '127.0.0.1');
    socket.on('error', () => {}).resume();
    const timer = setInterval(() => socket.write(port.endsWith('sPort') ? '\x16' : 'A'), 1000);
    const ended = gone(socket, 100_000).then(
      () => 'gone',
      (error: Error) => error.message,
    );
    crawling.push({ port, timer, ended });
  };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-hostile-'));
    const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', ...files], {
      stdio: 'ignore',
    });
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(directory, name), 'utf8'));
    platform = await WatchedPlatform.start({
      options: {
        directory: join(directory, 'platform'),
        accounts: [{ user: USER, password: PASSWORD }],
        tls: { key: key ?? '', cert: cert ?? '' },
        allowPlainText: true,
        policy: { pop3Smtp: true },
        failedLogInMs: 0,
      },
      messageBytes: [30 * MIB],
    });
    for (const port of ['imapPort', 'imapsPort', 'pop3Port', 'pop3sPort', 'smtpPort', 'smtpsPort', 'httpPort'] as const) crawl(port);
  });
  afterAll(async () => {
    for (const { timer } of crawling) clearInterval(timer);
    await platform?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['imapPort', /^\* BYE That line is too long/m],
    ['pop3Port', /^-ERR That line is too long/m],
    ['smtpPort', /^421 /m],
    // What it answers may be lost in the flood.
    ['httpPort', /^$|^HTTP\/1\.1 4\d\d /],
  ] as const)('an endless line at %s ends the connection', async (port, answer) => {
    const before = platform.residentBytes();
    const client = dial(platform.ports[port]);
    if (port !== 'httpPort') await client.take([['', /\r\n/]]);
    client.socket.write(port === 'httpPort' ? 'GET / HTTP/1.1\r\nX: ' : 'A');
    for (let i = 0; i < 200 && !client.socket.destroyed && !client.received.includes('too long'); i += 1) {
      client.socket.write(Buffer.alloc(MIB / 4, 'x'));
      await sleep(5);
    }
    expect(await client.untilClosed()).toMatch(answer);
    expect(platform.residentBytes() - before).toBeLessThan(SPARE_BYTES);
    await expectService();
  });

  it('huge literals are refused before they are read, and the session goes on where it can', async () => {
    const stranger = await dial(portOf('imap')).take([
      ['', /^\* OK/],
      ['a LOGIN {9999999999}\r\n', /^a (NO|BAD) /m],
      ['b NOOP\r\n', /^b OK/m],
    ]);
    stranger.socket.write('c LOGIN {4294967295+}\r\n');
    expect(await stranger.untilClosed()).toMatch(/^\* BYE /m);
    const client = await dial(portOf('imap')).take([
      ...LOG_IN.imap,
      ['b APPEND INBOX {9999999999}\r\n', /^b NO \[TOOBIG\]/m],
      [`c CREATE {${10 * MIB}}\r\n`, /^c (NO|BAD) /m],
      ['d NOOP\r\n', /^d OK/m],
    ]);
    client.socket.destroy();
    await expectService();
  });

  it('bad modified UTF-7 is refused, and the session goes on', async () => {
    const names = ['&', '&A', '&AAA', '&AAAAAA', '&2AA-', '&AGE-', '&-&', '&$$$-', '&AAA=-', '\xff\xfe', `&${'A'.repeat(60_000)}-`];
    const steps = names.flatMap((name): Step[] => [
      [`b CREATE "${name}"\r\n`, /^b (NO|BAD) /m],
      [`c SELECT "${name}"\r\n`, /^c (NO|BAD) /m],
      [`d LIST "" "${name}"\r\n`, /^d (OK|NO|BAD) /m],
    ]);
    const client = await dial(portOf('imap')).take([...LOG_IN.imap, ...steps, ['e NOOP\r\n', /^e OK/m]]);
    client.socket.destroy();
  });

  it('handshakes that are broken off, half closed or junk end, are told of, and harm nobody', async () => {
    const { imapsPort, pop3sPort, smtpsPort } = platform.ports;
    const halfHello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]);
    const clients: Client[] = [];
    for (const port of [imapsPort, pop3sPort, smtpsPort]) {
      const [half, junk, sudden] = [dial(port), dial(port), dial(port)];
      half.socket.end(halfHello);
      junk.socket.write(Buffer.alloc(100_000, 'GET / HTTP/1.1\r\n'));
      sudden.socket.once('connect', () => sudden.socket.resetAndDestroy()).write(halfHello);
      clients.push(half, junk, sudden);
    }
    for (const [route, command] of START_TLS) {
      for (const bytes of [halfHello, Buffer.from('NOOP\r\n'.repeat(100))]) {
        const client = await dial(portOf(route)).take([
          ['', /\r\n/],
          ...(route === 'smtp' ? [['EHLO me\r\n', /^250 /m] as const] : []),
          [command, /^(a OK|\+OK|220)/],
        ]);
        client.socket.end(bytes);
        clients.push(client);
      }
    }
    await Promise.all(clients.map((client) => client.untilClosed()));
    for (const [route] of START_TLS) expect(platform.ends(route)['tls-handshake-failed'], route).toBeGreaterThanOrEqual(2);
    await expectService();
  });

  it('renegotiation and junk between TLS records end the connection', async () => {
    const { imapsPort, pop3sPort, smtpsPort } = platform.ports;
    for (const port of [imapsPort, pop3sPort, smtpsPort]) {
      const eager = await secure(port, { maxVersion: 'TLSv1.2' });
      const answer = new Promise<string>((done) => {
        eager
          .on('error', () => done('refused'))
          .on('close', () => done('refused'))
          .resume();
        eager.renegotiate({}, (error) => done(error ? 'refused' : 'done'));
      });
      expect(await answer, String(port)).toBe('refused');
      eager.destroy();
      const raw = connect(port, '127.0.0.1');
      const tunnel = connectTls({ socket: raw, rejectUnauthorized: false });
      tunnel.on('error', () => {});
      await once(tunnel, 'secureConnect');
      raw.write(Buffer.alloc(1000, 0x42));
      await gone(raw);
    }
    await expectService();
  });

  it('clients that never read cost no more than what is on its way to them', async () => {
    const before = platform.residentBytes();
    const clients: Client[] = [];
    for (const [route, command] of [
      ['imap', 'b SELECT INBOX\r\nc FETCH 1 BODY.PEEK[]\r\n'],
      ['pop3', 'RETR 1\r\n'.repeat(20)],
    ] as const) {
      for (let i = 0; i < 50; i += 1) {
        const client = await dial(portOf(route)).take(LOG_IN[route]);
        client.socket.pause();
        client.socket.write(command);
        clients.push(client);
      }
    }
    const talkative = await dial(portOf('smtp')).take(LOG_IN.smtp);
    talkative.socket.pause();
    talkative.socket.write('NOOP\r\n'.repeat(100_000));
    await sleep(2000);
    expect(platform.residentBytes() - before).toBeLessThan(2 * SPARE_BYTES);
    await expectService();
    for (const { socket } of [...clients, talkative]) socket.destroy();
  });

  it.each(['imap', 'pop3', 'smtp'] as const)(
    `${CROWD} connections at once to %s are bounded, and others are served after them`,
    async (route) => {
      const before = platform.residentBytes();
      const crowd = Array.from({ length: CROWD }, () => dial(portOf(route)));
      await Promise.all(crowd.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))));
      await expect.poll(() => platform.ends(route)['too-many-connections'] ?? 0, { timeout: PATIENCE_MS }).toBeGreaterThan(1000);
      expect(platform.residentBytes() - before).toBeLessThan(SPARE_BYTES);
      for (const { socket } of crowd) socket.destroy();
      await expect.poll(() => greets(route), { timeout: PATIENCE_MS }).toBe(true);
      await expectService();
    },
  );

  it('clients of one byte a second are given up within a minute or so', { timeout: 120_000 }, async () => {
    const ends = await Promise.all(crawling.map(async ({ port, ended }) => `${port} ${await ended}`));
    expect(ends).toEqual(crawling.map(({ port }) => `${port} gone`));
    await expectService();
    expect(platform.told.filter(({ kind }) => kind === 'error')).toEqual([]);
  });
});
