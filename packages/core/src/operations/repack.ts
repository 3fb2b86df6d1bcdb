import { ArchiveReader } from '../archive/archive-reader.ts';
import { type Disk, nodeDisk } from '../archive/disk.ts';
import type { Signer } from '../archive/signing-key.ts';
import { FileSource } from '../source/files/file-source.ts';
import type { MailSource } from '../source/mail-source.ts';
import { accountFor, failedMessages } from './account-for.ts';
import { openOrMakeLedger } from './archive-folder.ts';
import { ArchiveStore } from './archive-store.ts';
import { fillArchive } from './fill-archive.ts';
import { checkPartLimit, UPLOAD_PART_BYTES } from './part-limit.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { RepackReport } from './report.ts';

export interface RepackOptions {
  /** An archive, or what `openSource` makes of `zip:PATH`: a ZIP of a hoster's, or a folder of them. A source stays open. */
  readonly from: ArchiveReader | MailSource;
  /** Of `from`, as reports show it. */
  readonly fromPath: string;
  /** Made when it isn't there. The result of an earlier run is gone on with; anything else is refused. */
  readonly directory: string;
  /** What a part holds: one mailbox, or one mailbox and one year or month of it (UTC). Default `mailbox`. */
  readonly by?: 'mailbox' | 'year' | 'month';
  /** No part is ever bigger. Default and at most 1,999,999,999 (SPEC U2). */
  readonly partLimitBytes?: number;
  /** Signs the chain of the result. */
  readonly signer?: Signer;
  readonly language?: 'en' | 'ko';
  readonly disk?: Disk;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Makes an archive with parts for uploads (SPEC U1, U2) of one with bigger parts, or of a hoster's backup. Not a byte of a message changes:
 * it is inflated to be checked, and its deflated form is taken over as it is. What is damaged is listed with its reason, and the others go
 * on. Run again, it goes on where it was. `from` is only read.
 *
 * Errors: those of the source, `archive-*`, `ledger-*`, `disk-*`, `option-invalid`, `cancelled`.
 */
export const repack = async (options: RepackOptions): Promise<RepackReport> => {
  const { from, fromPath, directory, by = 'mailbox', signal } = options;
  const partLimitBytes = checkPartLimit(options.partLimitBytes ?? UPLOAD_PART_BYTES, true);
  const progress = new ProgressMeter(options.onProgress);
  const { source, close } = sourceOf(from, fromPath);
  const ledger = openOrMakeLedger(directory);
  try {
    const filled = await fillArchive({
      ...{ source, ledger, directory, partLimitBytes, progress, signal },
      ...{ target: null, filter: {}, rebind: false, removeAfter: false, recipients: [] },
      disk: options.disk ?? nodeDisk,
      layout: `by-${by}`,
      language: options.language ?? 'en',
      signer: options.signer ?? null,
      onSealed: () => undefined,
    });
    progress.begin('reconciling');
    const reconciliation = await accountFor({ directory, ledger, source: filled.view, target: null, signal });
    return {
      ...{ kind: 'repack', from: fromPath, directory },
      repackedMessages: filled.fetchedMessages,
      repackedBytes: filled.fetchedBytes,
      sealedParts: filled.sealedParts,
      storedMessages: reconciliation.totals.archive,
      failed: failedMessages(ledger),
      notices: filled.notices,
      reconciliation,
    };
  } finally {
    ledger.close();
    await close();
  }
};

const sourceOf = (from: RepackOptions['from'], path: string): { readonly source: MailSource; readonly close: () => Promise<void> } => {
  if (!(from instanceof ArchiveReader)) return { source: from, close: async () => undefined };
  const store = new ArchiveStore(from, path);
  return { source: new FileSource('archive', store), close: () => store.close() };
};
