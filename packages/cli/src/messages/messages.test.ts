import { readdirSync, readFileSync } from 'node:fs';
import { ERROR_KINDS } from '@mailferry/core/errors';
import { NOTICE_KINDS } from '@mailferry/core/mail';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { koErrors, koWords } from './ko-errors.ts';
import { koNotices } from './ko-notices.ts';

const placesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();

const errorTexts = (table: Readonly<Record<string, { message: string; hint: string }>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(table).flatMap(([code, { message, hint }]) => [
      [`${code} message`, message],
      [`${code} hint`, hint],
    ]),
  );

const noticeTexts = Object.fromEntries(Object.entries(NOTICE_KINDS).map(([code, { message }]) => [code, message]));

describe.each([
  ['texts', en, ko],
  ['errors', errorTexts(ERROR_KINDS), errorTexts(koErrors)],
  ['notices', noticeTexts, koNotices],
] as const)('the Korean catalogue of %s', (_which, english, korean) => {
  it('has the same keys as the English one', () => {
    expect(Object.keys(korean).sort()).toEqual(Object.keys(english).sort());
  });

  it('has the same places to fill', () => {
    const places = (catalogue: object) => Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, placesIn(text)]));
    expect(places(korean)).toEqual(places(english));
  });

  it('has no empty text, and none that is still English', () => {
    for (const [key, text] of Object.entries(korean)) {
      const wordless = !/[a-z]{3}/i.test(text.replace(/\{\w+\}/g, ''));
      expect([key, /\p{Script=Hangul}/u.test(text) || wordless]).toEqual([key, true]);
    }
  });
});

const CORE = new URL('../../../core/src/', import.meta.url);

it('words that core puts into details are still those that it uses', () => {
  const files = readdirSync(CORE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const core = files.map((file) => readFileSync(new URL(file, CORE), 'utf8')).join('\n');
  expect(Object.keys(koWords).filter((words) => words.includes(' ') && !core.includes(`'${words}'`))).toEqual([]);
});

const SOURCES = new URL('../', import.meta.url);

/** String literals of a TypeScript source, comments and `${…}` left out. */
const literalsOf = (source: string): string[] => {
  const literals: string[] = [];
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|\/(?![\s=])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\n[])+\/[dgimsuvy]+|'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\[\s\S]|\$\{[^}]*\}|[^`\\])*)`/g;
  for (const [, single, double, template] of source.matchAll(token)) {
    const literal = single ?? double ?? template?.replace(/\$\{[^}]*\}/g, '');
    if (literal !== undefined) literals.push(literal);
  }
  return literals;
};

describe('texts that a person reads', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('messages'),
  );

  it('are looked for in every source', () => {
    expect(files).toContain('commands/migrate.ts');
    expect(files).toContain('render/report.ts');
    expect(literalsOf(`write('Two words'); // 'a comment'\nx(\`one \${y} more\`); z('한글')`)).toEqual(['Two words', 'one  more', '한글']);
  });

  it.each(files)('stand in the catalogues, not in %s', (file) => {
    // Command lines that are shown as they are to be typed are the same in every language.
    const readable = literalsOf(readFileSync(new URL(file, SOURCES), 'utf8')).filter(
      (literal) =>
        /\p{L}[.,:!?]?\s+\p{L}|\p{Script=Hangul}/u.test(literal) &&
        !/^\s*(mailferry|--\S+|platform serve$|key new$|contacts( [a-z-]+)?$|(convert|merge|dedupe|split) <path>)/.test(literal),
    );
    expect(readable).toEqual([]);
  });

  it('are all used', () => {
    const sources = files.map((file) => readFileSync(new URL(file, SOURCES), 'utf8')).join('\n');
    // Keys that are put together from a code, a column or the name of an option.
    const composed = [...sources.matchAll(/`([a-z]+\.(?:[a-z]+\.)?)\$\{/g)].map(([, prefix = '']) => prefix);
    expect(composed).toContain('damage.');
    const unused = Object.keys(en).filter((key) => !sources.includes(`'${key}'`) && !composed.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });
});
