import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { EN } from './texts/en.ts';
import { KO } from './texts/ko.ts';

const LANGUAGES = ['ko', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const TEXTS = { ko: KO, en: EN } as const;

const COOKIE = 'mailferry-language';
const YEAR_S = 365 * 24 * 60 * 60;
const MAX_RANGES = 20;

const asLanguage = (text: string | undefined): Language | null => LANGUAGES.find((language) => language === text) ?? null;

/** The one that is liked best by an Accept-Language header (RFC 9110 §12.5.4); English if it names none of ours. */
export const preferredLanguage = (header: string): Language => {
  const ranges = header.split(',', MAX_RANGES).map((range) => {
    const [tag = '', quality] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/);
    return { language: asLanguage(tag.split('-')[0]), quality: quality === undefined ? 1 : Number(quality) };
  });
  const liked = ranges.filter(({ language, quality }) => language && quality > 0).toSorted((a, b) => b.quality - a.quality);
  return liked[0]?.language ?? 'en';
};

/** What `?lang=` chooses, and keeps for a year. Null where the address does not choose. */
export const chooseLanguage = (c: Context): Language | null => {
  const chosen = asLanguage(c.req.query('lang'));
  if (chosen) setCookie(c, COOKIE, chosen, { path: '/console', sameSite: 'Strict', httpOnly: true, maxAge: YEAR_S });
  return chosen;
};

export const languageOf = (c: Context): Language =>
  asLanguage(getCookie(c, COOKIE)) ?? preferredLanguage(c.req.header('accept-language') ?? '');
