import { createServer, type Socket } from 'node:net';
import type { Faults } from '../faults/faults.ts';
import { ClientGone, ClientStream, LineTooLong } from '../net/client-stream.ts';
import { connectionEndOf, type TellEnd, tellEnds } from '../net/connection-end.ts';
import { type Line, openDoor, openTlsDoor, type TlsIdentity, upgradeToTls } from '../net/server-sockets.ts';
import type { Office } from '../office/office.ts';
import type { EventListener } from '../platform-event.ts';
import type { SaslMechanism } from '../sasl/mechanisms.ts';
import type { Store } from '../store/store.ts';
import type { WallClock } from '../wall-clock.ts';
import { serveConnection } from './connection.ts';
import type { ImapLimits } from './limits.ts';
import { MessageParts } from './message-parts.ts';
import type { Session } from './session.ts';

export interface ImapServerOptions {
  readonly store: Store;
  readonly office: Office;
  readonly faults: Faults;
  readonly host: string;
  /** 0 means any free one. */
  readonly port: number;
  /** Of the port for implicit TLS, which is there with `tls`; 0 means any free one. */
  readonly tlsPort: number;
  readonly tls: TlsIdentity | null;
  readonly mechanisms: ReadonlyMap<string, SaslMechanism>;
  readonly line: Line;
  readonly allowPlainText: boolean;
  readonly clock: WallClock;
  readonly limits: ImapLimits;
  readonly now: () => Date;
  readonly onEvent: EventListener;
  /** Takes errors that no reply foresees. */
  readonly onError: (error: unknown) => void;
}

export interface ImapServer {
  readonly port: number;
  /** Implicit TLS; null without TLS. */
  readonly tlsPort: number | null;
  /** Says BYE to every client and resolves when all are gone; they may come again. */
  disconnect(): Promise<void>;
  /** As `disconnect`, for good. */
  stop(): Promise<void>;
}

const newSession = (
  options: ImapServerOptions,
  parts: MessageParts,
  stream: ClientStream,
  address: string,
  isSecure: boolean,
): Session => ({
  store: options.store,
  office: options.office,
  faults: options.faults,
  stream,
  address,
  limits: options.limits,
  parts,
  mechanisms: options.mechanisms,
  clock: options.clock,
  now: options.now,
  canStartTls: options.tls !== null,
  allowPlainText: options.allowPlainText,
  onError: options.onError,
  isSecure,
  account: null,
  selected: null,
  enabled: new Set(),
  failedLogIns: 0,
  tag: '*',
  isBusy: false,
});

const endSession = ({ stream, isBusy }: Session, reason: string): void => {
  if (isBusy) stream.destroy();
  else stream.close(`* BYE ${reason}\r\n`);
};

/** One client from greeting to goodbye. Never rejects. */
const serve = async (session: Session, socket: Socket, { tls, limits, onError }: ImapServerOptions, tellEnd: TellEnd): Promise<void> => {
  const { stream, address } = session;
  const logInTimer = setTimeout(() => {
    tellEnd(address, 'log-in-too-slow');
    endSession(session, 'Too slow to log in');
  }, limits.logInMs);
  const watchIdle = (watched: Socket): void => {
    watched.setTimeout(limits.idleMs, () => {
      tellEnd(address, 'idle');
      endSession(session, 'Idle for too long');
    });
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
    if (error instanceof LineTooLong) stream.close('* BYE That line is too long\r\n');
    else stream.destroy();
    const reason = connectionEndOf(error);
    if (reason) tellEnd(address, reason);
    else if (!(error instanceof ClientGone)) onError(error);
  } finally {
    clearTimeout(logInTimer);
    session.selected?.close();
  }
};

/** Starts IMAP4rev1 (RFC 3501) on `port`, and over TLS on a port of its own if there is a certificate. */
export const startImapServer = async (options: ImapServerOptions): Promise<ImapServer> => {
  const { host, limits, tls } = options;
  const tellEnd = tellEnds('imap', options.onEvent);
  const parts = new MessageParts(options.store.messages.bodies);
  const sessions = new Map<Session, Promise<void>>();
  const accept = (isSecure: boolean) => (socket: Socket) => {
    const stream = new ClientStream(socket);
    if (sessions.size >= limits.connections) {
      tellEnd(socket.remoteAddress, 'too-many-connections');
      stream.close('* BYE [UNAVAILABLE] Too many connections\r\n');
      return;
    }
    socket.setNoDelay(true);
    const session = newSession(options, parts, stream, socket.remoteAddress ?? '', isSecure);
    sessions.set(
      session,
      serve(session, socket, options, tellEnd).finally(() => sessions.delete(session)),
    );
  };
  const server = createServer({ allowHalfOpen: true }, accept(false));
  const door = await openDoor(server, host, options.port, options.line);
  const tlsDoor = tls && (await openTlsDoor({ ...options, tls, port: options.tlsPort, limits, tellEnd }, accept(true)));
  const disconnect = async (): Promise<void> => {
    for (const session of sessions.keys()) endSession(session, 'The platform is stopping');
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
