import { DELIMITER } from '../../store/mailbox-path.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { loggedIn, ok } from '../session.ts';

const readOnlyName = (cursor: Cursor): string => {
  cursor.space();
  const name = cursor.mailboxName();
  cursor.end();
  return name;
};

/** RFC 3501 §6.3.3: a delimiter at the end only says that children will follow. */
export const create = loggedIn(({ store }, cursor, account) => {
  const name = readOnlyName(cursor);
  store.mailboxes.create(account.id, name.endsWith(DELIMITER) ? name.slice(0, -1) : name);
  return ok('Created');
});

/** RFC 3501 §6.3.4. */
export const deleteMailbox = loggedIn(({ store }, cursor, account) => {
  store.mailboxes.delete(account.id, readOnlyName(cursor));
  return ok('Deleted');
});

/** RFC 3501 §6.3.5. */
export const rename = loggedIn(({ store }, cursor, account) => {
  cursor.space();
  const from = cursor.mailboxName();
  const to = readOnlyName(cursor);
  store.mailboxes.rename(account.id, from, to);
  return ok('Renamed');
});

/** RFC 3501 §6.3.6. The name need not exist. */
export const subscribe = loggedIn(({ store }, cursor, account) => {
  store.mailboxes.subscribe(account.id, readOnlyName(cursor));
  return ok('Subscribed');
});

/** RFC 3501 §6.3.7. */
export const unsubscribe = loggedIn(({ store }, cursor, account) => {
  store.mailboxes.unsubscribe(account.id, readOnlyName(cursor));
  return ok('Unsubscribed');
});
