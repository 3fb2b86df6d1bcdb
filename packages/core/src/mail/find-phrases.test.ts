import { describe, expect, it } from 'vitest';
import { findPhrases, holdsPhrase } from './find-phrases.ts';

describe('a search for phrases', () => {
  it.each([
    ['견적서를 보냅니다', '견적서', true],
    ['견적서를 보냅니다'.normalize('NFD'), '견적서', true],
    ['견적서를 보냅니다', '견적서'.normalize('NFD'), true],
    ['Straße und ÉCLAIR', 'éclair', true],
    ['one\r\n  two', 'One Two', true],
    ['one two', 'onetwo', false],
    ['anything', '  ', true],
  ])('%j holds %j: %s', (text, phrase, expected) => {
    expect(holdsPhrase(text, phrase)).toBe(expected);
  });

  it('wants all of them, wherever each is, and shows the line of the text', () => {
    expect(findPhrases(['Kim', 'the subject', 'the text'], ['kim', 'SUBJECT'])).toBe('');
    expect(findPhrases(['Kim', 'the text'], ['kim', 'text'])).toBe('the text');
    expect(findPhrases(['Kim', 'the text'], ['kim', 'other'])).toBeNull();
    expect(findPhrases(['Kim', 'the text'], [])).toBe('');
  });

  it('cuts the line around what was found, between words', () => {
    const text = `${'before '.repeat(50)}FOUND ${'after '.repeat(50)}`;
    const line = findPhrases([text], ['found']) ?? '';
    expect(line).toMatch(/^…(?:before )+FOUND (?:after )+.*…$/);
    expect(line.length).toBeLessThan(130);
    expect(findPhrases([`İ${'x'.repeat(50)}FOUND`], ['found'])).toContain('found');
  });
});
