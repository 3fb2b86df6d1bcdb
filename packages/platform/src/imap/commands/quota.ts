import type { Account } from '../../store/accounts.ts';
import { quote } from '../grammar/quote.ts';
import { loggedIn, no, ok, type Session, shownMailbox } from '../session.ts';

const ROOT = 'Account';
const UNIT_BYTES = 1024;

/** RFC 9208 §4.1.2, §5.1: in units of 1,024 octets. Null for an account without a limit, which has no quota root. */
const quotaLine = ({ store }: Session, { id }: Account): string | null => {
  const quotaBytes = store.accounts.byId(id)?.quotaBytes ?? null;
  if (quotaBytes === null) return null;
  const used = Math.ceil(store.accounts.usage(id).bytes / UNIT_BYTES);
  return `* QUOTA ${quote(ROOT)} (STORAGE ${used} ${Math.floor(quotaBytes / UNIT_BYTES)})\r\n`;
};

/** RFC 9208 §4.1.2. */
export const getQuota = loggedIn(async (session, cursor, account) => {
  cursor.space();
  const root = cursor.astring().toString('latin1');
  cursor.end();
  const line = quotaLine(session, account);
  if (root !== ROOT || line === null) return no('There is no such quota root', 'NONEXISTENT');
  await session.stream.write(line);
  return ok('That is the quota');
});

/** RFC 9208 §4.1.3. */
export const getQuotaRoot = loggedIn(async (session, cursor, account) => {
  cursor.space();
  const path = cursor.mailboxName();
  cursor.end();
  const mailbox = session.store.mailboxes.open(account.id, path);
  const line = quotaLine(session, account);
  await session.stream.write(`* QUOTAROOT ${shownMailbox(session, mailbox.path)}${line ? ` ${quote(ROOT)}` : ''}\r\n${line ?? ''}`);
  return ok('That is the quota');
});

/** RFC 9208 §4.1.4. */
export const setQuota = loggedIn((_, cursor) => {
  cursor.space();
  cursor.astring();
  cursor.space();
  cursor.list(() => {
    cursor.word();
    cursor.space();
    cursor.number();
  });
  cursor.end();
  return no('Only an administrator changes quotas, and not here', 'NOPERM');
});
