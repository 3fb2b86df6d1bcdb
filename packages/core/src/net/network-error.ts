import { MailferryError } from '../errors.ts';

/** A server as errors name it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** OpenSSL's and Node's codes for a certificate or handshake that can't be trusted. */
const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/;

export const isTlsCode = (code: string): boolean => TLS_CODES.test(code);

/** Turns what a socket or a resolver threw into a MailferryError, by its code. */
export const toNetworkError = (thrown: unknown, { host, port }: Endpoint): MailferryError => {
  if (thrown instanceof MailferryError) return thrown;
  const error = thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : new Error(String(thrown));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const options = { cause: thrown };
  if (code === 'ABORT_ERR') return new MailferryError('cancelled', {}, options);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new MailferryError('host-unknown', { host }, options);
  if (code === 'ECONNREFUSED') return new MailferryError('connection-refused', { host, port }, options);
  if (isTlsCode(code)) return new MailferryError('tls-refused', { host, port, reason: code }, options);
  return new MailferryError('connection-lost', { host, port, reason: error.message || code }, options);
};
