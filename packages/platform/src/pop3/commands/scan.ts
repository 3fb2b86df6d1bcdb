import type { ListedMessage, Maildrop } from '../maildrop.ts';
import { bare, type Command, ok, onMaildrop } from '../session.ts';
import { messageAt } from './message-at.ts';

function* scan(maildrop: Maildrop, show: (message: ListedMessage) => string): Generator<string, void, undefined> {
  for (const message of maildrop.messages()) yield `${show(message)}\r\n`;
}

const scanning = (show: (message: ListedMessage, maildrop: Maildrop) => string): Command =>
  onMaildrop((maildrop, words) => {
    if (words.length === 0) {
      return ok(
        `${maildrop.total().count} messages`,
        scan(maildrop, (message) => show(message, maildrop)),
      );
    }
    const message = messageAt(maildrop, words);
    return 'uid' in message ? ok(show(message, maildrop)) : message;
  });

/** RFC 1939 §5. The size is that of the message as it is stored: a line end that RETR adds is not in it. */
export const list = scanning(({ number, sizeBytes }) => `${number} ${sizeBytes}`);

/** RFC 1939 §7. */
export const uidl = scanning((message, maildrop) => `${message.number} ${maildrop.uniqueId(message)}`);

/** RFC 1939 §5. */
export const stat = bare('transaction', ({ maildrop }) => {
  const { count, sizeBytes } = maildrop?.total() ?? { count: 0, sizeBytes: 0 };
  return ok(`${count} ${sizeBytes}`);
});
