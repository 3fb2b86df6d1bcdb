import { createServer, type Socket } from 'node:net';
import { ClientGone, ClientStream, LineTooLong } from '../net/client-stream.ts';
import { connectionEndOf, type TellEnd, tellEnds } from '../net/connection-end.ts';
import { type Line, openDoor, openTlsDoor, type TlsIdentity, upgradeToTls } from '../net/server-sockets.ts';
import type { Office } from '../office/office.ts';
import type { EventListener } from '../platform-event.ts';
import type { SaslMechanism } from '../sasl/mechanisms.ts';
import type { Store } from '../store/store.ts';
import { serveConnection } from './connection.ts';
import type { Pop3Limits } from './limits.ts';
import type { Session } from './session.ts';

export interface Pop3ServerOptions {
  readonly store: Store;
  readonly office: Office;
  readonly host: string;
  /** 0 means any free one. */
  readonly port: number;
  /** Of the port for implicit TLS, which is there with `tls`; 0 means any free one. */
  readonly tlsPort: number;
  readonly tls: TlsIdentity | null;
  readonly line: Line;
  readonly mechanisms: ReadonlyMap<string, SaslMechanism>;
  readonly allowPlainText: boolean;
  readonly limits: Pop3Limits;
  readonly onEvent: EventListener;
  /** Takes errors that no reply foresees. */
  readonly onError: (error: unknown) => void;
}

export interface Pop3Server {
  readonly port: number;
  /** Implicit TLS; null without TLS. */
  readonly tlsPort: number | null;
  /** Ends every connection, with nothing deleted that was only marked, and resolves when all are gone; they may come again. */
  disconnect(): Promise<void>;
  /** As `disconnect`, for good. */
  stop(): Promise<void>;
}

const newSession = (options: Pop3ServerOptions, stream: ClientStream, address: string, isSecure: boolean): Session => ({
  store: options.store,
  office: options.office,
  address,
  mechanisms: options.mechanisms,
  stream,
  limits: options.limits,
  canStartTls: options.tls !== null,
  allowPlainText: options.allowPlainText,
  onError: options.onError,
  isSecure,
  user: null,
  accountId: null,
  maildrop: null,
  failedLogIns: 0,
});

/** One client from greeting to goodbye. Never rejects. */
const serve = async (session: Session, socket: Socket, { tls, limits, onError }: Pop3ServerOptions, tellEnd: TellEnd): Promise<void> => {
  const { stream, address } = session;
  // RFC 1939 §3: without a word, for the client would take it as the answer to its next command.
  const giveUp = (reason: 'idle' | 'log-in-too-slow'): void => {
    tellEnd(address, reason);
    stream.close();
  };
  const logInTimer = setTimeout(giveUp, limits.logInMs, 'log-in-too-slow');
  const watchIdle = (watched: Socket): void => {
    watched.setTimeout(limits.idleMs, () => giveUp('idle'));
  };
  watchIdle(socket);
  const startTls = async (): Promise<void> => {
    if (!tls) return;
    const secured = await upgradeToTls(socket, tls);
    socket.setTimeout(0);
    watchIdle(secured);
    stream.replaceSocket(secured);
    session.isSecure = true;
  };
  try {
    await serveConnection(session, startTls, () => clearTimeout(logInTimer));
    stream.close();
  } catch (error) {
    if (error instanceof LineTooLong) stream.close('-ERR That line is too long\r\n');
    else stream.destroy();
    const reason = connectionEndOf(error);
    if (reason) tellEnd(address, reason);
    else if (!(error instanceof ClientGone)) onError(error);
  } finally {
    clearTimeout(logInTimer);
    session.maildrop?.close();
  }
};

/** Starts POP3 (RFC 1939) on `port`, and over TLS on a port of its own if there is a certificate. */
export const startPop3Server = async (options: Pop3ServerOptions): Promise<Pop3Server> => {
  const { host, limits, tls } = options;
  const tellEnd = tellEnds('pop3', options.onEvent);
  const sessions = new Map<Session, Promise<void>>();
  const accept = (isSecure: boolean) => (socket: Socket) => {
    const stream = new ClientStream(socket);
    if (sessions.size >= limits.connections) {
      tellEnd(socket.remoteAddress, 'too-many-connections');
      stream.close('-ERR [SYS/TEMP] Too many connections\r\n');
      return;
    }
    socket.setNoDelay(true);
    const session = newSession(options, stream, socket.remoteAddress ?? '', isSecure);
    sessions.set(
      session,
      serve(session, socket, options, tellEnd).finally(() => sessions.delete(session)),
    );
  };
  const door = await openDoor(createServer({ allowHalfOpen: true }, accept(false)), host, options.port, options.line);
  const tlsDoor = tls && (await openTlsDoor({ ...options, tls, port: options.tlsPort, limits, tellEnd }, accept(true)));
  const disconnect = async (): Promise<void> => {
    for (const { stream } of sessions.keys()) stream.close();
    await Promise.all(sessions.values());
  };
  return {
    port: door.port,
    tlsPort: tlsDoor?.port ?? null,
    disconnect,
    stop: async () => {
      const closed = [door, ...(tlsDoor ? [tlsDoor] : [])].map((one) => one.close());
      await disconnect();
      await Promise.all(closed);
    },
  };
};
