import { isoDate } from '../iso-date.ts';

interface DateParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
}

const PARTIAL = /^(?:(\d{4})(?:-(\d{2}))?|--(\d{2})|---(\d{2}))$/;

const padded = (text: string): string => (/^\d$/.test(text) ? `0${text}` : text);

/** A day from its three cells, as RFC 6350 §4.3.1 writes one that lacks some: `1980-05-02`, `1980-05`, `1980`, `--05-02`, `--05`, `---02`. */
export const joinPartialDate = (year: string, month: string, day: string): string => {
  if (year === '' && month === '' && day === '') return '';
  const [mm, dd] = [padded(month), padded(day)];
  if (day === '') return month === '' ? year : `${year || '-'}-${mm}`;
  if (month === '' && year === '') return `---${dd}`;
  return `${year || '-'}-${mm || '-'}-${dd}`;
};

/** The three cells of a day; null for what is none. */
export const splitPartialDate = (date: string): DateParts | null => {
  const iso = isoDate(date);
  if (iso !== null) {
    const [day = '', month = ''] = iso.split('-').toReversed();
    return { year: iso.startsWith('-') ? '' : iso.slice(0, 4), month, day };
  }
  const [, year = '', month = '', onlyMonth = '', onlyDay = ''] = PARTIAL.exec(date.trim()) ?? [];
  return year || onlyMonth || onlyDay ? { year, month: month || onlyMonth, day: onlyDay } : null;
};
