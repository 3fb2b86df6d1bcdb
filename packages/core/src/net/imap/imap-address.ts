import { MailferryError } from '../../errors.ts';
import { decodeUser, parseAccountUrl, type UrlForm } from '../account-url.ts';

/** Where an IMAP account is and how to get in. */
export interface ImapAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `tls`: from the first byte. `starttls`: upgraded before the log-in, or refused. */
  readonly security: 'tls' | 'starttls';
  /** Null: AUTHENTICATE PLAIN where offered, else LOGIN. */
  readonly loginMethod: 'LOGIN' | 'AUTH=PLAIN' | null;
}

const FORM: UrlForm = { option: 'IMAP URL', protocols: ['imaps:', 'imap:'], form: 'imaps://user@host[:port] or imap://user@host[:port]' };
const LOGIN_METHODS: Readonly<Record<string, ImapAddress['loginMethod']>> = { LOGIN: 'LOGIN', PLAIN: 'AUTH=PLAIN', '*': null };
/** RFC 5092 §3.2; URL parsers may have encoded its characters. */
const AUTH_SUFFIX = /(?:;|%3B)AUTH(?:=|%3D)(.*)$/i;

/**
 * Reads `imaps://user@host[:port]` (implicit TLS, port 993) or `imap://user@host[:port]` (STARTTLS, port 143).
 * The user is percent-encoded and may end in `;AUTH=LOGIN` or `;AUTH=PLAIN`.
 * A password in the URL is refused. Errors: `option-invalid`, without the URL's text.
 */
export const parseImapUrl = (text: string): ImapAddress => {
  const { protocol, host, port, encodedUser } = parseAccountUrl(text, FORM);
  const isTls = protocol === 'imaps:';
  const auth = decodeUser(AUTH_SUFFIX.exec(encodedUser)?.[1] ?? '*', FORM).toUpperCase();
  const loginMethod = LOGIN_METHODS[auth];
  if (loginMethod === undefined) throw new MailferryError('option-invalid', { option: FORM.option, reason: 'AUTH is LOGIN or PLAIN' });
  return {
    host,
    port: port ?? (isTls ? 993 : 143),
    user: decodeUser(encodedUser.replace(AUTH_SUFFIX, ''), FORM),
    security: isTls ? 'tls' : 'starttls',
    loginMethod,
  };
};
