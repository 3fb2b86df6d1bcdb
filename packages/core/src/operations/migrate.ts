import { type Disk, nodeDisk } from '../archive/disk.ts';
import type { Signer } from '../archive/signing-key.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { MessageFilter } from '../mail/message-filter.ts';
import type { MailSource } from '../source/mail-source.ts';
import type { UploadTarget } from '../target/upload-target.ts';
import { accountFor, failedMessages } from './account-for.ts';
import { openOrMakeLedger } from './archive-folder.ts';
import { type Filled, fillArchive } from './fill-archive.ts';
import { UPLOAD_PART_BYTES } from './part-limit.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { MigrationReport } from './report.ts';
import { mapMailbox } from './send-parts.ts';
import { Sending } from './sending.ts';

export interface MigrateOptions {
  readonly source: MailSource;
  readonly target: UploadTarget;
  /** Where the parts and the ledger live; made when it isn't there. */
  readonly directory: string;
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
  /** Of the names that messages without a subject get. Default `en`. */
  readonly language?: 'en' | 'ko';
  /** Where parts are written. Default: the machine's own disk. */
  readonly disk?: Disk;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Moves an account: pulls what the archive doesn't hold yet, uploads parts as they are sealed, makes every
 * mailbox at the target, empty ones too (SPEC M2), and accounts for every message at source, archive and target.
 * Running it again moves what is new. Source and target stay open.
 *
 * Errors: as `backup`, and those of the target, which is checked before anything is pulled (SPEC U6).
 */
export const migrate = async (options: MigrateOptions): Promise<MigrationReport> => {
  const { source, target, directory, signal } = options;
  const progress = new ProgressMeter(options.onProgress);
  progress.begin('connecting');
  const ledger = openOrMakeLedger(directory);
  try {
    ledger.expect({ ...(options.rebind ? {} : { source: source.identity }), layout: 'by-mailbox', target: target.identity });
    await target.checkReady(signal);
    const sending = new Sending({ directory, ledger, target, signal });
    const filled = await fillAndSend(options, ledger, sending, progress);
    await mapEmptyMailboxes(ledger, target, signal);
    progress.begin('reconciling');
    const reconciliation = await accountFor({ directory, ledger, source: filled.view, target, signal });
    return {
      kind: 'migrate',
      directory,
      target: target.identity,
      mailboxCount: reconciliation.accounts.length,
      fetchedMessages: filled.fetchedMessages,
      fetchedBytes: filled.fetchedBytes,
      uploadedMessages: sending.takenMessages,
      uploadedParts: sending.sentParts,
      sealedParts: filled.sealedParts,
      failed: failedMessages(ledger),
      removedMessages: filled.removedMessages,
      notices: filled.notices,
      reconciliation,
    };
  } finally {
    ledger.close();
  }
};

/** Sends what earlier runs sealed, and each part that this one seals, while it pulls. */
const fillAndSend = async (options: MigrateOptions, ledger: Ledger, sending: Sending, progress: ProgressMeter): Promise<Filled> => {
  const { source, directory, language = 'en' } = options;
  // What goes out is bound to where it goes first.
  if (ledger.parts.sealed().length > 0) ledger.bind({ target: options.target.identity });
  const waiting = new Set(ledger.uploads.unanswered());
  for (const part of ledger.parts.sealed()) if (waiting.has(part.number)) sending.add(part);
  try {
    const filled = await fillArchive({
      source,
      ledger,
      disk: options.disk ?? nodeDisk,
      directory,
      layout: 'by-mailbox',
      target: options.target.identity,
      partLimitBytes: UPLOAD_PART_BYTES,
      language,
      filter: options.filter ?? {},
      rebind: options.rebind ?? false,
      removeAfter: options.removeAfter ?? false,
      signer: options.signer ?? null,
      recipients: [],
      progress,
      onSealed: (part) => sending.add(part),
      signal: sending.signal,
    });
    await sending.finish(progress);
    return filled;
  } catch (error) {
    // A pull that was ended because nothing can be sent tells the sender's error.
    await sending.stop();
    sending.throwIfFailed();
    throw error;
  }
};

const mapEmptyMailboxes = async (ledger: Ledger, target: UploadTarget, signal: AbortSignal): Promise<void> => {
  const counts = ledger.messages.counts();
  for (const mailbox of ledger.mailboxes.all()) {
    if (mailbox.selectable && mailbox.targetMailbox === null && (mailbox.listedMessages === 0 || (counts.get(mailbox.id)?.failed ?? 0) > 0))
      await mapMailbox(ledger, target, mailbox, signal);
  }
};
