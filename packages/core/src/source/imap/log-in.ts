import { ImapFlow } from 'imapflow';
import { MailferryError, throwIfCancelled } from '../../errors.ts';
import { isTlsCode, toNetworkError } from '../../net/network-error.ts';
import type { ImapAddress } from './imap-address.ts';

export interface ImapCredentials {
  readonly address: ImapAddress;
  readonly password: string;
  /** Log in without TLS where the address doesn't ask for it from the first byte (SPEC P12). */
  readonly allowInsecure: boolean;
  /** PEM of a private authority to trust besides the usual ones. */
  readonly ca: string | null;
}

/** For the connection, and for the greeting. */
const CONNECT_TIMEOUT_MS = 30_000;
const SOCKET_TIMEOUT_MS = 60_000;

/** Bounds on what a hostile server can make imapflow buffer. */
const MAX_LINE_BYTES = 1024 * 1024;

interface ImapFailure {
  code?: unknown;
  authenticationFailed?: boolean;
  tlsFailed?: boolean;
  serverResponseCode?: string;
  responseText?: string;
  response?: unknown;
  message?: string;
}

/** RFC 9051 §7.1 and RFC 5530: the password is not what was wrong. */
const TEMPORARY_CODES = new Set(['UNAVAILABLE', 'INUSE', 'SERVERBUG', 'LIMIT', 'THROTTLED', 'OVERQUOTA', 'CONTACTADMIN']);

const toFailure = (error: unknown): ImapFailure => (typeof error === 'object' && error !== null ? error : { message: String(error) });

/** Turns what imapflow or a socket threw into a MailferryError. */
export const toImapError = (thrown: unknown, { host, port, user }: Pick<ImapAddress, 'host' | 'port' | 'user'>): MailferryError => {
  if (thrown instanceof MailferryError) return thrown;
  const failure = toFailure(thrown);
  const code = String(failure.code ?? '');
  const reply = failure.responseText ?? (typeof failure.response === 'string' ? failure.response : undefined) ?? failure.message ?? code;
  const options = { cause: thrown };
  if (failure.serverResponseCode && TEMPORARY_CODES.has(failure.serverResponseCode))
    return new MailferryError('server-busy', { host, reply }, options);
  if (failure.authenticationFailed) return new MailferryError('auth-refused', { host, user, reply }, options);
  if (code === 'CONNECT_TIMEOUT' || code === 'GREETING_TIMEOUT' || code === 'UPGRADE_TIMEOUT' || code === 'ETIMEOUT') {
    const waitedMs = code === 'ETIMEOUT' ? SOCKET_TIMEOUT_MS : CONNECT_TIMEOUT_MS;
    return new MailferryError('connection-stalled', { host, port, seconds: waitedMs / 1000 }, options);
  }
  if (failure.tlsFailed && !isTlsCode(code)) {
    if (/STARTTLS|secure/i.test(reply)) return new MailferryError('tls-missing', { host, port }, options);
    return new MailferryError('tls-refused', { host, port, reason: reply }, options);
  }
  return toNetworkError(thrown, { host, port });
};

/**
 * Connects and logs in, with one try: a refused password is never sent twice.
 * Nothing is selected yet, COMPRESS is off, and no extension is enabled.
 *
 * Errors: `auth-refused`, `tls-refused`, `tls-missing`, `host-unknown`, `connection-*`, `server-busy`.
 */
export const logIn = async (credentials: ImapCredentials, signal: AbortSignal): Promise<ImapFlow> => {
  const { address, password, allowInsecure, ca } = credentials;
  throwIfCancelled(signal);
  const client = new ImapFlow({
    host: address.host,
    port: address.port,
    secure: address.security === 'tls',
    ...(address.security === 'starttls' ? { doSTARTTLS: !allowInsecure } : {}),
    auth: { user: address.user, pass: password, ...(address.loginMethod ? { loginMethod: address.loginMethod } : {}) },
    ...(ca === null ? {} : { tls: { ca } }),
    clientInfo: { name: 'Mailferry' },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    disableAutoEnable: true,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    maxLineLength: MAX_LINE_BYTES,
    maxLiteralSize: MAX_LINE_BYTES,
  });
  // The true cause of a break is on this event; without a listener it ends the process.
  let broken: unknown;
  client.on('error', (error: unknown) => {
    broken ??= error;
  });
  const abort = (): void => client.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throwIfCancelled(signal);
    const failure = toFailure(error);
    throw toImapError(failure.authenticationFailed || failure.tlsFailed ? error : (broken ?? error), address);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
