import type { ListedMessage, Maildrop } from '../maildrop.ts';
import { err, type Reply } from '../session.ts';

/** The message that the only argument of a command names, or the reply that it names none. */
export const messageAt = (maildrop: Maildrop, [word = '', ...rest]: readonly string[]): ListedMessage | Reply => {
  if (!/^\d{1,10}$/.test(word) || rest.length > 0) return err('That command takes one message number');
  return maildrop.find(Number(word)) ?? err('There is no such message');
};
