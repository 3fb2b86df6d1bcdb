import { describe, expect, it } from 'vitest';
import { WallClock } from './wall-clock.ts';

describe('the first instant of a day', () => {
  it.each([
    ['Asia/Seoul', 20260131, '2026-01-30T15:00:00.000Z'],
    ['UTC', 20240229, '2024-02-29T00:00:00.000Z'],
    ['Pacific/Kiritimati', 20260101, '2025-12-31T10:00:00.000Z'],
    ['Pacific/Pago_Pago', 20260101, '2026-01-01T11:00:00.000Z'],
    ['America/New_York', 20260308, '2026-03-08T05:00:00.000Z'],
    ['America/New_York', 20260309, '2026-03-09T04:00:00.000Z'],
    // The clocks go from 0:00 to 1:00: there is no midnight.
    ['America/Sao_Paulo', 20181104, '2018-11-04T03:00:00.000Z'],
    // They go from 24:00 back to 23:00: the hour before midnight comes twice.
    ['America/Sao_Paulo', 20180218, '2018-02-18T03:00:00.000Z'],
  ])('is in %s on %i what the calendar there says', (timeZone, day, expected) => {
    const clock = new WallClock(timeZone);
    const start = clock.startOf(day);
    expect(start.toISOString()).toBe(expected);
    expect(clock.day(start)).toBe(day);
    expect(clock.day(new Date(start.getTime() - 1000))).toBeLessThan(day);
    expect(clock.startOfDay(new Date(start.getTime() + 3_600_000 * 5)).toISOString()).toBe(expected);
  });
});
