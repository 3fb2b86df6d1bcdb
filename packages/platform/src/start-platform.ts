import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Faults } from './faults/faults.ts';
import { FaultyLine } from './faults/faulty-line.ts';
import { openAccountFixture } from './fixtures/account-fixture.ts';
import { openOfficeFixture } from './fixtures/office-fixture.ts';
import { startHttpServer } from './http/http-server.ts';
import { startImapServer } from './imap/imap-server.ts';
import { DEFAULT_IMAP_LIMITS } from './imap/limits.ts';
import type { Line, TlsIdentity } from './net/server-sockets.ts';
import { Office } from './office/office.ts';
import type { Platform, PlatformSnapshot } from './platform.ts';
import type { EventListener } from './platform-event.ts';
import { startJobs } from './platform-jobs.ts';
import type { PlatformAccount, PlatformOptions } from './platform-options.ts';
import { DEFAULT_POP3_LIMITS } from './pop3/limits.ts';
import { startPop3Server } from './pop3/pop3-server.ts';
import { PROVIDER_PROFILES } from './provider-profiles.ts';
import { SASL_MECHANISMS, type SaslMechanism } from './sasl/mechanisms.ts';
import { DEFAULT_SMTP_LIMITS } from './smtp/limits.ts';
import { startSubmissionServer } from './smtp/submission-server.ts';
import type { Route } from './store/access-log.ts';
import { openStore, type Store } from './store/store.ts';
import { Spool } from './uploads/spool.ts';
import { UploadIntake } from './uploads/upload-intake.ts';
import { DEFAULT_UPLOAD_LIMITS } from './uploads/upload-limits.ts';
import { UploadProcessor } from './uploads/upload-processor.ts';
import { WallClock } from './wall-clock.ts';

const LOOPBACK = /^(localhost|127\..*|::1)$/;
const FAILED_LOG_IN_MS = 250;

/** What all servers work with. */
interface Foundation {
  readonly store: Store;
  readonly office: Office;
  readonly faults: Faults;
  readonly clock: WallClock;
  readonly now: () => Date;
  readonly host: string;
  readonly tls: TlsIdentity | null;
  readonly allowPlainText: boolean;
  readonly messageBytes: number;
  readonly onEvent: EventListener;
  readonly onError: (error: unknown) => void;
  readonly mechanisms: ReadonlyMap<string, SaslMechanism>;
  readonly line: (route: Route) => Line;
}

const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error));

const layFoundation = (options: PlatformOptions): Foundation => {
  const { directory, host = '127.0.0.1', now = () => new Date(), tls = null, profile } = options;
  const withoutMechanisms: readonly string[] = profile ? PROVIDER_PROFILES[profile].withoutMechanisms : [];
  const faults = new Faults();
  for (const fault of options.faults ?? []) faults.add(fault);
  const store = openStore(directory ?? null, now, faults);
  const clock = new WallClock(options.timeZone ?? 'Asia/Seoul');
  const failedLogInMs = options.failedLogInMs ?? FAILED_LOG_IN_MS;
  const onEvent = options.onEvent ?? (() => {});
  const office = new Office({ store, clock, now, failedLogInMs, faults, onEvent });
  return {
    store,
    office,
    faults,
    clock,
    now,
    host,
    tls,
    allowPlainText: options.allowPlainText ?? (!tls && LOOPBACK.test(host)),
    messageBytes: options.maxMessageBytes ?? DEFAULT_IMAP_LIMITS.messageBytes,
    onEvent,
    onError: options.onError ?? warn,
    mechanisms: new Map([...SASL_MECHANISMS].filter(([name]) => !withoutMechanisms.includes(name))),
    line: (route) => (socket) => {
      const struck = faults.line(route);
      return struck ? new FaultyLine(socket, struck) : socket;
    },
  };
};

const saveAccounts = async (office: Office, accounts: readonly PlatformAccount[]): Promise<void> => {
  // Side by side, because hashing a password takes its time; of an account that is named twice the last counts.
  const byUser = new Map(accounts.map((account) => [account.user.toLowerCase(), account]));
  await Promise.all(
    Array.from(byUser.values(), ({ user, password, role, setUp = true, quotaBytes = null }) =>
      office.accounts.provision({ user, password, role, setUp, quotaBytes }),
    ),
  );
};

/** Cleans the spool up and goes on with the uploads that a stop or a crash cut short. */
const resumeUploads = async (store: Store, spool: Spool, processor: UploadProcessor): Promise<void> => {
  const unfinished = store.uploads.inState('processing').map(({ id }) => id);
  await spool.prepare(unfinished);
  for (const id of unfinished) processor.enqueue(id);
};

/** Undoes what was started, the latest first. */
const undo = async (steps: readonly (() => unknown)[]): Promise<void> => {
  for (const step of steps.toReversed()) await step();
};

/**
 * Starts a mail hosting platform: IMAP, POP3, SMTP and an HTTP API over one store. The caller stops it.
 * @throws PlatformError `directory-in-use`, `directory-unreadable`, `policy-invalid`, `address-invalid`; a system error if a port is taken
 */
export const startPlatform = async (options: PlatformOptions = {}): Promise<Platform> => {
  const { directory, profile } = options;
  const steps: (() => unknown)[] = [];
  try {
    const foundation = layFoundation(options);
    const { store, office, faults, host, now, onError, line } = foundation;
    steps.push(() => store.close());
    const spoolDirectory = directory ? join(directory, 'spool') : await mkdtemp(join(tmpdir(), 'mailferry-platform-'));
    if (!directory) steps.push(() => rm(spoolDirectory, { recursive: true, force: true }));

    if (options.pop3Port !== undefined || options.smtpPort !== undefined) office.provisionPolicy({ pop3Smtp: true });
    if (profile) office.provisionPolicy(PROVIDER_PROFILES[profile].policy);
    if (options.policy) office.provisionPolicy(options.policy);
    await saveAccounts(office, options.accounts ?? []);
    const limits = { ...DEFAULT_UPLOAD_LIMITS, messageBytes: foundation.messageBytes };
    const spool = new Spool(spoolDirectory);
    const processor = new UploadProcessor({ store, spool, limits, now, onError });
    steps.push(() => processor.stop());
    await resumeUploads(store, spool, processor);

    const jobs = await startJobs(foundation, options, join(directory ?? spoolDirectory, 'backups'));
    steps.push(() => jobs.stop());

    const imap = await startImapServer({
      ...foundation,
      port: options.imapPort ?? 0,
      tlsPort: options.imapsPort ?? 0,
      line: line('imap'),
      limits: { ...DEFAULT_IMAP_LIMITS, messageBytes: foundation.messageBytes },
    });
    steps.push(() => imap.stop());
    const pop3 = await startPop3Server({
      ...foundation,
      port: options.pop3Port ?? 0,
      tlsPort: options.pop3sPort ?? 0,
      line: line('pop3'),
      limits: DEFAULT_POP3_LIMITS,
    });
    steps.push(() => pop3.stop());
    const smtp = await startSubmissionServer({
      ...foundation,
      port: options.smtpPort ?? 0,
      tlsPort: options.smtpsPort ?? 0,
      line: line('smtp'),
      limits: { ...DEFAULT_SMTP_LIMITS, messageBytes: foundation.messageBytes },
    });
    steps.push(() => smtp.stop());
    const intake = new UploadIntake(store, spool, processor, limits);
    const loadApp = async () => {
      const { createHttpApp } = await import('./http/http-app.ts');
      return createHttpApp({ ...foundation, intake, limits, backups: jobs.backups, copier: jobs.copier, fetcher: jobs.fetcher });
    };
    const http = await startHttpServer(loadApp, { host, port: options.httpPort ?? 0, line: line('web'), onError });
    steps.push(() => http.stop());

    const disconnect = async (): Promise<void> => {
      await Promise.all([imap.disconnect(), pop3.disconnect(), smtp.disconnect()]);
    };
    const snapshot = async (): Promise<PlatformSnapshot> => {
      await Promise.all([processor.idle(), jobs.idle()]);
      const state = store.snapshots.take();
      return {
        restore: async () => {
          await disconnect();
          await Promise.all([processor.idle(), jobs.idle()]);
          store.snapshots.restore(state);
          office.reload();
          await jobs.backups.recheck();
        },
        release: () => state.release(),
      };
    };
    const atStart = directory === undefined ? await snapshot() : null;

    let stopped: Promise<void> | null = null;
    return {
      imapPort: imap.port,
      imapsPort: imap.tlsPort,
      pop3Port: pop3.port,
      pop3sPort: pop3.tlsPort,
      smtpPort: smtp.port,
      smtpsPort: smtp.tlsPort,
      httpPort: http.port,
      httpUrl: `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`,
      office: openOfficeFixture(store, office, now),
      account: (user) => openAccountFixture(store, user, now),
      addFault: (fault) => faults.add(fault),
      clearFaults: () => faults.clear(),
      snapshot,
      reset: async () => {
        if (!atStart) throw new RangeError('Only a platform in memory can be reset; take a snapshot where it has a directory');
        faults.clear();
        await atStart.restore();
      },
      disconnect,
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
