import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPeriod } from './period.ts';

const NOW = new Date('2024-06-15T20:30:00Z');
const read = (text: string, timeZone = 'Asia/Seoul', now = NOW) => {
  const { from, until } = readPeriod(text, now, timeZone);
  return [from?.toISOString() ?? null, until?.toISOString() ?? null];
};

describe('a period', () => {
  it('ends with the day before the request, in its time zone (B8)', () => {
    // 20:30 UTC is already the 16th in Seoul.
    expect(read('whole')).toEqual([null, '2024-06-15T15:00:00.000Z']);
    expect(read('whole', 'UTC')).toEqual([null, '2024-06-15T00:00:00.000Z']);
    expect(read('this-year')).toEqual(['2023-12-31T15:00:00.000Z', '2024-06-15T15:00:00.000Z']);
  });

  it('of this year is empty on the first of January', () => {
    expect(read('this-year', 'Asia/Seoul', new Date('2024-01-01T03:00:00Z'))).toEqual([
      '2023-12-31T15:00:00.000Z',
      '2023-12-31T15:00:00.000Z',
    ]);
  });

  it.each([
    ['2024', '2023-12-31T15:00:00.000Z', '2024-12-31T15:00:00.000Z'],
    ['2024-02', '2024-01-31T15:00:00.000Z', '2024-02-29T15:00:00.000Z'],
    ['2024-12', '2024-11-30T15:00:00.000Z', '2024-12-31T15:00:00.000Z'],
    ['2024-02-29', '2024-02-28T15:00:00.000Z', '2024-02-29T15:00:00.000Z'],
    ['2023..2024-01', '2022-12-31T15:00:00.000Z', '2024-01-31T15:00:00.000Z'],
    ['2024-03-01..', '2024-02-29T15:00:00.000Z', null],
    ['..2024-03-01', null, '2024-03-01T15:00:00.000Z'],
  ])('reads %s', (text, from, until) => {
    expect(read(text)).toEqual([from, until]);
  });

  it('begins and ends a day where clocks are put forward and back', () => {
    expect(read('2024-03-31', 'Europe/Berlin')).toEqual(['2024-03-30T23:00:00.000Z', '2024-03-31T22:00:00.000Z']);
    expect(read('2024-10-27', 'Europe/Berlin')).toEqual(['2024-10-26T22:00:00.000Z', '2024-10-27T23:00:00.000Z']);
  });

  it.each(['', '..', 'x', '24', '2024-13', '2023-02-29', '2024-1', '2024..2023', '2024..2024..2024', '2024-06-31'])(
    'refuses %j',
    (text) => {
      expect(() => readPeriod(text, NOW, 'UTC')).toThrow(expect.objectContaining({ code: 'option-invalid' }));
    },
  );

  it('refuses a time zone that nobody knows', () => {
    expect(() => readPeriod('2024', NOW, 'Mars/Olympus')).toThrow(expect.objectContaining({ code: 'option-invalid' }));
  });

  it('of single days follow each other without gap or overlap', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2037-12-30'), noInvalidDate: true }),
        fc.constantFrom('Asia/Seoul', 'America/New_York', 'Europe/London', 'UTC', 'Pacific/Apia'),
        (day, timeZone) => {
          const text = (at: Date) => at.toISOString().slice(0, 10);
          const next = new Date(day.getTime() + 24 * 3600 * 1000);
          expect(readPeriod(text(day), NOW, timeZone).until).toEqual(readPeriod(text(next), NOW, timeZone).from);
        },
      ),
      { numRuns: 200 },
    );
  });
});
