import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import PQueue from 'p-queue';
import type { ArchiveReader } from '../archive/archive-reader.ts';
import type { ArchivedContent, ArchivedMessage } from '../archive/archived-message.ts';
import { isMailferryError, throwIfCancelled } from '../errors.ts';
import { RestoreJournal } from '../ledger/restore-journal.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import type { MessageFilter } from '../mail/message-filter.ts';
import type { AppendTarget } from '../target/append-target.ts';
import { WORK_FOLDER } from './archive-folder.ts';
import { NoticeBoard } from './notice-board.ts';
import { Patience } from './patience.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { FailedMessage, RestoredMailbox, RestoreReport } from './report.ts';
import { MailboxRestore } from './restore-mailbox.ts';
import { planMailboxes, type RestorePlan } from './restore-plan.ts';

export interface RestoreOptions {
  readonly reader: ArchiveReader;
  /** The archive's folder; what was sent where is recorded below it unless `journalDirectory` says another place. */
  readonly directory: string;
  readonly target: AppendTarget;
  /** For an archive that can't be written to. The same one has to be given when the restore is gone on with. */
  readonly journalDirectory?: string;
  /** Which messages are wanted. Default: all. */
  readonly filter?: MessageFilter;
  /** Everything goes below this mailbox of the target. Default: to where it was. */
  readonly under?: string;
  /** Leaves out what the source didn't list any more when the archive was last brought up to date. Default false. */
  readonly asListed?: boolean;
  /** Sends again what may have arrived, where the target doesn't tell. Default false: told as `append-uncertain`. */
  readonly sendUncertain?: boolean;
  /** Only messages for which it is true; asked more than once for each, in the order of the archive. Default: all. */
  readonly only?: (message: ArchivedMessage) => boolean;
  /** Finds out what would be done; writes nothing, here and there. Default false. */
  readonly isDryRun?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/** Messages of one mailbox that are sent together. */
const BATCH_MESSAGES = 64;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Puts the messages of an archive into an IMAP account by APPEND, with dates and flags, and holds afterwards what the account lists
 * against what it took. Every message is recorded before it is sent and when it is answered; where an answer was lost the account is
 * asked before anything is sent again. Run again, it sends what is missing. Reader and target stay open.
 *
 * Errors: those of reader and target, `archive-locked`, `ledger-unreadable`, `cancelled`.
 */
export const restore = async (options: RestoreOptions): Promise<RestoreReport> => {
  const { directory, target, isDryRun = false } = options;
  const progress = new ProgressMeter(options.onProgress);
  progress.begin('connecting');
  const path = journalPath(options);
  const journal = isDryRun && !existsSync(path) ? null : new RestoreJournal(path);
  try {
    const notices = new NoticeBoard();
    const plan = await planMailboxes({ ...options, journal, notices, patience: new Patience(progress) });
    const { mailboxes, failed } = isDryRun || !journal ? planned(plan) : await new Restore(options, plan, journal, progress, notices).run();
    return {
      ...{ kind: 'restore', directory, target: target.identity, isDryRun, mailboxes, failed },
      messages: sum(plan, ({ messages }) => messages),
      bytes: sum(plan, ({ bytes }) => bytes),
      notices: notices.all(),
    };
  } finally {
    journal?.close();
  }
};

/** A record for each place: what lies below one mailbox is not yet below another. */
const journalPath = ({ directory, journalDirectory, target, under }: RestoreOptions): string => {
  const place = under === undefined ? target.identity : `${target.identity}\n${under}`;
  const account = createHash('sha256').update(place).digest('hex').slice(0, 16);
  return join(journalDirectory ?? join(directory, WORK_FOLDER), `restore-${account}.sqlite`);
};

const sum = (plan: RestorePlan, count: (mailbox: RestorePlan['mailboxes'][number]) => number): number =>
  plan.mailboxes.reduce((total, mailbox) => total + count(mailbox), 0);

const planned = ({ mailboxes }: RestorePlan): { mailboxes: RestoredMailbox[]; failed: FailedMessage[] } => ({
  mailboxes: mailboxes.map(({ from, path, messages, restoredBefore }) => ({
    ...{ mailbox: from.path, target: path, messages, restoredBefore },
    ...{ restored: 0, failed: 0, missing: 0, atTarget: null },
  })),
  failed: [],
});

/** One run. Messages of a mailbox go in their order, mailboxes side by side. */
class Restore {
  readonly #options: RestoreOptions;
  readonly #mailboxes: ReadonlyMap<MailboxPath, MailboxRestore>;
  readonly #queue: PQueue;
  readonly #failure = new AbortController();
  readonly #progress: ProgressMeter;
  readonly #plan: RestorePlan;
  /** Whose messages came last: only one mailbox has a batch in the making. */
  #current: MailboxRestore | null = null;

  constructor(options: RestoreOptions, plan: RestorePlan, journal: RestoreJournal, progress: ProgressMeter, notices: NoticeBoard) {
    this.#options = options;
    this.#plan = plan;
    this.#progress = progress;
    this.#queue = new PQueue({ concurrency: options.target.concurrency });
    const { reader, target, sendUncertain = false } = options;
    const signal = AbortSignal.any([options.signal, this.#failure.signal]);
    const patience = new Patience(progress);
    const shared = { reader, target, journal, progress, patience, notices, sendUncertain, signal };
    this.#mailboxes = new Map(plan.mailboxes.map((planned) => [planned.from.path, new MailboxRestore({ ...shared, planned })]));
  }

  async run(): Promise<{ mailboxes: RestoredMailbox[]; failed: FailedMessage[] }> {
    const { reader } = this.#options;
    this.#progress.begin('uploading', {
      messages: sum(this.#plan, ({ messages, restoredBefore }) => messages - restoredBefore),
      bytes: sum(this.#plan, ({ bytes }) => bytes),
    });
    try {
      for (const part of reader.parts) await this.#takePart(part);
      await this.#flush();
      await this.#queue.onIdle();
    } finally {
      this.#queue.clear();
      await this.#queue.onIdle();
    }
    this.#throwIfFailed();
    this.#progress.begin('reconciling');
    const mailboxes: RestoredMailbox[] = [];
    for (const mailbox of this.#mailboxes.values()) mailboxes.push(await mailbox.prove());
    return { mailboxes, failed: [...this.#mailboxes.values()].flatMap(({ failed }) => failed) };
  }

  async #takePart(part: string): Promise<void> {
    const told = new Set<string>();
    try {
      for await (const content of this.#options.reader.contents(part, this.#pending(part, told))) {
        told.add(content.message.name);
        await this.#take(content);
      }
    } catch (error) {
      // What keeps one part from being read is no reason to do without the others.
      if (!isMailferryError(error, 'zip-invalid', 'decryption-failed')) throw error;
      for await (const message of this.#pending(part, told)) this.#mailboxes.get(message.mailbox)?.fail(message, error);
    }
  }

  /** The messages of a part that are still to be sent, but for those that were told; what can't be sent is told here. */
  async *#pending(part: string, told: Set<string>): AsyncGenerator<ArchivedMessage> {
    for await (const message of this.#options.reader.messages(part)) {
      const mailbox = this.#mailboxes.get(message.mailbox);
      if (!mailbox || !this.#plan.isWanted(message) || told.has(message.name)) continue;
      if (mailbox.isPending(message)) yield message;
      else told.add(message.name);
    }
  }

  async #take(content: ArchivedContent): Promise<void> {
    this.#throwIfFailed();
    const mailbox = this.#mailboxes.get(content.message.mailbox);
    if (!mailbox) return;
    if (mailbox !== this.#current) await this.#flush();
    this.#current = mailbox;
    if (content.kind === 'damaged') mailbox.fail(content.message, content.error);
    else if (!Buffer.isBuffer(content.body)) await this.#stream(mailbox, content.message, content.body);
    else {
      const { count, bytes } = mailbox.add(content.message, content.body);
      if (count >= BATCH_MESSAGES || bytes >= BATCH_BYTES) await this.#flush();
    }
  }

  /** What streams has to be read to its end before the next message comes, whether it was sent or not. */
  async #stream(mailbox: MailboxRestore, message: ArchivedMessage, body: AsyncIterable<Buffer>): Promise<void> {
    await this.#flush();
    await this.#queue.add(() => mailbox.send([{ message, body }])).catch((error: unknown) => this.#fail(error));
    await readToEnd(body);
  }

  async #flush(): Promise<void> {
    if (this.#current) await this.#send(this.#current, this.#current.takeBatch());
  }

  /** Sends a batch beside others; waits as long as enough are under way. */
  async #send(mailbox: MailboxRestore, batch: ReturnType<MailboxRestore['takeBatch']>): Promise<void> {
    if (batch.length === 0) return;
    this.#queue.add(() => mailbox.send(batch)).catch((error: unknown) => this.#fail(error));
    await this.#queue.onSizeLessThan(1);
    this.#throwIfFailed();
  }

  #fail(error: unknown): void {
    this.#failure.abort(error);
  }

  #throwIfFailed(): void {
    if (this.#failure.signal.aborted) throw this.#failure.signal.reason;
    throwIfCancelled(this.#options.signal);
  }
}

/** Reads what is left; what is wrong with it was told where it was used. */
const readToEnd = async (body: AsyncIterable<Buffer>): Promise<void> => {
  try {
    for await (const _ of body);
  } catch (error) {
    if (!isMailferryError(error)) throw error;
  }
};
