import { folderNames } from '../archive/entry-name.ts';
import { type ErrorCode, MailferryError } from '../errors.ts';
import type { Discovery } from '../ledger/discovery.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerMailbox } from '../ledger/mailbox-records.ts';
import type { MailboxPath, UidValidity } from '../mail/mailbox.ts';
import type { MessageFilter } from '../mail/message-filter.ts';
import { needsDetails } from '../mail/message-filter.ts';
import { withSpecialUses } from '../mail/special-use.ts';
import type { MailSource, MessageListing } from '../source/mail-source.ts';
import type { SourceView } from './account-for.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Patience } from './patience.ts';
import type { ProgressMeter } from './progress-meter.ts';
import { asksForFlags, sieveFor } from './sieve.ts';
import { together } from './together.ts';

export interface ListSourceOptions {
  readonly source: MailSource;
  readonly ledger: Ledger;
  readonly filter: MessageFilter;
  readonly progress: ProgressMeter;
  readonly patience: Patience;
  readonly notices: NoticeBoard;
  /** Runs once, when the source has let us in and listed its mailboxes. */
  readonly onConnected: () => void;
  readonly signal: AbortSignal;
}

/** A mailbox that was listed. */
export interface OpenMailbox {
  readonly mailbox: LedgerMailbox;
  readonly uidValidity: UidValidity;
}

/** What the mailboxes hold, and why some could not be read; filled while they are listed and fetched. */
export type SourceViewSoFar = SourceView & { readonly listed: Map<MailboxPath, number>; readonly unread: Map<MailboxPath, ErrorCode> };

/** Lists every mailbox and takes over into the ledger what it didn't know. What one mailbox refuses is noted and the others go on. */
export const listSource = async (options: ListSourceOptions, view: SourceViewSoFar): Promise<OpenMailbox[]> => {
  options.progress.begin('connecting');
  const mailboxes = await listMailboxes(options);
  options.progress.begin('listing');
  return listAgain(options, view, mailboxes);
};

/** Lists the messages of these mailboxes, and gives back those that could be listed. */
export const listAgain = async (
  options: ListSourceOptions,
  view: SourceViewSoFar,
  mailboxes: readonly LedgerMailbox[],
): Promise<OpenMailbox[]> => {
  const { source, progress, patience, signal } = options;
  const open = new Map<MailboxPath, OpenMailbox>();
  await together(source.concurrency, signal, mailboxes, (mailbox, ownSignal) =>
    noteIfUnread(view.unread, mailbox, async () => {
      const listing = await patience.keepTrying(() => listMailbox(options, mailbox, ownSignal), ownSignal);
      view.listed.set(mailbox.path, listing.totalCount);
      open.set(mailbox.path, { mailbox, uidValidity: listing.uidValidity });
      // What is listed is fetched all the same.
      if ((listing.hiddenCount ?? 0) > 0) view.unread.set(mailbox.path, 'listing-incomplete');
      if (progress.phase === 'listing') progress.advance(listing.totalCount, 0, mailbox.path);
    }),
  );
  return mailboxes.flatMap((mailbox) => open.get(mailbox.path) ?? []);
};

const listMailboxes = async ({ source, ledger, patience, notices, onConnected, signal }: ListSourceOptions): Promise<LedgerMailbox[]> => {
  const found = withSpecialUses(await patience.keepTrying(() => source.listMailboxes(signal), signal));
  onConnected();
  const known = new Map(ledger.mailboxes.all().map((mailbox) => [mailbox.path, mailbox.folder]));
  const folders = folderNames(found, known);
  ledger.mailboxes.record(found.map((mailbox) => ({ ...mailbox, folder: folders.get(mailbox.path) ?? mailbox.path })));
  const present = new Set(found.map((mailbox) => mailbox.path));
  const all = ledger.mailboxes.all();
  for (const mailbox of all) if (!present.has(mailbox.path)) forget(ledger, mailbox, notices);
  return all.filter((mailbox) => present.has(mailbox.path) && mailbox.selectable);
};

/** A mailbox that the source doesn't list any more has no messages: what was open there is gone. */
const forget = (ledger: Ledger, mailbox: LedgerMailbox, notices: NoticeBoard): void => {
  const nothing = { uidValidity: 0 as UidValidity, scope: 'whole', messages: [], gone: [], totalCount: 0, point: null } as const;
  const discovery = ledger.messages.discover(mailbox.id, nothing, { fingerprint: '', reasonFor: () => null });
  if (discovery && discovery.left > 0) notices.add({ code: 'mailbox-gone', details: { mailbox: mailbox.path } });
};

/** Lists one mailbox into the ledger: what is new where the source can tell and it adds up, else the whole. */
const listMailbox = async (options: ListSourceOptions, mailbox: LedgerMailbox, signal: AbortSignal): Promise<MessageListing> => {
  const { source, ledger, filter, notices } = options;
  const sieve = sieveFor(filter, mailbox);
  const withDetails = needsDetails(filter);
  const mayBeDelta = mailbox.listingFilter === sieve.fingerprint && !asksForFlags(filter);
  for (const isDeltaTry of mayBeDelta ? [true, false] : [false]) {
    const listing = await source.listMessages(mailbox, { since: mailbox.listingPoint, mayBeDelta: isDeltaTry, withDetails }, signal);
    const discovery = ledger.messages.discover(mailbox.id, listing, sieve);
    if (!discovery) continue;
    for (const notice of listing.notices) notices.add(notice);
    noteWhatChanged(notices, mailbox, listing, discovery);
    return listing;
  }
  throw new MailferryError('protocol-violation', {
    host: source.identity,
    reason: `${mailbox.path} is listed with another count than it has`,
  });
};

const noteWhatChanged = (
  notices: NoticeBoard,
  { path, listedMessages }: LedgerMailbox,
  listing: MessageListing,
  discovery: Discovery,
): void => {
  if (discovery.remade > 0) notices.add({ code: 'mailbox-remade', details: { mailbox: path } });
  if (listing.totalCount === 0 && discovery.left > 0)
    notices.add({ code: 'mailbox-emptied', details: { mailbox: path, before: listedMessages ?? discovery.left } });
};

/** Notes what keeps one mailbox from being read, so that the others go on; anything wider, and `mailbox-replaced`, is thrown. */
export const noteIfUnread = async (
  unread: Map<MailboxPath, ErrorCode>,
  mailbox: Pick<LedgerMailbox, 'path'>,
  work: () => Promise<void>,
): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof MailferryError) || error.scope !== 'mailbox' || error.code === 'mailbox-replaced') throw error;
    unread.set(mailbox.path, error.code);
  }
};
