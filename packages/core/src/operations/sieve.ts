import type { Sieve } from '../ledger/discovery.ts';
import type { LedgerMailbox } from '../ledger/mailbox-records.ts';
import type { Message } from '../mail/message.ts';
import { type FilterReason, type MessageFilter, reasonToLeaveOut, wantsMailbox } from '../mail/message-filter.ts';
import { readHeaders } from '../mail/message-headers.ts';
import { standingOf } from '../mail/special-use.ts';
import type { ListedMessage } from '../source/mail-source.ts';
import { peekHead } from './peek-head.ts';

/** The filter as it applies to the listing of one mailbox. */
export const sieveFor = (filter: MessageFilter, mailbox: LedgerMailbox): Sieve => {
  // A view is counted, not copied (SPEC K6).
  const wholeReason = standingOf(mailbox) === 'view' ? 'view' : wantsMailbox(filter, mailbox.path) ? null : 'mailbox';
  return {
    fingerprint: JSON.stringify({ wholeReason, ...filter, include: undefined, exclude: undefined }),
    reasonFor: ({ sizeBytes, internalDate, flags }: ListedMessage) => {
      const reason = wholeReason ?? reasonToLeaveOut(filter, { sizeBytes, date: internalDate, flags });
      const isUndecided = (filter.period !== undefined && !internalDate) || (flags === undefined && asksForFlags(filter));
      return reason ?? (isUndecided ? undefined : null);
    },
  };
};

/** Flags change without a new message: a listing of what is new would miss that. */
export const asksForFlags = ({ withFlags = [], withoutFlags = [] }: MessageFilter): boolean => withFlags.length + withoutFlags.length > 0;

/**
 * Why a message that came is left out after all; null when it is wanted. Gives the message back in either case,
 * since a look at the head of a streamed body takes it out of the old one.
 */
export const judgeFetched = async (
  filter: MessageFilter,
  message: Message,
): Promise<{ readonly reason: FilterReason | null; readonly message: Message }> => {
  const { sizeBytes, flags, internalDate, body } = message;
  if (internalDate || !filter.period) return { reason: reasonToLeaveOut(filter, { sizeBytes, date: internalDate, flags }), message };
  const { head, whole } = Buffer.isBuffer(body) ? { head: body, whole: body } : await peekHead(body);
  return { reason: reasonToLeaveOut(filter, { sizeBytes, date: readHeaders(head).date, flags }), message: { ...message, body: whole } };
};
