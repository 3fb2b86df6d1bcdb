import type { SpecialUse } from '@mailferry/core/mail';
import { DELIMITER } from '../../store/mailbox-path.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { loggedIn, no, ok } from '../session.ts';

const readOnlyName = (cursor: Cursor): string => {
  cursor.space();
  const name = cursor.mailboxName();
  cursor.end();
  return name;
};

/** Uses that a client can give to a mailbox; the others of RFC 6154 §2 are views, which are not made here. */
const GIVEN_USES: readonly SpecialUse[] = ['\\Archive', '\\Drafts', '\\Junk', '\\Sent', '\\Trash'];

/** RFC 6154 §3: ` (USE (\Sent))`. */
const readUses = (cursor: Cursor): string[] => {
  if (!cursor.accept(' (USE ')) return [];
  const uses = cursor.list(() => cursor.flag());
  cursor.expect(')');
  return uses;
};

/** RFC 3501 §6.3.3, RFC 6154 §3: a delimiter at the end only says that children will follow. */
export const create = loggedIn(({ store }, cursor, account) => {
  cursor.space();
  const name = cursor.mailboxName();
  const [asked, ...more] = readUses(cursor);
  cursor.end();
  const use = GIVEN_USES.find((known) => known.toLowerCase() === asked?.toLowerCase()) ?? null;
  const isTaken = use !== null && store.mailboxes.list(account.id).some(({ specialUse }) => specialUse === use);
  if (asked !== undefined && (use === null || isTaken || more.length > 0)) return no("A mailbox can't be made for that use", 'USEATTR');
  store.mailboxes.create(account.id, name.endsWith(DELIMITER) ? name.slice(0, -1) : name, use);
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
