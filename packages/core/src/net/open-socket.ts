import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { MailferryError, throwIfCancelled } from '../errors.ts';
import { type Endpoint, toNetworkError } from './network-error.ts';
import { authorities, checkFingerprint, type Trust } from './trust.ts';

export interface ConnectOptions {
  /** For the connection, and once more for TLS. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Opens a TCP connection. Errors: `host-unknown`, `connection-*`, `cancelled`. */
export const openSocket = (endpoint: Endpoint, options: ConnectOptions): Promise<Socket> => {
  throwIfCancelled(options.signal);
  return settled(connect({ host: endpoint.host, port: endpoint.port, noDelay: true }), 'connect', endpoint, options);
};

/** Makes an open connection a TLS one, with a certificate that is trusted for the host. Errors: `tls-refused`, `connection-*`, `cancelled`. */
export const secureSocket = async (socket: Socket, endpoint: Endpoint, trust: Trust, options: ConnectOptions): Promise<TLSSocket> => {
  const { host } = endpoint;
  const secured = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...authorities(trust),
    // The pinned certificate is checked instead, before anything is sent.
    ...(trust.fingerprint === null ? {} : { rejectUnauthorized: false }),
  });
  await settled(secured, 'secureConnect', endpoint, options);
  const mismatch = trust.fingerprint === null ? null : checkFingerprint(secured, trust.fingerprint, endpoint);
  if (!mismatch) return secured;
  secured.destroy();
  throw mismatch;
};

/** Waits for `event`; anything else that happens first destroys the socket. */
const settled = async <Opened extends Socket>(
  socket: Opened,
  event: 'connect' | 'secureConnect',
  endpoint: Endpoint,
  { timeoutMs, signal }: ConnectOptions,
): Promise<Opened> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { host, port } = endpoint;
  const timer = setTimeout(() => reject(new MailferryError('connection-stalled', { host, port, seconds: timeoutMs / 1000 })), timeoutMs);
  const onError = (error: unknown): void => reject(toNetworkError(error, endpoint));
  const onClose = (): void => reject(new MailferryError('connection-lost', { host, port, reason: 'closed by the server' }));
  const onAbort = (): void => reject(new MailferryError('cancelled', {}));
  socket
    .once(event, () => resolve())
    .once('error', onError)
    .once('close', onClose);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await promise;
    return socket;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    socket.off('error', onError).off('close', onClose);
    signal.removeEventListener('abort', onAbort);
  }
};
