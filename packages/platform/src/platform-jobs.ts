import { BackupDesk } from './backups/backup-desk.ts';
import { BackupFolder } from './backups/backup-folder.ts';
import { DEFAULT_BACKUP_LIMITS } from './backups/backup-limits.ts';
import { BackupPreparer } from './backups/backup-preparer.ts';
import { ExternalFetcher } from './external-fetch/external-fetcher.ts';
import { DEFAULT_FETCH_LIMITS } from './external-fetch/fetch-limits.ts';
import { MailboxCopier } from './mailbox-copy/mailbox-copier.ts';
import type { Office } from './office/office.ts';
import type { PlatformOptions } from './platform-options.ts';
import type { Store } from './store/store.ts';
import type { WallClock } from './wall-clock.ts';

export interface JobContext {
  readonly store: Store;
  readonly office: Office;
  readonly clock: WallClock;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
}

/** What goes on beside the servers, by request. */
export interface PlatformJobs {
  readonly backups: BackupDesk;
  readonly copier: MailboxCopier;
  readonly fetcher: ExternalFetcher;
  /** Resolves when none of them is at work. */
  idle(): Promise<void>;
  /** What can go on after the next start waits for it. */
  stop(): Promise<void>;
}

/** Goes on with what a stop or a crash cut short. The caller stops it. @param directory for the parts of backups */
export const startJobs = async (
  context: JobContext,
  { maxBackupPartBytes = DEFAULT_BACKUP_LIMITS.partBytes, externalFetchHosts = [] }: PlatformOptions,
  directory: string,
): Promise<PlatformJobs> => {
  const { store, office, onError } = context;
  const folder = new BackupFolder(directory);
  const preparer = new BackupPreparer({ ...context, folder, limits: { ...DEFAULT_BACKUP_LIMITS, partBytes: maxBackupPartBytes } });
  const backups = new BackupDesk({ store, folder, preparer, delayMs: () => office.policy.backupPreparationMs, onError });
  const copier = new MailboxCopier(store, onError);
  const fetcher = new ExternalFetcher({ ...context, limits: DEFAULT_FETCH_LIMITS, allowedHosts: externalFetchHosts });
  await backups.open();
  copier.work.start();
  fetcher.closeInterrupted();
  return {
    backups,
    copier,
    fetcher,
    idle: async () => {
      await Promise.all([preparer.work.idle(), copier.work.idle(), fetcher.idle()]);
    },
    stop: async () => {
      await backups.stop();
      await Promise.all([preparer.work.stop(), copier.work.stop(), fetcher.stop()]);
    },
  };
};
