import type { Office } from '../office/office.ts';
import type { StoredMailbox } from '../store/mailboxes.ts';
import type { Store } from '../store/store.ts';

/**
 * UIDs below are not shown over IMAP: those before the newest messages that the office's policy lets be seen (SPEC P9).
 * 0 where all are.
 */
export const firstShownUid = (store: Store, { policy }: Office, { id, messageCount }: StoredMailbox): number => {
  const cap = policy.imapViewCap;
  return cap === null || messageCount <= cap ? 0 : (store.messages.nthNewestUid(id, cap) ?? 0);
};
