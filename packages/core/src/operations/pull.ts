import { folderNames } from '../archive/entry-name.ts';
import { type ErrorCode, isMailferryError, MailferryError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerMailbox } from '../ledger/mailbox-records.ts';
import type { PendingMessage } from '../ledger/message-records.ts';
import type { MailboxPath, UidValidity } from '../mail/mailbox.ts';
import type { Locator } from '../mail/message-ref.ts';
import type { FetchOutcome, MailSource } from '../source/mail-source.ts';
import type { SourceView } from './account-for.ts';
import { toChunks } from './chunk.ts';
import type { Intake } from './intake.ts';
import type { ProgressMeter } from './progress-meter.ts';
import { together } from './together.ts';

export interface PullOptions {
  readonly source: MailSource;
  readonly ledger: Ledger;
  readonly intake: Intake;
  readonly progress: ProgressMeter;
  /** Runs once, when the source has let us in and listed its mailboxes. */
  readonly onConnected: () => void;
  /** Runs once everything new of a mailbox is durable and recorded, while nothing else is filed. */
  readonly onMailboxStored: (mailbox: LedgerMailbox) => Promise<void>;
  /** A message that is announced bigger is not asked for. */
  readonly messageLimitBytes: number;
  readonly signal: AbortSignal;
}

/** A mailbox with what is to be fetched from it. */
interface OpenMailbox {
  readonly mailbox: LedgerMailbox;
  readonly uidValidity: UidValidity;
  readonly pending: readonly PendingMessage[];
}

/** What one fetch asks for. */
interface FetchTask extends OpenMailbox {
  /** Counts the mailbox's tasks that are not through yet. */
  readonly left: { count: number };
}

/** Broken transfers without a message in between, after which the server is given up for this run. */
const MAX_BREAKS_IN_A_ROW = 2;

/** Special uses whose mailboxes are views of others (SPEC K6): counted, not copied. */
const VIEWS: ReadonlySet<string | null> = new Set(['\\Flagged', '\\Important']);

/**
 * Lists the source, subtracts what the ledger holds, and fetches the rest into the intake.
 * What one mailbox refuses is noted and the others go on; what breaks the account ends the pull.
 */
export const pull = async (options: PullOptions): Promise<SourceView> => {
  const view = { listed: new Map<MailboxPath, number>(), unread: new Map<MailboxPath, ErrorCode>() };
  const open = await list(options, view);
  const isAllMail = ({ mailbox }: OpenMailbox) => mailbox.specialUse === '\\All';
  options.progress.begin('fetching', {
    messages: open.reduce((sum, { pending }) => sum + pending.length, 0),
    bytes: open.reduce((sum, { pending }) => sum + pending.reduce((bytes, message) => bytes + message.sizeBytes, 0), 0),
  });
  // All Mail goes last: only what no other mailbox held is taken from it.
  for (const group of [open.filter((one) => !isAllMail(one)), open.filter(isAllMail)]) {
    await together(options.source.concurrency, options.signal, toTasks(group), (task, signal) => runTask(options, view, task, signal));
  }
  return view;
};

/** Lists every mailbox and takes over what the ledger didn't know. */
const list = async (
  { source, ledger, progress, onConnected, signal }: PullOptions,
  view: { listed: Map<MailboxPath, number>; unread: Map<MailboxPath, ErrorCode> },
): Promise<OpenMailbox[]> => {
  progress.begin('connecting');
  const found = await source.listMailboxes(signal);
  onConnected();
  const known = new Map(ledger.mailboxes.all().map((mailbox) => [mailbox.path, mailbox.folder]));
  const folders = folderNames(found, known);
  ledger.mailboxes.record(found.map((mailbox) => ({ ...mailbox, folder: folders.get(mailbox.path) ?? mailbox.path })));
  const present = new Set(found.map((mailbox) => mailbox.path));
  const mailboxes = ledger.mailboxes.all().filter((mailbox) => present.has(mailbox.path) && mailbox.selectable);
  progress.begin('listing');
  const open = new Map<MailboxPath, OpenMailbox>();
  await together(source.concurrency, signal, mailboxes, (mailbox, ownSignal) =>
    noteIfUnread(view.unread, mailbox, async () => {
      const { uidValidity, messages } = await source.listMessages(mailbox, ownSignal);
      ledger.messages.discover(mailbox.id, uidValidity, messages, VIEWS.has(mailbox.specialUse) ? 'view' : null);
      view.listed.set(mailbox.path, messages.length);
      open.set(mailbox.path, { mailbox, uidValidity, pending: ledger.messages.pending(mailbox.id) });
      progress.advance(messages.length, 0, mailbox.path);
    }),
  );
  return mailboxes.flatMap((mailbox) => open.get(mailbox.path) ?? []);
};

function* toTasks(open: readonly OpenMailbox[]): Iterable<FetchTask> {
  for (const { mailbox, uidValidity, pending } of open) {
    const chunks = [...toChunks(pending)];
    const left = { count: chunks.length };
    for (const chunk of chunks) yield { mailbox, uidValidity, pending: chunk, left };
  }
}

const runTask = async (
  options: PullOptions,
  view: { unread: Map<MailboxPath, ErrorCode> },
  task: FetchTask,
  signal: AbortSignal,
): Promise<void> => {
  const { intake, onMailboxStored } = options;
  await noteIfUnread(view.unread, task.mailbox, () => fetchTask(options, task, signal));
  task.left.count -= 1;
  if (task.left.count === 0) await intake.flush(() => onMailboxStored(task.mailbox));
};

/** Fetches what a task asks for. A message that breaks the connection by itself is closed as failed, and the others go on. */
const fetchTask = async (options: PullOptions, task: FetchTask, signal: AbortSignal): Promise<void> => {
  const left = new Map((await closeTooLarge(options, task)).map((message) => [message.locator, message]));
  let breaksInARow = 0;
  let isAlone = false;
  while (left.size > 0) {
    const asked = [...left.values()].slice(0, isAlone ? 1 : undefined);
    try {
      await fetchOnce(options, task, asked, signal, (locator) => {
        left.delete(locator);
        breaksInARow = 0;
      });
      for (const { locator } of asked) left.delete(locator);
      isAlone = false;
    } catch (error) {
      breaksInARow += 1;
      if (signal.aborted || !isBrokenTransfer(error) || breaksInARow > MAX_BREAKS_IN_A_ROW) throw error;
      // The message that was under way may be what broke it: it is asked for alone.
      const [suspect] = asked;
      if (asked.length === 1 && suspect) {
        await options.intake.close({
          id: suspect.id,
          state: 'failed',
          error: new MailferryError('message-unreadable', { reason: error.message }),
        });
        left.delete(suspect.locator);
      }
      isAlone = asked.length > 1;
    }
  }
};

const isBrokenTransfer = (error: unknown): error is MailferryError =>
  isMailferryError(error, 'connection-lost') ||
  isMailferryError(error, 'connection-stalled') ||
  isMailferryError(error, 'protocol-violation');

/** Closes what no part can hold without asking for it; gives back the others. */
const closeTooLarge = async (
  { intake, progress, messageLimitBytes }: PullOptions,
  { mailbox, pending }: FetchTask,
): Promise<PendingMessage[]> => {
  for (const { id, sizeBytes } of pending) {
    if (sizeBytes <= messageLimitBytes) continue;
    await intake.close({
      id,
      state: 'failed',
      error: new MailferryError('message-too-large', { sizeBytes, limitBytes: messageLimitBytes }),
    });
    progress.advance(1, sizeBytes, mailbox.path);
  }
  return pending.filter((message) => message.sizeBytes <= messageLimitBytes);
};

const fetchOnce = async (
  { source, intake, progress }: PullOptions,
  { mailbox, uidValidity }: FetchTask,
  asked: readonly PendingMessage[],
  signal: AbortSignal,
  onTaken: (locator: Locator) => void,
): Promise<void> => {
  const ids = new Map(asked.map((message) => [message.locator, message.id]));
  for await (const outcome of source.fetch(mailbox, uidValidity, asked, signal)) {
    const { locator } = outcome.kind === 'message' ? outcome.message.ref : outcome.ref;
    const id = ids.get(locator);
    if (id === undefined) continue;
    await take(intake, mailbox, id, outcome);
    onTaken(locator);
    progress.advance(1, outcome.kind === 'message' ? outcome.message.sizeBytes : 0, mailbox.path);
  }
};

const take = async (intake: Intake, mailbox: LedgerMailbox, id: PendingMessage['id'], outcome: FetchOutcome): Promise<void> => {
  if (outcome.kind === 'message') await intake.accept({ id, mailbox, message: outcome.message });
  else if (outcome.kind === 'vanished') await intake.close({ id, state: 'vanished' });
  else await intake.close({ id, state: 'failed', error: outcome.error });
};

/** Notes what keeps one mailbox from being read, so that the others go on; anything wider is thrown. */
const noteIfUnread = async (unread: Map<MailboxPath, ErrorCode>, mailbox: LedgerMailbox, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof MailferryError) || error.scope !== 'mailbox') throw error;
    unread.set(mailbox.path, error.code);
  }
};
