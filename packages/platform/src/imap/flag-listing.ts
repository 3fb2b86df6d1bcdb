import type { FlaggedMessage } from '../store/message-reads.ts';
import type { FetchItem } from './grammar/fetch-items.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';
import { type Session, takeTurns } from './session.ts';

/** True for a FETCH that looks at no message, as clients send it for whole mailboxes. */
export const isFlagListing = (items: readonly FetchItem[]): boolean => items.every(({ kind }) => kind === 'flags' || kind === 'uid');

const shown = (selected: SelectedMailbox, { uid, flagsText }: FlaggedMessage, { kind }: FetchItem): string => {
  if (kind === 'uid') return `UID ${uid}`;
  const recent = selected.isRecent(uid) ? (flagsText === '' ? '\\Recent' : '\\Recent ') : '';
  return `FLAGS (${recent}${flagsText})`;
};

/** Answers such a FETCH. Gives how many of the messages were still there. */
export const writeFlags = async (
  { store, stream }: Session,
  selected: SelectedMailbox,
  uids: readonly number[],
  items: readonly FetchItem[],
): Promise<number> => {
  let found = 0;
  for (const batch of store.messages.eachFlags(selected.mailboxId, uids)) {
    for (const flagsText of new Set(batch.map((message) => message.flagsText))) {
      await selected.introduceFlags(stream, flagsText === '' ? [] : flagsText.split(' '));
    }
    const lines = batch.map(
      (message) => `* ${selected.numberOf(message.uid)} FETCH (${items.map((item) => shown(selected, message, item)).join(' ')})\r\n`,
    );
    await stream.write(lines.join(''));
    found += batch.length;
    await takeTurns();
  }
  return found;
};
