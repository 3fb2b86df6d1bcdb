import type { BackupPeriod, BackupRequest } from '../store/backups.ts';
import type { Period } from '../store/message-periods.ts';
import type { WallClock } from '../wall-clock.ts';

/** Days from one to another, both included; null leaves an end open. Numbers such as 20260131. */
export interface DayRange {
  readonly from: number | null;
  readonly to: number | null;
}

type WantedPeriod =
  | { readonly kind: Exclude<BackupPeriod, 'range'> }
  | { readonly kind: 'range'; readonly from: number; readonly to: number };

/** The days of a request. The whole period and this year end with the day before it (SPEC B8); on 1 January this year has none. */
export const requestedDays = (wanted: WantedPeriod, clock: WallClock, now: Date): Pick<BackupRequest, 'period' | 'fromDay' | 'toDay'> => {
  if (wanted.kind === 'range') return { period: 'range', fromDay: wanted.from, toDay: wanted.to };
  const yesterday = clock.day(clock.startOfDay(now, -1));
  const newYear = Math.floor(clock.day(now) / 10000) * 10000 + 101;
  return { period: wanted.kind, fromDay: wanted.kind === 'whole' ? null : newYear, toDay: yesterday };
};

export const periodOf = ({ from, to }: DayRange, clock: WallClock): Period => ({
  from: from === null ? null : clock.startOf(from),
  before: to === null ? null : clock.startOfDay(clock.startOf(to), 1),
});
