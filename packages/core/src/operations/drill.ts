import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveReader } from '../archive/archive-reader.ts';
import type { ArchivedMessage } from '../archive/archived-message.ts';
import type { MailSource } from '../source/mail-source.ts';
import type { AppendTarget } from '../target/append-target.ts';
import { backup } from './backup.ts';
import type { OnProgress } from './progress.ts';
import type { FailedMessage, RestoreReport } from './report.ts';
import { restore } from './restore.ts';

/** An empty IMAP account that is thrown away afterwards: filled by one side, read by the other. */
export interface DrillStage {
  readonly target: AppendTarget;
  readonly source: MailSource;
}

/** What came back otherwise than it is in the archive. */
export interface DrillDifference {
  readonly code: 'mailbox-missing' | 'message-missing' | 'message-unexpected' | 'flags-differ' | 'date-differs';
  /** Of the archive; of the account where nothing of the archive stands for it. */
  readonly mailbox: string;
  readonly entryName: string | null;
  /** What the archive has, and what came back. */
  readonly expected: string;
  readonly found: string;
}

export interface DrillReport {
  readonly kind: 'drill';
  readonly directory: string;
  /** Messages that were restored and pulled back, of how many; and their bytes. */
  readonly messages: number;
  readonly archivedMessages: number;
  readonly bytes: number;
  readonly mailboxes: number;
  /** Empty when every message came back with the same bytes, flags and date into the mailbox that it was in. */
  readonly differences: readonly DrillDifference[];
  /** Messages that did not get out of the archive, or not into the account. */
  readonly failed: readonly FailedMessage[];
}

export interface DrillOptions {
  readonly reader: ArchiveReader;
  readonly directory: string;
  readonly stage: DrillStage;
  /** So many messages, spread evenly over the archive; at least 1. Default: all. */
  readonly sample?: number;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Restores an archive into a throw-away account, backs that account up again, and holds every message of it against the archive:
 * bytes, flags, date and mailbox. Nothing of the archive is changed. Errors: those of `restore` and `backup`.
 */
export const drill = async (options: DrillOptions): Promise<DrillReport> => {
  const { reader, directory, stage, sample, onProgress, signal } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'mailferry-drill-'));
  const common = { signal, ...(onProgress ? { onProgress } : {}) };
  try {
    const only = sample === undefined ? () => true : everySoMany(reader.messageCount, sample);
    const restored = await restore({ reader, directory, target: stage.target, journalDirectory: scratch, only, ...common });
    const pulled = join(scratch, 'archive');
    await backup({ source: stage.source, directory: pulled, ...common });
    const comparison = new Comparison(restored);
    for await (const message of reader.messages()) if (only(message)) comparison.expect(message);
    const back = await ArchiveReader.open({ directory: pulled, signal });
    for await (const message of back.messages()) comparison.find(message);
    comparison.compareMailboxes((await back.mailboxes()).map(({ path }) => path));
    return {
      ...{ kind: 'drill', directory, messages: comparison.count, archivedMessages: reader.messageCount, bytes: restored.bytes },
      ...{ mailboxes: restored.mailboxes.length, differences: comparison.differences(), failed: restored.failed },
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/** Picks `count` of `total` messages by their place. Asked again in the same order, it picks the same ones. */
const everySoMany = (total: number, count: number): ((message: ArchivedMessage) => boolean) => {
  const picked = new Map<string, boolean>();
  return ({ part, name }) => {
    const key = `${part}/${name}`;
    const at = picked.size;
    const known = picked.get(key) ?? Math.floor((at * count) / total) !== Math.floor(((at - 1) * count) / total);
    picked.set(key, known);
    return known;
  };
};

interface Expected {
  readonly message: ArchivedMessage;
  readonly flags: string;
}

const flagsOf = ({ flags }: ArchivedMessage): string =>
  flags
    .filter((flag) => flag.toLowerCase() !== '\\recent')
    .map((flag) => flag.toLowerCase())
    .toSorted()
    .join(' ');

const dateOf = ({ internalDate }: ArchivedMessage): string => internalDate?.toISOString() ?? '';

/** What was to come back against what came; equal messages of a mailbox stand for each other. */
class Comparison {
  readonly #targets: ReadonlyMap<string, string>;
  readonly #failed: ReadonlySet<string>;
  readonly #expected = new Map<string, Expected[]>();
  readonly #differences: DrillDifference[] = [];
  count = 0;

  constructor({ mailboxes, failed }: RestoreReport) {
    this.#targets = new Map(mailboxes.map(({ mailbox, target }) => [mailbox, target]));
    this.#failed = new Set(failed.map(({ entryName }) => entryName ?? ''));
  }

  expect(message: ArchivedMessage): void {
    const target = this.#targets.get(message.mailbox);
    if (target === undefined || this.#failed.has(message.name)) return;
    this.count += 1;
    const key = `${target}\n${message.sha256}`;
    const same = this.#expected.get(key) ?? [];
    same.push({ message, flags: flagsOf(message) });
    this.#expected.set(key, same);
  }

  find(found: ArchivedMessage): void {
    const key = `${found.mailbox}\n${found.sha256}`;
    const same = this.#expected.get(key) ?? [];
    const isExact = ({ message, flags }: Expected): boolean => flags === flagsOf(found) && isSameDate(message, found);
    const at = same.findIndex(isExact);
    const [expected] = same.splice(Math.max(at, 0), 1);
    if (same.length === 0) this.#expected.delete(key);
    if (!expected) this.#add('message-unexpected', found, '', found.sha256);
    else if (at < 0) this.#compare(expected, found);
  }

  compareMailboxes(paths: readonly string[]): void {
    const found = new Set(paths);
    for (const [mailbox, target] of this.#targets)
      if (!found.has(target)) this.#differences.push({ code: 'mailbox-missing', mailbox, entryName: null, expected: target, found: '' });
  }

  differences(): readonly DrillDifference[] {
    const missing = [...this.#expected.values()].flat().map(
      ({ message }): DrillDifference => ({
        ...{ code: 'message-missing', mailbox: message.mailbox, entryName: message.name, expected: message.sha256, found: '' },
      }),
    );
    return [...this.#differences, ...missing];
  }

  #compare({ message, flags }: Expected, found: ArchivedMessage): void {
    if (flags !== flagsOf(found)) this.#add('flags-differ', message, flags, flagsOf(found));
    if (!isSameDate(message, found)) this.#add('date-differs', message, dateOf(message), dateOf(found));
  }

  #add(code: DrillDifference['code'], { mailbox, name: entryName }: ArchivedMessage, expected: string, found: string): void {
    this.#differences.push({ code, mailbox, entryName, expected, found });
  }
}

/** A message that had no date got one: there is nothing to hold it against. */
const isSameDate = (expected: ArchivedMessage, found: ArchivedMessage): boolean =>
  expected.internalDate === null || dateOf(expected) === dateOf(found);
