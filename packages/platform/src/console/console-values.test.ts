import { describe, expect, it } from 'vitest';
import { manualClock } from '../manual-clock.ts';
import { departmentChoices } from './departments.ts';
import { createFormats } from './formats.ts';
import { preferredLanguage } from './language.ts';
import { newPassword } from './new-password.ts';
import { quotaText, readQuota } from './quota.ts';
import { ShownOnce } from './shown-once.ts';

describe('languages', () => {
  it.each([
    ['ko-KR', 'ko'],
    ['ko', 'ko'],
    ['en;q=0.5, ko;q=0.8', 'ko'],
    ['ko;q=0, en', 'en'],
    ['fr, de', 'en'],
    ['', 'en'],
    [',;q=,ko;q=x,KO-kr;q=0.1', 'ko'],
  ])('of %j is %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});

describe('sizes and times', () => {
  const english = createFormats('en', 'Asia/Seoul');
  const korean = createFormats('ko', 'Asia/Seoul');

  it('A2: 20 MB are 20 × 2^20 bytes', () => {
    expect([0, 1023, 1024, 1536, 20 * 2 ** 20, 4 * 2 ** 30, 5 * 2 ** 50].map((bytes) => english.size(bytes))).toEqual([
      '0 B',
      '1,023 B',
      '1 KB',
      '1.5 KB',
      '20 MB',
      '4 GB',
      '5,120 TB',
    ]);
  });

  it('are in the time zone of the office', () => {
    const instant = new Date('2026-03-01T15:30:00Z');
    expect(korean.dateTime(instant)).toBe('2026. 3. 2. 오전 12:30');
    expect(korean.localInput(instant)).toBe('2026-03-02T00:30');
    expect(korean.readLocalInput('2026-03-02T00:30')).toEqual(instant);
    expect(english.day(20260131)).toBe('Jan 31, 2026');
  });

  it('are read back as they were written, where the clock was put forward or back, too', () => {
    const newYork = createFormats('en', 'America/New_York');
    for (const iso of [
      '2026-03-08T06:59:00Z',
      '2026-03-08T07:00:00Z',
      '2026-11-01T04:59:00Z',
      '2026-11-01T07:00:00Z',
      '2026-07-01T00:00:00Z',
    ]) {
      expect(newYork.readLocalInput(newYork.localInput(new Date(iso)))).toEqual(new Date(iso));
    }
    for (const text of ['', '2026-02-31', '2026-13-01T00:00', 'tomorrow']) expect(newYork.readLocalInput(text)).toBeNull();
  });
});

describe('quotas', () => {
  it('A2: come back from their field to the byte; what is no number is none', () => {
    for (const bytes of [null, 0, 1, 5, 1_000_000, 20 * 2 ** 20, 2 ** 40 + 1]) expect(readQuota(quotaText(bytes))).toBe(bytes);
    for (const text of ['-1', '1e3', 'much', '1,5', '0x10', '9'.repeat(13), 'Infinity']) expect(readQuota(text)).toBeUndefined();
  });
});

describe('made passwords', () => {
  it('A10: have every kind of character and the length of the policy, and differ', () => {
    const passwords = Array.from({ length: 200 }, () => newPassword(4));
    expect(new Set(passwords).size).toBe(200);
    for (const password of passwords) {
      expect(password).toHaveLength(20);
      for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^\w]|_/]) expect(password).toMatch(kind);
    }
    expect(newPassword(128)).toHaveLength(128);
  });
});

describe('what is shown once', () => {
  it('is shown to its reader, a single time, for 10 minutes', () => {
    const clock = manualClock(new Date('2026-03-02T03:00:00Z'));
    const shown = new ShownOnce(clock.now);
    const secret = { kind: 'password', text: 'x' } as const;
    const key = shown.keep(1, secret);
    expect(shown.take(2, key)).toBeNull();
    expect(shown.take(1, key)).toMatchObject(secret);
    expect(shown.take(1, key)).toBeNull();
    const late = shown.keep(1, secret);
    clock.advance({ minutes: 10 });
    expect(shown.take(1, late)).toBeNull();
  });

  it('is bounded: the oldest goes', () => {
    const shown = new ShownOnce(() => new Date(0));
    const [first = '', second = ''] = Array.from({ length: 1001 }, () => shown.keep(1, { kind: 'password', text: 'x' }));
    expect(shown.take(1, first)).toBeNull();
    expect(shown.take(1, second)).not.toBeNull();
  });
});

describe('departments to choose from', () => {
  it('A7: are named by their path, whatever the order', () => {
    const departments = [
      { id: 3, parentId: 2, name: 'c' },
      { id: 2, parentId: 1, name: 'b' },
      { id: 1, parentId: null, name: 'a' },
    ];
    expect(departmentChoices(departments, '-').map(({ label }) => label)).toEqual(['-', 'a', 'a > b', 'a > b > c']);
  });
});
