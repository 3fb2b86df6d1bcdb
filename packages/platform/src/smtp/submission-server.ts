import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerAuthentication,
  type SMTPServerAuthenticationResponse,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';
import { type Door, type Line, openDoor, type TlsIdentity } from '../net/server-sockets.ts';
import { primaryAddress, type Recipient } from '../office/addresses.ts';
import type { Office } from '../office/office.ts';
import { PlatformError, type PlatformErrorCode } from '../platform-error.ts';
import type { SaslMechanism } from '../sasl/mechanisms.ts';
import type { Account } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { SmtpLimits } from './limits.ts';
import { withTrace } from './trace-headers.ts';

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

/** Replies by what went wrong, RFC 5321 §4.2.3 with RFC 3463 in the text. */
const REPLIES: Readonly<Partial<Record<PlatformErrorCode, readonly [code: number, enhanced: string]>>> = {
  'account-unknown': [550, '5.1.1'],
  'address-outside': [550, '5.7.1'],
  'auth-refused': [535, '5.7.8'],
  'forbidden': [553, '5.7.1'],
  'message-empty': [554, '5.6.0'],
  'over-quota': [552, '5.2.2'],
  'sending-limit': [450, '4.7.1'],
  'too-many-log-ins': [454, '4.7.0'],
  'too-many-recipients': [452, '4.5.3'],
};
const NOT_ALLOWED = [535, '5.7.1'] as const;

class SmtpRefusal extends Error {
  readonly responseCode: number;

  constructor([code, enhanced]: readonly [code: number, enhanced: string], text: string) {
    super(`${enhanced} ${text}`);
    this.responseCode = code;
  }
}

/** The messages that clients submit, one server for one way in. */
class Submissions {
  readonly #options: SubmissionServerOptions;
  /** Of the transaction that is open in a session. */
  readonly #recipients = new WeakMap<SMTPServerSession, Recipient[]>();

  constructor(options: SubmissionServerOptions) {
    this.#options = options;
  }

  /** What is to be said for an error. Anything not foreseen says nothing about itself. */
  refuse(error: unknown): SmtpRefusal {
    if (error instanceof SmtpRefusal) return error;
    if (error instanceof PlatformError) return new SmtpRefusal(REPLIES[error.code] ?? NOT_ALLOWED, error.message);
    this.#options.onError(error);
    return new SmtpRefusal([451, '4.3.0'], 'That failed here; the message was not stored');
  }

  async logIn(auth: SMTPServerAuthentication, { remoteAddress }: SMTPServerSession): Promise<SMTPServerAuthenticationResponse> {
    // RFC 4616: acting for someone else is not possible.
    const user = auth.authzid && auth.authzid !== auth.username ? '' : (auth.username ?? '');
    const proof = auth.accessToken === undefined ? { password: auth.password ?? '' } : { token: auth.accessToken };
    try {
      return { user: await this.#options.office.logIn.attempt({ route: 'smtp', user, proof, address: remoteAddress }) };
    } catch (error) {
      const isToken = auth.method === 'XOAUTH2' && error instanceof PlatformError && error.code === 'auth-refused';
      if (isToken) return { data: { status: '401', schemes: 'bearer', scope: 'mail' } };
      throw error;
    }
  }

  /** A new transaction. The sender is the account itself, under an alias domain too, or nobody. */
  begin({ address }: SMTPServerAddress, session: SMTPServerSession): void {
    const { store, office } = this.#options;
    const account = this.#accountOf(session);
    const isOwn = address === '' || primaryAddress(store, address)?.toLowerCase() === account.user.toLowerCase();
    if (!isOwn) throw new PlatformError('forbidden', 'The sender has to be an address of your own');
    office.deliveries.checkSending(account, 0);
    this.#recipients.set(session, []);
  }

  addRecipient({ address }: SMTPServerAddress, session: SMTPServerSession): void {
    const { store, office } = this.#options;
    const recipients = this.#recipients.get(session) ?? [];
    const recipient = office.resolve(address);
    if (!recipient) {
      const isOutside = primaryAddress(store, address) === null;
      throw isOutside
        ? new PlatformError('address-outside', 'Mail is delivered inside this office only')
        : new PlatformError('account-unknown', 'There is no such address');
    }
    office.deliveries.checkSending(this.#accountOf(session), recipients.length + 1);
    recipients.push(recipient);
  }

  /** Resolves when the message is durable. */
  async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const { office, limits, now } = this.#options;
    const pieces: Buffer[] = [];
    // What comes beyond the limit is read over, so that the client gets to read the answer.
    for await (const piece of stream) if (!stream.sizeExceeded) pieces.push(piece as Buffer);
    if (stream.sizeExceeded) throw new SmtpRefusal([552, '5.3.4'], `The limit is ${limits.messageBytes} bytes`);
    const account = this.#accountOf(session);
    const { mailFrom } = session.envelope;
    const bytes = withTrace(Buffer.concat(pieces), {
      clientName: typeof session.hostNameAppearsAs === 'string' ? session.hostNameAppearsAs : '',
      address: session.remoteAddress,
      isSecure: session.secure,
      isUtf8: session.envelope.smtpUtf8 === true,
      serverName: serverNameOf(this.#options.store),
      now: now(),
    });
    const from = mailFrom ? mailFrom.address : '';
    const failed = office.deliveries.send(account, { from, recipients: this.#recipients.get(session) ?? [], bytes });
    return failed.length === 0 ? '2.6.0 Delivered' : `2.6.0 Delivered, except to ${failed.length} recipients; see the report in your INBOX`;
  }

  /** As it is now: suspended accounts submit nothing more. */
  #accountOf({ user }: SMTPServerSession): Account {
    const { store, office } = this.#options;
    const account = store.accounts.byId((user as unknown as Account).id);
    const refusal = account ? office.logIn.refusalOf(account, 'smtp') : 'account-unknown';
    if (!account || refusal) throw new SmtpRefusal([550, '5.7.1'], 'This account may not send mail any more');
    return account;
  }
}

/** The first domain of the office. */
const serverNameOf = (store: Store): string => store.directory.domains().find(({ aliasOf }) => aliasOf === null)?.name ?? 'localhost';

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

const newServer = (options: SubmissionServerOptions, submissions: Submissions, isSecure: boolean): SMTPServer => {
  const { tls, limits, store, allowPlainText, mechanisms } = options;
  return new SMTPServer({
    secure: isSecure,
    ...(tls ? { key: tls.key, cert: tls.cert } : { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }),
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
    onAuth: (auth, session, done) => void answer(submissions, () => submissions.logIn(auth, session), done as Parameters<typeof answer>[2]),
    onMailFrom: (address, session, done) => void answer(submissions, () => submissions.begin(address, session), done),
    onRcptTo: (address, session, done) => void answer(submissions, () => submissions.addRecipient(address, session), done),
    onData: (stream, session, done) =>
      void answer(submissions, () => submissions.receive(stream, session), done as Parameters<typeof answer>[2]),
  });
};

interface WayIn {
  readonly server: SMTPServer;
  readonly door: Door;
}

/** Starts message submission (RFC 6409) on `port`, and over TLS on a port of its own if there is a certificate. Mail is delivered inside the office only. */
export const startSubmissionServer = async (options: SubmissionServerOptions): Promise<SubmissionServer> => {
  const submissions = new Submissions(options);
  const openWay = async (isSecure: boolean, port: number): Promise<WayIn> => {
    const server = newServer(options, submissions, isSecure);
    // Clients that break the protocol or the connection are nobody's failure.
    server.on('error', () => {});
    return { server, door: await openDoor(server.server, options.host, port, options.line) };
  };
  const plain = await openWay(false, options.port);
  const secure = options.tls && (await openWay(true, options.tlsPort));
  const ways = [plain, ...(secure ? [secure] : [])];
  const disconnect = async (): Promise<void> => {
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
