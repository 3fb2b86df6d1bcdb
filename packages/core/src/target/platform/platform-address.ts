import { MailferryError } from '../../errors.ts';
import { decodeUser, parseAccountUrl, type UrlForm } from '../../net/account-url.ts';

/** Where a hosting platform's HTTP API is, and whose account. */
export interface PlatformAddress {
  /** Scheme, host and port, without a path. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

const FORM: UrlForm = { option: 'platform URL', protocols: ['https:', 'http:'], form: 'https://user@host[:port]' };
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * Reads `https://user@host[:port]`. Plain `http://` is for loopback, or with `allowInsecure`.
 * The user is percent-encoded; a password in the URL is refused. Errors: `option-invalid`, without the URL's text.
 */
export const parsePlatformUrl = (text: string, allowInsecure: boolean): PlatformAddress => {
  const { protocol, host, authority, port, encodedUser } = parseAccountUrl(text, FORM);
  if (protocol === 'http:' && !allowInsecure && !LOOPBACK.test(host)) {
    throw new MailferryError('option-invalid', {
      option: FORM.option,
      reason: 'http:// would send the password in plain text; use https:// or --allow-insecure',
    });
  }
  return {
    origin: `${protocol}//${authority}`,
    host,
    port: port ?? (protocol === 'https:' ? 443 : 80),
    user: decodeUser(encodedUser, FORM),
  };
};
