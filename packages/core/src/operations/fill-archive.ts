import type { Disk } from '../archive/disk.ts';
import type { PartSummary } from '../archive/part-summary.ts';
import type { Signer } from '../archive/signing-key.ts';
import { BodyPreparer } from '../archive/zip/body-preparer.ts';
import { WorkThreads } from '../archive/zip/work-threads.ts';
import { MailferryError } from '../errors.ts';
import type { Layout, Ledger } from '../ledger/ledger.ts';
import type { SealedPart } from '../ledger/part-records.ts';
import type { MessageFilter } from '../mail/message-filter.ts';
import type { Notice } from '../mail/notice.ts';
import type { MailSource } from '../source/mail-source.ts';
import type { SourceView } from './account-for.ts';
import { ArchiveIndex } from './archive-index.ts';
import { Intake } from './intake.ts';
import { NoticeBoard } from './notice-board.ts';
import { PartShelf } from './part-shelf.ts';
import { Patience } from './patience.ts';
import type { ProgressMeter } from './progress-meter.ts';
import { pull } from './pull.ts';
import { checkCanRemove, removePulled } from './remove-pulled.ts';

export interface FillOptions {
  readonly source: MailSource;
  readonly ledger: Ledger;
  readonly disk: Disk;
  readonly directory: string;
  readonly layout: Layout;
  /** The identity of the target that the archive is for; null for a backup. */
  readonly target: string | null;
  readonly partLimitBytes: number;
  readonly language: 'en' | 'ko';
  readonly filter: MessageFilter;
  /** The archive goes on with this source whatever it was made from. */
  readonly rebind: boolean;
  /** What was sealed and read back is deleted at the source (SPEC P11). */
  readonly removeAfter: boolean;
  /** Signs the archive's chain; null leaves it unsigned. */
  readonly signer: Signer | null;
  /** The age recipients that sealed parts are encrypted for. Null for those of earlier runs, else none. */
  readonly recipients: readonly string[] | null;
  readonly progress: ProgressMeter;
  /** Runs after each part that was sealed and recorded. */
  readonly onSealed: (part: SealedPart) => void;
  readonly signal: AbortSignal;
}

/** A disk that fails under the ledger is one like any other. */
const toDiskError = (error: unknown, path: string): unknown => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_FULL')) return new MailferryError('disk-full', { path }, { cause: error });
  if (code.startsWith('SQLITE_IOERR')) return new MailferryError('disk-failed', { path, reason: code }, { cause: error });
  return error;
};

/** Only what there is. */
const given = (wishes: Readonly<Record<'target' | 'signer', string | null>>): { target?: string; signer?: string } =>
  Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== null));

export interface Filled {
  readonly view: SourceView;
  readonly fetchedMessages: number;
  readonly fetchedBytes: number;
  /** Parts that this run sealed. */
  readonly sealedParts: readonly PartSummary[];
  /** Messages that were deleted at the source. */
  readonly removedMessages: number;
  readonly notices: readonly Notice[];
}

/**
 * Brings an archive up to the source: what it doesn't hold yet is fetched into parts, and all parts are sealed.
 * Ended early, what arrived is recorded first, and the next run goes on from there.
 */
export const fillArchive = async (options: FillOptions): Promise<Filled> => {
  const { source, ledger, progress, signal, layout, signer } = options;
  const recipients = options.recipients ?? ledger.bound('recipients')?.split(' ').filter(Boolean) ?? [];
  const job = { layout, recipients: recipients.join(' '), ...given({ target: options.target, signer: signer?.publicKey ?? null }) };
  const sourceJob = { source: source.identity };
  ledger.expect(options.rebind ? job : { ...job, ...sourceJob });
  if (!signer && ledger.bound('signer') !== undefined) throw new MailferryError('signing-key-missing', { path: options.directory });
  if (options.removeAfter) checkCanRemove(source);
  const notices = new NoticeBoard();
  const threads = new WorkThreads();
  const index = new ArchiveIndex({ ...options, recipients });
  const shelf = new PartShelf({ ...options, recipients, index, threads, source: source.identity });
  const preparer = new BodyPreparer(threads);
  const intake = new Intake({ ledger, shelf, preparer, language: options.language });
  try {
    await shelf.resume();
    const view = await pull({
      source,
      ledger,
      intake,
      progress,
      // A first run that is not let in leaves the archive free for another try.
      onConnected: () => {
        if (options.rebind) ledger.rebind(source.identity);
        ledger.bind({ ...job, ...sourceJob });
      },
      filter: options.filter,
      notices,
      patience: new Patience(progress),
      messageLimitBytes: shelf.messageLimitBytes,
      onMailboxStored: async (mailbox) => {
        await shelf.seal(mailbox.id);
      },
      signal,
    });
    progress.begin('sealing');
    await intake.flush(() => shelf.sealAll());
    await index.writeListing(source.identity);
    const sealedParts = shelf.sealed.map(({ fileName, sizeBytes, entryCount, sha256 }) => ({ fileName, sizeBytes, entryCount, sha256 }));
    const removedMessages = options.removeAfter ? await removePulled({ ...options, view, notices }) : 0;
    const { messages: fetchedMessages, bytes: fetchedBytes } = intake.stored;
    return { view, fetchedMessages, fetchedBytes, sealedParts, removedMessages, notices: notices.all() };
  } catch (error) {
    // What arrived is kept; why the run ended stays the error to tell.
    await intake.flush(async () => undefined).catch(() => undefined);
    throw toDiskError(error, options.directory);
  } finally {
    await threads.close();
    await shelf.close();
  }
};
