import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveReader } from '../archive/archive-reader.ts';
import { CHAIN_FILE } from '../archive/chain-file.ts';
import { verifyArchive } from '../archive/verify-archive.ts';
import { MailferryError, throwIfCancelled } from '../errors.ts';
import { hasLedger, openLedger } from './archive-folder.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';

/** What becomes of an archive, and why. */
export type PruneVerdict =
  /** Asked for by `keepLast` or `keepWithinMs`. */
  | 'kept'
  /** It holds messages that no archive which is kept holds whole. */
  | 'kept-only-copies'
  /** It is damaged: what it holds can't be told for certain. */
  | 'kept-damaged'
  /** Something in its folder isn't Mailferry's. */
  | 'kept-foreign-files'
  | 'removable'
  | 'removed';

export interface PrunedArchive {
  readonly directory: string;
  /** Where its mail came from. */
  readonly source: string;
  readonly messages: number;
  /** When it was last written to. */
  readonly writtenAt: Date;
  readonly verdict: PruneVerdict;
  /** Messages of which it has the only copy. */
  readonly onlyCopies: number;
}

export interface PruneReport {
  readonly kind: 'prune';
  readonly directory: string;
  readonly isDryRun: boolean;
  /** By source, the newest first. */
  readonly archives: readonly PrunedArchive[];
}

export interface PruneOptions {
  /** A folder with archives in folders of their own. */
  readonly directory: string;
  /** So many of each source are kept, the newest first; at least 1. */
  readonly keepLast?: number;
  /** What was written to less than so long ago is kept. */
  readonly keepWithinMs?: number;
  /** age identities for encrypted archives. */
  readonly identities?: readonly string[];
  /** Finds out what would be removed. Default false. */
  readonly isDryRun?: boolean;
  /** Asked with what can be removed, before anything is; false removes nothing. */
  readonly confirm: (removable: readonly PrunedArchive[]) => Promise<boolean>;
  readonly now?: () => Date;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

const OWN_FILE = /^(part-\d+\.(zip|manifest\.jsonl)(\.age)?|listing-\d+\.jsonl(\.age)?|chain\.jsonl|SHA256SUMS|\.mailferry)(\.new)?$/;
/** A folder that is being removed: whatever is left in it was to go. */
const REMOVING_SUFFIX = '.removing';

interface Found {
  readonly directory: string;
  readonly source: string;
  readonly reader: ArchiveReader;
  readonly writtenAt: Date;
}

/**
 * Removes archives that retention doesn't ask for, and of which every message is, in the same mailbox, in an archive of the same source
 * that is kept and was read back whole just now. An archive with the only copy of a message is never removed.
 * An archive goes as a whole or not at all.
 * Errors: `option-invalid` without a rule, `archive-missing` for a folder without archives, `archive-locked`, `identity-missing`, `cancelled`.
 */
export const prune = async (options: PruneOptions): Promise<PruneReport> => {
  const { directory, keepLast, keepWithinMs, isDryRun = false, signal } = options;
  if (keepLast === undefined && keepWithinMs === undefined)
    throw new MailferryError('option-invalid', { option: 'retention', reason: 'say what is kept: the last ones, or those within a time' });
  const progress = new ProgressMeter(options.onProgress);
  const found = await findArchives(options);
  const archives: PrunedArchive[] = [];
  for (const group of Map.groupBy(found, ({ source }) => source).values()) archives.push(...(await judge(group, options, progress)));
  const removable = archives.filter(({ verdict }) => verdict === 'removable');
  if (isDryRun || removable.length === 0 || !(await options.confirm(removable))) return { kind: 'prune', directory, isDryRun, archives };
  for (const archive of removable) {
    throwIfCancelled(signal);
    await remove(archive.directory);
  }
  const done = archives.map((archive) => (archive.verdict === 'removable' ? { ...archive, verdict: 'removed' as const } : archive));
  return { kind: 'prune', directory, isDryRun, archives: done };
};

const findArchives = async ({ directory, identities = [], isDryRun, signal }: PruneOptions): Promise<Found[]> => {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw new MailferryError('archive-missing', { path: directory }, { cause });
  });
  const found: Found[] = [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (!entry.isDirectory()) continue;
    if (entry.name.endsWith(REMOVING_SUFFIX)) {
      // A removal that was cut short.
      if (!isDryRun) await rm(path, { recursive: true, force: true });
      continue;
    }
    const chain = await stat(join(path, CHAIN_FILE)).catch(() => null);
    if (!chain) continue;
    const reader = await ArchiveReader.open({ directory: path, identities, signal });
    found.push({ directory: path, source: await reader.source(), reader, writtenAt: chain.mtime });
  }
  if (found.length === 0) throw new MailferryError('archive-missing', { path: directory });
  return found.toSorted((a, b) => b.writtenAt.getTime() - a.writtenAt.getTime());
};

/** What is to become of the archives of one source; the newest first. */
const judge = async (group: readonly Found[], options: PruneOptions, progress: ProgressMeter): Promise<PrunedArchive[]> => {
  const { keepLast = 0, keepWithinMs = 0, now = () => new Date() } = options;
  const isAskedFor = ({ writtenAt }: Found, i: number): boolean => i < keepLast || now().getTime() - writtenAt.getTime() < keepWithinMs;
  const describe = ({ directory, source, reader, writtenAt }: Found, verdict: PruneVerdict, onlyCopies = 0): PrunedArchive => ({
    ...{ directory, source, messages: reader.messageCount, writtenAt, verdict, onlyCopies },
  });
  const asked = group.filter(isAskedFor);
  const left = group.filter((archive) => !asked.includes(archive));
  const judged = new Map<Found, PrunedArchive>(asked.map((archive) => [archive, describe(archive, 'kept')]));
  const copies = new Set<string>();
  if (left.length > 0) for (const archive of asked) if (await isWhole(archive, options, progress)) await addCopies(archive, copies);
  // The newest first: what one is kept for need not be kept for by an older one.
  for (const archive of left) {
    const onlyCopies = await countOnlyCopies(archive, copies);
    if (onlyCopies === 0) {
      const foreign = (await readdir(archive.directory)).some((name) => !OWN_FILE.test(name));
      judged.set(archive, describe(archive, foreign ? 'kept-foreign-files' : 'removable'));
    } else if (await isWhole(archive, options, progress)) {
      judged.set(archive, describe(archive, 'kept-only-copies', onlyCopies));
      await addCopies(archive, copies);
    } else judged.set(archive, describe(archive, 'kept-damaged', onlyCopies));
  }
  return group.flatMap((archive) => judged.get(archive) ?? []);
};

const isWhole = async ({ directory }: Found, { identities = [], signal }: PruneOptions, progress: ProgressMeter): Promise<boolean> => {
  const { damages, isOpened } = await verifyArchive(directory, {
    ...{ identities, publicKey: null, head: null, signal },
    onBegin: (bytes) => progress.begin('verifying', { bytes }),
    onEntry: (part, bytes) => progress.advance(1, bytes, part),
  });
  return damages.length === 0 && isOpened;
};

const addCopies = async ({ reader }: Found, copies: Set<string>): Promise<void> => {
  for await (const { sha256, mailbox } of reader.messages()) copies.add(`${sha256} ${mailbox}`);
};

const countOnlyCopies = async ({ reader }: Found, copies: ReadonlySet<string>): Promise<number> => {
  let count = 0;
  for await (const { sha256, mailbox } of reader.messages()) if (!copies.has(`${sha256} ${mailbox}`)) count += 1;
  return count;
};

/** Under another name first: whoever looks finds a whole archive or none. */
const remove = async (directory: string): Promise<void> => {
  // An archive that a run works on stays.
  if (hasLedger(directory)) openLedger(directory).close();
  const removing = `${directory}${REMOVING_SUFFIX}`;
  await rename(directory, removing);
  await rm(removing, { recursive: true, force: true });
};
