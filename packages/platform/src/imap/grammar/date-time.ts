import type { Cursor } from './cursor.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DATE = /^( ?\d|\d\d)-([A-Za-z]{3})-(\d{4})$/;
const DATE_TIME = /^( \d|\d\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;

const monthIndex = (name: string): number => MONTHS.findIndex((month) => month.toLowerCase() === name.toLowerCase());

const utc = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0): Date => {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second);
  return date;
};

const pad = (number: number, width = 2): string => String(number).padStart(width, '0');

/** RFC 3501 §9 `date`, quoted or not, as a day number that can be compared: 20260131. */
export const readDay = (cursor: Cursor): number => {
  const text = cursor.astring().toString('latin1');
  const [, day = '', month = '', year = ''] = DATE.exec(text) ?? [];
  const date = utc(Number(year), monthIndex(month), Number(day));
  if (!DATE.test(text) || monthIndex(month) === -1 || date.getUTCDate() !== Number(day)) throw new ImapSyntaxError(`"${text}" is no date`);
  return Number(year) * 10000 + (monthIndex(month) + 1) * 100 + Number(day);
};

/** RFC 3501 §9 `date-time`. */
export const readDateTime = (cursor: Cursor): Date => {
  const text = cursor.string().toString('latin1');
  const [, day, month = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = DATE_TIME.exec(text) ?? [];
  const local = utc(Number(year), monthIndex(month), Number(day), Number(hour), Number(minute), Number(second));
  const isDay = monthIndex(month) !== -1 && local.getUTCDate() === Number(day);
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 61 && Number(zoneHours) < 24 && Number(zoneMinutes) < 60;
  if (!isDay || !isTime) throw new ImapSyntaxError(`"${text}" is no date with time`);
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  return new Date(local.getTime() - offsetMinutes * 60_000);
};

/** The wall clock of a time zone: formats INTERNALDATE and tells days apart (SPEC, first paragraph). */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;

  /** @param timeZone IANA name. Throws a RangeError for an unknown one. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** RFC 3501 §9 `date-time` with its quotes, to the second. */
  dateTime(instant: Date): string {
    const { local, offsetMinutes } = this.#local(instant);
    const day = `${String(local.getUTCDate()).padStart(2, ' ')}-${MONTHS[local.getUTCMonth()] ?? ''}-${pad(local.getUTCFullYear(), 4)}`;
    const time = `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}:${pad(local.getUTCSeconds())}`;
    const offset = Math.abs(offsetMinutes);
    return `"${day} ${time} ${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(offset / 60))}${pad(offset % 60)}"`;
  }

  /** A number that can be compared: 20260131. */
  day(instant: Date): number {
    const { local } = this.#local(instant);
    return local.getUTCFullYear() * 10000 + (local.getUTCMonth() + 1) * 100 + local.getUTCDate();
  }

  /** Falls back to UTC where the zone's offset is no whole minute, as before 1900, which IMAP can't write. */
  #local(instant: Date): { local: Date; offsetMinutes: number } {
    const parts = Object.fromEntries(this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const local = utc(year, month - 1, day, hour, minute, second);
    const offsetMinutes = (local.getTime() - Math.floor(instant.getTime() / 1000) * 1000) / 60_000;
    const isWritable = Number.isInteger(offsetMinutes) && Math.abs(offsetMinutes) < 24 * 60;
    return isWritable ? { local, offsetMinutes } : { local: instant, offsetMinutes: 0 };
  }
}
