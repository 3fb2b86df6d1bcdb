import { MailferryError } from '../../errors.ts';
import { ImapConnection } from './imap-connection.ts';
import { type ImapCredentials, logIn } from './log-in.ts';

/** Connects, logs in, and takes the connection over. Errors: as `logIn`. */
export const openConnection = async (
  credentials: ImapCredentials,
  signal: AbortSignal,
): Promise<{ readonly connection: ImapConnection; readonly isSecure: boolean }> => {
  const client = await logIn(credentials, signal);
  // imapflow keeps the number of a capability such as APPENDLIMIT=1000 apart from its name.
  const capabilities = new Set(
    Array.from(client.capabilities, ([name, value]) => (typeof value === 'number' ? `${name}=${value}` : name).toUpperCase()),
  );
  const isSecure = client.secureConnection;
  const { readSocket, writeSocket, socket } = client.unbind();
  // With COMPRESS the first two are streams around the socket.
  socket.once('close', () => readSocket.destroy());
  readSocket.once('close', () => socket.destroy());
  const { address, stallMs } = credentials;
  return { connection: new ImapConnection({ sockets: { readSocket, writeSocket }, capabilities, address, stallMs }), isSecure };
};

/** Ends the connection when `signal` is aborted, as long as it is in scope. */
export const endOnAbort = (connection: ImapConnection, signal: AbortSignal): Disposable => {
  const stop = (): void => connection.fail(new MailferryError('cancelled', {}));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', stop) };
};
