import { readSequenceSet } from '../grammar/sequence-set.ts';
import { type Command, ok, onSelected, READ_ONLY } from '../session.ts';

/** RFC 3501 §6.4.3: the connection tells the removals, as it does to the other sessions. */
export const expunge: Command = onSelected(({ store }, cursor, selected) => {
  cursor.end();
  if (selected.isReadOnly) return READ_ONLY;
  store.messages.expunge(selected.mailboxId, store.messages.uidsWithFlag(selected.mailboxId, '\\Deleted'));
  return ok('Expunged');
});

/** RFC 4315 §2.1. */
export const uidExpunge: Command = onSelected(({ store }, cursor, selected) => {
  cursor.space();
  const named = new Set(selected.resolve(readSequenceSet(cursor), true));
  cursor.end();
  if (selected.isReadOnly) return READ_ONLY;
  const deleted = store.messages.uidsWithFlag(selected.mailboxId, '\\Deleted');
  store.messages.expunge(
    selected.mailboxId,
    deleted.filter((uid) => named.has(uid)),
  );
  return ok('Expunged');
});
