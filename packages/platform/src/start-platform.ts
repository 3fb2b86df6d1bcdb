import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccountFixture, openAccountFixture } from './account-fixture.ts';
import { createHttpApp } from './http/http-app.ts';
import { startHttpServer } from './http/http-server.ts';
import { startImapServer } from './imap/imap-server.ts';
import { DEFAULT_IMAP_LIMITS } from './imap/limits.ts';
import { Office, type PolicyChange } from './office/office.ts';
import type { EventListener } from './platform-event.ts';
import type { Role } from './store/accounts.ts';
import { openStore, type Store } from './store/store.ts';
import { Spool } from './uploads/spool.ts';
import { UploadIntake } from './uploads/upload-intake.ts';
import { DEFAULT_UPLOAD_LIMITS, type UploadLimits } from './uploads/upload-limits.ts';
import { UploadProcessor } from './uploads/upload-processor.ts';
import { WallClock } from './wall-clock.ts';

export type { AccountFixture, FixtureMailbox, FixtureMessage, NewFixtureMessage } from './account-fixture.ts';
export type { PlatformError, PlatformErrorCode } from './platform-error.ts';

/** An account that the platform is to have. One that exists keeps its mail and takes these settings. */
export interface PlatformAccount {
  /** The whole address (SPEC A8); case is ignored. */
  readonly user: string;
  readonly password: string;
  /** Mail can be moved in only when true (SPEC U6). Default true. */
  readonly setUp?: boolean;
  /** Default: unlimited. Accounts that the office makes later have its policy's default. */
  readonly quotaBytes?: number | null;
  /** Default: `user`, or what an existing account has. */
  readonly role?: Role;
}

export interface PlatformOptions {
  /** Holds the database and the uploads on their way. Without one everything is in memory and gone after `stop()`. */
  readonly directory?: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly imapPort?: number;
  /** Default 0: any free port. */
  readonly httpPort?: number;
  readonly accounts?: readonly PlatformAccount[];
  /** What differs from the policy that the office has; at first, from the manuals' defaults. */
  readonly policy?: PolicyChange;
  /** PEM. With it there is STARTTLS, and IMAP over TLS on a port of its own. HTTP stays plain. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Whether IMAP takes passwords in the clear. Default: on a loopback host without `tls`. */
  readonly allowPlainText?: boolean;
  /** Of INTERNALDATE and of the days that SEARCH knows. Default Asia/Seoul. */
  readonly timeZone?: string;
  /** The largest message, by APPEND or in a ZIP. Default 150 MiB. */
  readonly maxMessageBytes?: number;
  /** Before a failed log-in is answered, at first; it grows with the failures. Default 250; 0 for tests. */
  readonly failedLogInMs?: number;
  /** Default: the system's clock. */
  readonly now?: () => Date;
  /** Told of log-ins and of clients that were cut off. */
  readonly onEvent?: EventListener;
  /** Takes errors that are nobody's input, such as a full disk. Default: a process warning. */
  readonly onError?: (error: unknown) => void;
}

export interface Platform {
  readonly imapPort: number;
  /** IMAP over TLS; null without `tls`. */
  readonly imapsPort: number | null;
  readonly httpPort: number;
  /** Without a slash at the end. */
  readonly httpUrl: string;
  /** Reads and fills the account past the protocols, for tests. @throws PlatformError `account-unknown` */
  account(user: string): AccountFixture;
  /** Ends connections, waits for the batch that is being stored, and closes. What was acknowledged stays in the directory. */
  stop(): Promise<void>;
}

const FAILED_LOG_IN_MS = 250;
const LOOPBACK = /^(localhost|127\..*|::1)$/;

const saveAccounts = async (office: Office, accounts: readonly PlatformAccount[]): Promise<void> => {
  for (const { user, password, role, setUp = true, quotaBytes = null } of accounts) {
    await office.accounts.provision({ user, password, role, setUp, quotaBytes });
  }
};

/** Cleans the spool up and goes on with the uploads that a stop or a crash cut short. */
const resumeUploads = async (store: Store, spool: Spool, processor: UploadProcessor): Promise<void> => {
  const unfinished = store.uploads.inState('processing').map(({ id }) => id);
  await spool.prepare(unfinished);
  for (const id of unfinished) processor.enqueue(id);
};

const uploadLimits = ({ maxMessageBytes }: PlatformOptions): UploadLimits => ({
  ...DEFAULT_UPLOAD_LIMITS,
  messageBytes: maxMessageBytes ?? DEFAULT_UPLOAD_LIMITS.messageBytes,
});

const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error));

const startImap = (options: PlatformOptions, store: Store, office: Office, clock: WallClock, host: string) =>
  startImapServer({
    store,
    office,
    host,
    port: options.imapPort ?? 0,
    tls: options.tls ?? null,
    allowPlainText: options.allowPlainText ?? (!options.tls && LOOPBACK.test(host)),
    clock,
    limits: {
      ...DEFAULT_IMAP_LIMITS,
      messageBytes: options.maxMessageBytes ?? DEFAULT_IMAP_LIMITS.messageBytes,
    },
    now: options.now ?? (() => new Date()),
    onError: options.onError ?? warn,
  });

/** Undoes what was started, the latest first. */
const undo = async (steps: readonly (() => unknown)[]): Promise<void> => {
  for (const step of steps.toReversed()) await step();
};

/**
 * Starts a mail hosting platform: IMAP4rev1 and an HTTP API over one store. The caller stops it.
 * @throws PlatformError `directory-in-use`, `directory-unreadable`; a system error if a port is taken
 */
export const startPlatform = async (options: PlatformOptions = {}): Promise<Platform> => {
  const { directory, host = '127.0.0.1', now = () => new Date(), onError = warn } = options;
  const steps: (() => unknown)[] = [];
  try {
    const store = openStore(directory ?? null, now);
    steps.push(() => store.close());
    const spoolDirectory = directory ? join(directory, 'spool') : await mkdtemp(join(tmpdir(), 'mailferry-platform-'));
    if (!directory) steps.push(() => rm(spoolDirectory, { recursive: true, force: true }));

    const clock = new WallClock(options.timeZone ?? 'Asia/Seoul');
    const office = new Office({
      store,
      clock,
      now,
      failedLogInMs: options.failedLogInMs ?? FAILED_LOG_IN_MS,
      onEvent: options.onEvent ?? (() => {}),
    });
    if (options.policy) office.provisionPolicy(options.policy);
    await saveAccounts(office, options.accounts ?? []);
    const limits = uploadLimits(options);
    const spool = new Spool(spoolDirectory);
    const processor = new UploadProcessor({ store, spool, limits, now, onError });
    steps.push(() => processor.stop());
    await resumeUploads(store, spool, processor);

    const imap = await startImap(options, store, office, clock, host);
    steps.push(() => imap.stop());
    const intake = new UploadIntake(store, spool, processor, limits);
    const app = createHttpApp({
      store,
      office,
      intake,
      limits,
      onError,
    });
    const http = await startHttpServer(app, host, options.httpPort ?? 0);
    steps.push(() => http.stop());

    let stopped: Promise<void> | null = null;
    return {
      imapPort: imap.port,
      imapsPort: imap.tlsPort,
      httpPort: http.port,
      httpUrl: `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`,
      account: (user) => openAccountFixture(store, user, now),
      stop: () => {
        stopped ??= undo(steps);
        return stopped;
      },
    };
  } catch (error) {
    await undo(steps);
    throw error;
  }
};
