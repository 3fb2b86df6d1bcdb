import type { Fault } from './faults/fault.ts';
import type { AccountFixture } from './fixtures/account-fixture.ts';
import type { OfficeFixture } from './fixtures/office-fixture.ts';

/** A state of the platform: accounts, mail, policy, everything but what is on its way through a connection. */
export interface PlatformSnapshot {
  /** Ends connections and goes back to that state, as often as is wanted. */
  restore(): Promise<void>;
  /** Gives its memory free. */
  release(): void;
}

/** A running platform. */
export interface Platform {
  readonly imapPort: number;
  /** IMAP over TLS; null without `tls`. */
  readonly imapsPort: number | null;
  readonly pop3Port: number;
  /** POP3 over TLS; null without `tls`. */
  readonly pop3sPort: number | null;
  /** Submission. */
  readonly smtpPort: number;
  /** Submission over TLS; null without `tls`. */
  readonly smtpsPort: number | null;
  readonly httpPort: number;
  /** Without a slash at the end. */
  readonly httpUrl: string;
  /** Its rules and its people, past the permissions. */
  readonly office: OfficeFixture;
  /** Reads and fills the account past the protocols. @throws PlatformError `account-unknown` */
  account(user: string): AccountFixture;
  /** Switches a fault on; gives the function that switches it off. Running connections keep their line. */
  addFault(fault: Fault): () => void;
  clearFaults(): void;
  /** Remembers the state in memory, when uploads and other jobs have come to rest; message bodies are not copied. */
  snapshot(): Promise<PlatformSnapshot>;
  /** Back to the state after the start, without faults. Only where there is no `directory`. @throws RangeError */
  reset(): Promise<void>;
  /** Ends all connections of mail clients; they may come again. */
  disconnect(): Promise<void>;
  /** Ends connections, waits for the batch that is being stored, and closes. What was acknowledged stays in the directory. */
  stop(): Promise<void>;
}
