import { type ErrorCode, isMailferryError, MailferryError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerMailbox } from '../ledger/mailbox-records.ts';
import type { PendingMessage } from '../ledger/message-records.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import { needsDetails } from '../mail/message-filter.ts';
import type { Locator } from '../mail/message-ref.ts';
import { standingOf } from '../mail/special-use.ts';
import type { FetchOutcome } from '../source/mail-source.ts';
import { toChunks } from './chunk.ts';
import type { Intake } from './intake.ts';
import { type ListSourceOptions, listAgain, listSource, noteIfUnread, type OpenMailbox, type SourceViewSoFar } from './list-source.ts';
import { judgeFetched } from './sieve.ts';
import { together } from './together.ts';

export interface PullOptions extends ListSourceOptions {
  readonly intake: Intake;
  /** Runs once everything new of a mailbox is durable and recorded, while nothing else is filed. */
  readonly onMailboxStored: (mailbox: LedgerMailbox) => Promise<void>;
  /** A message that is announced bigger is not asked for. */
  readonly messageLimitBytes: number;
}

/** What one fetch asks for. */
interface FetchTask extends OpenMailbox {
  readonly pending: readonly PendingMessage[];
  /** How many of the mailbox's tasks are not through yet, and whether there are more to come. */
  readonly left: { count: number; isLast: boolean };
}

const MAX_FLAGS = 100;
const MAX_FLAG_UNITS = 200;
/** Broken transfers without a message in between, after which the server is given up for this run. */
const MAX_BREAKS_IN_A_ROW = 2;
/** Messages in a row that each break the connection by themselves; after these it is the server that is broken. */
const MAX_SUSPECTS_IN_A_ROW = 5;
/** How often a mailbox that was made anew is listed again; a server that does so with every look is given up. */
const MAX_REPLACEMENTS = 3;

/**
 * Lists the source, subtracts what the ledger holds, and fetches the rest into the intake.
 * What one mailbox refuses is noted and the others go on; what breaks the account ends the pull.
 */
export const pull = async (options: PullOptions): Promise<SourceViewSoFar> => {
  const view: SourceViewSoFar = { listed: new Map(), unread: new Map() };
  const open = await listSource(options, view);
  const isLikelyView = ({ mailbox }: OpenMailbox) => standingOf(mailbox) === 'likely-view';
  const totals = open.map(({ mailbox }) => options.ledger.messages.pendingTotals(mailbox.id));
  options.progress.begin('fetching', {
    messages: totals.reduce((sum, { messages }) => sum + messages, 0),
    bytes: totals.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  // A likely view goes last: only what no other mailbox held is taken from it.
  for (const group of [open.filter((one) => !isLikelyView(one)), open.filter(isLikelyView)]) await fetchGroup(options, view, group);
  return view;
};

/** Fetches from mailboxes side by side; what was made anew meanwhile is listed again, and fetched at once. */
const fetchGroup = async (options: PullOptions, view: SourceViewSoFar, open: readonly OpenMailbox[]): Promise<void> => {
  for (const mailbox of await fetchAll(options, view, open)) await fetchAnew(options, view, mailbox);
};

const fetchAnew = async (options: PullOptions, view: SourceViewSoFar, mailbox: LedgerMailbox): Promise<void> => {
  for (let round = 0; round < MAX_REPLACEMENTS; round += 1) {
    await options.intake.settle();
    const replaced = await fetchAll(options, view, await listAgain(options, view, [mailbox]));
    if (replaced.size === 0) return;
  }
  view.unread.set(mailbox.path, 'mailbox-replaced');
};

/** Fetches everything pending. Gives back the mailboxes that were made anew since they were listed. */
const fetchAll = async (options: PullOptions, view: SourceViewSoFar, open: readonly OpenMailbox[]): Promise<ReadonlySet<LedgerMailbox>> => {
  const replaced = new Set<LedgerMailbox>();
  await together(options.source.concurrency, options.signal, toTasks(options.ledger, open), async (task, signal) => {
    try {
      await runTask(options, view, task, signal);
    } catch (error) {
      if (!isMailferryError(error, 'mailbox-replaced')) throw error;
      replaced.add(task.mailbox);
    }
  });
  return replaced;
};

function* toTasks(ledger: Ledger, open: readonly OpenMailbox[]): Iterable<FetchTask> {
  for (const one of open) {
    const left = { count: 0, isLast: false };
    // One chunk ahead, so that the last one is known as such before it is fetched.
    let next: PendingMessage[] | undefined;
    for (const chunk of toChunks(ledger.messages.pending(one.mailbox.id))) {
      if (next) {
        left.count += 1;
        yield { ...one, pending: next, left };
      }
      next = chunk;
    }
    if (!next) continue;
    left.count += 1;
    left.isLast = true;
    yield { ...one, pending: next, left };
  }
}

const runTask = async (
  options: PullOptions,
  view: { readonly unread: Map<MailboxPath, ErrorCode> },
  task: FetchTask,
  signal: AbortSignal,
): Promise<void> => {
  const { intake, onMailboxStored } = options;
  try {
    await noteIfUnread(view.unread, task.mailbox, () => fetchTask(options, task, signal));
  } finally {
    task.left.count -= 1;
  }
  if (task.left.isLast && task.left.count === 0) await intake.flush(() => onMailboxStored(task.mailbox));
};

/** Fetches what a task asks for. A message that breaks the connection by itself is closed as failed, and the others go on. */
const fetchTask = async (options: PullOptions, task: FetchTask, signal: AbortSignal): Promise<void> => {
  const left = new Map((await closeTooLarge(options, task)).map((message) => [message.locator, message]));
  let breaksInARow = 0;
  let suspectsInARow = 0;
  let isAlone = false;
  while (left.size > 0) {
    const asked = [...left.values()].slice(0, isAlone ? 1 : undefined);
    try {
      await fetchOnce(options, task, asked, signal, (locator) => {
        left.delete(locator);
        breaksInARow = 0;
        suspectsInARow = 0;
      });
      for (const { locator } of asked) left.delete(locator);
      isAlone = false;
    } catch (error) {
      if (signal.aborted) throw error;
      if (!isBrokenTransfer(error)) {
        await options.patience.waitOut(error, signal);
        continue;
      }
      breaksInARow += 1;
      if (breaksInARow > MAX_BREAKS_IN_A_ROW) throw error;
      // The message that was under way may be what broke it: it is asked for alone.
      const [suspect] = asked;
      if (asked.length === 1 && suspect && left.has(suspect.locator)) {
        suspectsInARow += 1;
        if (suspectsInARow > MAX_SUSPECTS_IN_A_ROW) throw error;
        await options.intake.close({
          id: suspect.id,
          state: 'failed',
          error: new MailferryError('message-unreadable', { reason: error.message }),
        });
        left.delete(suspect.locator);
        breaksInARow = 0;
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
  options: PullOptions,
  { mailbox, uidValidity }: FetchTask,
  asked: readonly PendingMessage[],
  signal: AbortSignal,
  onTaken: (locator: Locator) => void,
): Promise<void> => {
  const { source, progress, patience } = options;
  const wanted = new Map(asked.map((message) => [message.locator, message]));
  for await (const outcome of source.fetch(mailbox, uidValidity, asked, signal)) {
    const { locator } = outcome.kind === 'message' ? outcome.message.ref : outcome.ref;
    const pending = wanted.get(locator);
    if (!pending) continue;
    wanted.delete(locator);
    await take(options, mailbox, pending, outcome);
    onTaken(locator);
    patience.succeeded();
    progress.advance(1, outcome.kind === 'message' ? outcome.message.sizeBytes : 0, mailbox.path);
  }
};

const take = async (
  { intake, filter, notices }: PullOptions,
  mailbox: LedgerMailbox,
  { id, sizeBytes }: PendingMessage,
  outcome: FetchOutcome,
): Promise<void> => {
  if (outcome.kind === 'vanished') return intake.close({ id, state: 'vanished' });
  if (outcome.kind === 'failed') return intake.close({ id, state: 'failed', error: outcome.error });
  const { reason, message } = needsDetails(filter)
    ? await judgeFetched(filter, outcome.message)
    : { reason: null, message: outcome.message };
  if (reason !== null) {
    await readToEnd(message.body);
    return intake.close({ id, state: 'filtered', reason });
  }
  if (message.sizeBytes !== sizeBytes) notices.count('size-differs', mailbox.path);
  const flags = boundFlags(message.flags);
  if (flags.length < message.flags.length) notices.count('flags-left-out', mailbox.path);
  return intake.accept({ id, mailbox, message: flags === message.flags ? message : { ...message, flags } });
};

/** What a manifest keeps of flags; no mail program sets more. */
const boundFlags = (flags: readonly string[]): readonly string[] =>
  flags.filter((flag) => flag.length <= MAX_FLAG_UNITS).slice(0, MAX_FLAGS);

/** A body that is not wanted has to leave the connection before the next message can come. */
const readToEnd = async (body: Buffer | AsyncIterable<Buffer>): Promise<void> => {
  if (!Buffer.isBuffer(body)) for await (const _ of body);
};
