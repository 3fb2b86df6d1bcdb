import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, displayWidth, printable } from './display-width.ts';

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

describe('printable', () => {
  it('keeps escape sequences, line ends and changes of direction from the terminal', () => {
    expect(printable('a\x1b[2Jb\r\nc\u202ed\x9be')).toBe('a\ufffd[2Jb\ufffd\ufffdc\ufffdd\ufffde');
    expect(printable('메일함/한글 📬 cafe\u0301')).toBe('메일함/한글 📬 cafe\u0301');
  });
});
