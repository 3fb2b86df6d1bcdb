import type { Bodies } from '../../store/bodies.ts';
import { stuffDots } from '../dot-stuffing.ts';
import type { ListedMessage, Maildrop } from '../maildrop.ts';
import { err, ok, onMaildrop, type Reply, type Session } from '../session.ts';
import { topLines } from '../top-lines.ts';
import { messageAt } from './message-at.ts';

type Pieces = (bodies: Bodies, message: ListedMessage) => Iterable<Buffer>;

const send = ({ store }: Session, maildrop: Maildrop, words: readonly string[], pieces: Pieces): Reply => {
  const message = messageAt(maildrop, words);
  if (!('uid' in message)) return message;
  return ok(`${message.sizeBytes} octets`, stuffDots(pieces(store.messages.bodies, message)));
};

/** RFC 1939 §5. */
export const retr = onMaildrop((maildrop, words, session) =>
  send(session, maildrop, words, (bodies, { bodyId, sizeBytes }) => bodies.read(bodyId, 0, sizeBytes)),
);

/** RFC 1939 §7. */
export const top = onMaildrop((maildrop, words, session) => {
  const [number = '', lineCount = '', ...rest] = words;
  if (!/^\d{1,10}$/.test(lineCount) || rest.length > 0) return err('TOP takes a message number and a number of lines');
  return send(session, maildrop, [number], (bodies, message) => topLines(bodies, message, Number(lineCount)));
});
