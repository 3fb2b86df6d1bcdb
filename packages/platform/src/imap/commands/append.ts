import { readDateTime } from '../grammar/date-time.ts';
import { loggedIn, no, ok } from '../session.ts';

/** RFC 3501 §6.3.11, RFC 4315 §3. The message is on the disk when it is answered. */
export const append = loggedIn(({ store, now }, cursor, account) => {
  cursor.space();
  const path = cursor.mailboxName();
  cursor.space();
  const flags = cursor.peek() === '(' ? cursor.list(() => cursor.flag()) : null;
  if (flags) cursor.space();
  const internalDate = cursor.peek() === '"' ? readDateTime(cursor) : null;
  if (internalDate) cursor.space();
  const bytes = cursor.literal();
  cursor.end();
  const mailbox = store.mailboxes.find(account.id, path);
  if (!mailbox?.selectable) return no('There is no such mailbox', 'TRYCREATE');
  const { uid } = store.messages.append(mailbox.id, { bytes, flags: flags ?? [], internalDate: internalDate ?? now() });
  return ok('Appended', `APPENDUID ${mailbox.uidValidity} ${uid}`);
});
