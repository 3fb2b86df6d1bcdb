import { createCipheriv } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mailbox, MailboxPath, UidValidity } from '@mailferry/core/mail';
import { type BackupReport, backup, verify } from '@mailferry/core/operations';
import type { FetchOutcome, ListedMessage, MailSource } from '@mailferry/core/source';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const PYTHON = 'import sys, zipfile\nfor p in sys.argv[1:]:\n  assert zipfile.ZipFile(p).testzip() is None';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-limits-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Bytes that nothing makes smaller, the same for the same seed. */
const cipherOf = (seed: number) => createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
const noise = (seed: number, bytes: number): Buffer => cipherOf(seed).update(Buffer.alloc(bytes));

async function* bodyOf(seed: number, sizeBytes: number): AsyncGenerator<Buffer> {
  const cipher = cipherOf(seed);
  for (let left = sizeBytes; left > 0; left -= MIB) yield cipher.update(Buffer.alloc(Math.min(left, MIB)));
}

/** A mailbox of messages of given sizes, which `sizeNow` may change when a message is fetched; big ones stream. */
const sourceOf = (sizes: readonly number[], sizeNow = (_: number, announced: number): number => announced): MailSource => {
  const mailbox: Mailbox = { path: 'INBOX' as MailboxPath, delimiter: '/', specialUse: '\\Inbox', selectable: true };
  const uidValidity = 1 as UidValidity;
  const messages: ListedMessage[] = sizes.map((sizeBytes, i) => ({ locator: i + 1, sizeBytes }));
  return {
    identity: 'imap:limits@example.com',
    concurrency: 1,
    facts: () => ({ protocol: 'IMAP', security: 'plain', capabilities: [] }),
    listMailboxes: async () => [mailbox],
    listMessages: async () => ({ uidValidity, scope: 'whole', messages, gone: [], totalCount: sizes.length, point: null, notices: [] }),
    async *fetch(_mailbox, _uidValidity, wanted): AsyncGenerator<FetchOutcome> {
      for (const { locator, sizeBytes: announced } of wanted) {
        const sizeBytes = sizeNow(Number(locator), announced);
        const ref = { mailbox: mailbox.path, uidValidity, locator };
        const body = sizeBytes > 16 * MIB ? bodyOf(Number(locator), sizeBytes) : noise(Number(locator), sizeBytes);
        yield { kind: 'message', message: { ref, flags: [], internalDate: new Date(0), sizeBytes, body } };
      }
    },
    close: async () => undefined,
  };
};

const run = (sizes: readonly number[], partLimitBytes?: number): Promise<BackupReport> =>
  backup({
    source: sourceOf(sizes),
    directory: join(directory, 'archive'),
    ...(partLimitBytes === undefined ? {} : { partLimitBytes }),
    signal: new AbortController().signal,
  });
const parts = (): string[] =>
  readdirSync(join(directory, 'archive'))
    .filter((name) => name.endsWith('.zip'))
    .toSorted()
    .map((name) => join(directory, 'archive', name));
const sizesOfParts = (): number[] => parts().map((path) => statSync(path).size);

const openEverywhere = async (): Promise<void> => {
  for (const part of parts()) {
    if (hasProgram('unzip')) expect(await runProgram('unzip', ['-tqq', part])).toBe('');
    if (hasProgram('7zz')) expect(await runProgram('7zz', ['t', part])).toContain('Everything is Ok');
  }
  if (hasProgram('python3')) await runProgram('python3', ['-c', PYTHON, ...parts()]);
  const { damages } = await verify({ path: join(directory, 'archive'), signal: new AbortController().signal });
  expect(damages).toEqual([]);
};

describe('S34: the limit of a part', () => {
  it('holds to the byte: what fits exactly goes in, one byte more goes into the next', async () => {
    await run([50_000, 50_000]);
    const exact = sizesOfParts()[0] ?? 0;
    for (const [limit, count] of [
      [exact - 1, 2],
      [exact, 1],
      [exact + 1, 1],
    ] as const) {
      rmSync(join(directory, 'archive'), { recursive: true });
      await run([50_000, 50_000], limit);
      expect(sizesOfParts(), String(limit)).toHaveLength(count);
      expect(Math.max(...sizesOfParts())).toBeLessThanOrEqual(limit);
    }
    await openEverywhere();
  });

  it('fails a message that fits into no part with its reason, and the others go on', async () => {
    const report = await run([10_000, 200_000, 10_000], 100_000);
    expect([report.storedMessages, report.failed]).toMatchObject([2, [{ code: 'message-too-large', locator: 2 }]]);
    await openEverywhere();
  });
});

describe('S34: the number of entries', () => {
  it.each([65_535, 65_536])(
    '%i: every program opens the part',
    async (count) => {
      const report = await run(Array.from({ length: count }, () => 40));
      expect([report.storedMessages, parts().length]).toEqual([count, 1]);
      await openEverywhere();
    },
    180_000,
  );
});

describe.skipIf(!hasProgram('unzip') || !hasProgram('7zz'))('S34: the real 4 GiB (needs unzip and 7zip)', () => {
  const LIMIT = 4 * GIB - 1;
  const BIG = 4 * GIB - 4 * MIB;
  /** Name of an entry, extended timestamp, and the ZIP's records around it. */
  const NAME_BYTES = Buffer.byteLength('INBOX/1970-01-01 000000 (no subject) 0123456789ab.eml');
  const [LOCAL, CENTRAL, END] = [30 + NAME_BYTES + 9, 46 + NAME_BYTES + 9, 22];

  it('fills one part to its last byte, and a message that is one byte too big for the next goes into a third', async () => {
    /** What a second message may have, for its part to be as big as said; the first is in the file already. */
    const roomIn = (part: string): number => LIMIT - statSync(join(directory, 'archive', `${part}.open`)).size - LOCAL - 2 * CENTRAL - END;
    const sizeNow = (n: number, announced: number): number => {
      if (n === 2) return roomIn('part-0001.zip');
      if (n === 4) return roomIn('part-0002.zip') + 1;
      return announced;
    };
    const source = sourceOf([BIG, MIB, BIG, MIB], sizeNow);
    const report = await backup({ source, directory: join(directory, 'archive'), signal: new AbortController().signal });
    expect([report.storedMessages, report.failed]).toEqual([4, []]);
    const [first = 0, second = 0, third = 0, ...others] = sizesOfParts();
    expect([first, others]).toEqual([LIMIT, []]);
    expect(second).toBeLessThan(LIMIT);
    expect(third).toBeGreaterThan(MIB);
    const [path = ''] = parts();
    expect(await runProgram('unzip', ['-tqq', path])).toBe('');
    expect(await runProgram('7zz', ['t', path])).toContain('Everything is Ok');
  }, 600_000);
});
