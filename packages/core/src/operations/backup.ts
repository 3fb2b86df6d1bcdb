import { type Disk, nodeDisk } from '../archive/disk.ts';
import type { Signer } from '../archive/signing-key.ts';
import { MailferryError } from '../errors.ts';
import type { MessageFilter } from '../mail/message-filter.ts';
import type { MailSource } from '../source/mail-source.ts';
import { accountFor, failedMessages } from './account-for.ts';
import { openOrMakeLedger } from './archive-folder.ts';
import { fillArchive } from './fill-archive.ts';
import { BACKUP_PART_BYTES, checkPartLimit, UPLOAD_PART_BYTES } from './part-limit.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { BackupReport } from './report.ts';

export interface BackupOptions {
  readonly source: MailSource;
  /** Made when it isn't there. An archive of the same account is brought up to date; anything else is refused. */
  readonly directory: string;
  /** One mailbox per part, and parts small enough to be uploaded (SPEC U1, U2). Default false. */
  readonly forUpload?: boolean;
  /** No part is ever bigger. Default 4 GiB − 1; with `forUpload` 1,999,999,999, and at most that. */
  readonly partLimitBytes?: number;
  /** Which messages are wanted; the others are counted as filtered. Default: all. */
  readonly filter?: MessageFilter;
  /** The archive goes on with this source, whatever account, host or path it was made from. Default false: refused. */
  readonly rebind?: boolean;
  /**
   * Deletes messages at the source once the parts that hold them are sealed and read back (SPEC P11). Default false.
   * Only for sources that can (POP3): else `option-invalid`.
   */
  readonly removeAfter?: boolean;
  /** Signs the archive's chain. Once an archive is signed, every run has to give the same one (`signing-key-missing`). */
  readonly signer?: Signer;
  /**
   * age recipients (`age1…`): sealed parts and manifests are encrypted for them. Settled by the first run; later ones may leave
   * it out. Not together with `forUpload`.
   */
  readonly recipients?: readonly string[];
  /** Of the names that messages without a subject get. Default `en`. */
  readonly language?: 'en' | 'ko';
  /** Where parts are written. Default: the machine's own disk. */
  readonly disk?: Disk;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

const count = (things: Iterable<unknown>): number => {
  let found = 0;
  for (const _ of things) found += 1;
  return found;
};

/**
 * Pulls what the archive doesn't hold yet, seals it into parts, and accounts for every message.
 * Running it again adds what is new; with nothing new it changes nothing. The source stays open.
 *
 * Errors: those of the source, `archive-*`, `ledger-*`, `disk-*`, `option-invalid`, `cancelled`. All but the
 * permanent ones are gone on from by the next run.
 */
export const backup = async (options: BackupOptions): Promise<BackupReport> => {
  const { source, directory, signal, forUpload = false } = options;
  const partLimitBytes = checkPartLimit(options.partLimitBytes ?? (forUpload ? UPLOAD_PART_BYTES : BACKUP_PART_BYTES), forUpload);
  if (forUpload && options.recipients)
    throw new MailferryError('option-invalid', { option: 'recipients', reason: 'parts for uploads are not encrypted' });
  const progress = new ProgressMeter(options.onProgress);
  const ledger = openOrMakeLedger(directory);
  try {
    const layout = forUpload ? 'by-mailbox' : 'mixed';
    const onSealed = (): void => undefined;
    const language = options.language ?? 'en';
    const filled = await fillArchive({
      source,
      ledger,
      disk: options.disk ?? nodeDisk,
      directory,
      layout,
      target: null,
      partLimitBytes,
      language,
      filter: options.filter ?? {},
      rebind: options.rebind ?? false,
      removeAfter: options.removeAfter ?? false,
      signer: options.signer ?? null,
      recipients: options.recipients ?? null,
      progress,
      onSealed,
      signal,
    });
    progress.begin('reconciling');
    const reconciliation = await accountFor({ directory, ledger, source: filled.view, target: null, signal });
    return {
      kind: 'backup',
      directory,
      mailboxCount: reconciliation.accounts.length,
      fetchedMessages: filled.fetchedMessages,
      fetchedBytes: filled.fetchedBytes,
      sealedParts: filled.sealedParts,
      storedMessages: reconciliation.totals.archive,
      vanishedMessages: count(ledger.messages.vanished()),
      head: ledger.parts.lastLink(),
      failed: failedMessages(ledger),
      removedMessages: filled.removedMessages,
      notices: filled.notices,
      reconciliation,
    };
  } finally {
    ledger.close();
  }
};
