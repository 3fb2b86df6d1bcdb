import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveReader, newSigningKey } from '@mailferry/core/archive';
import { verify } from '@mailferry/core/operations';
import { type Platform, startPlatform } from '@mailferry/platform';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackupTask } from './backup-process.ts';
import type { KillPoint } from './killing-disk.ts';

const ACCOUNT = { user: 'kim@example.co.kr', password: 'secret' };
const PROCESS = join(import.meta.dirname, 'backup-process.ts');
/** Small enough for several parts, big enough for the streamed message to get one of its own. */
const PART_LIMIT_BYTES = 250_000;

const MESSAGES = 452;
/** Every point takes a second or two: all of them with `INTERRUPT_ALL=1`, else one of seven, spread over the run. */
const STEP = process.env.INTERRUPT_ALL ? 1 : 7;

let platform: Platform;
let directory: string;

const message = (n: number, bytes: number): Buffer =>
  Buffer.from(
    `Subject: message ${n}\r\nMessage-ID: <${n}@example.co.kr>\r\n\r\n${createHash('sha256')
      .update(String(n))
      .digest('hex')
      .repeat(bytes / 64)}\r\n`,
  );

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-interrupt-'));
  writeFileSync(join(directory, 'key'), newSigningKey().privateKey);
  platform = await startPlatform({ accounts: [ACCOUNT] });
  const account = platform.account(ACCOUNT.user);
  account.addMailbox('받은 서류');
  for (let n = 0; n < 450; n += 1) account.append(n % 3 === 0 ? '받은 서류' : 'INBOX', message(n, 640), { flags: ['\\Seen'] });
  // Above the size from which a message goes through as a stream, and hard to deflate.
  for (const mailbox of ['INBOX', '받은 서류'])
    account.append(mailbox, Buffer.concat([message(1000, 64), Buffer.from(randomBytes(120_000).toString('base64'))]));
});

afterAll(async () => {
  await platform?.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Outcome {
  readonly changes: number;
  readonly fetched: number;
  readonly differences: number;
}

/** Runs a backup in a process of its own; undefined when it died. */
const run = (name: string, kill: KillPoint, recipients: readonly string[] = []): Promise<Outcome | undefined> =>
  new Promise((resolve, reject) => {
    const url = `imap://${encodeURIComponent(ACCOUNT.user)}@127.0.0.1:${platform.imapPort}`;
    const task: BackupTask = {
      url,
      password: ACCOUNT.password,
      directory: join(directory, name),
      partLimitBytes: PART_LIMIT_BYTES,
      kill,
      recipients,
      signKey: join(directory, 'key'),
    };
    execFile(process.execPath, [PROCESS, JSON.stringify(task)], (error, stdout, stderr) => {
      if (error?.signal === 'SIGKILL') resolve(undefined);
      else if (error) reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout) as Outcome);
    });
  });

/** The archive's files, without the ledger. */
const contents = (name: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(directory, name))
      .filter((file) => file !== '.mailferry')
      .toSorted()
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(directory, name, file)))
          .digest('hex'),
      ]),
  );

/** How many messages the ledger holds as stored. */
const recordedMessages = (name: string): number => {
  const database = new Database(join(directory, name, '.mailferry', 'ledger.sqlite'));
  const row = database.prepare<[], { count: number }>(`SELECT count(*) AS count FROM message WHERE state = 'stored'`).get();
  database.close();
  return row?.count ?? 0;
};

/** Every message of the archive: its place and its bytes' checksum. */
const messagesOf = async (name: string, identities: readonly string[]): Promise<string[]> => {
  const reader = await ArchiveReader.open({ directory: join(directory, name), identities, signal: new AbortController().signal });
  const found: string[] = [];
  for (const part of reader.parts)
    for await (const content of reader.contents(part, reader.messages(part)))
      found.push(`${content.kind} ${part} ${content.message.mailbox} ${content.message.name} ${content.message.sha256}`);
  return found;
};

const UNDISTURBED: KillPoint = { at: 0, moment: 'before' };
const MOMENTS = ['before', 'after', 'torn'] as const;

describe('a backup that is killed at a change of the disk', () => {
  it('S2: ends, gone on with, in the bytes of an undisturbed one, and fetches nothing again that was recorded', async () => {
    const undisturbed = await run('undisturbed', UNDISTURBED);
    if (!undisturbed) throw new Error('the undisturbed run died');
    const expected = contents('undisturbed');
    expect(Object.keys(expected).length).toBeGreaterThan(4);
    expect(undisturbed).toMatchObject({ fetched: MESSAGES, differences: 0 });
    const points = Array.from({ length: undisturbed.changes }, (_, i) => MOMENTS.map((moment) => ({ at: i + 1, moment })))
      .flat()
      .filter((_, i) => i % STEP === 0);
    const check = async (point: KillPoint): Promise<void> => {
      const name = `${point.moment}-${point.at}`;
      expect(await run(name, point), `${name} was to die`).toBeUndefined();
      const recorded = recordedMessages(name);
      expect(await run(name, UNDISTURBED), name).toMatchObject({ fetched: MESSAGES - recorded, differences: 0 });
      expect(contents(name), name).toEqual(expected);
    };
    const left = points.values();
    await Promise.all(
      Array.from({ length: 2 }, async () => {
        for (const point of left) await check(point);
      }),
    );
    expect(await run('undisturbed', UNDISTURBED), 'run again').toMatchObject({ changes: 0, fetched: 0, differences: 0 });
    const { damages } = await verify({ path: join(directory, 'before-1'), signal: new AbortController().signal });
    expect(damages).toEqual([]);
  }, 300_000);

  it('of an encrypted archive ends with every message once, all of them opened by the identity, and nothing left in the clear', async () => {
    const identity = await generateX25519Identity();
    const recipients = [await identityToRecipient(identity)];
    const undisturbed = await run('encrypted', UNDISTURBED, recipients);
    if (!undisturbed) throw new Error('the undisturbed run died');
    const expected = await messagesOf('encrypted', [identity]);
    expect(expected.length).toBe(MESSAGES);
    const points = Array.from({ length: undisturbed.changes }, (_, i) => MOMENTS.map((moment) => ({ at: i + 1, moment })))
      .flat()
      .filter((_, i) => i % (6 * STEP) === 0);
    for (const point of points) {
      const name = `encrypted-${point.moment}-${point.at}`;
      expect(await run(name, point, recipients), `${name} was to die`).toBeUndefined();
      expect(await run(name, UNDISTURBED, recipients), name).toMatchObject({ differences: 0 });
      expect(await messagesOf(name, [identity]), name).toEqual(expected);
      const { damages, isOpened } = await verify({
        path: join(directory, name),
        identities: [identity],
        signal: new AbortController().signal,
      });
      expect([damages, isOpened], name).toEqual([[], true]);
      expect(
        readdirSync(join(directory, name, '.mailferry')).filter((file) => file.includes('.zip')),
        name,
      ).toEqual([]);
    }
  }, 300_000);
});
