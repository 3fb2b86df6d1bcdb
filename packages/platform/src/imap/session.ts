import type { Faults } from '../faults/faults.ts';
import type { ClientStream } from '../net/client-stream.ts';
import type { Office } from '../office/office.ts';
import type { SaslMechanism } from '../sasl/mechanisms.ts';
import type { Account } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { WallClock } from '../wall-clock.ts';
import type { Cursor } from './grammar/cursor.ts';
import { quoteMailbox } from './grammar/quote.ts';
import type { ImapLimits } from './limits.ts';
import type { MessageParts } from './message-parts.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';

/** What changes the form of answers once a client has asked for it. */
type Extension = 'CONDSTORE' | 'UTF8=ACCEPT';

/** What one connection knows and may use. */
export interface Session {
  readonly store: Store;
  readonly office: Office;
  readonly faults: Faults;
  readonly stream: ClientStream;
  /** The client's IP address. */
  readonly address: string;
  readonly limits: ImapLimits;
  readonly parts: MessageParts;
  /** SASL mechanisms that are offered. */
  readonly mechanisms: ReadonlyMap<string, SaslMechanism>;
  readonly clock: WallClock;
  readonly now: () => Date;
  /** True if STARTTLS can be offered. */
  readonly canStartTls: boolean;
  /** Over plain text too. */
  readonly allowPlainText: boolean;
  isSecure: boolean;
  account: Account | null;
  selected: SelectedMailbox | null;
  /** Extensions that the client has switched on, RFC 5161. */
  readonly enabled: Set<Extension>;
  failedLogIns: number;
  /** Of the command that runs. */
  tag: string;
  /** True while a command runs: an untagged line out of turn could land inside a literal. */
  isBusy: boolean;
  /** Takes errors that no reply foresees. */
  readonly onError: (error: unknown) => void;
}

/** The tagged answer to a command, and what the connection does after it. */
export interface Reply {
  readonly status: 'OK' | 'NO' | 'BAD';
  /** A response code without its brackets, RFC 3501 §7.1, RFC 5530. */
  readonly code?: string;
  readonly text: string;
  readonly next?: 'close' | 'start-tls';
}

export const ok = (text: string, code?: string): Reply => (code === undefined ? { status: 'OK', text } : { status: 'OK', code, text });
export const no = (text: string, code?: string): Reply => (code === undefined ? { status: 'NO', text } : { status: 'NO', code, text });
export const bad = (text: string): Reply => ({ status: 'BAD', text });

export interface Command {
  /** The state that it needs, RFC 3501 §3. */
  readonly state: 'any' | 'not-logged-in' | 'logged-in' | 'selected';
  /** True where the client must not be told of removals, RFC 3501 §7.4.1. */
  readonly keepsNumbers?: boolean;
  /** Reads its arguments to the end of the line before it does anything. */
  readonly run: (session: Session, cursor: Cursor) => Reply | Promise<Reply>;
}

/** A command that needs a log-in, with the account at hand. */
export const loggedIn = (run: (session: Session, cursor: Cursor, account: Account) => Reply | Promise<Reply>): Command => ({
  state: 'logged-in',
  run: (session, cursor) => (session.account ? run(session, cursor, session.account) : bad('Log in first')),
});

/** A command on the selected mailbox. */
export const onSelected = (
  run: (session: Session, cursor: Cursor, selected: SelectedMailbox, account: Account) => Reply | Promise<Reply>,
  { keepsNumbers = false } = {},
): Command => ({
  state: 'selected',
  keepsNumbers,
  run: (session, cursor) =>
    session.account && session.selected ? run(session, cursor, session.selected, session.account) : bad('Select a mailbox first'),
});

/** The name of a mailbox in the form that the client reads, quoted. */
export const shownMailbox = ({ enabled }: Session, path: string): string => quoteMailbox(path, enabled.has('UTF8=ACCEPT'));

export const READ_ONLY: Reply = no('The mailbox was opened read-only');

/** Lets other connections have their turn: to be awaited now and then in a long loop. */
export const takeTurns = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
