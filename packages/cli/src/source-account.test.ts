import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { MailferryError } from '@mailferry/core/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeOptions, readOptions } from './options.ts';
import { Secrets } from './secrets.ts';
import { checkCanDelete, type FromOption, readFrom } from './source-account.ts';
import { textsOf } from './texts.ts';

const texts = textsOf('en');
const context = {
  texts,
  terminal: { env: {}, stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
  secrets: new Secrets(),
  signal: new AbortController().signal,
  onProgress: () => undefined,
  note: () => undefined,
};
const read = (from: string, more: object = {}): Promise<FromOption> =>
  readFrom(readOptions(probeOptions, { from, ...more }, texts), context);
const urlOf = async (from: string, more: object = {}): Promise<string> => {
  const found = await read(from, more);
  return found.kind === 'files' ? found.url : found.account.url;
};
const refusal = async (from: string, more: object = {}): Promise<string> => {
  const error: unknown = await read(from, more).catch((reason: unknown) => reason);
  return error instanceof MailferryError ? `${error.message} [${error.code}]` : 'accepted';
};

let folder = '';
let before = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailferry-from-'));
  before = process.cwd();
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

describe('--from', () => {
  it.each(['imaps://kim@mail.example', 'imap://kim@mail.example:1143', 'pop3s://kim@mail.example', 'POP3://kim@mail.example'])(
    'takes the server %s as it is',
    async (url) => {
      expect(await urlOf(url)).toBe(url);
    },
  );

  it('takes mail in files by its kind, and finds relative paths from where it runs', async () => {
    expect(await urlOf('mbox:Mail/a b')).toBe(`mbox:${join(process.cwd(), 'Mail/a b')}`);
    expect(await urlOf('MAILDIR:/home/kim/Maildir')).toBe('maildir:/home/kim/Maildir');
    expect(await urlOf('eml:.')).toBe(`eml:${process.cwd()}`);
    expect(await urlOf('zip:kim@naver.com.zip')).toBe(`zip:${join(process.cwd(), 'kim@naver.com.zip')}`);
  });

  it('takes a path that exists, and looks what it is', async () => {
    await writeFile('old mail', 'From kim@example.com Tue Mar  5 09:12:33 2024\nSubject: a\n\nb\n');
    expect(await urlOf('old mail')).toBe(`mbox:${join(process.cwd(), 'old mail')}`);
    await mkdir('kim@company.co.kr/cur', { recursive: true });
    await mkdir('kim@company.co.kr/new');
    expect(await urlOf('kim@company.co.kr')).toBe(`maildir:${join(process.cwd(), 'kim@company.co.kr')}`);
  });

  it('names a path that is not there', async () => {
    expect(await refusal('./Takeout/Mail')).toBe(`${join(process.cwd(), 'Takeout/Mail')} does not exist [source-missing]`);
  });

  it('finds the server of an address: IMAP where there is some, else POP3', async () => {
    expect(await urlOf('kim@naver.com')).toBe('imaps://kim%40naver.com@imap.naver.com:993');
    expect(await urlOf('kim@naver.com', { way: 'pop3' })).toBe('pop3s://kim%40naver.com@pop.naver.com:995');
    expect(await urlOf('kim@company.co.kr', { provider: 'hiworks' })).toBe('pop3s://kim%40company.co.kr@pop3s.hiworks.com:995');
  });

  it('means the account although a folder has the same name, as an archive of an earlier run may', async () => {
    await mkdir('kim@naver.com');
    await mkdir('kim@company.co.kr');
    expect(await urlOf('kim@naver.com')).toContain('imap.naver.com');
    expect(await urlOf('kim@company.co.kr', { provider: 'mailplug' })).toContain('imap.mailplug.co.kr');
    expect(await urlOf('./kim@naver.com')).toBe(`mbox:${join(process.cwd(), 'kim@naver.com')}`);
  });

  it('knows the user of an account without what the log-in method adds to its URL', async () => {
    expect(await read('kim@company.co.kr', { provider: 'mailplug' })).toMatchObject({
      account: { user: 'kim@company.co.kr', host: 'imap.mailplug.co.kr' },
    });
    expect(await read('imaps://kim%40example.com%3Bauth%3Dplain@mail.example')).toMatchObject({ account: { user: 'kim@example.com' } });
    expect(await refusal('imaps://;AUTH=LOGIN@mail.example')).toContain('the user is missing');
  });

  it.each<[string, object, RegExp]>([
    ['kim@company.co.kr', {}, /^--from: .*company\.co\.kr.*--provider.*mailferry providers.*imaps:\/\/user@host/],
    ['kim@company.co.kr', { way: 'pop3' }, /^--from: .*company\.co\.kr.*--provider/],
    ['kim@naver.com', { provider: 'nobody' }, /^--provider: known are hiworks, .*naver/],
    ['kim@naver.com', { provider: 'hiworks', way: 'imap' }, /^--way: this provider does not offer it/],
    ['kim@company.co.kr', { provider: 'ecount' }, /^--allow-insecure: this provider has no TLS/],
    ['imaps://kim@mail.example', { way: 'pop3' }, /^--way: .*address/],
    ['mbox:Mail', { provider: 'naver' }, /^--provider: .*address/],
    ['letters', {}, /^--from: a server like/],
    ['https://kim@mail.example', {}, /^--from: a server like/],
  ])('%j with %j is refused with what to do', async (from, more, reason) => {
    expect(await refusal(from, more)).toMatch(reason);
  });

  it.each(['kim:s3cret@naver.com', 'kim:s3cret@company.co.kr', 's3cret', 'imap:kim:s3cret@mail.example', 'kim s3cret@naver.com'])(
    '%j is refused without being shown',
    async (from) => {
      const refused = await refusal(from);
      expect(refused).toContain('[option-invalid]');
      expect(refused).not.toContain('s3cret');
    },
  );

  it('accepts a provider without TLS only when that is agreed to', async () => {
    expect(await urlOf('kim@company.co.kr', { 'provider': 'ecount', 'allow-insecure': true })).toBe(
      'imap://kim%40company.co.kr@wmbox1.ecounterp.com:143',
    );
  });
});

describe('deleting after a pull', () => {
  const check = async (from: string): Promise<string> => {
    const found = await read(from);
    try {
      checkCanDelete(found, texts);
    } catch (error) {
      return error instanceof MailferryError ? error.message : String(error);
    }
    return 'accepted';
  };

  it('is for POP3 only', async () => {
    for (const from of ['pop3s://kim@mail.example', 'POP3://kim@mail.example']) expect(await check(from)).toBe('accepted');
    for (const from of ['imaps://kim@mail.example', 'mbox:Mail', 'kim@naver.com'])
      expect(await check(from)).toMatch(/^--delete-after-pull: .*POP3/);
  });
});
