const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MAX_OFFSETS = 10_000;

const utc = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0): Date => {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second);
  return date;
};

const pad = (number: number, width = 2): string => String(number).padStart(width, '0');

/** The wall clock of a time zone: formats INTERNALDATE and tells days apart (SPEC, preamble). */
export class WallClock {
  /** IANA name. */
  readonly timeZone: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number | null>();

  /** @param timeZone IANA name. Throws a RangeError for an unknown one. */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
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

  /** Minutes since midnight, 0 to 1,439. */
  minuteOfDay(instant: Date): number {
    const { local } = this.#local(instant);
    return local.getUTCHours() * 60 + local.getUTCMinutes();
  }

  /** The first instant of the day that `instant` is in, `days` later (or earlier). */
  startOfDay(instant: Date, days = 0): Date {
    const { local } = this.#local(instant);
    return this.#firstInstant(utc(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + days));
  }

  /** The first instant of a day such as 20260131. */
  startOf(day: number): Date {
    return this.#firstInstant(utc(Math.floor(day / 10000), (Math.floor(day / 100) % 100) - 1, day % 100));
  }

  /** Where the clocks change at midnight, it is said twice or never: the day begins with the first instant that is in it. */
  #firstInstant(midnight: Date): Date {
    const day = midnight.getTime();
    const offsets = [-15, 15].map((hours) => this.#local(new Date(day + hours * 3_600_000)).offsetMinutes);
    const candidates = offsets.map((minutes) => new Date(day - minutes * 60_000)).toSorted((a, b) => a.getTime() - b.getTime());
    const [earlier = midnight, later = earlier] = candidates;
    return this.#local(earlier).local.getTime() >= day ? earlier : later;
  }

  #local(instant: Date): { local: Date; offsetMinutes: number } {
    const offsetMinutes = this.#offsetOfDay(Math.floor(instant.getTime() / DAY_MS)) ?? this.#offsetAt(instant);
    if (offsetMinutes === 0) return { local: instant, offsetMinutes };
    const wholeSeconds = Math.floor(instant.getTime() / 1000) * 1000;
    return { local: new Date(wholeSeconds + offsetMinutes * MINUTE_MS), offsetMinutes };
  }

  /** Of a day of UTC, counted from 1970; null where the offset changes on it. To ask the zone is slow, and most instants share their days. */
  #offsetOfDay(day: number): number | null {
    const known = this.#offsets.get(day);
    if (known !== undefined) return known;
    const [first, last] = [day * DAY_MS, (day + 1) * DAY_MS].map((instant) => this.#offsetAt(new Date(instant)));
    const offsetMinutes = first === undefined || first !== last ? null : first;
    if (this.#offsets.size >= MAX_OFFSETS) this.#offsets.clear();
    this.#offsets.set(day, offsetMinutes);
    return offsetMinutes;
  }

  /** In minutes. 0 where the zone's is no whole minute, as before 1900, which IMAP can't write. */
  #offsetAt(instant: Date): number {
    const parts = Object.fromEntries(this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const local = utc(year, month - 1, day, hour, minute, second);
    const offsetMinutes = (local.getTime() - Math.floor(instant.getTime() / 1000) * 1000) / MINUTE_MS;
    const isWritable = Number.isInteger(offsetMinutes) && Math.abs(offsetMinutes) < 24 * 60;
    return isWritable ? offsetMinutes : 0;
  }
}
