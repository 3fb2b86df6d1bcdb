const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY = /\b(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*[\s-]+(\d{2,4})\b/;

/** RFC 5322 §4.3. */
const fullYear = (digits: string): number => {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year + (digits.length === 2 && year < 50 ? 2000 : 1900);
};

/** The day that a Date field names, whatever its time and zone (RFC 3501 §6.4.4), as 20260131; null for one that names none. */
export const sentDay = (value: string): number | null => {
  const [, day = '', month = '', year = ''] = DAY.exec(value.slice(0, 1000).replace(/\([^()]*\)/g, ' ')) ?? [];
  const monthIndex = MONTHS.indexOf(month.toLowerCase());
  if (monthIndex === -1 || Number(day) < 1 || Number(day) > 31) return null;
  return fullYear(year) * 10_000 + (monthIndex + 1) * 100 + Number(day);
};
