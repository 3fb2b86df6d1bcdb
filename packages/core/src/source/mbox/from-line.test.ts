import { expect, it } from 'vitest';
import { fromLineDate, parseFromLine } from './from-line.ts';

const dateOf = (line: string): string | undefined => {
  const found = parseFromLine(line);
  return found ? fromLineDate(found)?.toISOString() : 'no From_ line';
};

it.each([
  ['From a@b.example Mon Jan  5 12:00:01 2026', '2026-01-05T12:00:01.000Z'],
  ['From - Mon Jan  5 12:00:01 2026', '2026-01-05T12:00:01.000Z'],
  ['From "a b"@c.example Mon Jan  5 12:00:03 2026', '2026-01-05T12:00:03.000Z'],
  ['From a@b.example Mon Jan  5 12:00 2026', '2026-01-05T12:00:00.000Z'],
  ['From a@b.example Mon Jan  5 12:00:01 2026 +0900', '2026-01-05T03:00:01.000Z'],
  ['From 1786@xxx Mon Jan 05 03:00:01 +0000 2026', '2026-01-05T03:00:01.000Z'],
  ['From a@b.example Mon Jan  5 12:00:01 KST 2026', '2026-01-05T03:00:01.000Z'],
  ['From a@b.example Mon Jan  5 12:00:01 96', '1996-01-05T12:00:01.000Z'],
  ['From a@b.example Mon, 05 Jan 2026 12:00:04 +0900', '2026-01-05T03:00:04.000Z'],
  ['From a@b.example  Mon Jan  5 12:00:01 2026  ', '2026-01-05T12:00:01.000Z'],
])('reads the date of %s', (line, date) => {
  expect(parseFromLine(line)?.kind).toBe('dated');
  expect(dateOf(line)).toBe(date);
});

it.each([
  'From here on it goes',
  'From 1990 to 2026',
  'From Monday Jan',
  'From a@b.example on',
  `From ${'x'.repeat(2000)} Mon Jan  5 12:00:01 2026`,
])('takes for text: %.40s', (line) => {
  expect(parseFromLine(line)).toBeNull();
});

it('knows lines without a date, and one whose date is none', () => {
  expect(parseFromLine('From -')?.kind).toBe('dash');
  expect(parseFromLine('From - ')?.kind).toBe('dash');
  expect(parseFromLine('From 1844347792267117879@xxx')?.kind).toBe('sender');
  expect(parseFromLine('From a@b Mon Feb 31 25:00:00 2026')?.kind).toBe('dated');
  for (const line of ['From -', 'From 1@xxx', 'From a@b Mon Feb 31 25:00:00 2026']) expect(dateOf(line)).toBeUndefined();
});
