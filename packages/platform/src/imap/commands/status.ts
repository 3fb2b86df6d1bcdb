import type { StoredMailbox } from '../../store/mailboxes.ts';
import { enableCondstore } from '../condstore.ts';
import { readStatusItems, type StatusItem } from '../grammar/status-items.ts';
import { firstShownUid } from '../mailbox-view.ts';
import { loggedIn, ok, type Session, shownMailbox } from '../session.ts';

/** The counts that some of the messages make, looked up when first asked for. */
const countsOf = ({ store, office, limits }: Session, mailbox: StoredMailbox): Readonly<Record<StatusItem, () => number>> => {
  const { messages } = store;
  const from = firstShownUid(store, office, mailbox);
  const shown = from === 0 ? mailbox : { ...mailbox, ...messages.countsFrom(mailbox.id, from) };
  return {
    MESSAGES: () => shown.messageCount,
    RECENT: () => messages.countFrom(mailbox.id, Math.max(mailbox.recentFrom, from)),
    UIDNEXT: () => mailbox.uidNext,
    UIDVALIDITY: () => mailbox.uidValidity,
    UNSEEN: () => shown.unseenCount,
    HIGHESTMODSEQ: () => mailbox.highestModseq,
    SIZE: () => shown.sizeBytes,
    APPENDLIMIT: () => limits.messageBytes,
    DELETED: () => messages.deletedFrom(mailbox.id, from).messageCount,
    'DELETED-STORAGE': () => messages.deletedFrom(mailbox.id, from).sizeBytes,
  };
};

/** Writes the untagged answer for a mailbox that holds messages. */
export const writeStatus = async (session: Session, mailbox: StoredMailbox, items: readonly StatusItem[]): Promise<void> => {
  const counts = countsOf(session, mailbox);
  const values = items.map((item) => `${item} ${counts[item]()}`);
  if (items.includes('HIGHESTMODSEQ')) await enableCondstore(session);
  await session.stream.write(`* STATUS ${shownMailbox(session, mailbox.path)} (${values.join(' ')})\r\n`);
};

/** RFC 3501 §6.3.10. */
export const status = loggedIn(async (session, cursor, account) => {
  cursor.space();
  const path = cursor.mailboxName();
  cursor.space();
  const items = readStatusItems(cursor);
  cursor.end();
  await writeStatus(session, session.store.mailboxes.open(account.id, path), items);
  return ok('Counted');
});
