import type { FlagChange } from '../../store/flags.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { ImapSyntaxError } from '../grammar/imap-syntax-error.ts';
import { readSequenceSet } from '../grammar/sequence-set.ts';
import type { SelectedMailbox } from '../selected-mailbox.ts';
import { type Command, ok, onSelected, READ_ONLY, type Session, takeTurns } from '../session.ts';

interface Instruction {
  readonly change: FlagChange;
  readonly isSilent: boolean;
  readonly flags: readonly string[];
}

/** Flags of that many messages change in one transaction. */
const BATCH = 500;

const readChange = (cursor: Cursor): FlagChange => {
  if (cursor.accept('+')) return 'add';
  return cursor.accept('-') ? 'remove' : 'replace';
};

const readInstruction = (cursor: Cursor): Instruction => {
  const change = readChange(cursor);
  const item = cursor.word();
  if (item !== 'FLAGS' && item !== 'FLAGS.SILENT') throw new ImapSyntaxError(`${item} is nothing that can be stored`);
  cursor.space();
  const flags = cursor.peek() === '(' ? cursor.list(() => cursor.flag()) : readBareFlags(cursor);
  return { change, isSilent: item === 'FLAGS.SILENT', flags };
};

const readBareFlags = (cursor: Cursor): string[] => {
  const flags = [cursor.flag()];
  while (cursor.accept(' ')) flags.push(cursor.flag());
  return flags;
};

/** How many of the messages were still there. */
const apply = async (session: Session, selected: SelectedMailbox, uids: readonly number[], instruction: Instruction): Promise<number> => {
  const { change, flags, isSilent } = instruction;
  let stored = 0;
  for (let start = 0; start < uids.length; start += BATCH) {
    const messages = session.store.messages.flag(selected.mailboxId, uids.slice(start, start + BATCH), change, flags, selected);
    stored += messages.length;
    for (const message of isSilent ? [] : messages) {
      const shown = selected.shownFlags(message.uid, message.flags);
      await session.stream.write(`* ${selected.numberOf(message.uid)} FETCH (UID ${message.uid} FLAGS (${shown}))\r\n`);
    }
    await takeTurns();
  }
  return stored;
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
      const stored = await apply(session, selected, uids, instruction);
      return stored === uids.length ? ok('Stored') : ok('Some of the messages no longer exist');
    },
    { keepsNumbers: true },
  );

/** RFC 3501 §6.4.6. */
export const storeFlags = storing(false);
export const uidStoreFlags = storing(true);
