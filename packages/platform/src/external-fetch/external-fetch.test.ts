import { createServer, type Server, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { paths } from '../client/api-types.ts';
import { type ApiSchemas, logInToPlatform, type PlatformClient } from '../client/platform-client.ts';
import { TEST_TLS } from '../imap/raw-client.testing.ts';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';
import { NEW_ACCOUNT_SETTINGS } from '../store/accounts.ts';
import { openStore, type Store } from '../store/store.ts';
import { ExternalFetcher } from './external-fetcher.ts';
import { DEFAULT_FETCH_LIMITS, type FetchLimits } from './fetch-limits.ts';

const KIM = { user: 'kim@example.com', password: 'pw' };
const LEE = { user: 'lee@example.com', password: 'pw' };
/** At the other hoster. */
const OLD = { user: 'kim@old.example', password: 'old-secret' };
type FetchBody = paths['/api/v1/external-fetches']['post']['requestBody']['content']['application/json'];
const MIB = 2 ** 20;

const mail = (n: number): Buffer => Buffer.from(`Subject: number ${n}\r\n\r\n.\r\n..dots ${n}\r\n\0\r\n`);

describe('external mail fetch', () => {
  let platform: Platform;
  let elsewhere: Platform;
  let client: PlatformClient;
  beforeEach(async () => {
    platform = await startPlatform({ accounts: [KIM, LEE], failedLogInMs: 0, externalFetchHosts: ['127.0.0.1'] });
    elsewhere = await startPlatform({ accounts: [OLD], failedLogInMs: 0, pop3Port: 0 });
    client = await logInToPlatform(platform.httpUrl, KIM);
  });
  afterEach(async () => {
    await platform.stop();
    await elsewhere.stop();
  });

  const source = (): FetchBody => ({ host: '127.0.0.1', port: elsewhere.pop3Port, security: 'plain', ...OLD });
  const begin = (body: FetchBody = source()) => client.POST('/api/v1/external-fetches', { body });
  const untilEnded = async (id = ''): Promise<ApiSchemas['ExternalFetch']> => {
    for (;;) {
      const { data } = await client.GET('/api/v1/external-fetches/{id}', { params: { path: { id } } });
      if (data && data.state !== 'running') return data;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const fetchAll = async (): Promise<ApiSchemas['ExternalFetch']> => {
    const { data, error } = await begin();
    if (!data) throw new Error(error?.error.code);
    return untilEnded(data.id);
  };
  const skipped = async (id: string) =>
    (await client.GET('/api/v1/external-fetches/{id}/skipped', { params: { path: { id } } })).data?.skipped.map(({ number, code }) => [
      number,
      code,
    ]);
  const stored = (user = KIM.user) => Array.from(platform.account(user).messages('INBOX'), (message) => message.read());
  const putElsewhere = (bytes: Buffer) => elsewhere.account(OLD.user).append('INBOX', bytes);

  it('X2: brings the messages of another POP3 server byte for byte, and leaves them there', async () => {
    for (let n = 0; n < 20; n += 1) putElsewhere(mail(n));
    expect(await fetchAll()).toMatchObject({
      state: 'complete',
      found: 20,
      known: 0,
      fetched: 20,
      fetchedBytes: Array.from({ length: 20 }, (_, n) => mail(n).length).reduce((a, b) => a + b),
      skipped: 0,
    });
    expect(stored()).toEqual(Array.from({ length: 20 }, (_, n) => mail(n)));
    expect([...elsewhere.account(OLD.user).messages('INBOX')].length).toBe(20);
  });

  it('X2: fetches only what is new the second time, even if it was deleted here', async () => {
    putElsewhere(mail(1));
    await fetchAll();
    platform.account(KIM.user).expunge('INBOX', [1]);
    expect(await fetchAll()).toMatchObject({ found: 1, known: 1, fetched: 0 });
    putElsewhere(mail(2));
    expect(await fetchAll()).toMatchObject({ found: 2, known: 1, fetched: 1 });
    expect(stored()).toEqual([mail(2)]);
  });

  it('X2: skips messages of 5 MiB or more, and says so', async () => {
    const ofSize = (bytes: number): Buffer => {
      const lines = Buffer.alloc(bytes, `${'x'.repeat(70)}\r\n`);
      lines.write('\r\n', bytes - 2);
      return lines;
    };
    for (const bytes of [5 * MIB - 1, 5 * MIB, 100]) putElsewhere(ofSize(bytes));
    const end = await fetchAll();
    expect(end).toMatchObject({ state: 'complete', found: 3, fetched: 2, skipped: 1 });
    expect(await skipped(end.id)).toEqual([[2, 'too-large']]);
    expect(stored().map(({ length }) => length)).toEqual([5 * MIB - 1, 100]);
    expect(await fetchAll()).toMatchObject({ known: 2, fetched: 0, skipped: 1 });
  });

  it('X2: takes at most 1 GiB and skips messages of 5 MiB or more, unless told otherwise', () => {
    expect(DEFAULT_FETCH_LIMITS).toMatchObject({ messageBytes: 5 * MIB, totalBytes: 1024 * MIB });
  });

  it('X2: runs only on request, one at a time', async () => {
    putElsewhere(mail(1));
    const [first, second] = await Promise.all([begin(), begin()]);
    expect([first.response.status, second.response.status].toSorted()).toEqual([201, 409]);
    await untilEnded((first.data ?? second.data)?.id);
    putElsewhere(mail(2));
    expect(stored().length).toBe(1);
  });

  it('goes into the mailbox that was named, and skips what the quota does not hold', async () => {
    for (let n = 0; n < 3; n += 1) putElsewhere(mail(n));
    const { data } = await client.POST('/api/v1/mailboxes', { body: { path: 'old' } });
    await platform.office.addAccount({ ...KIM, quotaBytes: 2 * mail(0).length });
    client = await logInToPlatform(platform.httpUrl, KIM);
    const end = await untilEnded((await begin({ ...source(), mailboxId: data?.id ?? '' })).data?.id);
    expect(await skipped(end.id)).toEqual([[3, 'over-quota']]);
    expect([...platform.account(KIM.user).messages('old')].length).toBe(2);
    await platform.office.addAccount({ ...KIM, quotaBytes: null });
    client = await logInToPlatform(platform.httpUrl, KIM);
    expect(await fetchAll()).toMatchObject({ known: 2, fetched: 1 });
  });

  it('fails with its reason, and never repeats the password', async () => {
    const refused = await untilEnded((await begin({ ...source(), password: 'wrong-secret' })).data?.id);
    expect(refused).toMatchObject({ state: 'failed', code: 'log-in-refused', found: null });
    expect(JSON.stringify(refused)).not.toContain('secret');
    const { pop3Port } = elsewhere;
    await elsewhere.stop();
    expect(await untilEnded((await begin({ ...source(), port: pop3Port })).data?.id)).toMatchObject({ code: 'connection-failed' });
    expect(await untilEnded((await begin({ ...source(), port: platform.httpPort, security: 'tls' })).data?.id)).toMatchObject({
      code: 'tls-refused',
    });
  });

  it('reaches only public addresses, unless the platform was told of a host', async () => {
    for (const host of ['localhost', '127.0.0.2', '10.1.2.3', '169.254.169.254', '::1', '::ffff:127.0.0.1', '0.0.0.0', 'fd00::1']) {
      const { error } = await begin({ ...source(), host });
      expect([host, error?.error.code]).toEqual([host, 'host-not-allowed']);
    }
    expect((await begin({ ...source(), host: 'no-such-host.invalid' })).error?.error.code).toBe('host-unknown');
    expect((await begin({ ...source(), user: 'a\r\nDELE 1' })).response.status).toBe(400);
  });

  it('goes over TLS, from the start or after STLS, to a server whose certificate is trusted, and to no other', async () => {
    await elsewhere.stop();
    elsewhere = await startPlatform({ accounts: [OLD], failedLogInMs: 0, pop3Port: 0, tls: TEST_TLS, allowPlainText: false });
    putElsewhere(mail(1));
    await platform.stop();
    platform = await startPlatform({ accounts: [KIM, LEE], failedLogInMs: 0, externalFetchHosts: ['localhost'] });
    client = await logInToPlatform(platform.httpUrl, KIM);
    const tls = { ...source(), host: 'localhost', port: elsewhere.pop3sPort ?? 0, security: 'tls' as const };
    const startTls = { ...source(), host: 'localhost', security: 'starttls' as const };
    const ends = async () =>
      Promise.all([await untilEnded((await begin(tls)).data?.id), await untilEnded((await begin(startTls)).data?.id)]);
    expect((await ends()).map(({ code }) => code)).toEqual(['tls-refused', 'tls-refused']);
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, TEST_TLS.cert]);
    try {
      expect((await ends()).map(({ state, fetched }) => [state, fetched])).toEqual([
        ['complete', 1],
        ['complete', 1],
      ]);
    } finally {
      setDefaultCACertificates(trusted);
    }
  });

  it("is its account's", async () => {
    const { id } = await fetchAll();
    const lee = await logInToPlatform(platform.httpUrl, LEE);
    expect((await lee.GET('/api/v1/external-fetches/{id}', { params: { path: { id } } })).error?.error.code).toBe('external-fetch-missing');
    expect((await lee.GET('/api/v1/external-fetches')).data?.externalFetches).toEqual([]);
    expect((await client.GET('/api/v1/external-fetches')).data?.externalFetches.map((fetch) => fetch.id)).toEqual([id]);
  });
});

describe('a server to fetch from', () => {
  let store: Store;
  let accountId: number;
  let server: Server;
  const sockets = new Set<Socket>();
  const lines: string[] = [];
  beforeEach(() => {
    store = openStore(null, () => new Date());
    accountId = store.accounts.add('kim@example.com', '', NEW_ACCOUNT_SETTINGS);
    store.mailboxes.createStandard(accountId);
    lines.length = 0;
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    store.close();
  });

  /** Answers each line by what the script says; what has no answer there is +OK. */
  const serve = async ({ greeting = '+OK\r\n', ...script }: Readonly<Record<string, string>>): Promise<number> => {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      socket.write(greeting);
      let unread = '';
      socket.on('data', (chunk) => {
        const parts = (unread + String(chunk)).split('\r\n');
        unread = parts.pop() ?? '';
        for (const line of parts) {
          lines.push(line);
          socket.write(Buffer.from(script[line] ?? `+OK ${line.replace(/^UIDL (\d+)$/, '$1 u$1')}\r\n`, 'latin1'));
        }
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  };

  const run = async (script: Readonly<Record<string, string>>, change: Partial<FetchLimits> = {}) => {
    const port = await serve(script);
    const limits = { ...DEFAULT_FETCH_LIMITS, idleMs: 300, ...change };
    const errors: unknown[] = [];
    const fetcher = new ExternalFetcher({
      store,
      limits,
      allowedHosts: ['127.0.0.1'],
      now: () => new Date(),
      onError: (error) => errors.push(error),
    });
    const mailboxId = store.mailboxes.open(accountId, 'INBOX').id;
    const { id } = await fetcher.begin(accountId, mailboxId, {
      host: '127.0.0.1',
      port,
      security: 'plain',
      user: 'kim',
      password: 'secret',
    });
    await fetcher.idle();
    expect(errors).toEqual([]);
    const messages = store.messages
      .page(mailboxId, 0, 100)
      .map(({ bodyId, sizeBytes }) => Buffer.concat([...store.messages.bodies.read(bodyId, 0, sizeBytes)]).toString('latin1'));
    return { end: store.externalFetches.open(accountId, id), skipped: store.externalFetches.skipped(id, 0, 100), messages };
  };
  const listing = (sizes: readonly number[]) => ({
    UIDL: `+OK\r\n${sizes.map((_, n) => `${n + 1} u${n + 1}\r\n`).join('')}.\r\n`,
    LIST: `+OK\r\n${sizes.map((bytes, n) => `${n + 1} ${bytes}\r\n`).join('')}.\r\n`,
  });

  it('X2: is never told to delete, and is left with QUIT', async () => {
    const { end, messages } = await run({ ...listing([3]), 'RETR 1': '+OK\r\n..a\r\n.\r\n' });
    expect([end.state, messages]).toEqual(['complete', ['.a\r\n']]);
    await expect.poll(() => lines).toEqual(['USER kim', 'PASS secret', 'UIDL', 'LIST', 'RETR 1', 'UIDL 1', 'QUIT']);
  });

  it('X2: gives no more than the limit in all, whatever its LIST said', async () => {
    const body = (bytes: number): string => `+OK\r\n${'x'.repeat(bytes - 2)}\r\n.\r\n`;
    const { end, skipped } = await run(
      { ...listing([60, 60, 30, 1]), 'RETR 1': body(60), 'RETR 3': body(30), 'RETR 4': body(50) },
      { totalBytes: 100 },
    );
    expect(end).toMatchObject({ state: 'complete', found: 4, fetched: 2, fetchedBytes: 90, skipped: 2 });
    expect(skipped.map(({ number, code }) => [number, code])).toEqual([
      [2, 'total-limit'],
      [4, 'total-limit'],
    ]);
  });

  it('may send a message that is larger than it said: it is skipped, and the next is fetched', async () => {
    const { end, skipped, messages } = await run(
      { ...listing([10, 10]), 'RETR 1': `+OK\r\n${'x'.repeat(5000)}\r\n.\r\n`, 'RETR 2': '+OK\r\nb\r\n.\r\n' },
      { messageBytes: 1000 },
    );
    expect([end.state, skipped.map(({ code }) => code), messages]).toEqual(['complete', ['too-large'], ['b\r\n']]);
  });

  it('may refuse a message or give an empty one: each is a skip', async () => {
    const { end, skipped, messages } = await run({
      ...listing([1, 1, 1]),
      'RETR 1': '-ERR locked\r\n',
      'RETR 2': '+OK\r\n.\r\n',
      'RETR 3': '+OK\r\nc\n.\n\r\n.\r\n',
    });
    expect([end.state, messages]).toEqual(['complete', ['c\n.\n\r\n']]);
    expect(skipped.map(({ number, code }) => [number, code])).toEqual([
      [1, 'not-given'],
      [2, 'empty'],
    ]);
  });

  it('may list one unique id twice: both messages are fetched', async () => {
    const { end, messages } = await run({
      'UIDL': '+OK\r\n1 same\r\n2 same\r\n.\r\n',
      'LIST': listing([1, 1]).LIST,
      'RETR 1': '+OK\r\na\r\n.\r\n',
      'UIDL 1': '+OK 1 same\r\n',
      'RETR 2': '+OK\r\nb\r\n.\r\n',
      'UIDL 2': '+OK 2 same\r\n',
    });
    expect([end.state, messages]).toEqual(['complete', ['a\r\n', 'b\r\n']]);
  });

  it.each([
    ['no POP3', { greeting: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, 'protocol-violated'],
    ['not ready', { greeting: '-ERR busy\r\n' }, 'connection-failed'],
    ['silent', { greeting: '' }, 'timed-out'],
    ['an endless line', { greeting: 'x'.repeat(100_000) }, 'protocol-violated'],
    ['no such user', { 'USER kim': '-ERR secret secret\r\n' }, 'log-in-refused'],
    ['without UIDL', { UIDL: '-ERR\r\n' }, 'no-unique-ids'],
    ['a UIDL without end', { UIDL: '+OK\r\n1 a\r\n' }, 'timed-out'],
    ['more messages than are allowed', { UIDL: `+OK\r\n${'1 a\r\n'.repeat(101)}.\r\n` }, 'protocol-violated'],
    ['UIDL and LIST that differ', { UIDL: '+OK\r\n1 a\r\n.\r\n', LIST: '+OK\r\n.\r\n' }, 'protocol-violated'],
    ['a number twice', { UIDL: '+OK\r\n1 a\r\n1 b\r\n.\r\n', LIST: '+OK\r\n1 1\r\n.\r\n' }, 'protocol-violated'],
    ['a message that ends too early', { ...listing([1]), 'RETR 1': '+OK\r\na\r\n.\r\nrest\r\n.\r\n' }, 'protocol-violated'],
    ['numbers that shift', { ...listing([1]), 'RETR 1': '+OK\r\na\r\n.\r\n', 'UIDL 1': '+OK 1 u2\r\n' }, 'protocol-violated'],
    ['a message without end', { ...listing([1]), 'RETR 1': '+OK\r\nabc\r\n' }, 'timed-out'],
  ])('that is or has %s ends the fetch with a reason', async (_, script, code) => {
    const { end, messages } = await run(script as Readonly<Record<string, string>>, { messages: 100 });
    expect([end.state, end.code, messages]).toEqual(['failed', code, []]);
    expect(end.reason).not.toContain('secret');
  });

  it('keeps what was stored before the connection broke, so that the next fetch goes on behind it', async () => {
    const script = { ...listing([1, 1]), 'RETR 1': '+OK\r\na\r\n.\r\n' };
    const { end } = await run({ ...script, 'RETR 2': '+OK\r\nb' });
    expect(end).toMatchObject({ state: 'failed', code: 'timed-out', fetched: 1 });
    expect(store.externalFetches.knows(end, 'u1')).toBe(true);
    expect(store.externalFetches.knows(end, 'u2')).toBe(false);
  });
});
