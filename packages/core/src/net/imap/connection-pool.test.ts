import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailferryError } from '../../errors.ts';
import { ConnectionPool } from './connection-pool.ts';
import { ImapConnection } from './imap-connection.ts';

const { signal } = new AbortController();
const LIMIT = new MailferryError('server-busy', { host: 'h', reply: 'too many' });

let server: ReturnType<typeof createServer>;
let accepted: Socket[];
let port: number;

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => accepted.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterEach(() => {
  for (const socket of accepted) socket.destroy();
  server.close();
});

/** Opens as many connections as the server takes. */
const opener = (serverTakes: number) => {
  let openCount = 0;
  return async (): Promise<ImapConnection> => {
    if (openCount === serverTakes) throw LIMIT;
    openCount += 1;
    const socket = connect(port, '127.0.0.1');
    return new ImapConnection({
      sockets: { readSocket: socket, writeSocket: socket },
      capabilities: new Set(),
      address: { host: '127.0.0.1', port, user: 'u', security: 'tls', loginMethod: null },
      stallMs: 1000,
    });
  };
};

describe('a connection pool', () => {
  it('lets no more out than it was given, and gives the next one what is released', async () => {
    const pool = new ConnectionPool(2, opener(10));
    const [a, b] = [await pool.acquire(signal, null), await pool.acquire(signal, null)];
    const third = pool.acquire(signal, null);
    pool.release(a);
    expect(await third).toBe(a);
    pool.release(a);
    pool.release(b);
    await pool.close();
  });

  it('goes on with fewer when the server takes no more', async () => {
    const pool = new ConnectionPool(4, opener(1));
    const only = await pool.acquire(signal, null);
    const waiting = [pool.acquire(signal, null), pool.acquire(signal, null)];
    pool.release(only);
    expect(await Promise.race(waiting)).toBe(only);
    pool.release(only);
    expect(await Promise.all(waiting)).toEqual([only, only]);
    pool.release(only);
    await pool.close();
  });

  it('tells why when the server takes none', async () => {
    const pool = new ConnectionPool(2, opener(0));
    await expect(pool.acquire(signal, null)).rejects.toBe(LIMIT);
  });

  it('opens another one for one that broke', async () => {
    const pool = new ConnectionPool(1, opener(2));
    const broken = await pool.acquire(signal, null);
    broken.close();
    pool.release(broken);
    const next = await pool.acquire(signal, null);
    expect(next).not.toBe(broken);
    pool.release(next);
    next.close();
    await expect(pool.acquire(signal, null)).rejects.toBe(LIMIT);
  });

  it('stops waiting with the run', async () => {
    const pool = new ConnectionPool(1, opener(1));
    const only = await pool.acquire(signal, null);
    const stop = new AbortController();
    const waiting = pool.acquire(stop.signal, null);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    only.close();
  });
});
