import { capability, id, idle, logout, namespace, noop, startTls } from './commands/any-state.ts';
import { append } from './commands/append.ts';
import { copy, move, uidCopy, uidMove } from './commands/copy.ts';
import { enable } from './commands/enable.ts';
import { expunge, uidExpunge } from './commands/expunge.ts';
import { fetch, uidFetch } from './commands/fetch.ts';
import { list, lsub } from './commands/list.ts';
import { authenticate, login } from './commands/log-in.ts';
import { create, deleteMailbox, rename, subscribe, unsubscribe } from './commands/mailboxes.ts';
import { getQuota, getQuotaRoot, setQuota } from './commands/quota.ts';
import { search, uidSearch } from './commands/search.ts';
import { check, close, examine, select, unselect } from './commands/select.ts';
import { status } from './commands/status.ts';
import { storeFlags, uidStoreFlags } from './commands/store-flags.ts';
import type { Command } from './session.ts';

/** Every command by its name in capitals; a UID form has both words. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['APPEND', append],
  ['AUTHENTICATE', authenticate],
  ['CAPABILITY', capability],
  ['CHECK', check],
  ['CLOSE', close],
  ['COPY', copy],
  ['CREATE', create],
  ['DELETE', deleteMailbox],
  ['ENABLE', enable],
  ['EXAMINE', examine],
  ['EXPUNGE', expunge],
  ['FETCH', fetch],
  ['GETQUOTA', getQuota],
  ['GETQUOTAROOT', getQuotaRoot],
  ['ID', id],
  ['IDLE', idle],
  ['LIST', list],
  ['LOGIN', login],
  ['LOGOUT', logout],
  ['LSUB', lsub],
  ['MOVE', move],
  ['NAMESPACE', namespace],
  ['NOOP', noop],
  ['RENAME', rename],
  ['SEARCH', search],
  ['SELECT', select],
  ['SETQUOTA', setQuota],
  ['STARTTLS', startTls],
  ['STATUS', status],
  ['STORE', storeFlags],
  ['SUBSCRIBE', subscribe],
  ['UID COPY', uidCopy],
  ['UID EXPUNGE', uidExpunge],
  ['UID FETCH', uidFetch],
  ['UID MOVE', uidMove],
  ['UID SEARCH', uidSearch],
  ['UID STORE', uidStoreFlags],
  ['UNSELECT', unselect],
  ['UNSUBSCRIBE', unsubscribe],
]);
