import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackupReport, backup, type Progress } from '@mailferry/core/operations';
import { openSource, type SourceAddress } from '@mailferry/core/source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { type FaultTool, hasFaultTools, startFaultTool } from '../fixtures/faults.ts';
import { hasProgram } from '../fixtures/programs.ts';

/** What the well-behaved server has: ten messages in INBOX and five in another mailbox. */
const SERVED = 15;

describe.skipIf(!hasFaultTools() || !hasProgram('python3'))('an IMAP server that misbehaves (needs python3 and the fault tools)', () => {
  let directory: string;
  let good: FaultTool;
  let whole: string[];

  const evil = (mode: string, ...args: string[]) =>
    startFaultTool('evil-imap-server', ['--mode', mode, '--user', 'kim', '--pass', 'pw', ...args]);

  const run = async (
    name: string,
    port: number,
    options: Partial<Parameters<typeof backup>[0]> = {},
    address: Partial<SourceAddress> = {},
  ): Promise<BackupReport> => {
    const source = openSource({
      url: `imap://kim@127.0.0.1:${port}`,
      credential: { kind: 'password', password: 'pw' },
      allowInsecure: true,
      stallMs: 2000,
      ...address,
    });
    try {
      return await backup({ source, directory: join(directory, name), signal: AbortSignal.timeout(50_000), ...options });
    } finally {
      await source.close();
    }
  };

  const hashes = (name: string): string[] =>
    manifestMessages(join(directory, name))
      .map(({ mailbox, sha256 }) => `${mailbox} ${sha256}`)
      .toSorted();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-faults-'));
    good = await evil('ok');
    await run('good', good.port);
    whole = hashes('good');
    expect(whole).toHaveLength(SERVED);
  });
  afterAll(async () => {
    await good?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  it('S15: gives NIL for a message: the others are stored, that one is named, and a later run takes it', async () => {
    await using server = await evil('nil-body');
    const report = await run('s15', server.port);
    expect(report.failed.length).toBeGreaterThan(0);
    expect(new Set(report.failed.map(({ code }) => code))).toEqual(new Set(['message-withheld']));
    expect(report.fetchedMessages).toBe(SERVED - report.failed.length);
    expect(await run('s15', good.port)).toMatchObject({ failed: [], fetchedMessages: report.failed.length });
    expect(hashes('s15')).toEqual(whole);
  });

  it('S16: announces another size than it sends: kept as it came, and told', async () => {
    await using server = await evil('size-lies');
    const report = await run('s16', server.port);
    expect(hashes('s16')).toEqual(whole);
    expect(report.notices.map(({ code }) => code)).toContain('size-differs');
    expect(report.reconciliation.differences).toEqual([]);
  });

  it.each(['cut-mid-literal', 'bye-mid-fetch'])('S17: %s: reconnects in place, and no message is cut', async (mode) => {
    await using server = await evil(mode, '--every', '3');
    await run(mode, server.port).catch(() => run(mode, good.port));
    expect(hashes(mode)).toEqual(whole);
  });

  it.each(['throttled', 'overload'])('S18: %s: waits, shows it, and goes on', async (mode) => {
    await using server = await evil(mode, '--every', '2');
    const seen: Progress[] = [];
    const report = await run(mode, server.port, { onProgress: (progress) => seen.push(progress) });
    expect(hashes(mode)).toEqual(whole);
    expect(report.failed).toEqual([]);
    expect(seen.some(({ waitingUntil }) => waitingUntil !== null)).toBe(true);
    expect(seen.at(-1)?.waitingUntil).toBeNull();
  });

  it('S20: breaks after the listing: nothing is recorded as fetched, and the next run takes everything', async () => {
    await using proxy = await startFaultTool('chaos-proxy', [`127.0.0.1:${good.port}`, '--cut-on', 'BODY.PEEK:c2s']);
    await expect(run('s20', proxy.port)).rejects.toMatchObject({ code: 'connection-lost' });
    expect(manifestMessages(join(directory, 's20'))).toEqual([]);
    expect(await run('s20', good.port)).toMatchObject({ fetchedMessages: SERVED, reconciliation: { differences: [] } });
    expect(hashes('s20')).toEqual(whole);
  });

  it('takes fewer connections than asked for: finishes with those it gets', async () => {
    await using server = await evil('login-limit');
    await run('limit', server.port, {}, { connections: 6 });
    expect(hashes('limit')).toEqual(whole);
  });

  it('gives a mailbox another UIDVALIDITY at each look: everything once, also after a second run', async () => {
    await using server = await evil('uidvalidity-change');
    await run('validity', server.port);
    expect(await run('validity', server.port)).toMatchObject({ fetchedMessages: 0, reconciliation: { totals: { duplicates: SERVED } } });
    expect(hashes('validity')).toEqual(whole);
  });

  /** Modes that end a run, with the one code that each may end it with. */
  it.each([
    ['greet-bye', 'connection-lost'],
    ['greet-endless', 'connection-lost'],
    ['greet-garbage', 'connection-lost'],
    ['greet-hang', 'connection-stalled'],
    ['login-hang', 'connection-stalled'],
    ['login-bye', 'connection-lost'],
    ['login-no', 'auth-refused'],
    ['endless-line', 'protocol-violation'],
    ['endless-untagged', 'protocol-violation'],
    ['uid-huge', 'protocol-violation'],
    ['uid-zero', 'protocol-violation'],
  ])(
    '%s ends in %s',
    async (mode, code) => {
      await using server = await evil(mode);
      await expect(run(mode, server.port)).rejects.toMatchObject({ code });
    },
    120_000,
  );

  it.each(['overflow-literal', 'huge-literal', 'negative-literal', 'fetch-no', 'fetch-omits', 'short-literal', 'quoted-unterminated'])(
    '%s: what came whole is stored, and every other message is named',
    async (mode) => {
      await using server = await evil(mode);
      const report = await run(mode, server.port);
      expect(report.failed.length).toBeGreaterThan(0);
      expect(report.fetchedMessages + report.failed.length).toBe(SERVED);
      const stored = hashes(mode);
      expect(whole).toEqual(expect.arrayContaining(stored));
      expect(report.reconciliation.differences.every(({ code }) => code === 'failed')).toBe(true);
    },
    120_000,
  );

  it.each([
    'list-raw-utf8',
    'list-dup',
    'list-deep',
    'list-nil-sep',
    'list-bad-mutf7',
    'list-collide',
    'uidnext-lies',
    'uid-unordered',
    'bare-lf',
    'nul-body',
    'flags-weird',
    'date-bad',
    'mime-bomb',
    'header-bomb',
  ])(
    '%s: everything is stored',
    async (mode) => {
      await using server = await evil(mode);
      const report = await run(mode, server.port);
      expect(report.reconciliation.differences).toEqual([]);
      expect(report.fetchedMessages).toBeGreaterThanOrEqual(SERVED);
      expect(await run(mode, server.port)).toMatchObject({ fetchedMessages: 0 });
    },
    120_000,
  );
});
