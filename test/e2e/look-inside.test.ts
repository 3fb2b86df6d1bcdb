import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { startPlatform } from '@mailferry/platform';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { runCli } from '../fixtures/cli.ts';

const KIM = { user: 'kim@example.co.kr', password: 'old-secret' };
const CLI = join(import.meta.dirname, '../../packages/cli/bin/mailferry.js');

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const lines = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [typeof part === 'string' ? Buffer.from(part) : part, Buffer.from('\r\n')]));
/** What a terminal obeys, and what turns the direction of text. */
const OBEYED = /(?!\n)[\p{Cc}\u202a-\u202e]/u;
const DATE = 'Date: Tue, 05 Mar 2024 09:12:33 +0900';

const MAILS = {
  words: lines(
    DATE,
    'From: =?euc-kr?B?sejDtrz2?= <kim@old.example>',
    'To: lee@new.example',
    `Subject: =?cp949?B?${'jGO55rCix88='}?=`,
    '',
    'plain',
  ),
  raw: lines(
    DATE,
    'From: park@old.example',
    Buffer.concat([Buffer.from('Subject: '), hex('b0dfc0fbbcad20c3d6c1beba bb'.replaceAll(' ', ''))]),
    '',
    'no label',
  ),
  unlabelled: lines(DATE, 'Subject: body only', '', hex('bec8b3e7c7cfbcbcbfe42c20b0e8bee0bcadc0d4b4cfb4d92e')),
  iso: lines(DATE, 'Subject: seven bits', 'Content-Type: text/plain; charset=iso-2022-kr', '', hex('1b2429430e3e4833670f')),
  html: lines(
    'Date: Wed, 06 Mar 2024 10:00:00 +0900',
    'Subject: two forms',
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('보낸 견적을\n확인해 주세요').toString('base64'),
    '--b',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<style>.secretstyle{}</style><p>only in=20the <b>mark=',
    '</b>up &amp; more</p>',
    '--b--',
  ),
  attached: lines(
    'Date: Thu, 07 Mar 2024 10:00:00 +0900',
    'Subject: with a file',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'see the file',
    '--b',
    "Content-Type: application/octet-stream; name*=euc-kr''%C8%B8%C0%C7%20%C0%DA%B7%E1.hwp",
    'Content-Disposition: attachment',
    'Content-Transfer-Encoding: base64',
    '',
    'AAAA',
    '--b--',
  ),
  hostile: lines(
    'Subject: </title><script>alert(1)</script>\u202egnp.exe\0\x1b[31m',
    'From: "<img src=x onerror=alert(1)>" <evil@example.com>',
    'Content-Type: text/plain; charset=utf-8',
    '',
    '</pre><script>alert(2)</script> \x1b]0;owned\x07 \u202ereversed',
  ),
  hugeSubject: lines(`Subject: ${'가'.repeat(350_000)}`, '', 'below'),
} as const;

let directory: string;
let archive: string;

const names = Object.keys(MAILS) as (keyof typeof MAILS)[];
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-look-'));
  archive = join(directory, 'kim');
  const platform = await startPlatform({ accounts: [KIM], failedLogInMs: 0 });
  const account = platform.account(KIM.user);
  account.addMailbox('비어 있음');
  account.addMailbox('프로젝트/2024');
  const internalDate = new Date('2024-04-01T00:00:00Z');
  for (const name of names)
    account.append(name === 'html' || name === 'attached' ? '프로젝트/2024' : 'INBOX', MAILS[name], { flags: ['\\Seen'], internalDate });
  account.append('INBOX', MAILS.html, { flags: ['\\Flagged'], internalDate });
  const from = `imap://${encodeURIComponent(KIM.user)}@127.0.0.1:${platform.imapPort}`;
  const args = ['backup', '--from', from, '--allow-insecure', '--out', archive, '--json'];
  const { exitCode, stderr } = await runCli(args, { env: { MAILFERRY_FROM_PASSWORD: KIM.password } });
  await platform.stop();
  expect(exitCode, stderr).toBe(0);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const ids = (): Map<string, string> => new Map(names.map((name) => [name, sha256(MAILS[name])]));
const nameOf = (hash: string): string | undefined => names.find((name) => sha256(MAILS[name]) === hash);
const json = async (...args: string[]) => {
  const { stdout, exitCode } = await runCli([...args, '--json']);
  const document = JSON.parse(stdout);
  expect(document.exitCode).toBe(exitCode);
  return document;
};
const files = (root: string): [string, string][] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }): [string, string] => [join(parentPath, name), sha256(readFileSync(join(parentPath, name)))])
    .toSorted();

/** A copy of the archive whose message is damaged in the part: one byte in the middle of its data. */
const damagedCopy = (name: keyof typeof MAILS): string => {
  const copy = mkdtempSync(join(directory, 'damaged-'));
  for (const file of readdirSync(archive, { withFileTypes: true }))
    if (file.isFile()) writeFileSync(join(copy, file.name), readFileSync(join(archive, file.name)));
  const entry = manifestMessages(copy).find(({ sha256: hash }) => hash === sha256(MAILS[name]))?.name ?? '';
  const path = join(copy, 'part-0001.zip');
  const bytes = readFileSync(path);
  const at = bytes.indexOf(Buffer.from(entry)) + Buffer.byteLength(entry) + 20;
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, at);
  closeSync(file);
  return copy;
};

describe('ls', () => {
  it('shows all mailboxes with what is in them', async () => {
    const { mailboxes } = await json('ls', archive);
    const bytes = (...of: (keyof typeof MAILS)[]) => of.reduce((sum, name) => sum + MAILS[name].length, 0);
    expect(mailboxes.filter(({ path }: { path: string }) => !['Drafts', 'Junk', 'Sent', 'Trash'].includes(path))).toMatchObject([
      { path: 'INBOX', specialUse: '\\Inbox', messages: 7 },
      { path: '비어 있음', messages: 0, sizeBytes: 0, firstDate: null, lastDate: null },
      { path: '프로젝트', messages: 0 },
      {
        path: '프로젝트/2024',
        messages: 2,
        sizeBytes: bytes('html', 'attached'),
        firstDate: '2024-03-06T01:00:00.000Z',
        lastDate: '2024-03-07T01:00:00.000Z',
      },
    ]);
    const { stdout } = await runCli(['ls', archive, '--lang', 'ko', '--time-zone', 'Asia/Seoul']);
    expect(stdout).toMatch(/프로젝트\/2024 +2 .*2024-03-06 +2024-03-07/);
  });

  it('shows the messages of mailboxes, decoded, with an id for each', async () => {
    const { list, messages } = await json('ls', archive, '프로젝트*');
    expect(messages).toBe(2);
    expect(list).toMatchObject([
      { sha256: ids().get('html'), subject: 'two forms', date: '2024-03-06T01:00:00.000Z', flags: ['\\Seen'], unread: null },
      { sha256: ids().get('attached'), mailbox: '프로젝트/2024', hasVanished: false },
    ]);
    const { stdout } = await runCli(['ls', archive, '--messages', '--time-zone', 'UTC']);
    expect(stdout).toContain(`${ids().get('words')?.slice(0, 8)}  2024-03-05 00:12`);
    expect(stdout).toMatch(/김철수 <kim@old\.example> +똠방각하/);
    expect(stdout).toMatch(/견적서 최종본\n/);
    expect(stdout).not.toMatch(OBEYED);
  });

  it('ends a document that was begun when the archive turns out to be broken', async () => {
    const copy = damagedCopy('raw');
    const manifest = join(copy, 'part-0001.manifest.jsonl');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/\n[^\n]*\n$/, '\nbroken\n'));
    expect(await json('ls', copy, '--messages')).toMatchObject({ error: { code: 'manifest-invalid' }, exitCode: 1 });
    expect(await json('ls', join(directory, 'nothing'))).toMatchObject({ error: { code: 'archive-missing' }, exitCode: 1 });
  });
});

describe('cat', () => {
  const bytesOf = async (...args: string[]) => {
    const child = spawn(process.execPath, [CLI, 'cat', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [[exitCode], stdout, stderr] = await Promise.all([once(child, 'exit'), buffer(child.stdout), buffer(child.stderr)]);
    return { exitCode, stdout, stderr: stderr.toString() };
  };

  it.each(names)('writes the very bytes of a message: %s', async (name) => {
    const { stdout, exitCode } = await bytesOf(archive, (ids().get(name) ?? '').slice(0, 8));
    expect(exitCode).toBe(0);
    expect(stdout.equals(MAILS[name])).toBe(true);
  });

  it('takes the name of an entry as well', async () => {
    const { name = '' } = manifestMessages(archive).find(({ sha256: hash }) => hash === ids().get('iso')) ?? {};
    for (const given of [name, name.split('/').at(-1) ?? '', name.normalize('NFD')])
      expect((await bytesOf(archive, given)).stdout.equals(MAILS.iso)).toBe(true);
  });

  it('writes a file only once, and only whole', async () => {
    const out = join(directory, 'saved.eml');
    const id = ids().get('raw') ?? '';
    expect(await runCli(['cat', archive, id, '--out', out])).toMatchObject({ exitCode: 0, stdout: '' });
    expect(readFileSync(out).equals(MAILS.raw)).toBe(true);
    expect((await runCli(['cat', archive, id, '--out', out])).exitCode).toBe(2);
    const other = join(directory, 'damaged.eml');
    expect((await runCli(['cat', damagedCopy('raw'), id, '--out', other])).exitCode).toBe(1);
    expect(readdirSync(directory).filter((name) => name.startsWith('damaged.eml'))).toEqual([]);
  });

  it('refuses what is damaged, unknown or not told apart, and writes nothing', async () => {
    const damaged = await bytesOf(damagedCopy('raw'), ids().get('raw') ?? '');
    expect(damaged).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('[entry-damaged]') });
    const unknown = await bytesOf(archive, 'ffffffffffffffff');
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('[entry-unknown]') });
    expect(damaged.stdout.length + unknown.stdout.length).toBe(0);
    expect((await bytesOf(archive, 'abc')).stderr).toContain('[entry-unknown]');
    const twins = join(directory, 'twins');
    mkdirSync(join(twins, 'a'), { recursive: true });
    // The beginnings of their SHA-256 are the same.
    const [first, second] = twinMails();
    writeFileSync(join(twins, 'a/1.eml'), first);
    writeFileSync(join(twins, 'a/2.eml'), second);
    await runCli(['backup', '--from', `eml:${twins}`, '--out', join(directory, 'twin-archive')]);
    const ambiguous = await bytesOf(join(directory, 'twin-archive'), sha256(first).slice(0, 4));
    expect(ambiguous).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('[entry-ambiguous]') });
    for (const mail of [first, second]) expect(ambiguous.stderr).toContain(sha256(mail).slice(0, 16));
  });

  it('shows text and headers, and nothing that a terminal would obey', async () => {
    const text = await runCli(['cat', archive, ids().get('hostile') ?? '', '--text']);
    expect(text.stdout).toContain('</title><script>alert(1)</script>');
    const headers = await runCli(['cat', archive, ids().get('words') ?? '', '--headers']);
    expect(headers.stdout).toContain('From: 김철수 <kim@old.example>\n');
    expect(text.stdout + headers.stdout).not.toMatch(OBEYED);
    const html = await json('cat', archive, ids().get('html') ?? '');
    expect(html).toMatchObject({ subject: 'two forms', text: '보낸 견적을\n확인해 주세요', isWhole: true });
  });
});

describe('a message that is too big to be held', () => {
  const big = Buffer.concat([
    Buffer.from('Subject: big\r\n\r\nbeginning\r\n'),
    Buffer.alloc(9 * 1024 * 1024, 'line of text\r\n'),
    Buffer.from('the end'),
  ]);
  let bigArchive: string;
  beforeAll(async () => {
    const mail = mkdtempSync(join(directory, 'big-'));
    writeFileSync(join(mail, 'big.eml'), big);
    bigArchive = join(directory, 'big');
    await runCli(['backup', '--from', `eml:${mail}`, '--out', bigArchive]);
  });

  it('is written whole, and its beginning is searched and shown', async () => {
    const out = join(directory, 'big.eml');
    expect((await runCli(['cat', bigArchive, sha256(big), '--out', out])).exitCode).toBe(0);
    expect(readFileSync(out).equals(big)).toBe(true);
    expect(await json('search', bigArchive, 'beginning')).toMatchObject({ found: 1, readInPart: 1, unread: 0, exitCode: 0 });
    expect(await json('search', bigArchive, 'the end')).toMatchObject({ found: 0, readInPart: 1 });
    expect((await runCli(['cat', bigArchive, sha256(big), '--text'])).stdout).toMatch(/beginning\n[\s\S]*was not read as a whole/);
  });

  it('is an error when it is damaged at its very end, and leaves no file', async () => {
    const part = join(bigArchive, 'part-0001.zip');
    const bytes = readFileSync(part);
    const directoryAt = bytes.readUInt32LE(bytes.length - 6);
    const whole = Buffer.from(bytes);
    bytes.writeUInt8(bytes.readUInt8(directoryAt - 3) ^ 0xff, directoryAt - 3);
    writeFileSync(part, bytes);
    const out = join(directory, 'damaged-big.eml');
    expect(await runCli(['cat', bigArchive, sha256(big), '--out', out])).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await runCli(['cat', bigArchive, sha256(big), '--text'])).toMatchObject({ exitCode: 1, stdout: '' });
    expect((await runCli(['cat', bigArchive, sha256(big)])).exitCode).toBe(1);
    expect(await json('search', bigArchive, 'beginning')).toMatchObject({ found: 0, unread: 1, exitCode: 3 });
    expect(readdirSync(directory).filter((name) => name.startsWith('damaged-big'))).toEqual([]);
    writeFileSync(part, whole);
  });
});

/** Two mails whose SHA-256 begin with the same four digits. */
const twinMails = (): [Buffer, Buffer] => {
  const seen = new Map<string, Buffer>();
  for (let n = 0; ; n += 1) {
    const mail = Buffer.from(`Subject: ${n}\r\n\r\nbody\r\n`);
    const beginning = sha256(mail).slice(0, 4);
    const twin = seen.get(beginning);
    if (twin) return [twin, mail];
    seen.set(beginning, mail);
  }
};

describe('search', () => {
  const found = async (...args: string[]) => {
    const { hits } = await json('search', archive, ...args);
    return [...new Set((hits as { sha256: string }[]).map(({ sha256: hash }) => nameOf(hash)))].toSorted();
  };

  it.each<[string[], string[]]>([
    [['똠방각하'], ['words']],
    [['김철수'], ['words']],
    [['김철수'.normalize('NFD')], ['words']],
    [['견적서 최종본'], ['raw']],
    [['최종본', '견적서'], ['raw']],
    [['최종본 견적서'], []],
    [['계약서입니다'], ['unlabelled']],
    [['안녕'], ['iso', 'unlabelled']],
    [['견적을 확인해'], ['html']],
    [['THE MARKUP & more'], ['html']],
    [['secretstyle'], []],
    [['회의 자료.hwp'], ['attached']],
    [['--has-attachment'], ['attached']],
    [['--subject', 'TWO'], ['html']],
    [['--from', 'kim@'], ['words']],
    [['--to', 'lee@new'], ['words']],
    [['--mailbox', '프로젝트/*', 'file'], ['attached']],
    [
      ['--mailbox', '프로젝트/*'],
      ['attached', 'html'],
    ],
    [['--period', '2024-03-06', '--time-zone', 'Asia/Seoul'], ['html']],
    [['below'], ['hugeSubject']],
  ])('finds %j', async (args, expected) => {
    expect(await found(...args)).toEqual(expected);
  });

  it('shows where each is, and the line that was found', async () => {
    const { stdout, exitCode } = await runCli(['search', archive, '확인해', '--mailbox', '프로젝트*', '--time-zone', 'Asia/Seoul']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^[0-9a-f]{8} {2}2024-03-06 10:00 {2}프로젝트\/2024\n {2}two forms\n {2}보낸 견적을 확인해 주세요.*\n\n/);
    expect(stdout).toContain('Messages found: 1, of 2 that were searched.');
    expect(await runCli(['search', archive, 'nowhere'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('found: 0, of 9') });
    expect((await runCli(['search', archive])).exitCode).toBe(2);
  });

  it('tells what could not be read, and goes on with the rest', async () => {
    const result = await json('search', damagedCopy('raw'), 'e');
    expect(result).toMatchObject({ searched: 9, unread: 1, unreadEntries: [{ code: 'entry-damaged' }], exitCode: 3 });
    const cutOff = damagedCopy('raw');
    writeFileSync(join(cutOff, 'part-0001.zip'), readFileSync(join(archive, 'part-0001.zip')).subarray(0, -30));
    expect(await json('search', cutOff, 'e')).toMatchObject({ searched: 9, unread: 9, found: 0, exitCode: 3 });
    expect((await json('ls', cutOff, '--messages')).list).toHaveLength(9);
  });
});

/** Of what a page may be made: no element that loads something, no attribute that does something. */
const TAG =
  /^<\/?(?:html|body|a|header|main|footer|nav|p|h1|h2|bdi|div|span|table|thead|tbody|tfoot|tr|th|td|ul|li|details|summary|time|dl|dt|dd|pre|code|label|input|output)(?: (?:class|id|href|rel|lang|dir|scope|role|for|type|datetime|autocomplete|data-text|aria-label|aria-labelledby|aria-current)="[^"<>]*"| hidden)*>$/;

describe('index', () => {
  let out: string;
  beforeEach(() => {
    out = mkdtempSync(join(directory, 'index-'));
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));
  const page = (name: string): string => readFileSync(join(out, name), 'utf8');
  const pageOf = (mailbox: string): string => page(new RegExp(`href="([^"]*)"><bdi>${mailbox}<`).exec(page('index.html'))?.[1] ?? '');

  it('makes pages of all mailboxes, the same ones each time, and leaves the archive alone', async () => {
    const before = files(archive);
    const report = await json('index', archive, '--out', out, '--lang', 'ko', '--time-zone', 'Asia/Seoul');
    expect(report).toMatchObject({ messages: 9, unread: 0, exitCode: 0 });
    expect(page('index.html')).toContain('<html lang="ko">');
    expect(page('index.html')).toContain('프로젝트/2024');
    expect(page('index.html')).toContain(sha256(readFileSync(join(archive, 'part-0001.zip'))));
    const project = pageOf('프로젝트/2024');
    expect(project).toMatch(/회의 자료\.hwp[\s\S]*two forms/);
    expect(project).toContain('2024-03-07 10:00');
    expect(project).toContain('보낸 견적을\n확인해 주세요');
    expect(pageOf('비어 있음')).toContain('빈 메일함입니다');

    const first = files(out);
    writeFileSync(join(out, 'mailbox-0099-1.html'), 'of an earlier run');
    writeFileSync(join(out, 'mine.txt'), 'kept');
    await json('index', archive, '--out', out, '--lang', 'ko', '--time-zone', 'Asia/Seoul');
    expect(files(out)).toEqual([...first, [join(out, 'mine.txt'), sha256(Buffer.from('kept'))]].toSorted());
    expect(files(archive)).toEqual(before);
  });

  it('lets nothing of the mail act: it is text, and only the style and script of the page are allowed', async () => {
    await json('index', archive, '--out', out);
    for (const name of readdirSync(out).filter((one) => one.endsWith('.html'))) {
      const html = page(name);
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
      const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1];
      const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
      const allowed = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
      expect(policy).toBe(
        `default-src 'none'; style-src ${allowed(style)}; base-uri 'none'; form-action 'none'${script === undefined ? '' : `; script-src ${allowed(script)}`}`,
      );
      expect(html.match(/<script/g)?.length ?? 0).toBe(script === undefined ? 0 : 1);
      const body = html.slice(html.indexOf('<body>'));
      for (const [tag] of body.replace(/<script>[\s\S]*?<\/script>/, '').matchAll(/<[^>]*>/g)) expect(tag).toMatch(TAG);
      for (const [, target = ''] of html.matchAll(/href="([^"]*)"/g))
        expect(target).toMatch(/^(?:#content|index\.html|mailbox-\d{4}-\d+\.html)$/);
      expect(html).not.toMatch(OBEYED);
    }
    expect(pageOf('INBOX')).toContain('&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(pageOf('INBOX').length).toBeLessThan(100_000);
  });

  it('says at its place which message could not be read', async () => {
    const report = await json('index', damagedCopy('raw'), '--out', out);
    expect(report).toMatchObject({ messages: 9, unread: 1, exitCode: 3 });
    expect(pageOf('INBOX')).toContain('[entry-damaged]');
  });

  it('takes no folder that holds something else, or is in the archive', async () => {
    writeFileSync(join(out, 'mine.txt'), 'mine');
    const before = files(archive);
    for (const folder of [out, archive, join(archive, 'index'), join(out, 'mine.txt')])
      expect(await json('index', archive, '--out', folder)).toMatchObject({ error: { code: 'index-folder-refused' }, exitCode: 1 });
    expect(files(archive)).toEqual(before);
    expect(readdirSync(out)).toEqual(['mine.txt']);
  });
});
