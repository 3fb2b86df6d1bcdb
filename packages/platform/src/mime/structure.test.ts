import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MimePart } from './mime-part.ts';
import { readStructure } from './structure.ts';

const read = (text: string, pieceBytes = Number.POSITIVE_INFINITY): MimePart => {
  const bytes = Buffer.from(text, 'latin1');
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += Math.min(pieceBytes, bytes.length))
    pieces.push(bytes.subarray(start, start + pieceBytes));
  return readStructure(pieces);
};
const bodyOf = (text: string, { body }: MimePart): string => text.slice(body.from, body.to);
const lines = (...all: string[]): string => all.join('\r\n');

const MIXED = lines(
  'Content-Type: multipart/mixed; boundary="outer"',
  '',
  'preamble',
  '--outer',
  '',
  'one',
  'two',
  '--outer  ',
  'Content-Type: multipart/alternative; boundary=inner',
  '',
  '--inner',
  'Content-Type: text/html',
  '',
  '<p>',
  '--inner--',
  'epilogue of inner',
  '--outer',
  'Content-Type: message/rfc822',
  '',
  'Subject: inside',
  '',
  'letter',
  '--outer--',
  'epilogue',
  '',
);

describe('the structure of a message', () => {
  it('has the parts with the bytes that are theirs', () => {
    const message = read(MIXED);
    expect([message.type, message.subtype, message.parts.length]).toEqual(['MULTIPART', 'MIXED', 3]);
    const [plain, alternative, letter] = message.parts;
    expect(plain && [plain.type, bodyOf(MIXED, plain), plain.lines]).toEqual(['TEXT', 'one\r\ntwo', 1]);
    expect(alternative?.parts.map((part) => [part.subtype, bodyOf(MIXED, part)])).toEqual([['HTML', '<p>']]);
    expect(letter && bodyOf(MIXED, letter)).toBe('Subject: inside\r\n\r\nletter');
    expect(letter?.message && [bodyOf(MIXED, letter.message), letter.message.fields]).toEqual([
      'letter',
      [{ name: 'subject', value: 'inside' }],
    ]);
    expect(bodyOf(MIXED, message)).toBe(MIXED.slice(MIXED.indexOf('preamble')));
  });

  it('is the same however the message is cut into pieces', () => {
    const whole = read(MIXED);
    for (let pieceBytes = 1; pieceBytes < 40; pieceBytes += 1) expect(read(MIXED, pieceBytes)).toEqual(whole);
  });

  it.each([
    ['', 'TEXT', ''],
    ['no header at all', 'TEXT', ''],
    ['A: b\r\n\r\n', 'TEXT', ''],
    ['\r\nbody', 'TEXT', 'body'],
    ['Content-Type: multipart/mixed\r\n\r\nno boundary', 'MULTIPART', 'no boundary'],
    ['Content-Type: multipart/mixed; boundary=x\r\n\r\nnever begins', 'MULTIPART', 'never begins'],
    ['Content-Type: nonsense\r\n\r\nx', 'TEXT', 'x'],
    ['Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==', 'MESSAGE', 'YQ=='],
  ])('of %j is one part', (text, type, body) => {
    const message = read(text);
    expect([message.type, message.parts, message.message, bodyOf(text, message)]).toEqual([type, [], null, body]);
  });

  it('ends parts at the boundary of an outer one, in a header too', () => {
    const text = lines(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'X: y',
      '--a--',
    );
    const [inner] = read(text).parts;
    expect(inner?.parts[0]).toMatchObject({ fields: [{ name: 'x', value: 'y' }], lines: 0 });
    expect(inner?.parts[0] && bodyOf(text, inner.parts[0])).toBe('');
  });

  it('knows a boundary by the beginning of its line, the longest where one begins another (RFC 2046 §5.1.1)', () => {
    const outer = 'Content-Type: multipart/mixed; boundary=a';
    const inner = 'Content-Type: multipart/mixed; boundary=ab';
    const text = lines(
      outer,
      '',
      '--a, and more',
      inner,
      '',
      '--ab',
      '',
      'x',
      '--ab--',
      '--a',
      '',
      'y',
      '--a-- ignored',
      '--a',
      'epilogue',
    );
    const [first, second, ...others] = read(text).parts;
    expect(first?.parts.map((part) => bodyOf(text, part))).toEqual(['x']);
    expect([second && bodyOf(text, second), others]).toEqual(['y', []]);
  });

  it('takes a digest for messages', () => {
    const text = lines('Content-Type: multipart/digest; boundary=a', '', '--a', '', 'Subject: one', '', 'x', '--a--');
    expect(read(text).parts[0]?.message?.fields).toEqual([{ name: 'subject', value: 'one' }]);
  });

  it('stops at 100 levels and 10,000 parts', () => {
    const deep = Array.from({ length: 500 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join('');
    let depth = 0;
    for (let part: MimePart | undefined = read(deep); part; part = part.parts[0]) depth += 1;
    expect(depth).toBe(100);
    const wide = read(`Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\n\r\nx\r\n'.repeat(20_000)}--a--`);
    expect(wide.parts).toHaveLength(9999);
  });

  it('keeps a bounded part of headers without end', () => {
    const parts = `--a\r\nX: ${'x'.repeat(900_000)}\r\n\r\n`.repeat(8);
    const message = read(`Content-Type: multipart/mixed; boundary=a\r\n\r\n${parts}`);
    expect(message.parts).toHaveLength(8);
    expect(message.parts.filter(({ fields }) => fields.length > 0)).toHaveLength(5);
  });

  it('takes time as the message is long, whatever is in it', () => {
    const nested = (size: number) =>
      `Content-Type: multipart/mixed; boundary=${'-'.repeat(60)}\r\n\r\n${`${'-'.repeat(60)}x\r\n`.repeat(size)}`;
    const long = `X: ${'a'.repeat(5_000_000)}\r\n\r\n${'b'.repeat(5_000_000)}`;
    expect(read(nested(50_000)).parts).toEqual([]);
    expect(read(long, 1000).body.to).toBe(long.length);
    expect(read('\r\n'.repeat(500_000)).lines).toBe(499_999);
  });

  it('keeps every part within the one around it, for any bytes', () => {
    const fragment = fc.constantFrom(
      '--a',
      '--a--',
      '--b',
      '\r\n',
      '\n',
      '\r',
      ' ',
      'Content-Type: multipart/mixed; boundary=a\r\n',
      'Content-Type: message/rfc822\r\n',
      'Content-Type: multipart/digest; boundary="b"\r\n',
      'text',
      '\0',
      '"',
      ';',
      '(',
    );
    const check = (part: MimePart, from: number, to: number): void => {
      expect(part.header.from).toBeGreaterThanOrEqual(from);
      expect(part.header.to).toBeLessThanOrEqual(to);
      expect(part.body.from).toBeGreaterThanOrEqual(part.header.from);
      expect(part.body.to).toBeGreaterThanOrEqual(part.body.from);
      expect(part.lines).toBeGreaterThanOrEqual(0);
      for (const child of [...part.parts, ...(part.message ? [part.message] : [])])
        check(child, part.header.from, Math.max(part.body.to, to));
    };
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (fragments, pieceBytes) => {
        const text = fragments.join('');
        const message = read(text, pieceBytes);
        check(message, 0, text.length);
        expect(message).toEqual(read(text));
      }),
      { numRuns: 300 },
    );
  });
});
