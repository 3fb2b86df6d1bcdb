import { type Platform, startPlatform } from '@mailferry/platform';
import { type ApiSchemas, logInToPlatform } from '@mailferry/platform/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasFaultTools, startFaultTool } from '../fixtures/faults.ts';

const KIM = { user: 'kim@example.com', password: 'pw' };

let platform: Platform;
beforeEach(async () => {
  platform = await startPlatform({ accounts: [KIM], failedLogInMs: 0, externalFetchHosts: ['127.0.0.1'] });
});
afterEach(() => platform.stop());

const fetchFrom = async (port: number): Promise<ApiSchemas['ExternalFetch']> => {
  const client = await logInToPlatform(platform.httpUrl, KIM);
  const body = { host: '127.0.0.1', port, security: 'plain', user: 'kim', password: 'pass' } as const;
  const { data } = await client.POST('/api/v1/external-fetches', { body });
  for (;;) {
    const { data: fetch } = await client.GET('/api/v1/external-fetches/{id}', { params: { path: { id: data?.id ?? '' } } });
    if (fetch && fetch.state !== 'running') return fetch;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const stored = () => Array.from(platform.account(KIM.user).messages('INBOX'), (message) => message.sha256);

describe.runIf(hasFaultTools())('X2: external fetch from a POP3 server that misbehaves', () => {
  it.each([
    'ok',
    'stat-lies',
    'uidl-dup',
    'uidl-odd',
    'retr-size-lies',
    'retr-nul',
    'top-err',
    'quit-hang',
    'quit-err',
    'capa-endless',
    'numbers-shift',
  ])('%s: has every message once', async (mode) => {
    await using server = await startFaultTool('evil-pop3-server', ['--mode', mode, '--user', 'kim', '--pass', 'pass']);
    const first = await fetchFrom(server.port);
    expect(first).toMatchObject({ state: 'complete', known: 0, skipped: 0, fetched: first.found });
    expect([stored().length, new Set(stored()).size]).toEqual([first.found, first.found]);
    expect(await fetchFrom(server.port)).toMatchObject({ state: 'complete', known: first.found, fetched: 0 });
  });

  it.each([
    ['greet-err', 'connection-failed'],
    ['greet-endless', 'protocol-violated'],
    ['pass-err', 'log-in-refused'],
    ['list-endless', 'protocol-violated'],
    ['list-short', 'protocol-violated'],
    ['uidl-missing', 'no-unique-ids'],
    ['uidl-long', 'protocol-violated'],
    ['retr-endless', 'protocol-violated'],
    ['retr-unstuffed', 'protocol-violated'],
    ['reply-garbage', 'protocol-violated'],
  ])('%s: ends with the reason %s', async (mode, code) => {
    await using server = await startFaultTool('evil-pop3-server', ['--mode', mode, '--user', 'kim', '--pass', 'pass']);
    expect(await fetchFrom(server.port)).toMatchObject({ state: 'failed', code });
  });

  it('retr-err, retr-long-line: names what it does not have', async () => {
    for (const mode of ['retr-err', 'retr-long-line']) {
      await using server = await startFaultTool('evil-pop3-server', ['--mode', mode, '--user', 'kim', '--pass', 'pass']);
      const fetch = await fetchFrom(server.port);
      expect(fetch, mode).toMatchObject({ state: 'complete', skipped: 1 });
      expect(fetch.fetched + 1, mode).toBe(fetch.found);
    }
  });

  it('retr-cut: has each message once after enough requests', async () => {
    await using server = await startFaultTool('evil-pop3-server', [
      '--mode',
      'retr-cut',
      '--user',
      'kim',
      '--pass',
      'pass',
      '--every',
      '4',
    ]);
    let fetch = await fetchFrom(server.port);
    for (let n = 0; n < 10 && fetch.state !== 'complete'; n += 1) fetch = await fetchFrom(server.port);
    expect(fetch).toMatchObject({ state: 'complete' });
    expect([stored().length, new Set(stored()).size]).toEqual([fetch.found, fetch.found]);
  });
});
