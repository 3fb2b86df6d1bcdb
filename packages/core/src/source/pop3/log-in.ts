import { createHash } from 'node:crypto';
import { isMailferryError, MailferryError } from '../../errors.ts';
import type { Credential } from '../../net/credential.ts';
import { oauthBearerResponse, readOauthError, xoauth2Response } from '../../net/oauth2/sasl.ts';
import { openSocket, secureSocket } from '../../net/open-socket.ts';
import { readBackoff } from '../../net/read-backoff.ts';
import type { Trust } from '../../net/trust.ts';
import { readCapabilities } from './capabilities.ts';
import type { Pop3Address } from './pop3-address.ts';
import { Pop3Connection, type Reply } from './pop3-connection.ts';

export interface Pop3Credentials {
  readonly address: Pop3Address;
  readonly credential: Credential;
  /** The name to log in with where it isn't the account's: a master user's, as the server wants it (`kim*admin`). */
  readonly logInAs: string | null;
  /** Log in without TLS where the address doesn't ask for it from the first byte (SPEC P12). */
  readonly allowInsecure: boolean;
  readonly trust: Trust;
  /** Longest silence of the server while it is waited for. */
  readonly stallMs: number;
}

/** A connection in the TRANSACTION state. */
export interface LoggedIn {
  readonly connection: Pop3Connection;
  readonly capabilities: ReadonlyMap<string, readonly string[]>;
  readonly isSecure: boolean;
}

const CONNECT_TIMEOUT_MS = 30_000;
/** RFC 5034 §4: a longer initial response goes on a line of its own. */
const MAX_COMMAND_BYTES = 255;
/** RFC 1939 §7. */
const TIMESTAMP = /<[^<>\s]+@[^<>\s]+>/;
/** RFC 2449 §8.1, RFC 3206. */
const BUSY = /^\[(IN-USE|LOGIN-DELAY|SYS\/TEMP)\b/i;

/** The error for a `-ERR` that says to come again; undefined for any other. */
export const toBusyError = ({ text }: Reply, { host }: Pop3Address): MailferryError | undefined =>
  BUSY.test(text) ? new MailferryError('server-busy', { host, reply: text }, { retryAfterMs: readBackoff(text) }) : undefined;

/**
 * Connects and logs in, with one try: a refused password is never sent twice. A refused access token is renewed once,
 * on a new connection.
 *
 * Errors: `auth-refused`, `auth-unsupported`, `token-*`, `tls-refused`, `tls-missing`, `host-unknown`, `connection-*`, `server-busy`.
 */
export const logIn = async (credentials: Pop3Credentials, signal: AbortSignal): Promise<LoggedIn> => {
  const { credential } = credentials;
  if (credential.kind === 'password') return logInOnce(credentials, credential.password, signal);
  const token = await credential.tokens.token(signal);
  try {
    return await logInOnce(credentials, token, signal);
  } catch (error) {
    if (!isMailferryError(error, 'auth-refused')) throw error;
    return logInOnce(credentials, await credential.tokens.token(signal, token), signal);
  }
};

const logInOnce = async (credentials: Pop3Credentials, secret: string, signal: AbortSignal): Promise<LoggedIn> => {
  const { address, stallMs } = credentials;
  const connect = { timeoutMs: CONNECT_TIMEOUT_MS, signal };
  const socket = await openSocket(address, connect);
  const first = address.security === 'tls' ? await secureSocket(socket, address, credentials.trust, connect) : socket;
  const connection = new Pop3Connection(first, address, stallMs);
  const stop = (): void => connection.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const greeting = await connection.reply();
    if (!greeting.isOk)
      throw toBusyError(greeting, address) ?? new MailferryError('server-busy', { host: address.host, reply: greeting.text });
    const isSecure = await secure(connection, credentials, connect);
    await authenticate(connection, credentials, { secret, isSecure, timestamp: TIMESTAMP.exec(greeting.text)?.[0] });
    return { connection, isSecure, capabilities: await readCapabilities(connection) };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

/** Makes sure of TLS before anything secret goes out; false where plain text was accepted. */
const secure = async (
  connection: Pop3Connection,
  { address, allowInsecure, trust }: Pop3Credentials,
  connect: { timeoutMs: number; signal: AbortSignal },
): Promise<boolean> => {
  if (address.security === 'tls') return true;
  if (allowInsecure) return false;
  if (!(await connection.command('STLS')).isOk) throw new MailferryError('tls-missing', { host: address.host, port: address.port });
  connection.adopt(await secureSocket(connection.release(), address, trust, connect));
  return true;
};

interface Proof {
  /** A password, or an access token. */
  readonly secret: string;
  readonly isSecure: boolean;
  /** Of the greeting, for APOP. */
  readonly timestamp: string | undefined;
}

const authenticate = async (connection: Pop3Connection, credentials: Pop3Credentials, proof: Proof): Promise<void> => {
  const { address, credential, logInAs } = credentials;
  const user = logInAs ?? address.user;
  const { secret, isSecure, timestamp } = proof;
  if (/[\r\n\0]/.test(user + secret))
    throw new MailferryError('option-invalid', { option: 'user or password', reason: 'it has line ends or NUL in it' });
  const mechanisms = (await readCapabilities(connection)).get('SASL') ?? [];
  if (credential.kind === 'oauth2') return withToken(connection, mechanisms, user, secret);
  const method = address.loginMethod ?? (!isSecure && timestamp ? 'APOP' : mechanisms.includes('PLAIN') ? 'PLAIN' : 'USER');
  if (method === 'PLAIN')
    return check(address, await exchange(connection, 'PLAIN', Buffer.from(`\0${user}\0${secret}`).toString('base64')));
  if (method === 'USER') {
    const named = await connection.command(`USER ${user}`);
    return check(address, named.isOk ? await connection.command(`PASS ${secret}`) : named);
  }
  if (!timestamp) throw new MailferryError('auth-unsupported', { host: address.host, offered: 'no APOP' });
  const digest = createHash('md5')
    .update(timestamp + secret)
    .digest('hex');
  check(address, await connection.command(`APOP ${user} ${digest}`));
};

const withToken = async (connection: Pop3Connection, mechanisms: readonly string[], user: string, token: string): Promise<void> => {
  const { address } = connection;
  const { host, port } = address;
  if (mechanisms.includes('OAUTHBEARER'))
    return check(address, await exchange(connection, 'OAUTHBEARER', oauthBearerResponse(user, token, host, port)));
  if (mechanisms.includes('XOAUTH2')) return check(address, await exchange(connection, 'XOAUTH2', xoauth2Response(user, token)));
  throw new MailferryError('auth-unsupported', { host, offered: mechanisms.join(' ') || 'passwords only' });
};

/** Runs a SASL exchange of one response (RFC 5034 §4). A challenge after it tells of a refusal, and is answered to hear the end. */
const exchange = async (connection: Pop3Connection, mechanism: string, response: string): Promise<Reply> => {
  const isShort = `AUTH ${mechanism} ${response}\r\n`.length <= MAX_COMMAND_BYTES;
  connection.send(isShort ? `AUTH ${mechanism} ${response}` : `AUTH ${mechanism}`);
  let answer = await connection.authReply();
  if ('challenge' in answer && !isShort) {
    connection.send(response);
    answer = await connection.authReply();
  }
  if (!('challenge' in answer)) return answer;
  const reason = readOauthError(answer.challenge);
  connection.send(mechanism === 'OAUTHBEARER' ? 'AQ==' : '');
  const end = await connection.authReply();
  return { isOk: false, text: 'challenge' in end ? reason : `${end.text} (${reason})` };
};

const check = (address: Pop3Address, reply: Reply): void => {
  if (reply.isOk) return;
  throw toBusyError(reply, address) ?? new MailferryError('auth-refused', { host: address.host, user: address.user, reply: reply.text });
};
