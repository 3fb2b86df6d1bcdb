import { SYSTEM_FLAGS } from '../../store/flags.ts';
import type { StoredMailbox } from '../../store/mailboxes.ts';
import type { Store } from '../../store/store.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { ImapSyntaxError } from '../grammar/imap-syntax-error.ts';
import { quoteMailbox } from '../grammar/quote.ts';
import { SelectedMailbox } from '../selected-mailbox.ts';
import { type Command, loggedIn, ok, onSelected, type Session } from '../session.ts';

const closeSelected = (session: Session): void => {
  session.selected?.close();
  session.selected = null;
};

const describe = async ({ store, stream }: Session, mailbox: StoredMailbox, selected: SelectedMailbox): Promise<void> => {
  const keywords = store.messages.flagsInUse(mailbox.id).filter((flag) => !SYSTEM_FLAGS.some((system) => system === flag));
  const firstUnseenUid = store.messages.firstUnseenUid(mailbox.id);
  const firstUnseen = firstUnseenUid && selected.numberOf(firstUnseenUid);
  const permanent = selected.isReadOnly ? '' : `${[...SYSTEM_FLAGS, ...keywords].join(' ')} \\*`;
  const lines = [
    `FLAGS (${[...SYSTEM_FLAGS, ...keywords].join(' ')})`,
    `${selected.size} EXISTS`,
    `${selected.recentCount} RECENT`,
    ...(firstUnseen ? [`OK [UNSEEN ${firstUnseen}] First unseen message`] : []),
    `OK [PERMANENTFLAGS (${permanent})] Flags that stay`,
    `OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs are valid`,
    `OK [UIDNEXT ${mailbox.uidNext}] Next UID`,
  ];
  for (const line of lines) await stream.write(`* ${line}\r\n`);
};

const opening = (isReadOnly: boolean): Command =>
  loggedIn(async (session, cursor, account) => {
    cursor.space();
    const path = cursor.mailboxName();
    cursor.end();
    closeSelected(session);
    const mailbox = session.store.mailboxes.open(account.id, path);
    const selected = new SelectedMailbox(session.store, mailbox.id, isReadOnly);
    session.selected = selected;
    await describe(session, mailbox, selected);
    return isReadOnly ? ok('Examined', 'READ-ONLY') : ok('Selected', 'READ-WRITE');
  });

/** RFC 3501 §6.3.1. */
export const select = opening(false);

/** RFC 3501 §6.3.2. */
export const examine = opening(true);

/** RFC 3501 §6.4.2: removes what is `\Deleted`, and tells nobody here. */
export const close = onSelected((session, cursor, { mailboxId, isReadOnly }) => {
  cursor.end();
  closeSelected(session);
  if (!isReadOnly) session.store.messages.expunge(mailboxId, session.store.messages.uidsWithFlag(mailboxId, '\\Deleted'));
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

const STATUS_ITEMS: Readonly<Record<string, (mailbox: StoredMailbox, store: Store) => number>> = {
  MESSAGES: ({ messageCount }) => messageCount,
  RECENT: ({ id, recentFrom }, { messages }) => messages.countFrom(id, recentFrom),
  UIDNEXT: ({ uidNext }) => uidNext,
  UIDVALIDITY: ({ uidValidity }) => uidValidity,
  UNSEEN: ({ unseenCount }) => unseenCount,
};

const readStatusItem = (cursor: Cursor): readonly [string, (mailbox: StoredMailbox, store: Store) => number] => {
  const name = cursor.word();
  const item = STATUS_ITEMS[name];
  if (!item) throw new ImapSyntaxError(`${name} is no status item`);
  return [name, item];
};

/** RFC 3501 §6.3.10. */
export const status = loggedIn(async ({ store, stream }, cursor, account) => {
  cursor.space();
  const path = cursor.mailboxName();
  cursor.space();
  const items = cursor.list(() => readStatusItem(cursor));
  cursor.end();
  if (items.length === 0) throw new ImapSyntaxError('STATUS of nothing');
  const mailbox = store.mailboxes.open(account.id, path);
  const values = items.map(([name, count]) => `${name} ${count(mailbox, store)}`);
  await stream.write(`* STATUS ${quoteMailbox(mailbox.path)} (${values.join(' ')})\r\n`);
  return ok('Counted');
});
