import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveReader } from '@mailferry/core/archive';
import { type Platform, startPlatform } from '@mailferry/platform';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, runCli } from '../fixtures/cli.ts';
import { storedZip } from '../fixtures/stored-zip.ts';

const KIM = { user: 'kim@example.co.kr', password: 'secret' };
const NEW = { user: 'new@example.co.kr', password: 'new-secret' };

let platform: Platform;
let directory: string;
const archive = () => join(directory, 'archive');
const out = () => join(directory, 'out');
const noise = (n: number, bytes: number): string => {
  let text = '';
  for (let i = 0; text.length < bytes; i += 1) text += createHash('sha256').update(`${n} ${i}`).digest('base64');
  return text.slice(0, bytes);
};
const message = (n: number, bytes = 500): Buffer =>
  Buffer.from(`Subject: message ${n}\r\nMessage-ID: <${n}@x>\r\n\r\n${noise(n, bytes)}\r\n`);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-repack-'));
  platform = await startPlatform({ accounts: [KIM, NEW], failedLogInMs: 0 });
  const account = platform.account(KIM.user);
  account.addMailbox('받은 서류/계약서');
  account.addMailbox('비어 있음');
  for (let n = 0; n < 40; n += 1)
    account.append(n % 3 === 0 ? '받은 서류/계약서' : 'INBOX', message(n, n === 7 ? 90_000 : 3000), {
      flags: n % 2 === 0 ? ['\\Seen'] : ['$Forwarded'],
      internalDate: new Date(Date.UTC(2022 + (n % 3), n % 12, 15)),
    });
});
afterEach(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const backup = (...options: string[]): Promise<CliResult> => {
  const url = `imap://${encodeURIComponent(KIM.user)}@127.0.0.1:${platform.imapPort}`;
  return runCli(['backup', '--from', url, '--allow-insecure', '--out', archive(), '--quiet', ...options], {
    env: { MAILFERRY_FROM_PASSWORD: KIM.password },
  });
};
const repack = async (path: string, ...options: string[]) => {
  const result = await runCli(['repack', path, '--out', out(), '--json', ...options]);
  return { exitCode: result.exitCode, report: JSON.parse(result.stdout) };
};

/** What an archive holds: mailbox, bytes, flags and date of every message, and the part that it is in. */
const read = async (path: string, identities: readonly string[] = []) => {
  const reader = await ArchiveReader.open({ directory: path, identities, signal: new AbortController().signal });
  const messages: { part: string; mailbox: string; year: number | undefined; line: string }[] = [];
  for (const part of reader.parts)
    for await (const content of reader.contents(part, reader.messages(part))) {
      const { mailbox, flags, internalDate, sha256 } = content.message;
      expect(content.kind).toBe('message');
      messages.push({
        part,
        mailbox,
        year: internalDate?.getUTCFullYear(),
        line: `${mailbox} ${sha256} ${flags} ${internalDate?.toISOString()}`,
      });
    }
  return {
    messages,
    lines: messages.map(({ line }) => line).toSorted(),
    mailboxes: (await reader.mailboxes()).map(({ path: name }) => name).toSorted(),
  };
};

describe('repack', () => {
  it('makes parts of one mailbox, none bigger than said, of which no message differs in a byte, a flag or a date', async () => {
    await backup();
    const { exitCode, report } = await repack(archive(), '--part-size', '100000');
    expect([exitCode, report]).toMatchObject([0, { kind: 'repack', repackedMessages: 40, storedMessages: 40, failed: [] }]);
    const [before, after] = [await read(archive()), await read(out())];
    expect([after.lines, after.mailboxes]).toEqual([before.lines, before.mailboxes]);
    for (const inPart of Map.groupBy(after.messages, ({ part }) => part).values())
      expect(new Set(inPart.map(({ mailbox }) => mailbox)).size).toBe(1);
    const sizes = readdirSync(out())
      .filter((name) => name.endsWith('.zip'))
      .map((name) => readFileSync(join(out(), name)).length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000);
    expect((await runCli(['verify', out()])).exitCode).toBe(0);
    expect((await repack(archive(), '--part-size', '100000')).report).toMatchObject({
      repackedMessages: 0,
      storedMessages: 40,
      exitCode: 0,
    });
  });

  it('of a backup can be uploaded, which the backup itself can not', async () => {
    await backup();
    const to = `http://${encodeURIComponent(NEW.user)}@127.0.0.1:${platform.httpPort}`;
    const upload = (path: string) =>
      runCli(['upload', path, '--to', to, '--yes', '--json'], { env: { MAILFERRY_TO_PASSWORD: NEW.password } });
    expect((await upload(archive())).exitCode).not.toBe(0);
    await repack(archive());
    const result = await upload(out());
    expect([result.exitCode, JSON.parse(result.stdout)]).toMatchObject([0, { uploadedMessages: 40, failed: [] }]);
  });

  it('groups by year and month', async () => {
    await backup();
    await repack(archive(), '--by', 'year');
    const { messages, lines } = await read(out());
    expect(lines).toEqual((await read(archive())).lines);
    const parts = [...Map.groupBy(messages, ({ part }) => part).values()];
    for (const inPart of parts) expect(new Set(inPart.map(({ mailbox, year }) => `${mailbox} ${year}`)).size).toBe(1);
    expect(parts).toHaveLength(3);
    rmSync(out(), { recursive: true });
    await repack(archive(), '--by', 'month');
    expect((await read(out())).lines).toEqual(lines);
  });

  it('opens an encrypted archive, and takes big messages through as they are', async () => {
    const identity = await generateX25519Identity();
    writeFileSync(join(directory, 'identity'), identity);
    platform.account(KIM.user).append('INBOX', message(99, 9_000_000));
    await backup('--encrypt-to', await identityToRecipient(identity));
    expect((await repack(archive())).report.error.code).toBe('identity-missing');
    expect((await repack(archive(), '--identity', join(directory, 'identity'))).report).toMatchObject({
      repackedMessages: 41,
      exitCode: 0,
    });
    expect((await read(out())).lines).toEqual((await read(archive(), [identity])).lines);
  });

  it('names a message that is damaged, and takes the others over', async () => {
    await backup();
    const part = join(archive(), 'part-0001.zip');
    const bytes = readFileSync(part);
    const at = bytes.indexOf('.eml') + 300;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(part, bytes);
    const { exitCode, report } = await repack(archive());
    expect([exitCode, report]).toMatchObject([3, { storedMessages: 39, failed: [{ code: 'message-damaged' }] }]);
  });

  it("takes a hoster's ZIPs: folders are mailboxes, and numbered parts of one backup are one", async () => {
    const folder = join(directory, 'hoster');
    mkdirSync(folder);
    writeFileSync(join(folder, '받은메일함.zip'), storedZip({ '1.eml': message(1), '2.eml': message(2) }));
    writeFileSync(join(folder, '받은메일함(2).zip'), storedZip({ '1.eml': message(3), '프로젝트/4.eml': message(4) }));
    writeFileSync(join(folder, '2024.zip'), storedZip({ 'a.eml': message(5) }));
    const { exitCode, report } = await repack(folder);
    expect([exitCode, report]).toMatchObject([0, { repackedMessages: 5, failed: [] }]);
    const { messages } = await read(out());
    const counts = Map.groupBy(messages, ({ mailbox }) => mailbox);
    expect([...counts].map(([mailbox, { length }]) => [mailbox, length]).toSorted()).toEqual([
      ['2024', 1],
      ['받은메일함', 3],
      ['프로젝트', 1],
    ]);
  });

  it('is refused where the size or the grouping is none', async () => {
    await backup();
    expect((await repack(archive(), '--part-size', '2GiB')).exitCode).toBe(2);
    expect((await repack(archive(), '--by', 'week')).exitCode).toBe(2);
  });
});
