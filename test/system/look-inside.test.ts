import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '@mailferry/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../fixtures/cli.ts';
import { corpusMessages, hasCorpus } from '../fixtures/corpus.ts';
import { hasProgram, runProgram } from '../fixtures/programs.ts';

const KIM = { user: 'kim@example.co.kr', password: 'old-secret' };
const BROWSER = 'chromium-headless-shell';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-look-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const json = async (...args: string[]) => {
  const { stdout, stderr } = await runCli([...args, '--json', '--quiet']);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};
const pages = (out: string): string[] =>
  readdirSync(out)
    .filter((name) => name.endsWith('.html'))
    .map((name) => readFileSync(join(out, name), 'utf8'));

describe.skipIf(!hasCorpus())('the corpus of real mail in an archive (needs the corpus)', () => {
  const messages = hasCorpus() ? [...corpusMessages().values()].flat() : [];
  const hashes = messages.map((bytes) => createHash('sha256').update(bytes).digest('hex')).toSorted();

  const backUp = async (archive: string, ...more: string[]): Promise<void> => {
    const platform = await startPlatform({ accounts: [KIM], failedLogInMs: 0 });
    const account = platform.account(KIM.user);
    for (const [mailbox, bytes] of corpusMessages()) {
      account.addMailbox(mailbox);
      account.appendAll(
        mailbox,
        bytes.map((one) => ({ bytes: one })),
      );
    }
    const from = `imap://${encodeURIComponent(KIM.user)}@127.0.0.1:${platform.imapPort}`;
    const args = ['backup', '--from', from, '--allow-insecure', '--out', archive, '--json', '--part-size', '2MB', ...more];
    const { exitCode, stdout } = await runCli(args, { env: { MAILFERRY_FROM_PASSWORD: KIM.password } });
    await platform.stop();
    expect(exitCode, stdout).toBe(0);
  };

  /** Everything is listed, searched and indexed once, and nothing is unreadable. */
  const lookInside = async (archive: string, ...identity: string[]): Promise<void> => {
    const listing = await json('ls', archive, '--messages', ...identity);
    expect(listing).toMatchObject({ messages: messages.length, unread: 0, exitCode: 0 });
    const list = listing.list as { id: string; sha256: string }[];
    expect(list.map(({ sha256 }) => sha256).toSorted()).toEqual(hashes);
    const everything = await json('search', archive, '--mailbox', '*', ...identity);
    expect(everything).toMatchObject({ searched: messages.length, found: messages.length, unread: 0, exitCode: 0 });
    expect((await json('search', archive, '한국말로', ...identity)).found).toBeGreaterThan(0);
    const out = join(directory, `index-${identity.length}`);
    expect(await json('index', archive, '--out', out, ...identity)).toMatchObject({ messages: messages.length, unread: 0, exitCode: 0 });
    expect(pages(out).reduce((sum, page) => sum + page.split('<li><details>').length - 1, 0)).toBe(messages.length);
    for (const { id, sha256 } of list.filter((_, at) => at % 300 === 0)) {
      const saved = join(directory, `${sha256}.${identity.length}.eml`);
      expect((await runCli(['cat', archive, id, '--out', saved, ...identity])).exitCode).toBe(0);
      expect(createHash('sha256').update(readFileSync(saved)).digest('hex')).toBe(sha256);
    }
  };

  it('is listed, searched, indexed and read, every message once', async () => {
    const archive = join(directory, 'plain');
    await backUp(archive);
    await lookInside(archive);
  });

  it.skipIf(!hasProgram('age-keygen'))('the same from an encrypted archive (needs age)', async () => {
    const key = join(directory, 'key.txt');
    await runProgram('age-keygen', ['-o', key]);
    const recipient = /public key: (\S+)/.exec(readFileSync(key, 'utf8'))?.[1] ?? '';
    const archive = join(directory, 'encrypted');
    await backUp(archive, '--encrypt-to', recipient);
    await lookInside(archive, '--identity', key);
    for (const args of [
      ['ls', archive],
      ['search', archive, 'x'],
      ['index', archive, '--out', join(directory, 'none')],
    ])
      expect(await json(...args)).toMatchObject({ error: { code: 'identity-missing' }, exitCode: 1 });
  });
});

describe.skipIf(!hasProgram(BROWSER))('an index in a browser (needs chromium-headless-shell)', () => {
  it('runs its own script from the disk, and nothing of the mail', async () => {
    const mail = join(directory, 'mail');
    mkdirSync(mail);
    const attack =
      '</title></pre></bdi><script>document.title="owned"</script><img src=x onerror="document.title=1"><style>*{display:none}</style>';
    writeFileSync(join(mail, '1.eml'), `From: ${attack}\r\nSubject: ${attack}\r\n\r\n${attack}\r\n`);
    await runCli(['backup', '--from', `eml:${mail}`, '--out', join(directory, 'hostile')]);
    const out = join(directory, 'hostile-index');
    await json('index', join(directory, 'hostile'), '--out', out);
    const dom = await runProgram(BROWSER, ['--no-sandbox', '--disable-gpu', '--dump-dom', `file://${out}/mailbox-0001-1.html`]);
    expect(dom).toContain('<div class="filter" role="search">');
    expect(dom).toMatch(/<title>[^<]* \(1\/1\)<\/title>/);
    expect(dom).not.toMatch(/<img|owned<\/title>/);
    expect(dom.match(/<script/g)).toHaveLength(1);
  });
});
