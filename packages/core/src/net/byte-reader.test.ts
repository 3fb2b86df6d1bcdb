import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';

const stalled = () => new Error('stalled');
const tooLong = () => new Error('too long');

const feed = (pieces: readonly Uint8Array[]): ByteReader => {
  const stream = new PassThrough();
  const reader = new ByteReader(stream, 1000, stalled);
  for (const piece of pieces) stream.write(piece);
  stream.on('end', () => reader.fail(new Error('ended')));
  stream.end();
  return reader;
};

it('gives the same lines and bytes however the stream is cut', async () => {
  const text = Buffer.from('* 1 FETCH (BODY[] {5}\r\nab\r\nc)\r\nM1 OK\n\r\nlast\r\n', 'latin1');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: text.length - 1 })), async (cuts) => {
      const ends = [...new Set([0, ...cuts.toSorted((a, b) => a - b), text.length])];
      const reader = feed(ends.slice(1).map((end, i) => text.subarray(ends[i], end)));
      const line = async () => (await reader.line(100, tooLong)).toString('latin1');
      expect(await line()).toBe('* 1 FETCH (BODY[] {5}');
      expect((await reader.bytes(5)).toString('latin1')).toBe('ab\r\nc');
      expect([await line(), await line(), await line(), await line()]).toEqual([')', 'M1 OK', '', 'last']);
      await expect(line()).rejects.toThrow('ended');
    }),
  );
});

it('streams exactly the counted bytes', async () => {
  const reader = feed([Buffer.from('abc'), Buffer.from('def\r\nrest\r\n')]);
  expect((await buffer(reader.stream(6))).toString()).toBe('abcdef');
  expect((await reader.line(100, tooLong)).toString()).toBe('');
});

it('ends a line that is too long', async () => {
  await expect(feed([Buffer.alloc(60, 'x'), Buffer.alloc(60, 'x')]).line(100, tooLong)).rejects.toThrow('too long');
});

it('ends silence', async () => {
  const reader = new ByteReader(new PassThrough(), 5, stalled);
  await expect(reader.line(100, tooLong)).rejects.toThrow('stalled');
});

it('makes a fast peer wait for a slow reader', async () => {
  const stream = new PassThrough();
  const reader = new ByteReader(stream, 1000, stalled);
  const piece = Buffer.alloc(64 * 1024);
  let written = 0;
  while (stream.write(piece) && written < 1000) {
    written += 1;
    await new Promise(setImmediate);
  }
  expect(written * piece.length).toBeLessThan(4 * 1024 * 1024);
  expect(await reader.bytes(written * piece.length)).toHaveLength(written * piece.length);
});
