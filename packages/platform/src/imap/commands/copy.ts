import type { CopiedMessage } from '../../store/messages.ts';
import { formatSequenceSet, readSequenceSet } from '../grammar/sequence-set.ts';
import { type Command, no, ok, onSelected, READ_ONLY } from '../session.ts';

/** RFC 4315 §3. */
const copyUid = (uidValidity: number, copied: readonly CopiedMessage[]): string => {
  const sources = formatSequenceSet(copied.map(({ sourceUid }) => sourceUid));
  const copies = formatSequenceSet(copied.map(({ uid }) => uid));
  return `COPYUID ${uidValidity} ${sources} ${copies}`;
};

const transfer = (isMove: boolean, byUid: boolean): Command =>
  onSelected(async ({ store, stream }, cursor, selected, account) => {
    cursor.space();
    const uids = selected.resolve(readSequenceSet(cursor), byUid);
    cursor.space();
    const path = cursor.mailboxName();
    cursor.end();
    if (isMove && selected.isReadOnly) return READ_ONLY;
    const target = store.mailboxes.find(account.id, path);
    if (!target?.selectable) return no('There is no such mailbox', 'TRYCREATE');
    const copied = isMove
      ? store.messages.move(selected.mailboxId, uids, target.id)
      : store.messages.copy(selected.mailboxId, uids, target.id);
    if (copied.length === 0) return ok('There was nothing to do');
    if (!isMove) return ok('Copied', copyUid(target.uidValidity, copied));
    await stream.write(`* OK [${copyUid(target.uidValidity, copied)}] Moved\r\n`);
    return ok('Moved');
  });

/** RFC 3501 §6.4.7. */
export const copy = transfer(false, false);
export const uidCopy = transfer(false, true);

/** RFC 6851: COPYUID comes before the removals, which the connection tells. */
export const move = transfer(true, false);
export const uidMove = transfer(true, true);
