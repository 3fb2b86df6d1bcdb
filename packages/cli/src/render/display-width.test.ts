import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, displayWidth, printable, wrapToWidth } from './display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['INBOX', 5],
    ['보낸메일함', 10],
    ['보낸메일함'.normalize('NFD'), 10],
    ['café', 4],
    ['cafe\u0301', 4],
    ['日本語', 6],
    ['Ｗｉｄｅ', 8],
    ['📬', 2],
    ['…–·', 3],
    ['a\u200bb', 2],
    ['', 0],
  ])('%j takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });
});

describe('cutToWidth', () => {
  it('shows where something was cut off', () => {
    expect(cutToWidth('보낸메일함', 10)).toBe('보낸메일함');
    expect(cutToWidth('보낸메일함', 9)).toBe('보낸메일…');
    expect(cutToWidth('보낸메일함', 8)).toBe('보낸메…');
    expect(cutToWidth('INBOX', 0)).toBe('');
  });

  it('never takes more columns than there are', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '한', '\u1112', '\u1161', '📬', '\u0301', '…') });
    fc.assert(fc.property(texts, fc.integer({ min: 0, max: 30 }), (text, columns) => displayWidth(cutToWidth(text, columns)) <= columns));
  });
});

describe('wrapToWidth', () => {
  it('breaks at spaces, and sets off what goes on', () => {
    expect(wrapToWidth('  INBOX lists 1,000 messages', 16, 4)).toEqual(['  INBOX lists', '    1,000', '    messages']);
    expect(wrapToWidth('받은메일함에 1,000통이 있습니다', 22, 0)).toEqual(['받은메일함에 1,000통이', '있습니다']);
    expect(wrapToWidth('one line', Number.POSITIVE_INFINITY, 4)).toEqual(['one line']);
  });

  it('loses nothing, and is too wide only where a single word is', () => {
    const words = fc.array(fc.stringMatching(/^[a가…]{1,12}$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 4 }), (given, columns, indent) => {
        const lines = wrapToWidth(given.join(' '), columns, indent);
        expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(given);
        for (const line of lines) expect(displayWidth(line) <= columns || !line.trim().includes(' ')).toBe(true);
      }),
    );
  });
});

describe('printable', () => {
  it('keeps escape sequences, line ends and changes of direction from the terminal', () => {
    expect(printable('a\x1b[2Jb\r\nc\u202ed\x9be')).toBe('a\ufffd[2Jb\ufffd\ufffdc\ufffdd\ufffde');
    expect(printable('메일함/한글 📬 cafe\u0301')).toBe('메일함/한글 📬 cafe\u0301');
  });
});
