import PQueue from 'p-queue';
import { throwIfCancelled } from '../errors.ts';

/** Tasks that wait for their turn; more are drawn from the items only when these are under way. */
const WAITING_TASKS = 4;

/**
 * Does `work` for every item, in order, `concurrency` at a time. The first failure aborts the signal
 * that the others got; it is thrown when all have ended. Errors: that failure, or `cancelled`.
 */
export const together = async <Item>(
  concurrency: number,
  signal: AbortSignal,
  items: Iterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const failure = new AbortController();
  const ownSignal = AbortSignal.any([signal, failure.signal]);
  const queue = new PQueue({ concurrency });
  for (const item of items) {
    await queue.onSizeLessThan(WAITING_TASKS);
    if (ownSignal.aborted) break;
    queue.add(async () => (ownSignal.aborted ? undefined : work(item, ownSignal))).catch((error: unknown) => failure.abort(error));
  }
  await queue.onIdle();
  throwIfCancelled(signal);
  if (failure.signal.aborted) throw failure.signal.reason;
};
