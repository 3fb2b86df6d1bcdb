import type { Language } from './language.ts';

const KIB = 1024;
const UNITS = ['KB', 'MB', 'GB', 'TB'] as const;

/** How numbers and times look in a language, in the office's time zone. */
export interface Formats {
  readonly timeZone: string;
  count(value: number): string;
  /** Powers of 1,024, as the limits of the rules have it. */
  size(bytes: number): string;
  percent(share: number): string;
  dateTime(instant: Date): string;
  /** Of a day such as 20260131. */
  day(day: number): string;
  /** `2026-01-31T09:30`, as `<input type="datetime-local">` has it. */
  localInput(instant: Date): string;
  /** What `localInput` wrote, the earlier one where the clock shows it twice; null if it is no such time. */
  readLocalInput(text: string): Date | null;
}

/** One digit after the point where there is one before it. */
const sizeFormat = (language: Language): ((bytes: number) => string) => {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (bytes) => {
    if (bytes < KIB) return `${whole.format(bytes)} B`;
    const power = Math.min(Math.floor(Math.log(bytes) / Math.log(KIB)), UNITS.length);
    const value = bytes / KIB ** power;
    return `${(value < 10 ? tenths : whole).format(value)} ${UNITS[power - 1] ?? ''}`;
  };
};

export const createFormats = (language: Language, timeZone: string): Formats => {
  const count = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const dayOnly = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  // Swedish writes ISO 8601.
  const local = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  const localInput = (instant: Date): string => local.format(instant).replace(' ', 'T');
  const offsetAt = (instant: number): number => Date.parse(`${localInput(new Date(instant))}Z`) - instant;
  return {
    timeZone,
    count: (value) => count.format(value),
    size: sizeFormat(language),
    percent: (share) => percent.format(share),
    dateTime: (instant) => dateTime.format(instant),
    day: (day) => dayOnly.format(Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100)),
    localInput,
    readLocalInput: (text) => {
      const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
      if (Number.isNaN(wall)) return null;
      const guess = wall - offsetAt(wall);
      return new Date(wall - offsetAt(guess));
    },
  };
};
