import type { NewMessage } from '../../store/messages.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { readDateTime } from '../grammar/date-time.ts';
import { ImapSyntaxError } from '../grammar/imap-syntax-error.ts';
import { formatSequenceSet } from '../grammar/sequence-set.ts';
import { loggedIn, no, ok, type Session } from '../session.ts';

/** A literal, or `UTF8 (~{n}...)` after ENABLE UTF8=ACCEPT, RFC 6855 §4. */
const readBytes = ({ enabled }: Session, cursor: Cursor): Buffer => {
  if (!cursor.accept('UTF8 (')) return cursor.literal();
  if (!enabled.has('UTF8=ACCEPT')) throw new ImapSyntaxError('UTF8 comes after ENABLE UTF8=ACCEPT');
  cursor.expect('~');
  const bytes = cursor.literal();
  cursor.expect(')');
  return bytes;
};

const readMessage = (session: Session, cursor: Cursor): NewMessage => {
  cursor.space();
  const flags = cursor.peek() === '(' ? cursor.list(() => cursor.flag()) : null;
  if (flags) cursor.space();
  const internalDate = cursor.peek() === '"' ? readDateTime(cursor) : null;
  if (internalDate) cursor.space();
  return { flags: flags ?? [], internalDate: internalDate ?? session.now(), bytes: readBytes(session, cursor) };
};

/**
 * RFC 3501 §6.3.11, RFC 3502, RFC 4315 §3: one message or several, of which all are stored or none. They are on the disk
 * when it is answered.
 */
export const append = loggedIn((session, cursor, account) => {
  const { store } = session;
  cursor.space();
  const path = cursor.mailboxName();
  const messages: NewMessage[] = [];
  do messages.push(readMessage(session, cursor));
  while (!cursor.isAtEnd);
  const mailbox = store.mailboxes.find(account.id, path);
  if (!mailbox?.selectable) return no('There is no such mailbox', 'TRYCREATE');
  const uids = store.writes.run(() => messages.map((message) => store.messages.append(mailbox.id, message).uid));
  return ok('Appended', `APPENDUID ${mailbox.uidValidity} ${formatSequenceSet(uids)}`);
});
