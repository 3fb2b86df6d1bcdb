import type { ArchiveReader } from '../archive/archive-reader.ts';
import type { ArchivedMessage } from '../archive/archived-message.ts';
import { isMailferryError, MailferryError } from '../errors.ts';
import type { RestoreJournal } from '../ledger/restore-journal.ts';
import type { Mailbox, MailboxPath, SpecialUse } from '../mail/mailbox.ts';
import { type MappedMailbox, mapMailboxes } from '../mail/map-mailboxes.ts';
import { type MessageFilter, reasonToLeaveOut, wantsMailbox } from '../mail/message-filter.ts';
import { withSpecialUses } from '../mail/special-use.ts';
import type { AppendTarget } from '../target/append-target.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Patience } from './patience.ts';
import { resolveIntents } from './resolve-intents.ts';

/** A mailbox of the archive, where it goes, and how much there is to do. */
export interface PlannedMailbox extends MappedMailbox {
  readonly path: MailboxPath;
  /** Of those that are wanted. */
  readonly messages: number;
  readonly restoredBefore: number;
  /** Of the messages that are still to be sent. */
  readonly bytes: number;
  /** Why there is no such mailbox at the target, and can't be; null where there is one. */
  readonly refusal: MailferryError | null;
}

type MadeMailbox = MappedMailbox & Pick<PlannedMailbox, 'refusal'>;

export interface RestorePlan {
  readonly mailboxes: readonly PlannedMailbox[];
  /** As far as the manifest tells. */
  readonly isWanted: (message: ArchivedMessage) => boolean;
}

export interface PlanOptions {
  readonly reader: ArchiveReader;
  readonly target: AppendTarget;
  /** Null for a dry run that nothing went before. */
  readonly journal: RestoreJournal | null;
  readonly filter?: MessageFilter;
  readonly under?: string;
  readonly asListed?: boolean;
  readonly sendUncertain?: boolean;
  readonly only?: (message: ArchivedMessage) => boolean;
  readonly isDryRun?: boolean;
  readonly notices: NoticeBoard;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** How often another name is tried for a mailbox that can't be made. */
const MAX_NAMES = 20;
/** What names are cut to where the server takes no longer ones. */
const SHORT_UNITS = 60;

/** Finds out which mailbox goes where, makes those that aren't there yet, and counts what is to be sent. */
export const planMailboxes = async (options: PlanOptions): Promise<RestorePlan> => {
  const { reader, target, journal, filter = {}, under = null, only = () => true, patience, signal } = options;
  const sources = await mailboxesOf(reader);
  const { mailboxes, names } = await patience.keepTrying(() => target.listMailboxes(signal), signal);
  // All of them, so that where one goes doesn't depend on which others are wanted.
  const mapped = mapMailboxes(sources, { mailboxes, ...names, under }, journal?.mailboxes() ?? new Map()).filter(({ from }) =>
    wantsMailbox(filter, from.path),
  );
  const made = options.isDryRun ? mapped.map((mailbox) => ({ ...mailbox, refusal: null })) : await makeAll(options, mapped, mailboxes);
  if (!options.isDryRun) await resolveAll(options, made);
  for (const { from, path } of made)
    if (path !== from.path) options.notices.add({ code: 'mailbox-renamed', details: { mailbox: from.path, target: path } });
  const isVanished = options.asListed ? await reader.vanished() : () => false;
  const isWanted = (message: ArchivedMessage): boolean => {
    const { sizeBytes, internalDate, flags } = message;
    return reasonToLeaveOut(filter, { sizeBytes, date: internalDate, flags }) === null && !isVanished(message) && only(message);
  };
  return { mailboxes: await countMessages(options, made, isWanted), isWanted };
};

/** The mailboxes that messages can be in or are in, whatever the archive's listing makes of them. */
const mailboxesOf = async (reader: ArchiveReader): Promise<Mailbox[]> => {
  const listed = new Map<MailboxPath, Mailbox>((await reader.mailboxes()).map((mailbox) => [mailbox.path, mailbox]));
  const used = new Set<MailboxPath>();
  for await (const { mailbox } of reader.messages()) used.add(mailbox);
  for (const path of used) if (!listed.has(path)) listed.set(path, { path, delimiter: null, specialUse: null, selectable: true });
  return [...listed.values()].filter(({ path, selectable }) => selectable || used.has(path));
};

/** Asks what became of messages that an earlier run sent without an answer. */
const resolveAll = async ({ target, journal, patience, signal }: PlanOptions, mailboxes: readonly MadeMailbox[]): Promise<void> => {
  if (!journal) return;
  const open = new Set(journal.openMailboxes());
  for (const { path, refusal } of mailboxes)
    if (open.has(path) && !refusal) await patience.keepTrying(() => resolveIntents({ target, journal, mailbox: path, signal }), signal);
};

const makeAll = async (options: PlanOptions, mapped: readonly MappedMailbox[], there: readonly Mailbox[]): Promise<MadeMailbox[]> => {
  const { journal } = options;
  const taken = new Set<string>([...there.map(({ path }) => path), ...mapped.map(({ path }) => path)]);
  const uses = new Set(withSpecialUses(there).map(({ specialUse }) => specialUse));
  const made = new Map<MappedMailbox, MadeMailbox>();
  // Those above first: some servers make no parents on the way.
  for (const mailbox of mapped.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    // There is one mailbox for each use, and none of them below another mailbox.
    const { specialUse } = mailbox.from;
    const use = options.under === undefined && !uses.has(specialUse) ? specialUse : null;
    try {
      const path = mailbox.exists ? mailbox.path : await make(options, mailbox, use, taken);
      uses.add(specialUse);
      journal?.settle(mailbox.from.path, path);
      made.set(mailbox, { ...mailbox, path, exists: true, refusal: null });
    } catch (error) {
      if (!isMailferryError(error, 'target-mailbox')) throw error;
      made.set(mailbox, { ...mailbox, refusal: error });
    }
  }
  return mapped.flatMap((mailbox) => made.get(mailbox) ?? []);
};

/** Makes a mailbox, under another name where the server can't have this one. */
const make = async (
  { target, patience, signal }: PlanOptions,
  { from, path }: MappedMailbox,
  use: SpecialUse | null,
  taken: Set<string>,
): Promise<MailboxPath> => {
  let refusal = '';
  for (let number = 1; number <= MAX_NAMES; number += 1) {
    const name = candidate(path, number);
    if (number > 1 && taken.has(name)) continue;
    try {
      await patience.keepTrying(() => target.createMailbox(name, use, signal), signal);
      taken.add(name);
      return name;
    } catch (error) {
      if (!isMailferryError(error, 'server-refused')) throw error;
      refusal = String(error.details.reply ?? error.message);
    }
  }
  throw new MailferryError('target-mailbox', { mailbox: from.path, reply: refusal });
};

/** The name itself, then with a number, then cut short with a number. */
const candidate = (path: MailboxPath, number: number): MailboxPath => {
  if (number === 1) return path;
  const isShort = number > MAX_NAMES / 2;
  return `${isShort ? path.slice(0, SHORT_UNITS).toWellFormed().trimEnd() : path} (${number})` as MailboxPath;
};

const countMessages = async (
  { reader, journal, sendUncertain = false }: PlanOptions,
  mapped: readonly MadeMailbox[],
  isWanted: RestorePlan['isWanted'],
): Promise<PlannedMailbox[]> => {
  const counts = new Map(mapped.map(({ from }) => [from.path, { messages: 0, restoredBefore: 0, bytes: 0 }]));
  for await (const message of reader.messages()) {
    const count = counts.get(message.mailbox);
    if (!count || !isWanted(message)) continue;
    count.messages += 1;
    const state = journal?.stateOf(message) ?? null;
    if (state === 'restored' || (state === 'uncertain' && !sendUncertain)) count.restoredBefore += state === 'restored' ? 1 : 0;
    else count.bytes += message.sizeBytes;
  }
  return mapped.map((mailbox) => ({ ...mailbox, ...(counts.get(mailbox.from.path) ?? { messages: 0, restoredBefore: 0, bytes: 0 }) }));
};
