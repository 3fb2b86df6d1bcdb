import { bare, ok, onMaildrop } from '../session.ts';
import { messageAt } from './message-at.ts';

/** RFC 1939 §5: QUIT deletes, this only marks. */
export const dele = onMaildrop((maildrop, words) => {
  const message = messageAt(maildrop, words);
  if (!('uid' in message)) return message;
  maildrop.markDeleted(message.number);
  return ok('Marked as deleted');
});

/** RFC 1939 §5. */
export const rset = bare('transaction', ({ maildrop }) => {
  maildrop?.unmarkAll();
  return ok('Nothing is marked as deleted');
});

/** RFC 1939 §5. */
export const noop = bare('transaction', () => ok('Done'));
