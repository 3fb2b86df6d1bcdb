import { Duplex, duplexPair, PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientGone, ClientStream, LineTooLong } from '../net/client-stream.ts';
import { type ReadCommand, readCommand } from './command-reader.ts';
import { DEFAULT_IMAP_LIMITS } from './limits.ts';

const LIMITS = { ...DEFAULT_IMAP_LIMITS, lineBytes: 200, literalBytes: 50, messageBytes: 1000 };

/** What a client sends in these pieces is read as one command; `answers` is what it got to see. */
const read = async (pieces: readonly (string | Buffer)[], isLoggedIn = true): Promise<{ command: ReadCommand; answers: string }> => {
  const [client, server] = duplexPair();
  let answers = '';
  client.on('data', (chunk: Buffer) => {
    answers += chunk.toString('latin1');
  });
  const reading = readCommand(new ClientStream(server), LIMITS, isLoggedIn);
  for (const piece of pieces) client.write(piece);
  client.end();
  const command = await reading;
  await new Promise((resolve) => setImmediate(resolve));
  return { command, answers };
};

describe('reading a command', () => {
  it('takes literals out of the line and asks for those that wait', async () => {
    const { command, answers } = await read(['a LOGIN {3}\r\nkim {2+}\r\n\r\n x\r\nb NOOP\r\n']);
    expect(command).toEqual({
      kind: 'command',
      command: { text: 'a LOGIN {3}\r\n {2+}\r\n x', literals: [Buffer.from('kim'), Buffer.from('\r\n')] },
    });
    expect(answers).toBe('+ Ready\r\n');
  });

  it('does not depend on how the bytes are cut', async () => {
    const bytes = Buffer.from('a APPEND x {5+}\r\n\0\r\n{1\r\n', 'latin1');
    const whole = await read([bytes]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 }), async (cuts) => {
        const sorted = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const pieces = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
        expect((await read(pieces.filter(({ length }) => length > 0))).command).toEqual(whole.command);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a waiting literal over the limit before a byte of it is read', async () => {
    const { command, answers } = await read(['a APPEND x {1001}\r\n']);
    expect(command).toMatchObject({ kind: 'too-big', mustClose: false, code: 'TOOBIG' });
    expect(answers).toBe('');
  });

  it('reads over a pushed literal that is a little too big, with the rest of its command', async () => {
    const { command } = await read(['a APPEND x {1001+}\r\n', 'y'.repeat(1001), ' {2+}\r\nab\r\n']);
    expect(command).toEqual({ kind: 'too-big', text: 'a APPEND x {1001+}\r\n {2+}\r\n', mustClose: false, code: 'TOOBIG' });
  });

  it('gives up on a pushed literal that is far too big, or comes before the log-in', async () => {
    expect((await read(['a APPEND x {4294967295+}\r\n'])).command).toMatchObject({ mustClose: true });
    expect((await read(['a LOGIN {51+}\r\n'], false)).command).toMatchObject({ mustClose: true });
  });

  it('bounds all literals of a command together', async () => {
    const { command } = await read(['a LOGIN {30+}\r\n', 'x'.repeat(30), ' {30}\r\n']);
    expect(command).toMatchObject({ kind: 'too-big' });
  });

  it('bounds the line', async () => {
    await expect(read(['x'.repeat(201)])).rejects.toBeInstanceOf(LineTooLong);
    await expect(read([`${'x'.repeat(150)} {1+}\r\na${'x'.repeat(100)}\r\n`])).rejects.toBeInstanceOf(LineTooLong);
  });

  it('tells an end between commands from one inside a literal', async () => {
    expect((await read(['a NOOP'])).command).toEqual({ kind: 'closed' });
    await expect(read(['a APPEND x {5+}\r\nab'])).rejects.toBeInstanceOf(ClientGone);
  });

  it('survives any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('{', '}', '+', '9', '1', '\r\n', '\n', ' APPEND ', '\0', 'a', 'ÿ'), { maxLength: 40 }),
        async (units) => {
          try {
            const { command } = await read([Buffer.from(units.join(''), 'latin1')]);
            expect(['command', 'too-big', 'closed']).toContain(command.kind);
          } catch (error) {
            expect(error instanceof ClientGone || error instanceof LineTooLong).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('writing to a client', () => {
  it('waits for a client that does not read', async () => {
    const slow = new PassThrough({ highWaterMark: 1024 });
    const stream = new ClientStream(Duplex.from({ readable: new PassThrough(), writable: slow }));
    let isWritten = false;
    const writing = Promise.resolve(stream.write(Buffer.alloc(1024 * 1024, 'x'))).then(() => {
      isWritten = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isWritten).toBe(false);
    slow.pipe(new Writable({ write: (_chunk, _encoding, done) => done() }));
    await writing;
    expect(isWritten).toBe(true);
  });
});
