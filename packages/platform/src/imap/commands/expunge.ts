import { readSequenceSet } from '../grammar/sequence-set.ts';
import { type Command, ok, onSelected, READ_ONLY } from '../session.ts';

/** RFC 3501 §6.4.3: the connection tells the removals, as it does to the other sessions. */
export const expunge: Command = onSelected(({ store }, cursor, selected) => {
  cursor.end();
  if (selected.isReadOnly) return READ_ONLY;
  store.messages.expunge(selected.mailboxId, selected.uidsDeleted());
  return ok('Expunged');
});

/** RFC 4315 §2.1. */
export const uidExpunge: Command = onSelected(({ store }, cursor, selected) => {
  cursor.space();
  const named = new Set(selected.resolve(readSequenceSet(cursor), true));
  cursor.end();
  if (selected.isReadOnly) return READ_ONLY;
  const uids = selected.uidsDeleted().filter((uid) => named.has(uid));
  store.messages.expunge(selected.mailboxId, uids);
  return ok('Expunged');
});
