import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { type TellEnd, tellEnds } from '../net/connection-end.ts';
import { type Door, type Line, openDoor, type TlsIdentity, withTlsOptions } from '../net/server-sockets.ts';
import type { Office } from '../office/office.ts';
import type { EventListener } from '../platform-event.ts';
import type { SaslMechanism } from '../sasl/mechanisms.ts';
import type { Store } from '../store/store.ts';
import type { SmtpLimits } from './limits.ts';
import { Submissions, serverNameOf } from './submissions.ts';

export interface SubmissionServerOptions {
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
  /** Whether passwords are taken without TLS. */
  readonly allowPlainText: boolean;
  readonly limits: SmtpLimits;
  readonly now: () => Date;
  readonly onEvent: EventListener;
  /** Takes errors that no reply foresees. */
  readonly onError: (error: unknown) => void;
}

export interface SubmissionServer {
  readonly port: number;
  /** Implicit TLS; null without TLS. */
  readonly tlsPort: number | null;
  /** Says 421 to every client and ends its connection; they may come again. */
  disconnect(): Promise<void>;
  /** As `disconnect`, for good. */
  stop(): Promise<void>;
}

/** What smtp-server can do of our mechanisms. */
const METHODS = ['PLAIN', 'LOGIN', 'XOAUTH2'];

/** Ends the sessions that do not log in in time, and tells of those that the library ended. */
class SessionWatch {
  readonly #logInMs: number;
  readonly #tellEnd: TellEnd;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(logInMs: number, tellEnd: TellEnd) {
    this.#logInMs = logInMs;
    this.#tellEnd = tellEnd;
  }

  begin(server: SMTPServer, session: SMTPServerSession): void {
    const giveUp = (): void => {
      if (session.user) return;
      this.#timers.delete(session.id);
      this.#tellEnd(session.remoteAddress, 'log-in-too-slow');
      for (const connection of server.connections) {
        if (connection.id === session.id) connection.send(421, '4.4.2 Too slow to log in');
      }
    };
    this.#timers.set(session.id, setTimeout(giveUp, this.#logInMs));
  }

  /** 421 is the one reply after which the server closes, RFC 5321 §3.8. */
  end({ id, error, remoteAddress }: SMTPServerSession): void {
    clearTimeout(this.#timers.get(id));
    const isWatched = this.#timers.delete(id);
    if (isWatched && error && /^421/.test(error)) this.#tellEnd(remoteAddress, 'limit-passed');
  }

  /** The sessions that there are end by the platform's own wish. */
  forget(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}

const answer = async <Result>(
  submissions: Submissions,
  work: () => Result | Promise<Result>,
  done: (error?: Error | null, result?: Awaited<Result>) => void,
): Promise<void> => {
  try {
    done(null, await work());
  } catch (error) {
    done(submissions.refuse(error));
  }
};

const newServer = (options: SubmissionServerOptions, submissions: Submissions, watch: SessionWatch, isSecure: boolean): SMTPServer => {
  const { tls, limits, store, allowPlainText, mechanisms } = options;
  const server: SMTPServer = new SMTPServer({
    secure: isSecure,
    ...(tls ? withTlsOptions(tls) : { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }),
    name: serverNameOf(store),
    banner: 'Mailferry platform',
    authMethods: METHODS.filter((method) => mechanisms.has(method)),
    allowInsecureAuth: allowPlainText,
    size: limits.messageBytes,
    maxClients: limits.connections,
    socketTimeout: limits.idleMs,
    maxAllowedUnauthenticatedCommands: limits.commandsBeforeLogIn,
    disableReverseLookup: true,
    logger: false,
    onConnect: (session, done) => {
      watch.begin(server, session);
      done();
    },
    onClose: (session) => watch.end(session),
    onAuth: (auth, session, done) => void answer(submissions, () => submissions.logIn(auth, session), done as Parameters<typeof answer>[2]),
    onMailFrom: (address, session, done) => void answer(submissions, () => submissions.begin(address, session), done),
    onRcptTo: (address, session, done) => void answer(submissions, () => submissions.addRecipient(address, session), done),
    onData: (stream, session, done) =>
      void answer(submissions, () => submissions.receive(stream, session), done as Parameters<typeof answer>[2]),
  });
  return server;
};

interface WayIn {
  readonly server: SMTPServer;
  readonly door: Door;
}

/** The library takes a client that closed its side for one that is still there. */
const closeWithClient = (socket: Socket): Socket => {
  socket.allowHalfOpen = false;
  return socket;
};

/** Starts message submission (RFC 6409) on `port`, and over TLS on a port of its own if there is a certificate. Mail is delivered inside the office only. */
export const startSubmissionServer = async (options: SubmissionServerOptions): Promise<SubmissionServer> => {
  const { limits, host, line } = options;
  const tellEnd = tellEnds('smtp', options.onEvent);
  const submissions = new Submissions({ ...options, tellEnd });
  const watch = new SessionWatch(limits.logInMs, tellEnd);
  const openWay = async (isSecure: boolean, port: number): Promise<WayIn> => {
    const server = newServer(options, submissions, watch, isSecure);
    // Clients that break the protocol or the connection are nobody's failure; those that break their handshake have `meta`.
    server.on('error', ({ meta }: { meta?: { readonly remoteAddress?: string } }) => {
      if (meta) tellEnd(meta.remoteAddress, 'tls-handshake-failed');
    });
    const shut = (address: string): void => tellEnd(address, 'too-many-connections');
    const door = await openDoor(server.server, host, port, (socket) => line(closeWithClient(socket)), limits.connections, shut);
    return { server, door };
  };
  const plain = await openWay(false, options.port);
  const secure = options.tls && (await openWay(true, options.tlsPort));
  const ways = [plain, ...(secure ? [secure] : [])];
  const disconnect = async (): Promise<void> => {
    watch.forget();
    for (const { server } of ways) {
      for (const connection of server.connections) {
        connection.send(421, '4.3.2 The platform is stopping');
        connection.close();
      }
    }
  };
  return {
    port: plain.door.port,
    tlsPort: secure?.door.port ?? null,
    disconnect,
    stop: async () => {
      const closed = ways.map(({ door }) => door.close());
      await disconnect();
      for (const { server } of ways) server.close();
      await Promise.all(closed);
    },
  };
};
