import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackupReport, backup } from '@mailferry/core/operations';
import { openSource, type SourceAddress } from '@mailferry/core/source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner } from '../contracts/imap-world.ts';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { corpusMessages, hasCorpus } from '../fixtures/corpus.ts';
import { type CountingProxy, startCountingProxy } from '../fixtures/counting-proxy.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { type FaultTool, hasFaultTools, startFaultTool } from '../fixtures/faults.ts';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-pop3-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = async (
  name: string,
  address: Partial<SourceAddress> & { url: string },
  options: Partial<Parameters<typeof backup>[0]> = {},
): Promise<BackupReport> => {
  const source = openSource({ credential: { kind: 'password', password: 'pass' }, allowInsecure: true, stallMs: 2000, ...address });
  try {
    return await backup({ source, directory: join(directory, name), signal: AbortSignal.timeout(50_000), ...options });
  } finally {
    await source.close();
  }
};

const hashes = (name: string): string[] =>
  manifestMessages(join(directory, name))
    .map(({ sha256 }) => sha256)
    .toSorted();

const message = (n: number | string): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nDate: Tue, 05 Mar 2024 09:12:33 +0900\r\n\r\nbody ${n}\r\n`);

describe.skipIf(!hasDovecot())('POP3 at Dovecot (needs dovecot)', () => {
  let dovecot: Dovecot;

  beforeAll(async () => {
    dovecot = await startDovecot();
  });
  afterAll(() => dovecot?.[Symbol.asyncDispose]());

  const plain = (user: string) => `pop3://${user}@127.0.0.1:${dovecot.pop3Port}`;

  it.skipIf(!hasCorpus() || !hasProgram('python3'))(
    'gives the whole corpus byte for byte, as poplib has it (needs python3 and the corpus)',
    async () => {
      const all = [...corpusMessages().values()].flat();
      dovecot.addAccount('corpus', new Map([['INBOX', all]]));
      const script = join(import.meta.dirname, 'pop3-hashes.py');
      const listed = await runProgram('python3', [script, '127.0.0.1', String(dovecot.pop3Port), 'corpus', dovecot.password]);
      const expected = listed.trimEnd().split('\n').toSorted();
      expect(expected).toHaveLength(all.length);
      const report = await run('corpus', { url: plain('corpus') });
      expect(report).toMatchObject({ fetchedMessages: all.length, reconciliation: { differences: [] } });
      expect(hashes('corpus')).toEqual(expected);
      expect(await run('corpus', { url: plain('corpus') })).toMatchObject({ fetchedMessages: 0, sealedParts: [] });
    },
  );

  it('is let in by every way that the server knows', async () => {
    dovecot.addAccount('kim', new Map([['INBOX', [message(1)]]]));
    const ca = { caFile: dovecot.certificatePath, allowInsecure: false };
    for (const address of [
      { url: `pop3s://kim@localhost:${dovecot.pop3sPort}`, ...ca },
      { url: `pop3://kim@localhost:${dovecot.pop3Port}`, ...ca },
      { url: `pop3://kim;AUTH=APOP@127.0.0.1:${dovecot.pop3Port}` },
      { url: `pop3://kim;AUTH=USER@127.0.0.1:${dovecot.pop3Port}` },
      { url: `pop3://kim;AUTH=PLAIN@127.0.0.1:${dovecot.pop3Port}` },
    ])
      expect(await run(address.url.replace(/\W/g, '-'), address)).toMatchObject({ fetchedMessages: 1 });
    await expect(run('untrusted', { url: `pop3s://kim@localhost:${dovecot.pop3sPort}` })).rejects.toMatchObject({ code: 'tls-refused' });
  });

  it('P7: says that only the inbox comes', async () => {
    dovecot.addAccount(
      'p7',
      new Map([
        ['INBOX', [message(1)]],
        ['Sent', [message(2)]],
      ]),
    );
    const { notices, fetchedMessages } = await run('p7', { url: plain('p7') });
    expect(fetchedMessages).toBe(1);
    expect(notices).toContainEqual({ code: 'inbox-only', details: { host: '127.0.0.1' } });
  });

  it('S31: dots and a missing last line end come as POP3 carries them', async () => {
    const odd = ['Subject: a\r\n\r\n.\r\n..\r\n.x', 'Subject: b\r\n\r\n.', '.Subject: c\r\n\r\nx\r\n'].map((text) => Buffer.from(text));
    dovecot.addAccount('s31', new Map([['INBOX', odd]]));
    expect(await run('s31', { url: plain('s31') })).toMatchObject({ fetchedMessages: odd.length, reconciliation: { differences: [] } });
    // Dovecot ends a message that has no last line end with one.
    const { createHash } = await import('node:crypto');
    const expected = odd.map((bytes) =>
      createHash('sha256')
        .update(String(bytes).replace(/(\r\n)?$/, '\r\n'))
        .digest('hex'),
    );
    expect(hashes('s31')).toEqual(expected.toSorted());
  });

  it('filters by the Date field, and asks again for nothing that it left out', async () => {
    const old = Buffer.from('Subject: old\r\nDate: Mon, 1 Feb 2010 10:00:00 +0900\r\n\r\nx\r\n');
    dovecot.addAccount('period', new Map([['INBOX', [message(1), old]]]));
    const filter = { period: { from: new Date('2020-01-01'), until: null } };
    const totals = { stored: 1, filtered: 1 };
    expect(await run('period', { url: plain('period') }, { filter })).toMatchObject({
      fetchedMessages: 1,
      reconciliation: { differences: [], totals },
    });
    expect(await run('period', { url: plain('period') }, { filter })).toMatchObject({
      fetchedMessages: 0,
      reconciliation: { differences: [], totals },
    });
    expect(await run('period', { url: plain('period') })).toMatchObject({
      fetchedMessages: 1,
      reconciliation: { totals: { stored: 2, filtered: 0 } },
    });
  });

  /** Ends the connections once, when so much came through. */
  const breakAt = (proxy: CountingProxy, bytes: number): void => {
    const timer = setInterval(() => {
      if (proxy.bytesFromServer < bytes) return;
      clearInterval(timer);
      proxy.breakAll();
    }, 1);
  };

  const left = (user: string): Promise<number> =>
    asOwner({ port: dovecot.imapPort, user, password: dovecot.password }, async (client) =>
      Number(Object(await client.status('INBOX', { messages: true })).messages),
    );

  it('P11: deletes when it is asked to, and only then', async () => {
    dovecot.addAccount('p11', new Map([['INBOX', [1, 2, 3].map(message)]]));
    await run('p11', { url: plain('p11') });
    expect(await left('p11')).toBe(3);
    expect(await run('p11', { url: plain('p11') }, { removeAfter: true })).toMatchObject({ fetchedMessages: 0, removedMessages: 3 });
    expect(await left('p11')).toBe(0);
    expect(await run('p11', { url: plain('p11') })).toMatchObject({
      storedMessages: 3,
      removedMessages: 0,
      reconciliation: { differences: [] },
    });
  });

  it('S30: deletes nothing when it is stopped before the seal, nor what is not as it was sealed', async () => {
    dovecot.addAccount('s30', new Map([['INBOX', Array.from({ length: 300 }, (_, n) => message(n))]]));
    const stop = new AbortController();
    const stopped = run(
      's30',
      { url: plain('s30') },
      { removeAfter: true, signal: stop.signal, onProgress: ({ phase }) => phase === 'sealing' && stop.abort() },
    );
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(await left('s30')).toBe(300);
    const { sealedParts } = await run('s30', { url: plain('s30') });
    const { appendFileSync } = await import('node:fs');
    appendFileSync(join(directory, 's30', sealedParts[0]?.fileName ?? ''), 'x');
    const report = await run('s30', { url: plain('s30') }, { removeAfter: true });
    expect(report.removedMessages).toBe(0);
    expect(report.notices.map(({ code }) => code)).toContain('not-removed');
    expect(await left('s30')).toBe(300);
  });

  it('P11: refuses to be asked so where a source deletes nothing', async () => {
    dovecot.addAccount('imap', new Map([['INBOX', [message(1)]]]));
    const url = `imap://imap@127.0.0.1:${dovecot.imapPort}`;
    await expect(run('imap', { url }, { removeAfter: true })).rejects.toMatchObject({ code: 'option-invalid' });
  });

  it('S17: a connection that breaks in the middle is made again, and no message is cut', async () => {
    dovecot.addAccount(
      's17',
      new Map([['INBOX', Array.from({ length: 200 }, (_, n) => Buffer.from(`Subject: ${n}\r\n\r\n${`line ${n}\r\n`.repeat(500)}`))]]),
    );
    await using proxy = await startCountingProxy(dovecot.pop3Port);
    for (const bytes of [100_000, 300_000, 500_000]) breakAt(proxy, bytes);
    expect(await run('s17', { url: `pop3://s17@127.0.0.1:${proxy.port}` })).toMatchObject({
      fetchedMessages: 200,
      reconciliation: { differences: [] },
    });
    await run('s17whole', { url: plain('s17') });
    expect(hashes('s17')).toEqual(hashes('s17whole'));
  });
});

describe.skipIf(!hasFaultTools() || !hasProgram('python3'))('a POP3 server that misbehaves (needs python3 and the fault tools)', () => {
  /** What the well-behaved server has. */
  const SERVED = 10;
  let good: FaultTool;
  let whole: string[];

  const evil = (mode: string, ...args: string[]) =>
    startFaultTool('evil-pop3-server', ['--mode', mode, '--user', 'kim', '--pass', 'pass', ...args]);
  const at = ({ port }: FaultTool) => ({ url: `pop3://kim@127.0.0.1:${port}` });

  beforeAll(async () => {
    good = await evil('ok');
    await run('good', at(good));
    whole = hashes('good');
    expect(whole).toHaveLength(SERVED);
  });
  afterAll(() => good?.[Symbol.asyncDispose]());

  it.each(['ok', 'stat-lies', 'retr-size-lies', 'retr-cut', 'uidl-long', 'uidl-odd', 'top-err', 'quit-hang', 'quit-err', 'numbers-shift'])(
    '%s: everything is stored, and the second run fetches nothing',
    async (mode) => {
      await using server = await evil(mode);
      await run(mode, at(server));
      expect(hashes(mode)).toEqual(whole);
      expect(await run(mode, at(server))).toMatchObject({ fetchedMessages: 0, sealedParts: [] });
    },
  );

  it('S28: takes both messages that share a UIDL, and deletes neither', async () => {
    await using server = await evil('uidl-dup');
    const report = await run('s28', at(server), { removeAfter: true });
    expect(hashes('s28')).toEqual(whole);
    expect(report.notices.map(({ code }) => code)).toEqual(expect.arrayContaining(['identity-repeated', 'not-removed']));
    expect(report.removedMessages).toBe(SERVED - 2);
  });

  it('S29: tells messages apart by their content where there is no UIDL, and says so', async () => {
    await using server = await evil('uidl-missing');
    const report = await run('s29', at(server));
    expect(hashes('s29')).toEqual(whole);
    expect(report.notices.map(({ code }) => code)).toContain('identity-by-content');
    expect(await run('s29', at(server))).toMatchObject({ fetchedMessages: 0 });
  });

  it('stores nothing twice when every session has other UIDLs', async () => {
    await using server = await evil('uidl-change');
    await run('change', at(server));
    expect(await run('change', at(server))).toMatchObject({ fetchedMessages: 0, reconciliation: { totals: { duplicates: SERVED } } });
    expect(hashes('change')).toEqual(whole);
  });

  it.each(['retr-err', 'retr-no-dot', 'retr-unstuffed', 'retr-endless'])(
    '%s: the others are stored, and that one is named',
    async (mode) => {
      await using server = await evil(mode);
      const report = await run(mode, at(server));
      expect(report.fetchedMessages + report.failed.length).toBe(SERVED);
      expect(report.failed.length).toBeGreaterThan(0);
      expect(whole).toEqual(expect.arrayContaining(hashes(mode)));
    },
  );

  it.each([
    ['greet-endless', 'protocol-violation'],
    ['pass-err', 'auth-refused'],
    ['pass-hang', 'connection-stalled'],
    ['list-endless', 'protocol-violation'],
    ['capa-endless', 'protocol-violation'],
    ['reply-garbage', 'protocol-violation'],
  ])('%s ends in %s', async (mode, code) => {
    await using server = await evil(mode);
    await expect(run(mode, at(server))).rejects.toMatchObject({ code });
  });

  it.each([
    ['stls-missing', 'tls-missing'],
    ['stls-err', 'tls-missing'],
  ])('%s: no password goes out in clear', async (mode, code) => {
    await using server = await evil(mode);
    await expect(run(mode, { ...at(server), allowInsecure: false })).rejects.toMatchObject({ code });
  });
});
