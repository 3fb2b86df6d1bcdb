import { setImmediate } from 'node:timers/promises';
import type { Period } from './store/message-periods.ts';
import type { Store } from './store/store.ts';

/** Messages that are removed at once; other work gets its turn between. */
const BATCH = 1000;

/**
 * Removes the messages of a period for good (SPEC W2), each batch durable by itself: what is cut short can be asked for again.
 * Gives how many were removed.
 */
export const emptyMailbox = async (store: Store, mailboxId: number, period: Period): Promise<number> => {
  const uids = store.periods.uids(mailboxId, period);
  for (let start = 0; start < uids.length; start += BATCH) {
    store.messages.expunge(mailboxId, uids.slice(start, start + BATCH));
    await setImmediate();
  }
  return uids.length;
};
