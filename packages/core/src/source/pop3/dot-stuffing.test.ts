import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../net/byte-reader.ts';
import { readDotted, unstuff } from './dot-stuffing.ts';

/** As a server sends it (RFC 1939 §3): lines end in CRLF. */
const stuff = (message: string): string => `${message.replace(/(^|\r\n)\./g, '$1..')}.\r\n`;

/** Cuts `text` at these places. */
const pieces = (text: string, cuts: readonly number[]): Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return places
    .slice(1)
    .map((end, i) => Buffer.from(text.slice(places[i], end), 'latin1'))
    .filter((piece) => piece.length > 0);
};

const read = async (wire: readonly Buffer[]): Promise<{ body: string; rest: string }> => {
  const reader = new ByteReader(Readable.from(wire), 1000, () => new Error('stalled'));
  let body = '';
  for await (const piece of unstuff(readDotted(reader))) body += piece.toString('latin1');
  let rest = '';
  while (reader.hasUnread) {
    const more = await reader.available();
    rest += more.toString('latin1');
    reader.skip(more.length);
  }
  return { body, rest };
};

describe('a dotted answer', () => {
  it.each([
    ['nothing', ''],
    ['a line', 'x\r\n'],
    ['a dot alone', '.\r\n'],
    ['dots', '.\r\n..\r\n...\r\n.x\r\n'],
    ['bare line feeds and dots', 'a\n.\nb\r\n'],
    ['bare carriage returns', 'a\r.\r\r\n'],
    ['NUL and 8 bit', '\0\xff\r\n'],
  ])('%s comes as it was sent, whatever way it is cut', async (_, message) => {
    const wire = `${stuff(message)}+OK next\r\n`;
    for (let cut = 0; cut <= wire.length; cut += 1) {
      const { body, rest } = await read(pieces(wire, [cut]));
      expect(body).toBe(message);
      expect('+OK next\r\n'.startsWith(rest)).toBe(true);
    }
  });

  it('comes as it was sent, whatever it is', async () => {
    const line = fc.array(fc.constantFrom('.', '\r', '\n', 'a', '\0', '\xff'), { maxLength: 8 }).map((bytes) => bytes.join(''));
    // A CRLF within a line is a line end; the message ends in one, as POP3 wants it.
    const message = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((text) => `${text}\r\n`).join(''));
    await fc.assert(
      fc.asyncProperty(message, fc.array(fc.nat(), { maxLength: 12 }), async (text, cuts) => {
        const { body } = await read(pieces(stuff(text), cuts));
        expect(body).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the dots of a server that stuffs none', async () => {
    expect((await read([Buffer.from('.x\r\n.y\r\n.\r\n')])).body).toBe('.x\r\n.y\r\n');
  });

  it('ends with an error when it is cut off', async () => {
    const source = Readable.from([Buffer.from('body\r\n.')]);
    const reader = new ByteReader(source, 1000, () => new Error('stalled'));
    source.on('end', () => reader.fail(new Error('lost')));
    const all = (async () => {
      for await (const _ of readDotted(reader));
    })();
    await expect(all).rejects.toThrow('lost');
  });
});
