import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerDataStream,
  SMTPServerSession,
} from 'smtp-server';
import { ClientGone } from '../net/client-stream.ts';
import type { TellEnd } from '../net/connection-end.ts';
import { primaryAddress, type Recipient } from '../office/addresses.ts';
import type { Office } from '../office/office.ts';
import { PlatformError, type PlatformErrorCode } from '../platform-error.ts';
import type { Account } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { SmtpLimits } from './limits.ts';
import { MessageReader, type Unreadable } from './message-reader.ts';
import { withTrace } from './trace-headers.ts';

export interface SubmissionContext {
  readonly store: Store;
  readonly office: Office;
  readonly limits: SmtpLimits;
  readonly now: () => Date;
  readonly tellEnd: TellEnd;
  /** Takes errors that no reply foresees. */
  readonly onError: (error: unknown) => void;
}

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

/** What clients submit, by whichever way in. */
export class Submissions {
  readonly #context: SubmissionContext;
  readonly #reader: MessageReader;
  /** Of the transaction that is open in a session. */
  readonly #recipients = new WeakMap<SMTPServerSession, Recipient[]>();

  constructor(context: SubmissionContext) {
    this.#context = context;
    this.#reader = new MessageReader(context.limits.heldBytes);
  }

  /** What is to be said for an error. Anything not foreseen says nothing about itself. */
  refuse(error: unknown): SmtpRefusal {
    if (error instanceof SmtpRefusal) return error;
    if (error instanceof PlatformError) return new SmtpRefusal(REPLIES[error.code] ?? NOT_ALLOWED, error.message);
    if (!(error instanceof ClientGone)) this.#context.onError(error);
    return new SmtpRefusal([451, '4.3.0'], 'That failed here; the message was not stored');
  }

  async logIn(auth: SMTPServerAuthentication, { remoteAddress }: SMTPServerSession): Promise<SMTPServerAuthenticationResponse> {
    // RFC 4616: acting for someone else is not possible.
    const user = auth.authzid && auth.authzid !== auth.username ? '' : (auth.username ?? '');
    const proof = auth.accessToken === undefined ? { password: auth.password ?? '' } : { token: auth.accessToken };
    try {
      return { user: await this.#context.office.logIn.attempt({ route: 'smtp', user, proof, address: remoteAddress }) };
    } catch (error) {
      const isToken = auth.method === 'XOAUTH2' && error instanceof PlatformError && error.code === 'auth-refused';
      if (isToken) return { data: { status: '401', schemes: 'bearer', scope: 'mail' } };
      throw error;
    }
  }

  /** A new transaction. The sender is the account itself, under an alias domain too, or nobody. */
  begin({ address }: SMTPServerAddress, session: SMTPServerSession): void {
    const { store, office } = this.#context;
    const account = this.#accountOf(session);
    const isOwn = address === '' || primaryAddress(store, address)?.toLowerCase() === account.user.toLowerCase();
    if (!isOwn) throw new PlatformError('forbidden', 'The sender has to be an address of your own');
    office.deliveries.checkSending(account, 0);
    this.#recipients.set(session, []);
  }

  addRecipient({ address }: SMTPServerAddress, session: SMTPServerSession): void {
    const { store, office } = this.#context;
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
    const { office, now } = this.#context;
    const message = await this.#read(stream, session);
    if (typeof message === 'string') throw this.#refuseMessage(message);
    const account = this.#accountOf(session);
    const { mailFrom } = session.envelope;
    const bytes = withTrace(message, {
      clientName: typeof session.hostNameAppearsAs === 'string' ? session.hostNameAppearsAs : '',
      address: session.remoteAddress,
      isSecure: session.secure,
      isUtf8: session.envelope.smtpUtf8 === true,
      serverName: serverNameOf(this.#context.store),
      now: now(),
    });
    const from = mailFrom ? mailFrom.address : '';
    const failed = office.deliveries.send(account, { from, recipients: this.#recipients.get(session) ?? [], bytes });
    return failed.length === 0 ? '2.6.0 Delivered' : `2.6.0 Delivered, except to ${failed.length} recipients; see the report in your INBOX`;
  }

  async #read(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Buffer | Unreadable> {
    try {
      return await this.#reader.read(stream);
    } catch (error) {
      if (error instanceof ClientGone) this.#context.tellEnd(session.remoteAddress, 'message-cut-off');
      throw error;
    }
  }

  #refuseMessage(why: Unreadable): SmtpRefusal {
    if (why === 'too-large') return new SmtpRefusal([552, '5.3.4'], `The limit is ${this.#context.limits.messageBytes} bytes`);
    if (why === 'too-many-at-once') return new SmtpRefusal([452, '4.3.1'], 'Too much mail at once; try again later');
    return new SmtpRefusal([554, '5.6.0'], 'A line that ends in LF without CR is followed by a dot: lines end in CRLF');
  }

  /** As it is now: suspended accounts submit nothing more. */
  #accountOf({ user }: SMTPServerSession): Account {
    const { store, office } = this.#context;
    const account = store.accounts.byId((user as unknown as Account).id);
    const refusal = account ? office.logIn.refusalOf(account, 'smtp') : 'account-unknown';
    if (!account || refusal) throw new SmtpRefusal([550, '5.7.1'], 'This account may not send mail any more');
    return account;
  }
}

/** The first domain of the office. */
export const serverNameOf = (store: Store): string =>
  store.directory.domains().find(({ aliasOf }) => aliasOf === null)?.name ?? 'localhost';
