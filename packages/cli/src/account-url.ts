import { optionInvalid } from './option-invalid.ts';
import type { Texts } from './texts.ts';

/** An account as it was given on the command line, for questions. `url` goes to core as it is. */
export interface AccountUrl {
  readonly url: string;
  /** Without the log-in method that may follow it in the URL. */
  readonly user: string;
  readonly host: string;
}

/** RFC 5092 §3.2, RFC 2384 §3, once decoded. */
const LOGIN_METHOD = /;AUTH=.*$/is;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const parse = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

const decodeUser = (encoded: string): string | null => {
  try {
    return decodeURIComponent(encoded).replace(LOGIN_METHOD, '');
  } catch {
    return null;
  }
};

const readAccountUrl = (
  option: string,
  text: string,
  schemes: readonly string[],
  shapeReason: string,
  texts: Texts,
): AccountUrl & { parsed: URL } => {
  const url = parse(text);
  if (url && url.password !== '') throw optionInvalid(option, texts.text('reason.url-password'));
  if (!url || !schemes.includes(url.protocol) || url.hostname === '') throw optionInvalid(option, shapeReason);
  const user = decodeUser(url.username);
  if (user === null) throw optionInvalid(option, shapeReason);
  if (user === '') throw optionInvalid(option, texts.text('reason.url-user'));
  return { url: text, user, host: url.hostname, parsed: url };
};

/**
 * Checks `--from`. Throws `option-invalid` in the reader's language, and never shows the address,
 * since there may be a password in it.
 */
export const readSourceUrl = (text: string, texts: Texts): AccountUrl =>
  readAccountUrl('--from', text, ['imaps:', 'imap:', 'pop3s:', 'pop3:'], texts.text('reason.source-url'), texts);

/** Checks `--to` of a restore, likewise. */
export const readImapTargetUrl = (text: string, texts: Texts): AccountUrl =>
  readAccountUrl('--to', text, ['imaps:', 'imap:'], texts.text('reason.imap-target-url'), texts);

/** Checks `--to`, likewise. `http:` is only for this machine, or with `allowInsecure`. */
export const readTargetUrl = (text: string, allowInsecure: boolean, texts: Texts, option: '--to' | '--from' = '--to'): AccountUrl => {
  const account = readAccountUrl(option, text, ['https:', 'http:'], texts.text('reason.target-url'), texts);
  const plain = account.parsed.protocol === 'http:' && !LOOPBACK.test(account.parsed.hostname);
  if (plain && !allowInsecure) throw optionInvalid(option, texts.text('reason.url-plain'));
  return account;
};
