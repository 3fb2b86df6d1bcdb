import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup } from '@mailferry/core/operations';
import { openSource } from '@mailferry/core/source';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RestoreOutcome, runRestoreProcess, UNDISTURBED } from '../fixtures/restore-run.ts';
import type { RestoreKillPoint } from './restore-process.ts';

const PASSWORD = 'secret';
const OLD = 'old@example.co.kr';
const NEW = 'new@example.co.kr';
/** Every point takes some seconds: so many of each kind (four times as many with `INTERRUPT_ALL=1`), spread over the run and at random. */
const POINTS = process.env.INTERRUPT_ALL ? 20 : 5;
const MAILBOXES = ['INBOX', '받은 서류'];

let platform: Platform;
let directory: string;
let expected: string[];
let undisturbed: RestoreOutcome;
let number = 0;

const message = (n: number): Buffer => Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@x>\r\n\r\n${'body '.repeat(200)}${n}\r\n`);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-restore-interrupt-'));
  platform = await startPlatform({
    accounts: [OLD, NEW].map((user) => ({ user, password: PASSWORD })),
  });
  const account = platform.account(OLD);
  account.addMailbox('받은 서류');
  for (const mailbox of MAILBOXES)
    for (let n = 0; n < 90; n += 1) {
      // Some are equal to the byte, and some have the Message-ID of another one.
      const bytes = n % 9 === 0 ? message(0) : n % 10 === 0 ? Buffer.concat([message(1), Buffer.from(`${n}`)]) : message(n);
      account.append(mailbox, bytes, { flags: n % 2 === 0 ? ['\\Seen'] : [], internalDate: new Date(Date.UTC(2020, 0, 1, 0, n, 0)) });
    }
  // Comes out of the archive in pieces.
  account.append('INBOX', Buffer.from(`Subject: big\r\n\r\n${randomBytes(7_000_000).toString('base64')}\r\n`));
  const source = openSource({
    url: `imap://${encodeURIComponent(OLD)}@127.0.0.1:${platform.imapPort}`,
    credential: { kind: 'password', password: PASSWORD },
    allowInsecure: true,
  });
  await backup({ source, directory: join(directory, 'archive'), signal: new AbortController().signal });
  await source.close();
  expected = held(OLD);
  const first = await run(UNDISTURBED);
  if (!first) throw new Error('the undisturbed run died');
  undisturbed = first;
  expect(held(NEW)).toEqual(expected);
});

afterAll(async () => {
  await platform?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What an account holds, mailbox by mailbox, whatever the order. */
const held = (user: string): string[] =>
  MAILBOXES.flatMap((mailbox) =>
    Array.from(
      platform.account(user).messages(mailbox),
      ({ sha256, flags, internalDate }) => `${mailbox} ${sha256} ${flags.toSorted()} ${internalDate.toISOString()}`,
    ),
  ).toSorted();

/** An empty account, and nothing recorded of it. */
const begin = (): void => {
  number += 1;
  const account = platform.account(NEW);
  for (const { path } of account.listMailboxes())
    account.expunge(
      path,
      Array.from(account.messages(path), ({ uid }) => uid),
    );
};

const run = (kill: RestoreKillPoint): Promise<RestoreOutcome | undefined> =>
  runRestoreProcess({
    url: `imap://${encodeURIComponent(NEW)}@127.0.0.1:${platform.imapPort}`,
    password: PASSWORD,
    directory: join(directory, 'archive'),
    journalDirectory: join(directory, `journal-${number}`),
    kill,
  });

/** Points from the first to the last, some of them at random: a failure names the one it was. */
const pointsOf = (moment: RestoreKillPoint['moment']): RestoreKillPoint[] => {
  const last = undisturbed.counts[moment];
  const all = Array.from({ length: last }, (_, i) => i + 1);
  const spread = Array.from({ length: POINTS - 2 }, (_, i) => Math.round(1 + (i * (last - 1)) / Math.max(1, POINTS - 3)));
  const random = Array.from({ length: 2 }, () => 1 + (createHash('sha256').update(randomBytes(8)).digest().readUInt32BE() % last));
  return (POINTS >= last ? all : [...new Set([...spread, ...random])]).map((at) => ({ moment, at }));
};

describe('a restore that is killed', () => {
  it.each(['before-commit', 'after-commit', 'after-write'] as const)(
    '%s: the next one brings each message exactly once',
    async (moment) => {
      for (const point of pointsOf(moment)) {
        begin();
        const name = `${moment} ${point.at}`;
        // How long the connection takes varies, and with it how much is written.
        const died = (await run(point)) === undefined;
        expect(died || moment === 'after-write', `${name} was to die`).toBe(true);
        const resumed = await run(UNDISTURBED);
        expect(resumed?.failed, name).toEqual([]);
        const open = resumed?.mailboxes.map(
          ({ messages, restoredBefore, restored, missing }) => messages - restoredBefore - restored + missing,
        );
        expect(open, name).toEqual(open?.map(() => 0));
        expect(held(NEW), name).toEqual(expected);
      }
    },
    600_000,
  );

  it('again and again: each message exactly once in the end', async () => {
    begin();
    let deaths = 0;
    for (let at = 40; deaths < 100; at += 60) {
      const outcome = await run({ moment: 'after-write', at });
      if (outcome) {
        expect(outcome.failed).toEqual([]);
        break;
      }
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(2);
    expect(held(NEW)).toEqual(expected);
  }, 600_000);
});
