const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Minutes. The American ones by RFC 5322 §4.3; letters of military zones and unknown names count as UTC, as it says. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ['est', -300],
  ['edt', -240],
  ['cst', -360],
  ['cdt', -300],
  ['mst', -420],
  ['mdt', -360],
  ['pst', -480],
  ['pdt', -420],
  ['cet', 60],
  ['cest', 120],
  ['jst', 540],
  ['kst', 540],
]);

/** No date is longer. */
const MAX_UNITS = 200;
const COMMENT = /\((?:[^()\\]|\\.)*\)/g;
const CLOCK = String.raw`(?<hour>\d{1,2})[ ]*:[ ]*(?<minute>\d{1,2})(?:[ ]*:[ ]*(?<second>\d{1,2})(?:\.\d+)?)?`;
const ZONE = String.raw`(?:(?:GMT|UTC?)?[ ]*(?<sign>[+-])(?<zoneHours>\d{2}):?(?<zoneMinutes>\d{2})|(?<zone>[a-z]{1,5})\b)?`;
/** RFC 5322 §3.3 and §4.3, with slips that mail programs make: commas missing or doubled, dashes, whole names of months. */
const DATE_TIME = new RegExp(
  String.raw`^(?:[a-z]{2,9}\.?[ ]*,*[ ]*)?(?<day>\d{1,2})[ -]+(?<month>[a-z]{3})[a-z]*\.?,?[ -]+(?<year>\d{2,4})[ ,]+${CLOCK}[ ]*${ZONE}`,
  'i',
);
/** As C's asctime writes it, and Unix programs with it. */
const ASCTIME = new RegExp(
  String.raw`^[a-z]{3},?[ ]+(?<month>[a-z]{3})[ ]+(?<day>\d{1,2})[ ]+${CLOCK}[ ]+(?:(?<zone>[a-z]{3,5})[ ]+)?(?<year>\d{4})(?:[ ]+(?<sign>[+-])(?<zoneHours>\d{2})(?<zoneMinutes>\d{2}))?`,
  'i',
);

/** Comments nest, so the inner ones go first. */
const withoutComments = (value: string): string => {
  const shorter = value.replace(COMMENT, ' ');
  return shorter === value ? value : withoutComments(shorter);
};

/** RFC 5322 §4.3. */
const fullYear = (year: string): number => {
  const number = Number(year);
  if (year.length === 4) return number;
  return year.length === 2 && number < 50 ? 2000 + number : 1900 + number;
};

const zoneMinutes = ({ sign, zoneHours, zoneMinutes, zone }: Readonly<Record<string, string | undefined>>): number => {
  if (sign) return (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  return ZONES.get(zone?.toLowerCase() ?? '') ?? 0;
};

/** The moment that a Date field names; null for what is no date, or none from 1970 to 9999. Never throws. */
export const parseHeaderDate = (value: string): Date | null => {
  if (value.length > MAX_UNITS) return null;
  const text = withoutComments(value).replace(/\s+/g, ' ').trim();
  const parts = (DATE_TIME.exec(text) ?? ASCTIME.exec(text))?.groups;
  if (!parts) return null;
  const { year = '', month = '', day, hour, minute, second = 0 } = parts;
  const [y, m, d] = [fullYear(year), MONTHS.indexOf(month.toLowerCase()), Number(day)];
  const midnight = new Date(Date.UTC(y, m, d));
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  if (y < 100 || m < 0 || midnight.getUTCMonth() !== m || midnight.getUTCDate() !== d) return null;
  // A leap second is the first of the next minute.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const date = new Date(Date.UTC(y, m, d, Number(hour), Number(minute) - zoneMinutes(parts), Number(second)));
  return date.getTime() >= 0 && date.getUTCFullYear() <= 9999 ? date : null;
};
