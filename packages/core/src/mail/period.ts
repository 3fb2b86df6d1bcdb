import { MailferryError } from '../errors.ts';

/** A stretch of time by whole days. */
export interface Period {
  /** Its first moment; null for no beginning. */
  readonly from: Date | null;
  /** The first moment after it; null for no end. */
  readonly until: Date | null;
}

const FORM = 'whole, this-year, 2024, 2024-03, 2024-03-15, or two of the dates as 2024-01..2024-06, either of them left out';
const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

const invalid = (reason: string): MailferryError => new MailferryError('option-invalid', { option: 'period', reason });

interface Day {
  readonly year: number;
  /** 1 to 12, or beyond: 13 is January of the next year. */
  readonly month: number;
  readonly day: number;
}

/** What a clock in `timeZone` shows at `instant`, as if it were UTC. */
const wallClock = (instant: number, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
};

/** The first moment of a day in `timeZone`. */
const startOf = ({ year, month, day }: Day, timeZone: string): Date => {
  const wall = Date.UTC(year, month - 1, day);
  let instant = wall;
  // Twice, since the offset may change between the guess and the moment itself.
  for (let i = 0; i < 2; i += 1) instant += wall - wallClock(instant, timeZone);
  return new Date(instant);
};

const today = (now: Date, timeZone: string): Day => {
  const wall = new Date(wallClock(Math.floor(now.getTime() / 1000) * 1000, timeZone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
};

/** The first day of a date, and the first day after it. */
const readDate = (text: string): { first: Day; after: Day } => {
  const [, yearText, monthText, dayText] = DATE.exec(text) ?? [];
  if (yearText === undefined) throw invalid(`it has to be ${FORM}`);
  const [year, month, day] = [Number(yearText), Number(monthText ?? 1), Number(dayText ?? 1)];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) throw invalid(`there is no day ${text}`);
  if (monthText === undefined) return { first: { year, month: 1, day: 1 }, after: { year: year + 1, month: 1, day: 1 } };
  if (dayText === undefined) return { first: { year, month, day: 1 }, after: { year, month: month + 1, day: 1 } };
  return { first: { year, month, day }, after: { year, month, day: day + 1 } };
};

const checkTimeZone = (timeZone: string): void => {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch (cause) {
    throw new MailferryError('option-invalid', { option: 'time zone', reason: `${timeZone} is not one that is known` }, { cause });
  }
};

/**
 * Reads a period: `whole` and `this-year` end with the day before `now` (SPEC B8); `2024`, `2024-03` and
 * `2024-03-15` are that year, month, day; `2024-01..2024-06` goes from the first to the last day of both,
 * and either end may be left out. Days are those of `timeZone` (an IANA name). Errors: `option-invalid`.
 */
export const readPeriod = (text: string, now: Date, timeZone: string): Period => {
  checkTimeZone(timeZone);
  const thisDay = today(now, timeZone);
  if (text === 'whole') return { from: null, until: startOf(thisDay, timeZone) };
  if (text === 'this-year') return { from: startOf({ year: thisDay.year, month: 1, day: 1 }, timeZone), until: startOf(thisDay, timeZone) };
  const [first = '', last = first, ...more] = text.split('..');
  if (more.length > 0 || (first === '' && last === '')) throw invalid(`it has to be ${FORM}`);
  const from = first === '' ? null : startOf(readDate(first).first, timeZone);
  const until = last === '' ? null : startOf(readDate(last).after, timeZone);
  if (from && until && until <= from) throw invalid('its end comes before its beginning');
  return { from, until };
};
