const YEAR_FIRST = /^(\d{4})[-/.년]\s*(\d{1,2})[-/.월]\s*(\d{1,2})[.일]?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const NO_YEAR = /^--(\d{2})-?(\d{2})$/;
/** Month and day in either order: known only where one of them can be no month. */
const YEAR_LAST = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/;
/** What follows the day in a moment, which a birthday is not. */
const MIDNIGHT = /[T ]00:00(?::00)?(?:\.0+)?(?:Z|[+-]00:?00)?$/;

const pad = (text: string): string => text.padStart(2, '0');

const isDay = (month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31;

/**
 * A day as `YYYY-MM-DD`, or `--MM-DD` without its year; null where the text is no day or could be two of them: `3/4/1980` is in
 * March or in April.
 */
export const isoDate = (text: string): string | null => {
  const trimmed = text.trim().replace(MIDNIGHT, '');
  const noYear = NO_YEAR.exec(trimmed);
  if (noYear) return isDay(Number(noYear[1]), Number(noYear[2])) ? `--${noYear[1]}-${noYear[2]}` : null;
  const yearFirst = YEAR_FIRST.exec(trimmed) ?? COMPACT.exec(trimmed);
  if (yearFirst) {
    const [, year = '', month = '', day = ''] = yearFirst;
    return isDay(Number(month), Number(day)) ? `${year}-${pad(month)}-${pad(day)}` : null;
  }
  const [, first = '', second = '', year = ''] = YEAR_LAST.exec(trimmed) ?? [];
  if (year === '' || (Number(first) <= 12 && Number(second) <= 12 && first !== second)) return null;
  const [month, day] = Number(first) > 12 ? [second, first] : [first, second];
  return isDay(Number(month), Number(day)) ? `${year}-${pad(month)}-${pad(day)}` : null;
};
