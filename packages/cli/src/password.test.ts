import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { MailferryError } from '@mailferry/core/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choosePassword, type PasswordWays } from './password.ts';
import { Secrets } from './secrets.ts';
import { textsOf } from './texts.ts';

const account = { url: 'imaps://kim@mail.example', user: 'kim', host: 'mail.example' };

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailferry-password-'));
});
afterEach(() => rm(folder, { recursive: true }));

const passwordFile = async (content: string | Buffer, mode = 0o600): Promise<string> => {
  const path = join(folder, 'password');
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
};

const surroundings = (env: NodeJS.ProcessEnv = {}, isTTY = false) => {
  const notes: string[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const context = {
    texts: textsOf('en'),
    terminal: { env, stdin, stdout: new PassThrough(), stderr },
    secrets: new Secrets(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    note: (line: string) => void notes.push(line),
  };
  const choose = (ways: Partial<PasswordWays> = {}) =>
    choosePassword({ side: 'from', file: undefined, variable: undefined, ...ways }, account, context);
  const refusal = async (ways: Partial<PasswordWays> = {}): Promise<string> => {
    const error: unknown = await choose(ways).catch((reason: unknown) => reason);
    return error instanceof MailferryError ? error.message : 'accepted';
  };
  return { choose, refusal, notes, stdin, stderr, secrets: context.secrets };
};

describe('a password', () => {
  it('is the first line of a file, spaces and all', async () => {
    for (const content of [' p w \nnot this', ' p w \r\n', ' p w ']) {
      expect(await surroundings().choose({ file: await passwordFile(content) })).toBe(' p w ');
    }
  });

  it('comes from the named variable, else from the usual one', async () => {
    const { choose } = surroundings({ OLD: 'a', MAILFERRY_FROM_PASSWORD: 'b', MAILFERRY_TO_PASSWORD: 'c' });
    expect(await choose({ variable: 'OLD' })).toBe('a');
    expect(await choose()).toBe('b');
    expect(await choose({ side: 'to' })).toBe('c');
  });

  it('is asked for without being shown', async () => {
    const { choose, stdin, stderr } = surroundings({}, true);
    const chosen = choose();
    stdin.write('s3cret\r');
    expect(await chosen).toBe('s3cret');
    expect(String(stderr.read())).toBe('Password of kim at mail.example: \n');
  });

  it.each(['\u0003', '\u0004'])('that is not given (%j) stops the run', async (keyPress) => {
    const { choose, stdin } = surroundings({}, true);
    const chosen = choose();
    stdin.write(keyPress);
    await expect(chosen).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is known to the redaction from then on', async () => {
    const { choose, secrets } = surroundings({ MAILFERRY_FROM_PASSWORD: 's3cret' });
    await choose();
    expect(secrets.redact('NO s3cret')).toBe('NO ***');
  });

  it('in a file that others may read is worth a note', async () => {
    const { choose, notes } = surroundings();
    const file = await passwordFile('pw', 0o640);
    await choose({ file });
    expect(notes).toEqual([expect.stringContaining(`chmod 600 ${file}`)]);
  });

  it('without any way to get it names the ways', async () => {
    const refusal = await surroundings({ MAILFERRY_FROM_PASSWORD: '' }).refusal();
    for (const way of ['--from-password-file', '--from-password-env', 'MAILFERRY_FROM_PASSWORD', 'terminal'])
      expect(refusal).toContain(way);
  });

  it.each([
    ['an empty first line', '\npw', /empty/],
    ['an endless first line', Buffer.alloc(100_000, 'x'), /4,096 bytes/],
  ])('is refused from a file with %s', async (_what, content, reason) => {
    expect(await surroundings().refusal({ file: await passwordFile(content) })).toMatch(reason);
  });

  it('is refused from what is not there', async () => {
    expect(await surroundings().refusal({ file: join(folder, 'none') })).toMatch(/--from-password-file: .*ENOENT/);
    expect(await surroundings().refusal({ file: folder })).toMatch(/--from-password-file: .*EISDIR/);
    expect(await surroundings().refusal({ variable: 'NONE' })).toMatch(/--from-password-env: .*NONE/);
    expect(await surroundings({ A: 'a' }).refusal({ variable: 'A', file: 'b' })).toMatch(/not both/);
  });
});
