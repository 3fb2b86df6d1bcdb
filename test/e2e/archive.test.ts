import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArchivedMessage, ArchiveReader, readIdentities } from '@mailferry/core/archive';
import { type Platform, startPlatform } from '@mailferry/platform';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, runCli } from '../fixtures/cli.ts';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const KIM = { user: 'kim@example.co.kr', password: 'secret' };
const signal = new AbortController().signal;

let platform: Platform;
let directory: string;

const message = (n: number): Buffer => Buffer.from(`Subject: message ${n}\r\nDate: Tue, 05 Mar 2024 09:12:33 +0900\r\n\r\nbody ${n}\r\n`);
const archive = () => join(directory, 'archive');

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-archive-'));
  platform = await startPlatform({ accounts: [KIM], failedLogInMs: 0 });
  const account = platform.account(KIM.user);
  account.addMailbox('비어 있음');
  for (const n of [1, 2, 3]) account.append('INBOX', message(n), { flags: ['\\Seen'] });
});

afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const backup = (...options: string[]): Promise<CliResult> => {
  const url = `imap://${encodeURIComponent(KIM.user)}@127.0.0.1:${platform.imapPort}`;
  return runCli(['backup', '--from', url, '--allow-insecure', '--out', archive(), '--json', ...options], {
    env: { MAILFERRY_FROM_PASSWORD: KIM.password },
  });
};
const verify = (...options: string[]): Promise<CliResult> => runCli(['verify', archive(), '--json', ...options]);

/** Every file below a folder with its bytes. */
const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );

const toArray = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const read = async (identities: readonly string[] = []) => {
  const reader = await ArchiveReader.open({ directory: archive(), identities, signal });
  const messages = await toArray(reader.messages());
  const bodies: (string | null)[] = [];
  for (const part of reader.parts)
    for await (const content of reader.contents(part, reader.messages(part)))
      bodies.push(content.kind === 'message' && Buffer.isBuffer(content.body) ? content.body.toString() : null);
  const isVanished = await reader.vanished();
  return {
    mailboxes: await reader.mailboxes(),
    messages,
    bodies,
    vanished: messages.filter(isVanished).map(({ uid }: ArchivedMessage) => uid),
  };
};

describe('a second backup', () => {
  it('adds parts with what is new, records what vanished, and leaves what is sealed as it is', async () => {
    expect((await backup()).exitCode).toBe(0);
    const first = contents(archive());
    const account = platform.account(KIM.user);
    account.append('INBOX', message(4));
    account.expunge('INBOX', [2]);
    const report = JSON.parse((await backup()).stdout);
    expect(report).toMatchObject({ fetchedMessages: 1, storedMessages: 4, vanishedMessages: 1, exitCode: 0 });
    const second = contents(archive());
    for (const name of ['part-0001.zip', 'part-0001.manifest.jsonl']) {
      const path = join(archive(), name);
      expect(second[path]).toBe(first[path]);
    }
    const { messages, bodies, vanished, mailboxes } = await read();
    expect(messages.map(({ part, uid }) => [part, uid])).toEqual([
      ['part-0001.zip', 1],
      ['part-0001.zip', 2],
      ['part-0001.zip', 3],
      ['part-0002.zip', 4],
    ]);
    expect(bodies).toEqual([1, 2, 3, 4].map((n) => message(n).toString()));
    expect(vanished).toEqual([2]);
    expect(mailboxes.map(({ path }) => path)).toContain('비어 있음');
    expect(readdirSync(archive()).filter((name) => name.startsWith('listing'))).toEqual(['listing-0002.jsonl']);
    expect((await verify()).exitCode).toBe(0);
    expect((await verify('--head', JSON.parse((await verify()).stdout).head)).exitCode).toBe(0);
  });

  it('S40: of a source that is suddenly empty changes nothing of the archive and says so', async () => {
    await backup();
    const parts = Object.entries(contents(archive())).filter(([path]) => /part-\d+/.test(path));
    platform.account(KIM.user).expunge('INBOX', [1, 2, 3]);
    const report = JSON.parse((await backup()).stdout);
    expect(report).toMatchObject({ fetchedMessages: 0, storedMessages: 3, vanishedMessages: 3 });
    expect(report.notices).toContainEqual({ code: 'mailbox-emptied', details: { mailbox: 'INBOX', before: 3 } });
    expect(Object.entries(contents(archive())).filter(([path]) => /part-\d+/.test(path))).toEqual(parts);
    expect((await read()).bodies).toHaveLength(3);
  });
});

describe('S43: a dry run', () => {
  it('counts what the real run then fetches, for a new archive and for one that goes on, and writes nothing', async () => {
    const planned = JSON.parse((await backup('--dry-run')).stdout);
    expect(readdirSync(directory)).toEqual([]);
    const real = JSON.parse((await backup()).stdout);
    expect([planned.kind, planned.messages, planned.exitCode]).toEqual(['plan', real.fetchedMessages, 0]);
    expect(planned.bytes).toBe(real.fetchedBytes);

    platform.account(KIM.user).append('비어 있음', message(5));
    const before = contents(directory);
    const next = JSON.parse((await backup('--dry-run')).stdout);
    expect(contents(directory)).toEqual(before);
    expect(next.mailboxes).toContainEqual(expect.objectContaining({ path: '비어 있음', listed: 1, archived: 0, messages: 1 }));
    expect(next.mailboxes).toContainEqual(expect.objectContaining({ path: 'INBOX', listed: 3, archived: 3, messages: 0 }));
    expect(JSON.parse((await backup()).stdout).fetchedMessages).toBe(next.messages);
    expect(JSON.parse((await backup('--dry-run')).stdout).messages).toBe(0);
  });

  it('of a migration asks nothing of the target and needs no consent', async () => {
    const url = `imap://${encodeURIComponent(KIM.user)}@127.0.0.1:${platform.imapPort}`;
    const args = [
      'migrate',
      '--from',
      url,
      '--allow-insecure',
      '--to',
      'http://new@127.0.0.1:1',
      '--archive',
      archive(),
      '--dry-run',
      '--json',
    ];
    const result = await runCli(args, { env: { MAILFERRY_FROM_PASSWORD: KIM.password } });
    expect(JSON.parse(result.stdout)).toMatchObject({ kind: 'plan', of: 'migrate', messages: 3, exitCode: 0 });
  });
});

describe('a signed archive', () => {
  const key = () => join(directory, 'key');

  it('is verified by its public key, and goes on only with the same private one', async () => {
    const made = await runCli(['key', 'new', key()]);
    expect(made.exitCode).toBe(0);
    expect(statSync(key()).mode & 0o777).toBe(0o600);
    expect((await runCli(['key', 'new', key()])).exitCode).toBe(2);
    expect((await backup('--sign-key', key())).exitCode).toBe(0);
    expect((await verify('--key-file', `${key()}.pub`)).exitCode).toBe(0);
    expect((await verify()).exitCode).toBe(0);

    platform.account(KIM.user).append('INBOX', message(4));
    expect(JSON.parse((await backup()).stdout).error.code).toBe('signing-key-missing');
    await runCli(['key', 'new', `${key()}-2`]);
    expect(JSON.parse((await backup('--sign-key', `${key()}-2`)).stdout).error.code).toBe('ledger-other-job');
    expect((await verify('--key-file', `${key()}.pub`)).exitCode).toBe(0);
    expect((await backup('--sign-key', key())).exitCode).toBe(0);
    expect((await verify('--key-file', `${key()}.pub`)).exitCode).toBe(0);

    const other = await verify('--key-file', `${key()}-2.pub`);
    expect(other.exitCode).toBe(4);
    expect(JSON.parse(other.stdout).damages).toMatchObject([{ part: 'chain.jsonl', code: 'signature-foreign' }]);
    writeFileSync(join(directory, 'no-key'), 'hello');
    expect(JSON.parse((await verify('--key-file', join(directory, 'no-key'))).stdout).error.code).toBe('key-unreadable');
  });
});

describe('an encrypted archive', () => {
  let identity: string;

  beforeEach(async () => {
    identity = await generateX25519Identity();
    writeFileSync(join(directory, 'identity'), `# created: now\n${identity}\n`);
    writeFileSync(join(directory, 'recipients'), `${await identityToRecipient(identity)}\n`);
  });

  it('holds nothing in the clear outside its work folder, goes on, and is read with the identity', async () => {
    expect((await backup('--recipients-file', join(directory, 'recipients'))).exitCode).toBe(0);
    platform.account(KIM.user).append('INBOX', message(4));
    // Settled by the first run.
    expect(JSON.parse((await backup()).stdout)).toMatchObject({ fetchedMessages: 1, storedMessages: 4 });
    const names = readdirSync(archive()).toSorted();
    expect(names).toEqual([
      '.mailferry',
      'SHA256SUMS',
      'chain.jsonl',
      'listing-0001.jsonl.age',
      'part-0001.manifest.jsonl.age',
      'part-0001.zip.age',
      'part-0002.manifest.jsonl.age',
      'part-0002.zip.age',
    ]);
    expect(readdirSync(join(archive(), '.mailferry')).filter((name) => name.includes('.zip'))).toEqual([]);
    for (const name of names.filter((one) => one !== '.mailferry'))
      expect(readFileSync(join(archive(), name), 'latin1')).not.toMatch(/INBOX|message 1|kim@/);

    const identities = await readIdentities(join(directory, 'identity'));
    const { bodies, mailboxes } = await read(identities);
    expect(bodies).toEqual([1, 2, 3, 4].map((n) => message(n).toString()));
    expect(mailboxes.map(({ path }) => path)).toContain('비어 있음');
    await expect(read()).rejects.toMatchObject({ code: 'identity-missing' });
    expect(JSON.parse((await verify()).stdout)).toMatchObject({ isOpened: false, entryCount: 0, exitCode: 0 });
    const opened = await verify('--identity', join(directory, 'identity'));
    expect(JSON.parse(opened.stdout)).toMatchObject({ isOpened: true, entryCount: 4, damages: [], exitCode: 0 });
    const other = await generateX25519Identity();
    expect(JSON.parse((await backup('--encrypt-to', await identityToRecipient(other))).stdout).error.code).toBe('ledger-other-job');
  });

  it('gives its messages in any order', async () => {
    await backup('--recipients-file', join(directory, 'recipients'));
    const reader = await ArchiveReader.open({ directory: archive(), identities: [identity], signal });
    const messages = await toArray(reader.messages());
    const found: unknown[] = [];
    for await (const content of reader.contents('part-0001.zip.age', messages.toReversed()))
      found.push(content.kind === 'message' && Buffer.isBuffer(content.body) ? content.body.toString() : content);
    expect(found).toEqual([3, 2, 1].map((n) => message(n).toString()));
  });

  it.skipIf(!hasProgram('age') || !hasProgram('unzip'))('is opened by age and unzip, where these are installed', async () => {
    await backup('--recipients-file', join(directory, 'recipients'));
    mkdirSync(join(directory, 'out'));
    const zip = join(directory, 'out', 'part.zip');
    await runProgram('age', ['-d', '-i', join(directory, 'identity'), '-o', zip, join(archive(), 'part-0001.zip.age')]);
    expect(await runProgram('unzip', ['-t', zip])).toContain('No errors');
    const manifest = await runProgram('age', ['-d', '-i', join(directory, 'identity'), join(archive(), 'part-0001.manifest.jsonl.age')]);
    expect(JSON.parse(manifest.split('\n')[0] ?? '').sha256).toBe(createHash('sha256').update(readFileSync(zip)).digest('hex'));
  });

  it('is refused where parts are for uploads, and for what is no recipient', async () => {
    const recipients = join(directory, 'recipients');
    expect((await backup('--recipients-file', recipients, '--for-upload')).exitCode).toBe(2);
    expect((await backup('--encrypt-to', 'age1nobody')).exitCode).toBe(2);
    expect(readdirSync(directory)).not.toContain('archive');
  });
});
