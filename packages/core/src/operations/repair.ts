import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Disk, nodeDisk } from '../archive/disk.ts';
import { MailferryError } from '../errors.ts';
import { FileSource } from '../source/files/file-source.ts';
import { accountFor, failedMessages } from './account-for.ts';
import { openOrMakeLedger } from './archive-folder.ts';
import { fillArchive } from './fill-archive.ts';
import { BACKUP_PART_BYTES } from './part-limit.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { RepairReport } from './report.ts';
import { SalvageStore } from './salvage-store.ts';

export interface RepairOptions {
  /** An archive's folder, or one ZIP of EML files. Never changed. */
  readonly path: string;
  /** Where the new archive goes: made when it isn't there; the result of an earlier run is gone on with. */
  readonly directory: string;
  /** age identities for encrypted parts. */
  readonly identities?: readonly string[];
  readonly language?: 'en' | 'ko';
  readonly disk?: Disk;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Makes a new archive of everything that is whole in a damaged one: messages are found by their own headers, whatever the central directory
 * says, and held against their CRC-32 and, where a manifest knows it, their SHA-256. Flags, dates and mailboxes come from the manifests; where
 * these are gone, mailboxes and dates from the parts. What is gone is listed.
 *
 * Errors: `archive-missing`, `identity-missing`, `archive-*`, `ledger-*`, `disk-*`, `cancelled`.
 */
export const repair = async ({ path, directory, identities = [], language = 'en', ...options }: RepairOptions): Promise<RepairReport> => {
  const { signal } = options;
  if (!(await stat(path).catch(() => null))) throw new MailferryError('archive-missing', { path });
  const progress = new ProgressMeter(options.onProgress);
  const workDirectory = await mkdtemp(join(tmpdir(), 'mailferry-repair-'));
  const ledger = openOrMakeLedger(directory);
  try {
    const store = new SalvageStore({ path, workDirectory, identities, signal });
    const filled = await fillArchive({
      ...{ source: new FileSource('salvage', store), ledger, directory, partLimitBytes: BACKUP_PART_BYTES, progress, signal, language },
      ...{ target: null, filter: {}, rebind: false, removeAfter: false, recipients: [], signer: null, layout: 'mixed' },
      disk: options.disk ?? nodeDisk,
      onSealed: () => undefined,
    });
    progress.begin('reconciling');
    const reconciliation = await accountFor({ directory, ledger, source: filled.view, target: null, signal });
    return {
      ...{ kind: 'repair', from: path, directory },
      recoveredMessages: reconciliation.totals.archive,
      sealedParts: filled.sealedParts,
      lost: store.lost,
      failed: failedMessages(ledger),
      notices: filled.notices,
      reconciliation,
    };
  } finally {
    ledger.close();
    await rm(workDirectory, { recursive: true, force: true });
  }
};
