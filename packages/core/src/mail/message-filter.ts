import type { MailboxPath } from './mailbox.ts';
import type { Period } from './period.ts';

/** Which messages of a source are wanted. What is left out here is wanted. */
export interface MessageFilter {
  /** Only mailboxes that match one of these. `*` stands for any text, delimiters too; case and NFC/NFD don't matter. */
  readonly include?: readonly string[];
  /** Not the mailboxes that match one of these; wins over `include`. */
  readonly exclude?: readonly string[];
  /** Only messages of this period, by INTERNALDATE, else by the Date field; without both they are wanted. */
  readonly period?: Period;
  /** Only messages of at least, and of at most, so many bytes. */
  readonly minSizeBytes?: number;
  readonly maxSizeBytes?: number;
  /** Only messages that have all of these flags, and none of those. `\Seen`, or a keyword; case doesn't matter. */
  readonly withFlags?: readonly string[];
  readonly withoutFlags?: readonly string[];
}

/** Why a message was left out. Permanent codes of the ledger. */
export type FilterReason = 'view' | 'mailbox' | 'period' | 'size' | 'flags';

/** What is known of a message; undefined where only the fetched message will tell. */
export interface FilterSubject {
  readonly sizeBytes: number;
  readonly date: Date | null | undefined;
  readonly flags: readonly string[] | undefined;
}

const comparable = (text: string): string => text.normalize('NFC').toLowerCase();

/** Anchored; a `*` never backtracks into another one's text, whatever the name. */
const matches = (glob: string, name: string): boolean => {
  const [first = '', ...rest] = comparable(glob).split('*');
  const text = comparable(name);
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
};

/** Whether messages of the mailbox are wanted at all. */
export const wantsMailbox = (filter: MessageFilter, path: MailboxPath): boolean =>
  (filter.include?.some((glob) => matches(glob, path)) ?? true) && !(filter.exclude?.some((glob) => matches(glob, path)) ?? false);

/** Whether the listing has to carry dates and flags. */
export const needsDetails = (filter: MessageFilter): boolean =>
  filter.period !== undefined || (filter.withFlags?.length ?? 0) > 0 || (filter.withoutFlags?.length ?? 0) > 0;

const hasFlag = (flags: readonly string[], flag: string): boolean => flags.some((one) => one.toLowerCase() === flag.toLowerCase());

const isInPeriod = ({ from, until }: Period, date: Date): boolean =>
  (from === null || date.getTime() >= from.getTime()) && (until === null || date.getTime() < until.getTime());

/** Why a message is not wanted; null when it is, as far as is known. */
export const reasonToLeaveOut = (filter: MessageFilter, { sizeBytes, date, flags }: FilterSubject): FilterReason | null => {
  const { minSizeBytes, maxSizeBytes } = filter;
  if (minSizeBytes !== undefined && sizeBytes < minSizeBytes) return 'size';
  if (maxSizeBytes !== undefined && sizeBytes > maxSizeBytes) return 'size';
  if (filter.period && date && !isInPeriod(filter.period, date)) return 'period';
  if (flags) {
    const isWanted =
      (filter.withFlags ?? []).every((flag) => hasFlag(flags, flag)) && !(filter.withoutFlags ?? []).some((flag) => hasFlag(flags, flag));
    if (!isWanted) return 'flags';
  }
  return null;
};
