import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup } from '@mailferry/core/operations';
import { openSource, type SourceAddress } from '@mailferry/core/source';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manifestMessages } from '../fixtures/archive-contents.ts';
import { startCountingProxy } from '../fixtures/counting-proxy.ts';
import { type Dovecot, hasDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { hasFaultTools, startFaultTool } from '../fixtures/faults.ts';

const MESSAGES = 400;
const SETTINGS = `
auth_mechanisms = plain login xoauth2 oauthbearer
auth_master_user_separator = *
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {directory}/oauth2.conf.ext
}
passdb {
  driver = static
  master = yes
  args = password=master-pass
}
`;

describe.skipIf(!hasDovecot())('logging in at Dovecot (needs dovecot)', () => {
  let dovecot: Dovecot;
  let directory: string;
  /** Stands for the provider that checks tokens. */
  let provider: Server;
  const valid = new Set<string>();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-log-in-'));
    provider = createServer((request, response) => {
      const token = new URL(request.url ?? '', 'http://localhost').searchParams.get('access_token') ?? '';
      response.writeHead(valid.has(token) ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(valid.has(token) ? { email: 'kim' } : { error: 'invalid_token' }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => provider.once('listening', resolve));
    const address = provider.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/tokeninfo?access_token=`;
    dovecot = await startDovecot({
      settings: SETTINGS,
      files: { 'oauth2.conf.ext': `tokeninfo_url = ${url}\nusername_attribute = email\n` },
    });
    const messages = Array.from({ length: MESSAGES }, (_, n) => Buffer.from(`Subject: ${n}\r\n\r\n${`line ${n}\r\n`.repeat(400)}`));
    dovecot.addAccount('kim', new Map([['INBOX', messages]]));
  });
  beforeEach(() => valid.clear());
  afterAll(async () => {
    provider?.close();
    await dovecot?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = async (name: string, address: Partial<SourceAddress>) => {
    const source = openSource({
      url: `imap://kim@127.0.0.1:${dovecot.imapPort}`,
      credential: { kind: 'password', password: 'wrong' },
      allowInsecure: true,
      connections: 1,
      ...address,
    });
    try {
      return await backup({ source, directory: join(directory, name), signal: AbortSignal.timeout(60_000) });
    } finally {
      await source.close();
    }
  };

  /** Makes a new token each time the last one is refused. */
  const tokens = () => {
    const made: string[] = [];
    return {
      made,
      token: async (_signal: AbortSignal, refused?: string) => {
        if (made.length === 0 || refused === made.at(-1)) {
          made.push(`token-${made.length}`);
          valid.add(`token-${made.length - 1}`);
        }
        return made.at(-1) ?? '';
      },
    };
  };

  it('takes an access token', async () => {
    const source = tokens();
    const report = await run('token', { credential: { kind: 'oauth2', tokens: source } });
    expect(report).toMatchObject({ fetchedMessages: MESSAGES, reconciliation: { differences: [] } });
    expect(source.made).toHaveLength(1);
  });

  it('asks for a new token when the first is refused, and gives up when that is refused too', async () => {
    const source = tokens();
    await source.token(AbortSignal.timeout(1000));
    valid.clear();
    expect(await run('renewed', { credential: { kind: 'oauth2', tokens: source } })).toMatchObject({ fetchedMessages: MESSAGES });
    expect(source.made).toHaveLength(2);
    let asked = 0;
    const useless = {
      token: async () => {
        asked += 1;
        return 'useless';
      },
    };
    await expect(run('useless', { credential: { kind: 'oauth2', tokens: useless } })).rejects.toMatchObject({ code: 'auth-refused' });
    expect(asked).toBe(2);
  });

  it.skipIf(!hasFaultTools())('S19: goes on in place when the token runs out in the middle (needs the fault tools)', async () => {
    await using proxy = await startFaultTool('chaos-proxy', [`127.0.0.1:${dovecot.imapPort}`, '--cut-after', '300000', '--only', '1']);
    const source = tokens();
    let logIns = 0;
    const expiring = {
      token: async (signal: AbortSignal, refused?: string) => {
        logIns += 1;
        const token = await source.token(signal, refused);
        // Good for one log-in: the next one has to renew it.
        if (logIns === 1) setTimeout(() => valid.delete(token), 150);
        return token;
      },
    };
    const report = await run('s19', {
      url: `imap://kim@127.0.0.1:${proxy.port}`,
      credential: { kind: 'oauth2', tokens: expiring },
    });
    expect(report).toMatchObject({ fetchedMessages: MESSAGES, reconciliation: { differences: [] } });
    expect(manifestMessages(join(directory, 's19'))).toHaveLength(MESSAGES);
    expect(logIns).toBeGreaterThanOrEqual(2);
  });

  it('S19: sends a wrong password once', async () => {
    let logIns = 0;
    const { createServer: listen, connect } = await import('node:net');
    const proxy = listen((client) => {
      const server = connect(dovecot.imapPort, '127.0.0.1');
      client.on('data', (data) => {
        if (/AUTHENTICATE|LOGIN /.test(String(data))) logIns += 1;
      });
      client.on('error', () => undefined).pipe(server);
      server.on('error', () => undefined).pipe(client);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => proxy.once('listening', resolve));
    const address = proxy.address();
    const url = `imap://kim@127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    await expect(run('wrong', { url, connections: 4 })).rejects.toMatchObject({ code: 'auth-refused' });
    expect(logIns).toBe(1);
    proxy.close();
  });

  it('lets a master user into the account, which stays the one of the archive', async () => {
    const report = await run('master', { logInAs: 'kim*admin', credential: { kind: 'password', password: 'master-pass' } });
    expect(report).toMatchObject({ fetchedMessages: MESSAGES });
    const again = await run('master', { credential: { kind: 'password', password: dovecot.password } });
    expect(again).toMatchObject({ fetchedMessages: 0, reconciliation: { differences: [] } });
  });

  it('reads a compressed connection, also one that breaks', async () => {
    await using zlib = await startDovecot({ settings: 'protocol imap {\n  mail_plugins = zlib imap_zlib\n}\n' });
    const messages = Array.from({ length: MESSAGES }, (_, n) =>
      Buffer.from(`Subject: ${n}\r\n\r\n${randomBytes(6000).toString('hex')}\r\n`),
    );
    zlib.addAccount('kim', new Map([['INBOX', messages]]));
    await using proxy = await startCountingProxy(zlib.imapPort);
    const url = `imap://kim@127.0.0.1:${proxy.port}`;
    const credential = { kind: 'password', password: zlib.password } as const;
    expect(await run('compressed', { url, credential, compress: true })).toMatchObject({
      fetchedMessages: MESSAGES,
      reconciliation: { differences: [] },
    });
    const sizeBytes = messages.reduce((sum, { length }) => sum + length, 0);
    expect(proxy.bytesFromServer).toBeLessThan(sizeBytes * 0.7);
    const before = proxy.bytesFromServer;
    const stopped = run('broken', { url, credential, compress: true });
    while (proxy.bytesFromServer < before + 200_000) await new Promise((resolve) => setTimeout(resolve, 5));
    proxy.breakAll();
    expect(await stopped).toMatchObject({ fetchedMessages: MESSAGES, reconciliation: { differences: [] } });
  });

  it('says what a server without OAuth 2.0 offers instead', async () => {
    await using plain = await startDovecot();
    plain.addAccount('kim', new Map([['INBOX', []]]));
    await expect(
      run('none', { url: `imap://kim@127.0.0.1:${plain.imapPort}`, credential: { kind: 'oauth2', tokens: tokens() } }),
    ).rejects.toMatchObject({ code: 'auth-unsupported', details: { offered: expect.stringContaining('AUTH=PLAIN') } });
  });
});
