import type { ClientStream } from '../net/client-stream.ts';
import type { Office } from '../office/office.ts';
import type { SaslMechanism } from '../sasl/mechanisms.ts';
import type { Store } from '../store/store.ts';
import type { Pop3Limits } from './limits.ts';
import type { Maildrop } from './maildrop.ts';

/** What one connection knows and may use. */
export interface Session {
  readonly store: Store;
  readonly office: Office;
  readonly stream: ClientStream;
  /** The client's IP address. */
  readonly address: string;
  readonly limits: Pop3Limits;
  /** SASL mechanisms that are offered. */
  readonly mechanisms: ReadonlyMap<string, SaslMechanism>;
  /** True if STLS can be offered. */
  readonly canStartTls: boolean;
  /** Whether passwords are taken without TLS. */
  readonly allowPlainText: boolean;
  isSecure: boolean;
  /** What USER named, until PASS. */
  user: string | null;
  /** Null before the log-in. */
  accountId: number | null;
  /** Held from the log-in to the end: the TRANSACTION state of RFC 1939 §5. */
  maildrop: Maildrop | null;
  failedLogIns: number;
  /** Takes errors that no reply foresees. */
  readonly onError: (error: unknown) => void;
}

/** The answer to a command, and what the connection does after it. */
export interface Reply {
  readonly isOk: boolean;
  /** A response code without its brackets, RFC 2449 §8, RFC 3206. */
  readonly code?: string;
  readonly text: string;
  /** What follows a multi-line reply's first line, dots stuffed; the dot that ends it is not part of it. */
  readonly body?: Iterable<string | Buffer>;
  readonly next?: 'close' | 'start-tls';
}

export const ok = (text: string, body?: Iterable<string | Buffer>): Reply =>
  body === undefined ? { isOk: true, text } : { isOk: true, text, body };
export const err = (text: string, code?: string): Reply => (code === undefined ? { isOk: false, text } : { isOk: false, code, text });

export interface Command {
  /** The state that it needs, RFC 1939 §3. */
  readonly state: 'any' | 'authorization' | 'transaction';
  /** `argument` is the line behind the keyword and one space, as it came. */
  readonly run: (session: Session, argument: string) => Reply | Promise<Reply>;
}

/** A command that takes no argument. */
export const bare = (state: Command['state'], run: (session: Session) => Reply | Promise<Reply>): Command => ({
  state,
  run: (session, argument) => (argument.trim() === '' ? run(session) : err('That command takes no argument')),
});

/** A command on the maildrop, with its arguments cut at spaces. */
export const onMaildrop = (run: (maildrop: Maildrop, words: readonly string[], session: Session) => Reply): Command => ({
  state: 'transaction',
  run: (session, argument) => {
    const words = argument.split(' ').filter((word) => word !== '');
    return session.maildrop ? run(session.maildrop, words, session) : err('Log in first');
  },
});

/** Whether the account may not go on: what switches it off ends its sessions too (SPEC P3, A6, P10). */
export const isShutOut = ({ accountId, store, office }: Session): boolean => {
  if (accountId === null) return false;
  const current = store.accounts.byId(accountId);
  return current === null || office.logIn.refusalOf(current, 'pop3') !== null;
};

export const SHUT_OUT = err('This account may no longer use POP3', 'SYS/PERM');
