import type { Fault } from './faults/fault.ts';
import type { PolicyChange } from './office/office.ts';
import type { EventListener } from './platform-event.ts';
import type { ProviderName } from './provider-profiles.ts';
import type { Role } from './store/accounts.ts';

/** An account that the platform is to have. One that exists keeps its mail and takes these settings. */
export interface PlatformAccount {
  /** The whole address (SPEC A8); case is ignored. Its domain becomes one of the office's. */
  readonly user: string;
  readonly password: string;
  /** Default: `user`, or what an existing account has. */
  readonly role?: Role;
  /** Mail can be moved in only when true (SPEC U6). Default true. */
  readonly setUp?: boolean;
  /** Default: unlimited. Accounts that the office makes later have its policy's default. */
  readonly quotaBytes?: number | null;
}

export interface PlatformOptions {
  /** Holds the database and the uploads on their way. Without one everything is in memory and gone after `stop()`. */
  readonly directory?: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Ports. Default 0: any free one. Those for implicit TLS are there only with `tls`. */
  readonly imapPort?: number;
  readonly imapsPort?: number;
  /** To name it switches POP3 and SMTP on, unless `policy` says otherwise; so does `smtpPort`. */
  readonly pop3Port?: number;
  readonly pop3sPort?: number;
  readonly smtpPort?: number;
  readonly smtpsPort?: number;
  readonly httpPort?: number;
  readonly accounts?: readonly PlatformAccount[];
  /** A hoster to behave like, before `policy` has its say. */
  readonly profile?: ProviderName;
  /** What differs from the policy that the office has; at first, from the manuals' defaults. */
  readonly policy?: PolicyChange;
  /** What goes wrong from the start. */
  readonly faults?: readonly Fault[];
  /** PEM. With it there is STARTTLS, and TLS from the start on ports of their own. HTTP stays plain. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Whether IMAP, POP3 and SMTP take passwords in the clear. Default: on a loopback host without `tls`. */
  readonly allowPlainText?: boolean;
  /** Of INTERNALDATE and of every day that the platform knows. Default Asia/Seoul. */
  readonly timeZone?: string;
  /** The largest message, by APPEND or in a ZIP. Default 150 MiB. */
  readonly maxMessageBytes?: number;
  /** Hosts, by the names that users type, that mail may be fetched from although their addresses are not public (SPEC X2). Default none. */
  readonly externalFetchHosts?: readonly string[];
  /** The largest part of a backup (SPEC B2). Default 4 GiB. */
  readonly maxBackupPartBytes?: number;
  /** Before a failed log-in is answered, at first; it grows with the failures. Default 250; 0 for tests. */
  readonly failedLogInMs?: number;
  /** Default: the system's clock. `manualClock` gives one that moves when it is told to. */
  readonly now?: () => Date;
  /** Told of log-ins and of clients that were cut off. */
  readonly onEvent?: EventListener;
  /** Takes errors that are nobody's input, such as a full disk. Default: a process warning. */
  readonly onError?: (error: unknown) => void;
}
