import { MailferryError } from '../errors.ts';

/** A server and whose account there, as a URL names them. */
export interface AccountUrl {
  readonly protocol: string;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  /** As typed, with port and brackets where given. */
  readonly authority: string;
  /** Null where the URL leaves it to the protocol. */
  readonly port: number | null;
  /** Still percent-encoded. */
  readonly encodedUser: string;
}

/** How URLs of one kind look. */
export interface UrlForm {
  /** What errors call it. */
  readonly option: string;
  /** With the colon. */
  readonly protocols: readonly string[];
  /** What it has to be, for the error. */
  readonly form: string;
}

const invalid = ({ option }: UrlForm, reason: string): MailferryError => new MailferryError('option-invalid', { option, reason });

/**
 * Reads `scheme://user@host[:port]`. A password is refused: command lines are read by others.
 * Errors: `option-invalid`, without the URL's text.
 */
export const parseAccountUrl = (text: string, form: UrlForm): AccountUrl => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !form.protocols.includes(url.protocol)) throw invalid(form, `it has to be ${form.form}`);
  if (url.password !== '') throw invalid(form, "a password doesn't belong in it");
  if (url.hostname === '') throw invalid(form, 'the host is missing');
  if (url.username === '') throw invalid(form, 'the user is missing');
  if ((url.pathname !== '' && url.pathname !== '/') || url.search !== '' || url.hash !== '')
    throw invalid(form, 'nothing may follow host and port');
  return {
    protocol: url.protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    authority: url.host,
    port: url.port === '' ? null : Number(url.port),
    encodedUser: url.username,
  };
};

/** Undoes percent-encoding. Errors: `option-invalid`. */
export const decodeUser = (encoded: string, form: UrlForm): string => {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new MailferryError(
      'option-invalid',
      { option: form.option, reason: 'the user is not percent-encoded as it should be' },
      { cause },
    );
  }
};
