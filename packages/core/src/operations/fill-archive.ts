import type { Disk } from '../archive/disk.ts';
import type { PartSummary } from '../archive/part-summary.ts';
import { BodyPreparer } from '../archive/zip/body-preparer.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SealedPart } from '../ledger/part-records.ts';
import type { MailSource } from '../source/mail-source.ts';
import type { SourceView } from './account-for.ts';
import { Intake } from './intake.ts';
import { PartShelf } from './part-shelf.ts';
import type { ProgressMeter } from './progress-meter.ts';
import { pull } from './pull.ts';

export interface FillOptions {
  readonly source: MailSource;
  readonly ledger: Ledger;
  readonly disk: Disk;
  readonly directory: string;
  readonly layout: 'mixed' | 'by-mailbox';
  /** The identity of the target that the archive is for; null for a backup. */
  readonly target: string | null;
  readonly partLimitBytes: number;
  readonly language: 'en' | 'ko';
  readonly progress: ProgressMeter;
  /** Runs after each part that was sealed and recorded. */
  readonly onSealed: (part: SealedPart) => void;
  readonly signal: AbortSignal;
}

export interface Filled {
  readonly view: SourceView;
  readonly fetchedMessages: number;
  readonly fetchedBytes: number;
  /** Parts that this run sealed. */
  readonly sealedParts: readonly PartSummary[];
}

/**
 * Brings an archive up to the source: what it doesn't hold yet is fetched into parts, and all parts are sealed.
 * Ended early, what arrived is recorded first, and the next run goes on from there.
 */
export const fillArchive = async (options: FillOptions): Promise<Filled> => {
  const { source, ledger, progress, signal, layout } = options;
  const job = { source: source.identity, layout, ...(options.target === null ? {} : { target: options.target }) };
  ledger.expect(job);
  const shelf = new PartShelf({ ...options, source: source.identity });
  const preparer = new BodyPreparer();
  const intake = new Intake({ ledger, shelf, preparer, language: options.language });
  try {
    await shelf.resume();
    const view = await pull({
      source,
      ledger,
      intake,
      progress,
      // A first run that is not let in leaves the archive free for another try.
      onConnected: () => ledger.bind(job),
      messageLimitBytes: shelf.messageLimitBytes,
      onMailboxStored: async (mailbox) => {
        if (layout === 'by-mailbox') await shelf.seal(mailbox.id);
      },
      signal,
    });
    progress.begin('sealing');
    await intake.flush(() => shelf.sealAll());
    const sealedParts = shelf.sealed.map(({ fileName, sizeBytes, entryCount, sha256 }) => ({ fileName, sizeBytes, entryCount, sha256 }));
    return { view, fetchedMessages: intake.stored.messages, fetchedBytes: intake.stored.bytes, sealedParts };
  } catch (error) {
    // What arrived is kept; why the run ended stays the error to tell.
    await intake.flush(async () => undefined).catch(() => undefined);
    throw error;
  } finally {
    await preparer.close();
    await shelf.close();
  }
};
