import { parseHeaderDate } from '../../mail/header-date.ts';

/** What a From_ line says, the line that begins each message of an mbox (RFC 4155 appendix A). */
export interface FromLine {
  /** Day, month, year, time and zone, in the order of a Date field; empty where there is none. */
  readonly dateText: string;
  /** `dated` ends in what looks like a date. `dash` is `From -`, as Netscape wrote it; `sender` is an address alone, as Gmail's exports have it. */
  readonly kind: 'dated' | 'dash' | 'sender';
}

/** A longer line separates nothing. */
export const MAX_FROM_LINE_BYTES = 1024;
/** The date is looked for in so much of the line's end. */
const DATE_WITHIN_UNITS = 80;

const WEEKDAY = '(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*,?[ ]+';
const MONTH = '(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const CLOCK = String.raw`(?<clock>\d{1,2}:\d{2}(?::\d{2})?)`;
const zone = (name: string): string => String.raw`(?:[ ]+(?<${name}>[+-]\d{4}|[a-z]{1,5}))?`;
/** C's asctime, with the zones that Mbox writers put before or behind the year. */
const ASCTIME = new RegExp(
  String.raw`[ ]${WEEKDAY}${MONTH}[ ]+(?<day>\d{1,2})[ ]+${CLOCK}${zone('before')}[ ]+(?<year>\d{4}|\d{2})${zone('behind')}[ ]*$`,
  'i',
);
/** The Date field's form. */
const RFC_5322 = new RegExp(
  String.raw`[ ](?:${WEEKDAY})?(?<day>\d{1,2})[ -]${MONTH}[ -](?<year>\d{4}|\d{2})[ ]+${CLOCK}${zone('behind')}[ ]*$`,
  'i',
);
const DASH = /^From -[ ]*$/;
const SENDER = /^From [^ @]+@[^ @]+[ ]*$/;

const kindOfUndated = (line: string): FromLine['kind'] | null => {
  if (DASH.test(line)) return 'dash';
  return SENDER.test(line) ? 'sender' : null;
};

/** Reads a line that begins with `From `, without its line end. Null for one that is just text. */
export const parseFromLine = (line: string): FromLine | null => {
  if (line.length > MAX_FROM_LINE_BYTES) return null;
  const tail = line.slice(-DATE_WITHIN_UNITS);
  const parts = (ASCTIME.exec(tail) ?? RFC_5322.exec(tail))?.groups;
  if (!parts) {
    const kind = kindOfUndated(line);
    return kind && { dateText: '', kind };
  }
  const { day, month, year, clock, before, behind = before ?? '' } = parts;
  return { dateText: `${day} ${month} ${year} ${clock} ${behind}`, kind: 'dated' };
};

/** The moment that a From_ line names, in UTC where it names no zone (RFC 4155); null where it is none from 1970 to 9999. */
export const fromLineDate = ({ dateText }: FromLine): Date | null => (dateText === '' ? null : parseHeaderDate(dateText));
