import type { UploadTarget } from '../target/upload-target.ts';
import { accountFor, failedMessages } from './account-for.ts';
import { openLedger } from './archive-folder.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { UploadReport } from './report.ts';
import { Sending } from './sending.ts';

export interface UploadOptions {
  /** An archive with one mailbox per part, as `backup` makes it with `forUpload`. */
  readonly directory: string;
  readonly target: UploadTarget;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Sends the sealed parts of an archive that the target has not answered for, and holds the archive against
 * the target. Running it again sends nothing twice. The target stays open.
 *
 * Errors: `archive-missing`, `archive-locked`, `ledger-*`, `zip-mixed-mailboxes`, and those of the target.
 */
export const upload = async ({ directory, target, onProgress, signal }: UploadOptions): Promise<UploadReport> => {
  const progress = new ProgressMeter(onProgress);
  progress.begin('connecting');
  const ledger = openLedger(directory);
  try {
    ledger.expect({ target: target.identity });
    await target.checkReady(signal);
    ledger.bind({ target: target.identity });
    const sending = new Sending({ directory, ledger, target, signal });
    const waiting = new Set(ledger.uploads.unanswered());
    for (const part of ledger.parts.sealed()) if (waiting.has(part.number)) sending.add(part);
    await sending.finish(progress);
    progress.begin('reconciling');
    const reconciliation = await accountFor({ directory, ledger, source: null, target, signal });
    return {
      kind: 'upload',
      target: target.identity,
      uploadedMessages: sending.takenMessages,
      uploadedParts: sending.sentParts,
      failed: failedMessages(ledger),
      reconciliation,
    };
  } finally {
    ledger.close();
  }
};
