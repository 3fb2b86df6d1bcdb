import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Door, openDoor } from '../net/server-sockets.ts';
import type { Fault } from './fault.ts';
import { Faults } from './faults.ts';
import { FaultyLine } from './faulty-line.ts';

describe('faults', () => {
  it('strike their routes, users, mailboxes and messages, until they are switched off', () => {
    const faults = new Faults();
    expect([faults.line('imap'), faults.strikesBody('a', () => 'INBOX', 1), faults.isFull('a'), faults.viewCap]).toEqual([
      null,
      false,
      false,
      null,
    ]);
    const off = faults.add({ kind: 'slow', delayMs: 5, routes: ['imap', 'web'] });
    faults.add({ kind: 'slow', delayMs: 2 });
    faults.add({ kind: 'throttle', bytesPerSecond: 100 });
    expect(faults.line('imap')).toEqual({ delayMs: 7, bytesPerSecond: 100, dropAfterBytes: Number.POSITIVE_INFINITY });
    expect(faults.line('pop3')?.delayMs).toBe(2);
    off();
    expect(faults.line('imap')?.delayMs).toBe(2);

    faults.add({ kind: 'nil-body', mailbox: 'INBOX', uids: [2], times: 1 });
    expect([faults.strikesBody('a', () => 'INBOX', 1), faults.strikesBody('a', () => 'Sent', 2)]).toEqual([false, false]);
    expect([faults.strikesBody('a', () => 'INBOX', 2), faults.strikesBody('a', () => 'INBOX', 2)]).toEqual([true, false]);
    faults.add({ kind: 'refuse-keyword', keyword: '$Forwarded' });
    expect([faults.refusesFlag('$forwarded'), faults.refusesFlag('\\Seen')]).toEqual([true, false]);
    faults.add({ kind: 'full-quota', user: 'a' });
    expect([faults.isFull('a'), faults.isFull('b')]).toEqual([true, false]);
    faults.add({ kind: 'view-cap', newest: 1000 });
    faults.add({ kind: 'view-cap', newest: 10 });
    expect(faults.viewCap).toBe(10);
    faults.clear();
    expect([faults.line('imap'), faults.isFull('a'), faults.viewCap]).toEqual([null, false, null]);
  });

  it('break as many connections as they say', () => {
    const faults = new Faults();
    faults.add({ kind: 'drop', afterBytes: 10, times: 2 });
    expect([1, 2, 3].map(() => faults.line('imap')?.dropAfterBytes)).toEqual([10, 10, undefined]);
  });
});

describe('a faulty line', () => {
  let door: Door | null = null;
  afterEach(() => door?.close());

  /** What a client gets of `bytes`, and how the connection ended. */
  const receive = async (fault: Fault, bytes: Buffer): Promise<{ received: Buffer; end: string; elapsedMs: number }> => {
    const faults = new Faults();
    faults.add(fault);
    const server = createServer((stream) => {
      stream.on('error', () => {});
      stream.once('data', () => stream.end(bytes));
    });
    door = await openDoor(server, '127.0.0.1', 0, (socket) => {
      const line = faults.line('imap');
      return line ? new FaultyLine(socket, line) : socket;
    });
    const { port } = door;
    const started = performance.now();
    const pieces: Buffer[] = [];
    const end = await new Promise<string>((resolve) => {
      const client = connect(port, '127.0.0.1', () => client.write('go'));
      client.on('data', (piece) => pieces.push(piece));
      client.on('end', () => resolve('end'));
      client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    });
    return { received: Buffer.concat(pieces), end, elapsedMs: performance.now() - started };
  };

  it('gives every byte, later', async () => {
    const bytes = Buffer.alloc(300_000, 'x');
    const { received, end, elapsedMs } = await receive({ kind: 'slow', delayMs: 30 }, bytes);
    expect([received.equals(bytes), end]).toEqual([true, 'end']);
    expect(elapsedMs).toBeGreaterThan(25);
  });

  it('gives every byte, no faster than it may', async () => {
    const bytes = Buffer.alloc(4000, 'x');
    const { received, end, elapsedMs } = await receive({ kind: 'throttle', bytesPerSecond: 20_000 }, bytes);
    expect([received.equals(bytes), end]).toEqual([true, 'end']);
    expect(elapsedMs).toBeGreaterThan(150);
  });

  it('breaks at the byte', async () => {
    expect(await receive({ kind: 'drop', afterBytes: 1000 }, Buffer.alloc(5000, 'x'))).toMatchObject({
      received: { length: 1000 },
      end: 'end',
    });
  });
});
