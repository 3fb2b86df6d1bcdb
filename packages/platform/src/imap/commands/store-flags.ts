import { type FlagChange, storedFlags } from '../../store/flags.ts';
import type { StoredMessage } from '../../store/messages.ts';
import { enableCondstore } from '../condstore.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { ImapSyntaxError } from '../grammar/imap-syntax-error.ts';
import { formatSequenceSet, readSequenceSet } from '../grammar/sequence-set.ts';
import type { SelectedMailbox } from '../selected-mailbox.ts';
import { type Command, ok, onSelected, READ_ONLY, type Session, takeTurns } from '../session.ts';

interface Instruction {
  readonly change: FlagChange;
  readonly isSilent: boolean;
  readonly flags: readonly string[];
  /** Messages with a higher mod-sequence stay as they are; null where all are changed. */
  readonly unchangedSince: number | null;
}

/** Flags of that many messages change in one transaction. */
const BATCH = 500;

const readChange = (cursor: Cursor): FlagChange => {
  if (cursor.accept('+')) return 'add';
  return cursor.accept('-') ? 'remove' : 'replace';
};

/** RFC 7162 §3.1.3: `(UNCHANGEDSINCE n)` and a space; null without it. */
const readUnchangedSince = (cursor: Cursor): number | null => {
  if (!cursor.accept('(UNCHANGEDSINCE ')) return null;
  const modseq = cursor.modSequence();
  cursor.expect(') ');
  return modseq;
};

const readInstruction = (cursor: Cursor): Instruction => {
  const unchangedSince = readUnchangedSince(cursor);
  const change = readChange(cursor);
  const item = cursor.word();
  if (item !== 'FLAGS' && item !== 'FLAGS.SILENT') throw new ImapSyntaxError(`${item} is nothing that can be stored`);
  cursor.space();
  const flags = cursor.peek() === '(' ? cursor.list(() => cursor.flag()) : readBareFlags(cursor);
  return { change, isSilent: item === 'FLAGS.SILENT', flags, unchangedSince };
};

const readBareFlags = (cursor: Cursor): string[] => {
  const flags = [cursor.flag()];
  while (cursor.accept(' ')) flags.push(cursor.flag());
  return flags;
};

/** What became of a STORE. */
interface Outcome {
  /** Messages that no longer exist. */
  readonly missing: number;
  /** UIDs of what was changed since, and so left as it is. */
  readonly modified: readonly number[];
}

const showStored = async (
  { stream, enabled }: Session,
  selected: SelectedMailbox,
  { uid, flags, modseq }: StoredMessage,
  isSilent: boolean,
): Promise<void> => {
  await selected.introduceFlags(stream, flags);
  const shownFlags = isSilent ? '' : ` FLAGS (${selected.shownFlags(uid, flags)})`;
  const shownModseq = enabled.has('CONDSTORE') ? ` MODSEQ (${modseq})` : '';
  if (shownFlags || shownModseq) await stream.write(`* ${selected.numberOf(uid)} FETCH (UID ${uid}${shownFlags}${shownModseq})\r\n`);
};

const apply = async (
  session: Session,
  selected: SelectedMailbox,
  uids: readonly number[],
  { change, flags, isSilent, unchangedSince }: Instruction,
): Promise<Outcome> => {
  const { messages } = session.store;
  const modified: number[] = [];
  const isUnchanged = (uid: number): boolean => {
    const isOld = unchangedSince === null || (messages.find(selected.mailboxId, uid)?.modseq ?? 0) <= unchangedSince;
    if (!isOld) modified.push(uid);
    return isOld;
  };
  let missing = 0;
  for (let start = 0; start < uids.length; start += BATCH) {
    const unchanged = uids.slice(start, start + BATCH).filter(isUnchanged);
    const stored = messages.flag(selected.mailboxId, unchanged, change, flags, selected);
    missing += unchanged.length - stored.length;
    for (const message of stored) await showStored(session, selected, message, isSilent);
    await takeTurns();
  }
  return { missing, modified };
};

const storing = (byUid: boolean): Command =>
  onSelected(
    async (session, cursor, selected) => {
      cursor.space();
      const uids = selected.resolve(readSequenceSet(cursor), byUid);
      cursor.space();
      const instruction = readInstruction(cursor);
      cursor.end();
      if (selected.isReadOnly) return READ_ONLY;
      if (instruction.unchangedSince !== null) await enableCondstore(session);
      if (instruction.change === 'remove') await selected.introduceFlags(session.stream, storedFlags(instruction.flags));
      const { missing, modified } = await apply(session, selected, uids, instruction);
      if (modified.length > 0) {
        const named = byUid ? modified : modified.flatMap((uid) => selected.numberOf(uid) ?? []);
        return ok('Some of the messages had been changed', `MODIFIED ${formatSequenceSet(named)}`);
      }
      return missing === 0 ? ok('Stored') : ok('Some of the messages no longer exist');
    },
    { keepsNumbers: true },
  );

/** RFC 3501 §6.4.6, RFC 7162 §3.1.3. */
export const storeFlags = storing(false);
export const uidStoreFlags = storing(true);
