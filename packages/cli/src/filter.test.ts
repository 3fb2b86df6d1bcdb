import { MailferryError } from '@mailferry/core/errors';
import { describe, expect, it } from 'vitest';
import { readFilter } from './filter.ts';
import { backupOptions, readOptions } from './options.ts';
import { textsOf } from './texts.ts';

const texts = textsOf('en');
const filterOf = (options: object) => readFilter(readOptions(backupOptions, { from: 'mbox:a', out: 'b', ...options }, texts), texts);
const refusal = (options: object): string => {
  try {
    filterOf(options);
  } catch (error) {
    if (error instanceof MailferryError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('the filter', () => {
  it('leaves nothing out where nothing was asked for', () => {
    expect(filterOf({})).toEqual({});
  });

  it('holds what the options say', () => {
    const options = {
      'include': ['INBOX', '프로젝트*'],
      'exclude': ['스팸*'],
      'larger-than': '1kB',
      'smaller-than': '5MB',
      'with-flag': ['\\Flagged'],
      'without-flag': ['\\Seen', '$Junk'],
    };
    expect(filterOf(options)).toEqual({
      include: ['INBOX', '프로젝트*'],
      exclude: ['스팸*'],
      minSizeBytes: 1_000,
      maxSizeBytes: 5_000_000,
      withFlags: ['\\Flagged'],
      withoutFlags: ['\\Seen', '$Junk'],
    });
  });

  it('takes days of the named time zone', () => {
    expect(filterOf({ 'period': '2024-03', 'time-zone': 'Asia/Seoul' }).period).toEqual({
      from: new Date('2024-02-29T15:00:00Z'),
      until: new Date('2024-03-31T15:00:00Z'),
    });
    expect(filterOf({ 'period': '2024-03-15..', 'time-zone': 'UTC' }).period).toEqual({
      from: new Date('2024-03-15T00:00:00Z'),
      until: null,
    });
  });

  it("takes days of this machine's time zone otherwise", () => {
    expect(filterOf({ period: '2024' }).period).toEqual({ from: new Date(2024, 0, 1), until: new Date(2025, 0, 1) });
  });

  it.each<[object, RegExp]>([
    [{ period: 'yesterday' }, /^--period: whole, this-year/],
    [{ period: '2024-13' }, /^--period: /],
    [{ period: '2024-06..2024-01' }, /^--period: /],
    [{ 'period': '2024', 'time-zone': 'Mars/Olympus' }, /^--time-zone: /],
    [{ 'time-zone': 'Mars/Olympus' }, /^--time-zone: /],
    [{ 'larger-than': '5MB', 'smaller-than': '1MB' }, /^--smaller-than: /],
  ])('is refused before anything starts: %j', (options, reason) => {
    expect(refusal(options)).toMatch(reason);
  });
});
