import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailferryError } from '../errors.ts';
import type { Mailbox, MailboxPath, UidValidity } from '../mail/mailbox.ts';
import type { FetchOutcome, ListedMessage, MailSource } from '../source/mail-source.ts';
import { backup } from './backup.ts';
import type { BackupReport } from './report.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-backup-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const INBOX: Mailbox = { path: 'INBOX' as MailboxPath, delimiter: '/', specialUse: '\\Inbox', selectable: true };
const body = (n: number): Buffer => Buffer.from(`Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
const lost = () => new MailferryError('connection-lost', { host: 'h', port: 1, reason: 'cut' });

/** What a test lets its source do. Left out: an inbox that behaves. */
interface Script {
  /** The UIDs that are listed, in this generation. */
  uids: number[];
  generation: number;
  sizeOf(uid: number): number;
  fetch(wanted: readonly number[], give: (uid: number) => FetchOutcome): AsyncGenerator<FetchOutcome> | Generator<FetchOutcome>;
}

const scripted = (script: Script): MailSource => ({
  identity: 'imap:kim@h',
  concurrency: 1,
  facts: () => ({ protocol: 'IMAP', security: 'tls', capabilities: [] }),
  listMailboxes: async () => [INBOX],
  listMessages: async () => ({
    uidValidity: script.generation as UidValidity,
    scope: 'whole',
    messages: script.uids.map((uid) => ({ locator: uid, sizeBytes: script.sizeOf(uid) })),
    gone: [],
    totalCount: script.uids.length,
    point: null,
    notices: [],
  }),
  async *fetch(mailbox, uidValidity, wanted: readonly ListedMessage[]) {
    if (uidValidity !== script.generation) throw new MailferryError('mailbox-replaced', { mailbox: mailbox.path });
    const give = (uid: number): FetchOutcome => {
      const ref = { mailbox: mailbox.path, uidValidity, locator: uid };
      const bytes = body(uid);
      return { kind: 'message', message: { ref, flags: [], internalDate: null, sizeBytes: bytes.length, body: bytes } };
    };
    yield* script.fetch(
      wanted.map(({ locator }) => Number(locator)),
      give,
    );
  },
  close: async () => undefined,
});

const well = (...uids: number[]): Script => ({
  uids,
  generation: 1,
  sizeOf: (uid) => body(uid).length,
  *fetch(wanted, give) {
    for (const uid of wanted) yield give(uid);
  },
});

const run = (script: Script, at = directory): Promise<BackupReport> =>
  backup({ source: scripted(script), directory: at, signal: AbortSignal.timeout(30_000) });

describe('a backup from a source that misbehaves', () => {
  it.each([-1, -2_147_483_000, Number.NaN, 1.5])('takes a message whose size is announced as %d', async (sizeBytes) => {
    const report = await run({ ...well(1), sizeOf: () => (Number.isInteger(sizeBytes) ? sizeBytes : 0) });
    expect(report).toMatchObject({ fetchedMessages: 1, reconciliation: { totals: { stored: 1, filtered: 0 }, differences: [] } });
  });

  it('asks again for what was said to have vanished and is listed all the same', async () => {
    const liar: Script = {
      ...well(1, 2),
      *fetch(wanted, give) {
        for (const uid of wanted) {
          const outcome = give(uid);
          yield uid === 2 && outcome.kind === 'message' ? { kind: 'vanished', ref: outcome.message.ref } : outcome;
        }
      },
    };
    await run(liar);
    expect(await run(well(1, 2))).toMatchObject({ fetchedMessages: 1, reconciliation: { totals: { stored: 2, vanished: 0 } } });
  });

  it('gets past messages that break the connection, however many stand together', async () => {
    const poison = new Set([4, 5]);
    const report = await run({
      ...well(1, 2, 3, 4, 5, 6, 7, 8),
      *fetch(wanted, give) {
        for (const uid of wanted) {
          if (poison.has(uid)) throw lost();
          yield give(uid);
        }
      },
    });
    expect(report.fetchedMessages).toBe(6);
    expect(report.failed.map(({ locator, code }) => [locator, code])).toEqual([
      [4, 'message-unreadable'],
      [5, 'message-unreadable'],
    ]);
    // They are asked for last the next time, and stand in nobody's way.
    const later = await run({ ...well(1, 2, 3, 4, 5, 6, 7, 8, 9) });
    expect(later).toMatchObject({ fetchedMessages: 3, failed: [], reconciliation: { differences: [] } });
  });

  it('keeps a message that came before the connection broke behind it', async () => {
    const report = await run({
      ...well(1),
      *fetch(wanted, give) {
        for (const uid of wanted) yield give(uid);
        throw lost();
      },
    });
    expect(report).toMatchObject({ fetchedMessages: 1, failed: [], reconciliation: { totals: { stored: 1 }, differences: [] } });
  });

  it('takes the second outcome of a message for none', async () => {
    const report = await run({
      ...well(1, 2),
      *fetch(wanted, give) {
        for (const uid of wanted) {
          yield give(uid);
          yield give(uid);
        }
      },
    });
    expect(report).toMatchObject({ fetchedMessages: 2, reconciliation: { totals: { stored: 2 }, differences: [] } });
  });

  it('stores nothing twice of a mailbox that is made anew while it is fetched', async () => {
    const uids = Array.from({ length: 1200 }, (_, i) => i + 1);
    const script = well(...uids);
    let given = 0;
    script.fetch = function* (wanted, give) {
      for (const uid of wanted) {
        yield give(uid);
        given += 1;
      }
      // Between two fetches: what came already is of the old generation.
      if (given === 1000) script.generation = 2;
    };
    const report = await run(script);
    expect(report.reconciliation.differences).toEqual([]);
    expect(report.reconciliation.totals).toMatchObject({ stored: 1200, duplicates: 1000 });
  });

  it('never writes over a part that a newer ledger knew', async () => {
    await run(well(1));
    const ledger = join(directory, '.mailferry/ledger.sqlite');
    copyFileSync(ledger, join(directory, 'old.sqlite'));
    await run(well(1, 2));
    copyFileSync(join(directory, 'old.sqlite'), ledger);
    await expect(run(well(1, 2, 3))).rejects.toMatchObject({ code: 'archive-part-unknown' });
  });
});
