import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heldBack, unquote } from './quoted-line.ts';

const unquoteText = (text: string): string => unquote(Buffer.from(text), true, text.length).text.toString();

it('takes one > from each quoted From_ line, and from no other', () => {
  expect(unquoteText('>From a\n>>From b\n> From c\n>from d\nx >From e\n>From')).toBe(
    'From a\n>From b\n> From c\n>from d\nx >From e\n>From',
  );
});

it('leaves alone what is quoted deeper than 255 times', () => {
  const line = (depth: number) => `${'>'.repeat(depth)}From x\n`;
  expect(unquoteText(line(255))).toBe(line(254));
  expect(unquoteText(line(256))).toBe(line(256));
});

it('gives the wanted bytes, and how many they were', () => {
  const bytes = Buffer.from('>From a\n>From b\n');
  const { text, rawBytes } = unquote(bytes, true, 7);
  expect(text.toString()).toBe('From a\n');
  expect(rawBytes).toBe(8);
});

it('comes to the same in pieces', () => {
  const piece = fc.constantFrom('>', '>', 'From ', 'From', ' ', '\n', '\n', 'x', 'Fr');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (words, pieceBytes) => {
      const whole = Buffer.from(words.join(''));
      const pieces: Buffer[] = [];
      let isLineStart = true;
      for (let at = 0, length = pieceBytes; at < whole.length; ) {
        const raw = whole.subarray(at, at + length);
        const isLast = at + length >= whole.length;
        const part: Buffer = isLast ? raw : raw.subarray(0, raw.length - heldBack(raw, isLineStart));
        // More is read when nothing is left to give.
        length = part.length === 0 ? length + 1 : pieceBytes;
        if (part.length > 0) {
          pieces.push(unquote(part, isLineStart, part.length).text);
          isLineStart = part.at(-1) === 0x0a;
        }
        at += part.length;
      }
      expect(Buffer.concat(pieces).toString()).toBe(unquoteText(whole.toString()));
    }),
    { numRuns: 1000 },
  );
});
