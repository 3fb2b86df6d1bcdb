import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stuffDots } from './dot-stuffing.ts';

/** Cuts `text` at these places; a piece may be empty. */
const cutAt = (text: string, cuts: readonly number[]): Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return places.slice(1).map((end, index) => Buffer.from(text.slice(places[index], end), 'latin1'));
};

const stuff = (text: string, cuts: readonly number[] = []): string =>
  [...stuffDots(cutAt(text, cuts))].map((piece) => piece.toString('latin1')).join('');

/** Of a client that knows only CRLF as a line end, and of one that takes every line feed for one. */
const CLIENTS = { strict: '\r\n', lenient: '\n' };

/** What a client has of a reply, and what it leaves unread. */
const receive = (wire: string, lineEnd: string): { message: string; rest: string } => {
  let message = '';
  let rest = wire;
  for (;;) {
    const end = rest.indexOf(lineEnd);
    if (end === -1) throw new Error('the reply has no end');
    const line = rest.slice(0, end + lineEnd.length);
    rest = rest.slice(line.length);
    if (line.trimEnd() === '.') return { message, rest };
    message += line.startsWith('.') ? line.slice(1) : line;
  }
};

describe('dot stuffing', () => {
  it.each([
    ['a whole line', 'a\r\n', 'a\r\n'],
    ['no line end', 'a', 'a\r\n'],
    ['a bare line feed at the end', 'a\n', 'a\n\r\n'],
    ['a bare carriage return at the end', 'a\r', 'a\r\r\n'],
    ['a dot at the start', '.\r\n', '..\r\n'],
    ['dots on lines', 'a\r\n.\r\n..b\r\nc.\r\n', 'a\r\n..\r\n...b\r\nc.\r\n'],
    ['a bare line feed before a dot', 'a\n.\nb\r\n', 'a\r\n..\nb\r\n'],
    ['line feeds at the start', '\n\n.a', '\n\r\n..a\r\n'],
    ['a dot behind a carriage return', '\r.\r\n', '\r.\r\n'],
    ['nothing', '', ''],
  ])('%s', (_, text, wire) => {
    for (let cut = 0; cut <= text.length; cut += 1) expect(stuff(text, [cut, cut + 1])).toBe(wire);
  });

  const hostile = fc
    .array(fc.constantFrom('.', '\r', '\n', '\r\n', '\r\n.', 'a', '\0', '\xff'), { maxLength: 30 })
    .map((parts) => parts.join(''));

  it('gives every client the same message, to its end and no further, however the pieces are cut', () => {
    fc.assert(
      fc.property(hostile, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        const next = '+OK next\r\n';
        const wire = `${stuff(text, cuts)}.\r\n${next}`;
        const withLineEnd = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
        const expected = withLineEnd.replace(/(?<!\r)\n\./g, '\r\n.');
        for (const lineEnd of Object.values(CLIENTS)) expect(receive(wire, lineEnd)).toEqual({ message: expected, rest: next });
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing in a message of whole lines', () => {
    const line = fc.array(fc.constantFrom('.', 'a', '\0', '\xff'), { maxLength: 5 }).map((bytes) => `${bytes.join('')}\r\n`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 12 }), (lines, cuts) => {
        const text = lines.join('');
        expect(receive(`${stuff(text, cuts)}.\r\n`, CLIENTS.strict).message).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
