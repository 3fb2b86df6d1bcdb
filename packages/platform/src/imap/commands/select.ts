import type { StoredMailbox } from '../../store/mailboxes.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { ImapSyntaxError } from '../grammar/imap-syntax-error.ts';
import { firstShownUid } from '../mailbox-view.ts';
import { SelectedMailbox } from '../selected-mailbox.ts';
import { type Command, loggedIn, ok, onSelected, type Session } from '../session.ts';

const closeSelected = (session: Session): void => {
  session.selected?.close();
  session.selected = null;
};

const describe = async ({ store, stream }: Session, mailbox: StoredMailbox, selected: SelectedMailbox): Promise<void> => {
  const firstUnseenUid = mailbox.unseenCount === 0 ? null : store.messages.firstUnseenUid(mailbox.id, selected.firstShownUid);
  const firstUnseen = firstUnseenUid && selected.numberOf(firstUnseenUid);
  const lines = [
    ...selected.flagLines(),
    `${selected.size} EXISTS`,
    `${selected.recentCount} RECENT`,
    ...(firstUnseen ? [`OK [UNSEEN ${firstUnseen}] First unseen message`] : []),
    `OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs are valid`,
    `OK [UIDNEXT ${mailbox.uidNext}] Next UID`,
    `OK [HIGHESTMODSEQ ${mailbox.highestModseq}] Highest`,
  ];
  for (const line of lines) await stream.write(`* ${line}\r\n`);
};

/** RFC 4466 §2.1: the one parameter known is CONDSTORE, RFC 7162 §3.1.8. */
const readParameters = ({ enabled }: Session, cursor: Cursor): void => {
  for (const parameter of cursor.list(() => cursor.word())) {
    if (parameter !== 'CONDSTORE') throw new ImapSyntaxError(`${parameter} is no parameter of SELECT`);
    enabled.add('CONDSTORE');
  }
};

const opening = (isReadOnly: boolean): Command =>
  loggedIn(async (session, cursor, account) => {
    cursor.space();
    const path = cursor.mailboxName();
    if (cursor.accept(' ')) readParameters(session, cursor);
    cursor.end();
    closeSelected(session);
    const mailbox = session.store.mailboxes.open(account.id, path);
    const { store } = session;
    const selected = new SelectedMailbox(store, mailbox.id, isReadOnly, firstShownUid(store, session.office, mailbox));
    session.selected = selected;
    await describe(session, mailbox, selected);
    return isReadOnly ? ok('Examined', 'READ-ONLY') : ok('Selected', 'READ-WRITE');
  });

/** RFC 3501 §6.3.1. */
export const select = opening(false);

/** RFC 3501 §6.3.2. */
export const examine = opening(true);

/** RFC 3501 §6.4.2: removes what is `\Deleted`, and tells nobody here. */
export const close = onSelected((session, cursor, selected) => {
  cursor.end();
  closeSelected(session);
  if (!selected.isReadOnly) session.store.messages.expunge(selected.mailboxId, selected.uidsDeleted());
  return ok('Closed');
});

/** RFC 3691. */
export const unselect = onSelected((session, cursor) => {
  cursor.end();
  closeSelected(session);
  return ok('Unselected');
});

/** RFC 3501 §6.4.1. Everything is on the disk already. */
export const check = onSelected((_, cursor) => {
  cursor.end();
  return ok('Checked');
});
