import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { MailferryError } from '@mailferry/core/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseCredential } from './credential.ts';
import { probeOptions, readOptions } from './options.ts';
import { Secrets } from './secrets.ts';
import { textsOf } from './texts.ts';

const account = { url: 'imaps://kim@mail.example', user: 'kim', host: 'mail.example' };
const signal = new AbortController().signal;

let folder = '';
let server: Server | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailferry-credential-'));
});
afterEach(async () => {
  server?.close();
  server = null;
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

const choose = async (options: object, env: NodeJS.ProcessEnv = {}) => {
  const secrets = new Secrets();
  const context = {
    texts: textsOf('en'),
    terminal: { env, stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
    secrets,
    signal,
    onProgress: () => undefined,
    note: () => undefined,
  };
  const read = readOptions(probeOptions, { from: account.url, ...options }, context.texts);
  const ways = { side: 'from', file: read['from-password-file'], variable: read['from-password-env'] } as const;
  const credential = await chooseCredential(read, ways, account, context);
  return { credential, secrets };
};
const refusal = async (options: object): Promise<string> => {
  const error: unknown = await choose(options).catch((reason: unknown) => reason);
  return error instanceof MailferryError ? error.message : 'accepted';
};
const tokenOf = async (options: object, refused?: string): Promise<{ token: string; secrets: Secrets }> => {
  const { credential, secrets } = await choose(options);
  if (credential.kind !== 'oauth2') throw new Error('a password was chosen');
  return { token: await credential.tokens.token(signal, refused), secrets };
};

const secretFile = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
};

/** A token end point that gives each request a new pair of tokens, and keeps what it was asked. */
const startIssuer = async (): Promise<{ url: string; asked: URLSearchParams[] }> => {
  const asked: URLSearchParams[] = [];
  const started = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push(new URLSearchParams(body));
      response.end(JSON.stringify({ access_token: `access-${asked.length}`, refresh_token: `refresh-${asked.length}`, expires_in: 3600 }));
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}/token`, asked };
};

describe('a credential', () => {
  it('is a password where no token is asked for', async () => {
    const { credential } = await choose({}, { MAILFERRY_FROM_PASSWORD: 'pw' });
    expect(credential).toEqual({ kind: 'password', password: 'pw' });
  });

  it('is the token that a command prints, and is known to the redaction', async () => {
    const { token, secrets } = await tokenOf({ 'oauth2-token-command': 'printf "ya29.token\\nmore\\n"' });
    expect(token).toBe('ya29.token');
    expect(secrets.redact('NO ya29.token')).toBe('NO ***');
  });

  it('is a token by refresh, and a rotated refresh token is on the disk before the token is used', async () => {
    const { url, asked } = await startIssuer();
    const file = await secretFile('refresh', 'refresh-0\n');
    const secret = await secretFile('secret', 'client-secret\n');
    const { token, secrets } = await tokenOf({
      'oauth2-provider': url,
      'oauth2-client-id': 'mailferry',
      'oauth2-client-secret-file': secret,
      'oauth2-refresh-token-file': file,
    });
    expect(token).toBe('access-1');
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
      refresh_token: 'refresh-0',
      client_id: 'mailferry',
      client_secret: 'client-secret',
    });
    expect(await readFile(file, 'utf8')).toBe('refresh-1\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).toSorted()).toEqual(['refresh', 'secret']);
    expect(secrets.redact('refresh-0 refresh-1 client-secret access-1')).toBe('*** *** *** ***');
  });

  it('keeps the place that a link to the refresh token leads to', async () => {
    const { url } = await startIssuer();
    const file = await secretFile('refresh', 'refresh-0\n');
    const link = join(folder, 'link');
    await symlink(file, link);
    await tokenOf({ 'oauth2-provider': url, 'oauth2-client-id': 'mailferry', 'oauth2-refresh-token-file': link });
    expect(await readFile(file, 'utf8')).toBe('refresh-1\n');
    expect(await readFile(link, 'utf8')).toBe('refresh-1\n');
  });

  it('is not used when the rotated refresh token can not be kept, and nothing is left lying about', async () => {
    const { url } = await startIssuer();
    const file = await secretFile('refresh', 'refresh-0\n');
    const { credential } = await choose({ 'oauth2-provider': url, 'oauth2-client-id': 'a', 'oauth2-refresh-token-file': file });
    await rm(file);
    await rm(folder, { recursive: true });
    const given = credential.kind === 'oauth2' ? credential.tokens.token(signal) : Promise.resolve();
    await expect(given).rejects.toMatchObject({ code: 'disk-failed', details: { path: file } });
    folder = await mkdtemp(join(tmpdir(), 'mailferry-credential-'));
  });

  it.each<[object, RegExp]>([
    [{ 'oauth2-token-command': 'x', 'from-password-file': 'y' }, /either a password or OAuth/],
    [{ 'oauth2-token-command': 'x', 'from-password-env': 'Y' }, /either a password or OAuth/],
    [{ 'oauth2-token-command': 'x', 'oauth2-provider': 'google' }, /either a command or a refresh token/],
    [{ 'oauth2-token-command': 'x', 'oauth2-client-secret-file': 'y' }, /either a command or a refresh token/],
    [{ 'oauth2-provider': 'google' }, /belong together/],
    [{ 'oauth2-client-secret-file': 'y' }, /belong together/],
    [{ 'oauth2-refresh-token-file': 'y' }, /belong together/],
  ])('of more or less than one kind is refused: %j', async (options, reason) => {
    expect(await refusal(options)).toMatch(reason);
  });

  it.each(['yahoo', 'ftp://issuer.example', 'httpx'])('by the provider %j is refused', async (provider) => {
    const file = await secretFile('refresh', 'r\n');
    const options = { 'oauth2-provider': provider, 'oauth2-client-id': 'a', 'oauth2-refresh-token-file': file };
    expect(await refusal(options)).toMatch(/^--oauth2-provider: /);
  });

  it('never goes to a token end point in plain text', async () => {
    const file = await secretFile('refresh', 'r\n');
    const options = { 'oauth2-provider': 'http://issuer.example/token', 'oauth2-client-id': 'a', 'oauth2-refresh-token-file': file };
    expect(await refusal(options)).toMatch(/https/);
  });
});
