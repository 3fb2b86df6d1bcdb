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
