import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refreshTokens } from './refresh-tokens.ts';
import { oauthBearerResponse, readOauthError, xoauth2Response } from './sasl.ts';
import { tokenCommand } from './token-command.ts';

const { signal } = new AbortController();

describe('tokens by a refresh token', () => {
  let server: Server;
  let asked: URLSearchParams[];
  let answer: { status: number; body: unknown };
  let nowMs: number;
  let rotated: string[];

  beforeEach(async () => {
    asked = [];
    rotated = [];
    nowMs = 0;
    answer = { status: 200, body: { access_token: 't1', expires_in: 3600 } };
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (piece) => {
        text += piece;
      });
      request.on('end', () => {
        asked.push(new URLSearchParams(text));
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterEach(() => server.close());

  const tokens = (more: object = {}) => {
    const address = server.address();
    return refreshTokens({
      provider: new URL(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/token`),
      clientId: 'id',
      clientSecret: 'client-secret',
      refreshToken: 'refresh-secret',
      onRotated: async (token) => void rotated.push(token),
      now: () => nowMs,
      ...more,
    });
  };

  it('are kept until they run out, or are refused', async () => {
    const source = tokens();
    expect(await Promise.all([source.token(signal), source.token(signal)])).toEqual(['t1', 't1']);
    nowMs = 3_500_000;
    expect(await source.token(signal)).toBe('t1');
    expect(asked).toHaveLength(1);
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      grant_type: 'refresh_token',
      client_id: 'id',
      client_secret: 'client-secret',
      refresh_token: 'refresh-secret',
    });
    nowMs = 3_550_000;
    answer.body = { access_token: 't2', refresh_token: 'refresh-2' };
    expect(await source.token(signal)).toBe('t2');
    expect(rotated).toEqual(['refresh-2']);
    answer.body = { access_token: 't3' };
    expect(await source.token(signal, 't2')).toBe('t3');
    expect(asked.at(-1)?.get('refresh_token')).toBe('refresh-2');
    expect(await source.token(signal, 't2')).toBe('t3');
  });

  it.each([
    [400, { error: 'invalid_grant' }, 'token-refused', 'invalid_grant'],
    [401, {}, 'token-refused', 'HTTP 401'],
    [503, { error: 'temporarily_unavailable' }, 'token-failed', 'temporarily_unavailable'],
    [200, { nothing: 1 }, 'token-failed', 'no token'],
    [200, { access_token: 'x'.repeat(100_000) }, 'token-failed', 'too long'],
  ])('%i %j is told, and nothing secret with it', async (status, body, code, text) => {
    answer = { status, body };
    const error = await tokens()
      .token(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(JSON.stringify([String(error), error])).not.toContain('secret');
  });

  it('are asked for over https only', () => {
    expect(() => tokens({ provider: new URL('http://example.com/token') })).toThrow(expect.objectContaining({ code: 'option-invalid' }));
  });

  it('that can not be asked for may come later', async () => {
    server.close();
    await expect(tokens({ provider: new URL('http://127.0.0.1:1/token') }).token(signal)).rejects.toMatchObject({ code: 'token-failed' });
  });
});

describe('tokens by a command', () => {
  it('are its first word, and kept until they are refused', async () => {
    const source = tokenCommand({ command: `node -e "console.log('t' + process.pid + '\\nmore')"` });
    const first = await source.token(signal);
    expect(first).toMatch(/^t\d+$/);
    expect(await source.token(signal)).toBe(first);
    expect(await source.token(signal, first)).not.toBe(first);
  });

  it('that are refused and come again are given up', async () => {
    const source = tokenCommand({ command: 'echo same' });
    expect(await source.token(signal)).toBe('same');
    await expect(source.token(signal, 'same')).rejects.toMatchObject({ code: 'token-refused' });
  });

  it.each([
    ['exit 3', 'it ended with 3'],
    ['true', 'it printed nothing'],
    ['sleep 30', 'nothing within 0.2 s'],
    ['yes', 'more than a token'],
  ])('%s: %s', async (command, reason) => {
    await expect(tokenCommand({ command, timeoutMs: 200 }).token(signal)).rejects.toMatchObject({
      code: 'token-failed',
      details: { reason: expect.stringContaining(reason) },
    });
  });

  it('are not waited for when the run is stopped', async () => {
    const stop = new AbortController();
    const waiting = tokenCommand({ command: 'sleep 30' }).token(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('SASL responses', () => {
  const text = (base64: string): string => Buffer.from(base64, 'base64').toString();

  it('are built as RFC 7628 and the providers want them', () => {
    expect(text(xoauth2Response('kim@example.com', 'T'))).toBe('user=kim@example.com\x01auth=Bearer T\x01\x01');
    expect(text(oauthBearerResponse('a,b=c', 'T', 'h', 993))).toBe('n,a=a=2Cb=3Dc,\x01host=h\x01port=993\x01auth=Bearer T\x01\x01');
  });

  it('that are refused tell the status', () => {
    expect(readOauthError(Buffer.from('{"status":"invalid_token"}').toString('base64'))).toBe('invalid_token');
    expect(readOauthError('%%%')).toBe('%%%');
  });
});
