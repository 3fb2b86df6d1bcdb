import { MailferryError } from '../../errors.ts';
import { decodeUser, parseAccountUrl, type UrlForm } from '../../net/account-url.ts';

/** Where a POP3 account is and how to get in. */
export interface Pop3Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `tls`: from the first byte. `starttls`: by STLS before the log-in, or refused. */
  readonly security: 'tls' | 'starttls';
  /** Null: AUTH PLAIN where offered, else USER and PASS; without TLS APOP where offered. */
  readonly loginMethod: 'USER' | 'APOP' | 'PLAIN' | null;
}

const FORM: UrlForm = {
  option: 'POP3 URL',
  protocols: ['pop3s:', 'pop3:'],
  form: 'pop3s://user@host[:port] or pop3://user@host[:port]',
};
const LOGIN_METHODS: Readonly<Record<string, Pop3Address['loginMethod']>> = {
  'USER': 'USER',
  'LOGIN': 'USER',
  '+APOP': 'APOP',
  'APOP': 'APOP',
  'PLAIN': 'PLAIN',
  '*': null,
};
/** RFC 2384 §3; URL parsers may have encoded its characters. */
const AUTH_SUFFIX = /(?:;|%3B)AUTH(?:=|%3D)(.*)$/i;

/**
 * Reads `pop3s://user@host[:port]` (implicit TLS, port 995) or `pop3://user@host[:port]` (STLS, port 110).
 * The user is percent-encoded and may end in `;AUTH=USER`, `;AUTH=APOP` or `;AUTH=PLAIN`.
 * A password in the URL is refused. Errors: `option-invalid`, without the URL's text.
 */
export const parsePop3Url = (text: string): Pop3Address => {
  const { protocol, host, port, encodedUser } = parseAccountUrl(text, FORM);
  const isTls = protocol === 'pop3s:';
  const loginMethod = LOGIN_METHODS[decodeUser(AUTH_SUFFIX.exec(encodedUser)?.[1] ?? '*', FORM).toUpperCase()];
  if (loginMethod === undefined) throw new MailferryError('option-invalid', { option: FORM.option, reason: 'AUTH is USER, APOP or PLAIN' });
  return {
    host,
    port: port ?? (isTls ? 995 : 110),
    user: decodeUser(encodedUser.replace(AUTH_SUFFIX, ''), FORM),
    security: isTls ? 'tls' : 'starttls',
    loginMethod,
  };
};
