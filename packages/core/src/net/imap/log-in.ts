import { TLSSocket } from 'node:tls';
import { ImapFlow } from 'imapflow';
import { isMailferryError, MailferryError, throwIfCancelled } from '../../errors.ts';
import type { Credential } from '../credential.ts';
import { isTlsCode, toNetworkError } from '../network-error.ts';
import { readBackoff } from '../read-backoff.ts';
import { authorities, checkFingerprint, type Trust } from '../trust.ts';
import type { ImapAddress } from './imap-address.ts';

export interface ImapCredentials {
  readonly address: ImapAddress;
  readonly credential: Credential;
  /** The name to log in with where it isn't the account's: a master user's, as the server wants it (`kim*admin`). */
  readonly logInAs: string | null;
  /** Log in without TLS where the address doesn't ask for it from the first byte (SPEC P12). */
  readonly allowInsecure: boolean;
  readonly trust: Trust;
  /** COMPRESS (RFC 4978) where the server offers it: costs time on a fast link and saves it on a slow one. */
  readonly compress: boolean;
  /** Longest silence of the server while it is waited for. */
  readonly stallMs: number;
}

/** For the connection, and at most for the greeting. */
const CONNECT_TIMEOUT_MS = 30_000;

/** Bounds on what a hostile server can make imapflow buffer. */
const MAX_LINE_BYTES = 1024 * 1024;

interface ImapFailure {
  code?: unknown;
  authenticationFailed?: boolean;
  tlsFailed?: boolean;
  oauthError?: unknown;
  serverResponseCode?: string;
  responseText?: string;
  response?: unknown;
  message?: string;
}

/** RFC 9051 §7.1 and RFC 5530: the password is not what was wrong. */
const TEMPORARY_CODES = new Set(['UNAVAILABLE', 'INUSE', 'SERVERBUG', 'LIMIT', 'THROTTLED', 'OVERQUOTA', 'CONTACTADMIN']);

const toFailure = (error: unknown): ImapFailure => (typeof error === 'object' && error !== null ? error : { message: String(error) });

/** Turns what imapflow or a socket threw into a MailferryError. */
const toImapError = (thrown: unknown, { address: { host, port, user }, stallMs }: ImapCredentials): MailferryError => {
  if (thrown instanceof MailferryError) return thrown;
  const failure = toFailure(thrown);
  const code = String(failure.code ?? '');
  const reply = failure.responseText ?? (typeof failure.response === 'string' ? failure.response : undefined) ?? failure.message ?? code;
  const options = { cause: thrown };
  if (failure.serverResponseCode && TEMPORARY_CODES.has(failure.serverResponseCode))
    return new MailferryError('server-busy', { host, reply }, { ...options, retryAfterMs: readBackoff(reply) });
  if (failure.authenticationFailed) return new MailferryError('auth-refused', { host, user, reply }, options);
  if (code === 'CONNECT_TIMEOUT' || code === 'GREETING_TIMEOUT' || code === 'UPGRADE_TIMEOUT' || code === 'ETIMEOUT') {
    const waitedMs = code === 'ETIMEOUT' ? stallMs : Math.min(stallMs, CONNECT_TIMEOUT_MS);
    return new MailferryError('connection-stalled', { host, port, seconds: waitedMs / 1000 }, options);
  }
  if (failure.tlsFailed && !isTlsCode(code)) {
    if (/STARTTLS|secure/i.test(reply)) return new MailferryError('tls-missing', { host, port }, options);
    return new MailferryError('tls-refused', { host, port, reason: reply }, options);
  }
  return toNetworkError(thrown, { host, port });
};

/** The credential in imapflow's terms. Errors: those of the token source. */
const toAuth = async ({ address, credential, logInAs }: ImapCredentials, signal: AbortSignal, refused?: string) => {
  const user = logInAs ?? address.user;
  if (credential.kind === 'oauth2') return { user, accessToken: await credential.tokens.token(signal, refused) };
  return { user, pass: credential.password, ...(address.loginMethod ? { loginMethod: address.loginMethod } : {}) };
};

/**
 * Connects and logs in, with one try: a refused password is never sent twice. A refused access token is
 * renewed once. Nothing is selected yet, and no extension is enabled but, if asked for, COMPRESS.
 *
 * Errors: `auth-refused`, `auth-unsupported`, `token-*`, `tls-refused`, `tls-missing`, `host-unknown`, `connection-*`, `server-busy`.
 */
export const logIn = async (credentials: ImapCredentials, signal: AbortSignal): Promise<ImapFlow> => {
  const auth = await toAuth(credentials, signal);
  try {
    return await logInOnce(credentials, auth, signal);
  } catch (error) {
    if (!('accessToken' in auth) || !isMailferryError(error, 'auth-refused')) throw error;
    return logInOnce(credentials, await toAuth(credentials, signal, auth.accessToken), signal);
  }
};

const OAUTH_MECHANISM = /^AUTH=(OAUTHBEARER|XOAUTH2?)$/;

/** The error for a token that the server has no mechanism for; null when that is not what went wrong. */
const unsupported = ({ credential, address }: ImapCredentials, { capabilities }: ImapFlow): MailferryError | null => {
  const offered = [...capabilities.keys()].filter((name) => name.startsWith('AUTH='));
  if (credential.kind !== 'oauth2' || capabilities.size === 0 || offered.some((name) => OAUTH_MECHANISM.test(name))) return null;
  return new MailferryError('auth-unsupported', { host: address.host, offered: offered.join(' ') || 'passwords only' });
};

const logInOnce = async (
  credentials: ImapCredentials,
  auth: Awaited<ReturnType<typeof toAuth>>,
  signal: AbortSignal,
): Promise<ImapFlow> => {
  const { address, allowInsecure, trust, compress, stallMs } = credentials;
  throwIfCancelled(signal);
  const client = new ImapFlow({
    host: address.host,
    port: address.port,
    secure: address.security === 'tls',
    ...(address.security === 'starttls' ? { doSTARTTLS: !allowInsecure } : {}),
    auth,
    tls: {
      ...authorities(trust),
      // The pinned certificate is checked instead, before anything is sent.
      ...(trust.fingerprint === null ? {} : { rejectUnauthorized: false }),
    },
    clientInfo: { name: 'Mailferry' },
    logger: false,
    disableAutoIdle: true,
    disableCompression: !compress,
    disableAutoEnable: true,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: Math.min(stallMs, CONNECT_TIMEOUT_MS),
    socketTimeout: stallMs,
    maxLineLength: MAX_LINE_BYTES,
    maxLiteralSize: MAX_LINE_BYTES,
  });
  if (trust.fingerprint !== null) pinCertificate(client, trust.fingerprint, address);
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
    throw (
      unsupported(credentials, client) ??
      toImapError(failure.authenticationFailed || failure.tlsFailed ? error : (broken ?? error), credentials)
    );
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

/**
 * Ends every TLS socket that imapflow opens on any other certificate. The check runs first when the handshake is
 * done, so nothing was sent yet. imapflow has no option for it: a self-signed certificate fails before Node asks
 * `checkServerIdentity`.
 */
const pinCertificate = (client: ImapFlow, fingerprint: string, address: ImapAddress): void => {
  let current: unknown = false;
  Object.defineProperty(client, 'socket', {
    get: () => current,
    set: (socket: unknown) => {
      current = socket;
      if (!(socket instanceof TLSSocket)) return;
      socket.prependOnceListener('secureConnect', () => {
        const error = checkFingerprint(socket, fingerprint, address);
        if (error) socket.destroy(error);
      });
    },
  });
};
