import { ERROR_KINDS, type ErrorCode, fillIn } from '@mailferry/core/errors';
import { NOTICE_KINDS, type NoticeCode } from '@mailferry/core/mail';
import { en } from './messages/en.ts';
import { ko } from './messages/ko.ts';
import { koErrors, koWords } from './messages/ko-errors.ts';
import { koNotices } from './messages/ko-notices.ts';

export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

type MessageKey = keyof typeof en;
/** A catalogue: one text for every key. */
export type Messages = Readonly<Record<MessageKey, string>>;

type PlaceholdersOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | PlaceholdersOf<Rest> : never;
type ValuesOf<Key extends MessageKey> =
  PlaceholdersOf<(typeof en)[Key]> extends never ? [] : [values: Readonly<Record<PlaceholdersOf<(typeof en)[Key]>, string | number>>];

/** Keys of texts without places to fill. */
export type PlainKey = { [Key in MessageKey]: PlaceholdersOf<(typeof en)[Key]> extends never ? Key : never }[MessageKey];

/** The texts of one language. */
export interface Texts {
  readonly language: Language;
  /** The text of `key` with its places filled; numbers are grouped by thousands. */
  text<Key extends MessageKey>(key: Key, ...values: ValuesOf<Key>): string;
  number(value: number): string;
  errorMessage(code: ErrorCode, details: Readonly<Record<string, string | number>>): string;
  errorHint(code: ErrorCode): string;
  notice(code: NoticeCode, details: Readonly<Record<string, string | number>>): string;
}

/** Details that hold words of core's own. */
const TRANSLATED: ReadonlySet<string> = new Set(['what', 'reason']);
const CATALOGUES: Readonly<Record<Language, Messages>> = { en, ko };

export const textsOf = (language: Language): Texts => {
  const catalogue = CATALOGUES[language];
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const grouped = (values: Readonly<Record<string, string | number>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? numbers.format(value) : value]));
  const errors = language === 'ko' ? koErrors : ERROR_KINDS;
  const inWords = (details: Readonly<Record<string, string | number>>) =>
    language === 'ko'
      ? Object.fromEntries(Object.entries(details).map(([name, value]) => [name, TRANSLATED.has(name) ? (koWords[value] ?? value) : value]))
      : details;
  return {
    language,
    text: (key, ...[values]) => fillIn(catalogue[key], grouped(values ?? {})),
    number: (value) => numbers.format(value),
    errorMessage: (code, details) => fillIn(errors[code].message, inWords(details)),
    errorHint: (code) => errors[code].hint,
    notice: (code, details) => fillIn(language === 'ko' ? koNotices[code] : NOTICE_KINDS[code].message, grouped(inWords(details))),
  };
};

/** `--lang` of the command line, else the locale of the messages (POSIX: LC_ALL, LC_MESSAGES, LANG), else English. */
export const chooseLanguage = (args: readonly string[], env: NodeJS.ProcessEnv): Language => {
  const at = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const chosen = args[at]?.startsWith('--lang=') ? args[at].slice('--lang='.length) : at < 0 ? undefined : args[at + 1];
  const asked = LANGUAGES.find((language) => language === chosen);
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return asked ?? (/^ko\b|^ko_/i.test(locale) ? 'ko' : 'en');
};
