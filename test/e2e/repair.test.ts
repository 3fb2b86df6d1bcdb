import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveReader } from '@mailferry/core/archive';
import { type Platform, startPlatform } from '@mailferry/platform';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../fixtures/cli.ts';
import { storedZip } from '../fixtures/stored-zip.ts';

const KIM = { user: 'kim@example.co.kr', password: 'secret' };
const COUNT = 30;

let platform: Platform;
let directory: string;
const archive = () => join(directory, 'archive');
const out = () => join(directory, 'out');
const part = () => join(archive(), 'part-0001.zip');
const message = (n: number): Buffer => Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@x>\r\n\r\n${`body ${n} `.repeat(50)}\r\n`);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-repair-'));
  platform = await startPlatform({ accounts: [KIM], failedLogInMs: 0 });
  const account = platform.account(KIM.user);
  account.addMailbox('받은 서류/계약서');
  account.addMailbox('비어 있음');
  for (let n = 0; n < COUNT; n += 1)
    account.append(n % 3 === 0 ? '받은 서류/계약서' : 'INBOX', message(n), {
      flags: ['\\Seen'],
      internalDate: new Date(Date.UTC(2024, 1, n + 1)),
    });
  await backup();
});
afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const backup = async (...options: string[]): Promise<void> => {
  const url = `imap://${encodeURIComponent(KIM.user)}@127.0.0.1:${platform.imapPort}`;
  const args = ['backup', '--from', url, '--allow-insecure', '--out', archive(), '--quiet', ...options];
  expect((await runCli(args, { env: { MAILFERRY_FROM_PASSWORD: KIM.password } })).exitCode).toBe(0);
};
const repair = async (path: string, ...options: string[]) => {
  const result = await runCli(['repair', path, '--out', out(), '--json', ...options]);
  return { exitCode: result.exitCode, report: JSON.parse(result.stdout) };
};
const read = async (path: string) => {
  const reader = await ArchiveReader.open({ directory: path, signal: new AbortController().signal });
  const lines: string[] = [];
  for (const name of reader.parts)
    for await (const {
      kind,
      message: { mailbox, sha256, flags, internalDate },
    } of reader.contents(name, reader.messages(name)))
      lines.push(`${kind} ${mailbox} ${sha256} ${flags} ${internalDate?.toISOString()}`);
  return { lines: lines.toSorted(), mailboxes: (await reader.mailboxes()).map(({ path: name }) => name).toSorted() };
};
const expectSound = async (): Promise<void> =>
  expect(JSON.parse((await runCli(['verify', out(), '--json'])).stdout)).toMatchObject({ exitCode: 0, damages: [] });
/** Every file below a folder with its bytes. */
const snapshot = () =>
  readdirSync(archive())
    .filter((name) => name !== '.mailferry')
    .map((name) => [name, readFileSync(join(archive(), name), 'latin1')]);

describe('repair', () => {
  it.each([
    ['without its central directory', () => truncateSync(part(), readFileSync(part()).indexOf('PK\x01\x02'))],
    [
      'with a directory that is garbage',
      () => {
        const bytes = readFileSync(part());
        bytes.fill(0x5a, bytes.indexOf('PK\x01\x02') + 30);
        writeFileSync(part(), bytes);
      },
    ],
    [
      'without chain and checksums',
      () => {
        for (const name of ['chain.jsonl', 'SHA256SUMS']) rmSync(join(archive(), name));
      },
    ],
    ['whose ledger is gone', () => rmSync(join(archive(), '.mailferry'), { recursive: true })],
    [
      'with an open part and nothing that knows of it',
      () => {
        renameSync(part(), `${part()}.open`);
        for (const name of ['chain.jsonl', 'SHA256SUMS']) rmSync(join(archive(), name));
        rmSync(join(archive(), '.mailferry'), { recursive: true });
      },
    ],
  ])('brings everything of an archive over %s, and leaves that as it is', async (_, damage) => {
    const expected = await read(archive());
    damage();
    const before = snapshot();
    const { exitCode, report } = await repair(archive());
    expect([exitCode, report], JSON.stringify(report)).toMatchObject([0, { recoveredMessages: COUNT, lost: [], failed: [] }]);
    expect(await read(out())).toEqual(expected);
    expect(snapshot()).toEqual(before);
    await expectSound();
    expect((await repair(archive())).report).toMatchObject({ recoveredMessages: COUNT, lost: [] });
  });

  it('without manifests takes mailboxes and dates from the parts, and says that the flags are gone', async () => {
    rmSync(join(archive(), 'part-0001.manifest.jsonl'));
    const { exitCode, report } = await repair(archive());
    expect([exitCode, report]).toMatchObject([
      0,
      { recoveredMessages: COUNT, notices: [{ code: 'manifest-lost', details: { count: COUNT } }] },
    ]);
    expect((await read(out())).lines.every((line) => / {2}2024-0[23]-/.test(line))).toBe(true);
    expect((await read(out())).mailboxes).toContain('받은 서류/계약서');
  });

  it('names a message that was flipped, and saves the others', async () => {
    const bytes = readFileSync(part());
    const at = bytes.indexOf('.eml', 4000) + 60;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(part(), bytes);
    const { exitCode, report } = await repair(archive());
    expect([exitCode, report]).toMatchObject([
      3,
      { recoveredMessages: COUNT - 1, lost: [{ part: 'part-0001.zip', entryName: expect.stringMatching(/\.eml$/) }] },
    ]);
    await expectSound();
  });

  it('goes on behind a hole, and names every message that was in it', async () => {
    const bytes = readFileSync(part());
    bytes.fill(0, 2000, 4000);
    writeFileSync(part(), bytes);
    const { report } = await repair(archive());
    const gone = report.lost.filter(({ entryName }: { entryName: string | null }) => entryName !== null).length;
    expect(report.recoveredMessages + gone).toBe(COUNT);
    expect(gone).toBeGreaterThan(1);
    expect(report.lost.some(({ byteOffset }: { byteOffset: number | null }) => byteOffset !== null)).toBe(true);
    await expectSound();
  });

  it('of a part that is cut off or missing names what is gone', async () => {
    truncateSync(part(), 5000);
    const cut = await repair(archive());
    expect(cut.report.recoveredMessages + new Set(cut.report.lost.map(({ entryName }: { entryName: string }) => entryName)).size).toBe(
      COUNT,
    );
    rmSync(out(), { recursive: true });
    rmSync(part());
    const { exitCode, report } = await repair(archive());
    expect([exitCode, report.lost.length, report.lost[0]]).toMatchObject([3, COUNT, { reason: 'the part is missing' }]);
  });

  it('opens an encrypted archive, as far as it is whole', async () => {
    rmSync(archive(), { recursive: true });
    const identity = await generateX25519Identity();
    writeFileSync(join(directory, 'identity'), identity);
    for (let n = 0; n < 40; n += 1)
      platform
        .account(KIM.user)
        .append('INBOX', Buffer.concat([message(n), Buffer.from(Array.from({ length: 9000 }, () => Math.random().toString(36)).join(''))]));
    await backup('--encrypt-to', await identityToRecipient(identity));
    expect((await repair(archive())).report.error.code).toBe('identity-missing');
    rmSync(out(), { recursive: true, force: true });
    const whole = await repair(archive(), '--identity', join(directory, 'identity'));
    expect([whole.exitCode, whole.report]).toMatchObject([0, { recoveredMessages: COUNT + 40 }]);
    rmSync(out(), { recursive: true });
    const encrypted = `${part()}.age`;
    const bytes = readFileSync(encrypted);
    bytes.writeUInt8(bytes.readUInt8(bytes.length >>> 1) ^ 1, bytes.length >>> 1);
    writeFileSync(encrypted, bytes);
    const { exitCode, report } = await repair(archive(), '--identity', join(directory, 'identity'));
    expect(exitCode).toBe(3);
    expect(report.recoveredMessages).toBeGreaterThan(10);
    await expectSound();
  });

  it('takes a ZIP of someone else whose directory is broken', async () => {
    mkdirSync(join(directory, 'hoster'));
    const path = join(directory, 'hoster', '받은메일함.zip');
    writeFileSync(path, storedZip({ '1.eml': message(1), '프로젝트/2.eml': message(2), 'readme.txt': Buffer.from('no mail') }));
    truncateSync(path, readFileSync(path).length - 30);
    const { exitCode, report } = await repair(path);
    expect([exitCode, report]).toMatchObject([0, { recoveredMessages: 2, lost: [] }]);
    expect((await read(out())).mailboxes).toEqual(expect.arrayContaining(['받은메일함', '프로젝트']));
  });

  it('says where there is nothing', async () => {
    expect((await repair(join(directory, 'nowhere'))).report.error.code).toBe('archive-missing');
  });
});
