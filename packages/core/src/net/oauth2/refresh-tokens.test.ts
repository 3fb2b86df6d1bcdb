import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RefreshOptions, refreshTokens } from './refresh-tokens.ts';

const { signal } = new AbortController();

describe('tokens by a refresh token', () => {
  let server: Server;
  let asked: URLSearchParams[];
  let respond: (response: ServerResponse) => void;
  let nowMs: number;
  let rotated: string[];

  const answer = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
    respond = (response) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
  };

  beforeEach(async () => {
    asked = [];
    rotated = [];
    nowMs = 0;
    answer(200, { access_token: 't1', expires_in: 3600 });
    server = createServer(async (request, response) => {
      asked.push(new URLSearchParams((await request.toArray()).join('')));
      respond(response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const endpoint = (): URL => {
    const address = server.address();
    return new URL(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/token`);
  };
  const tokens = (more: Partial<RefreshOptions> = {}) =>
    refreshTokens({
      provider: endpoint(),
      clientId: 'id',
      clientSecret: 'client-secret',
      refreshToken: 'refresh-secret',
      onRotated: async (token) => void rotated.push(token),
      now: () => nowMs,
      ...more,
    });
  const errorOf = (source = tokens()): Promise<unknown> => source.token(signal).catch((thrown: unknown) => thrown);

  it('are asked for as RFC 6749 §6 says, and kept until a minute before they run out', async () => {
    const source = tokens();
    expect(await Promise.all([source.token(signal), source.token(signal)])).toEqual(['t1', 't1']);
    nowMs = 3_539_999;
    expect(await source.token(signal)).toBe('t1');
    expect(asked.map((body) => Object.fromEntries(body))).toEqual([
      { grant_type: 'refresh_token', client_id: 'id', client_secret: 'client-secret', refresh_token: 'refresh-secret' },
    ]);
    nowMs = 3_540_000;
    answer(200, { access_token: 't2' });
    expect(await source.token(signal)).toBe('t2');
  });

  it.each([
    [{ expires_in: '120' }, 60_000],
    [{ expires_in: 10 }, 5_000],
    [{ expires_in: -1 }, 3_540_000],
    [{}, 3_540_000],
  ])('with %j are good for %i ms', async (life, lifeMs) => {
    answer(200, { access_token: 't1', ...life });
    const source = tokens();
    await source.token(signal);
    nowMs = lifeMs - 1;
    await source.token(signal);
    expect(asked).toHaveLength(1);
    nowMs = lifeMs;
    await source.token(signal);
    expect(asked).toHaveLength(2);
  });

  it('go on with the refresh token that came last, and hand it on', async () => {
    const source = tokens();
    answer(200, { access_token: 't1', refresh_token: 'refresh-2' });
    expect(await source.token(signal)).toBe('t1');
    expect(rotated).toEqual(['refresh-2']);
    answer(200, { access_token: 't2', refresh_token: 'refresh-2' });
    expect(await source.token(signal, 't1')).toBe('t2');
    expect(asked.at(-1)?.get('refresh_token')).toBe('refresh-2');
    expect(rotated).toEqual(['refresh-2']);
  });

  it('are not used before the new refresh token is kept', async () => {
    answer(200, { access_token: 't1', refresh_token: 'refresh-2' });
    const source = tokens({ onRotated: () => Promise.reject(new Error('disk full')) });
    await expect(source.token(signal)).rejects.toThrow('disk full');
  });

  it('ask for a scope where one is given', async () => {
    await tokens({ scope: 'mail' }).token(signal);
    expect(asked[0]?.get('scope')).toBe('mail');
  });

  it.each([
    [400, { error: 'invalid_grant', error_codes: [700082] }, 'token-refused', 'invalid_grant AADSTS700082'],
    [400, { error: 'invalid_client' }, 'token-refused', 'invalid_client'],
    [401, {}, 'token-refused', 'HTTP 401'],
    [400, { error: 'refresh-secret' }, 'token-refused', 'HTTP 400'],
    [400, { error: 'slow_down' }, 'token-failed', 'slow_down'],
    [503, { error: 'temporarily_unavailable' }, 'token-failed', 'temporarily_unavailable'],
    [500, '<html>', 'token-failed', 'HTTP 500'],
    [200, { nothing: 'refresh-secret' }, 'token-failed', 'no token'],
    [200, '{"access_token":', 'token-failed', 'no token'],
    [200, { access_token: 'two words' }, 'token-failed', 'no token'],
    [200, { access_token: 'x'.repeat(100_000) }, 'token-failed', 'too long'],
  ])('%i %j is told, and nothing secret with it', async (status, body, code, text) => {
    answer(status, body);
    const error = await errorOf();
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain('secret');
  });

  it('come later when the provider says when', async () => {
    answer(429, {}, { 'retry-after': '30' });
    expect(await errorOf()).toMatchObject({ code: 'token-failed', retryAfterMs: 30_000 });
  });

  it('are not asked for where the end point sends to', async () => {
    answer(307, '', { location: `${endpoint()}/elsewhere` });
    expect(await errorOf()).toMatchObject({ code: 'token-failed' });
    expect(asked).toHaveLength(1);
  });

  it('may come later when nobody is there', async () => {
    const source = tokens();
    server.close();
    expect(await errorOf(source)).toMatchObject({
      code: 'token-failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('are not waited for when the run is stopped', async () => {
    const stop = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      respond = () => resolve();
    });
    const waiting = tokens().token(stop.signal);
    await arrived;
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each(['http://example.com/token', 'http://127.0.0.1.example.com/', 'https://kim:secret@example.com/', 'ftp://localhost/'])(
    'are not asked for at %s',
    (url) => {
      expect(() => tokens({ provider: new URL(url) })).toThrow(expect.objectContaining({ code: 'option-invalid' }));
    },
  );
});
