import type { Bodies } from '../../store/bodies.ts';
import type { StoredMessage } from '../../store/messages.ts';
import { stuffDots } from '../dot-stuffing.ts';
import type { Maildrop } from '../maildrop.ts';
import { err, ok, onMaildrop, type Reply, type Session } from '../session.ts';
import { topLines } from '../top-lines.ts';
import { messageAt } from './message-at.ts';

type Pieces = (bodies: Bodies, message: StoredMessage) => Iterable<Buffer>;

/** The message stays readable until the reply is sent, even if another session expunges it meanwhile. */
const send = ({ store }: Session, maildrop: Maildrop, words: readonly string[], pieces: Pieces): Reply => {
  const listed = messageAt(maildrop, words);
  if (!('uid' in listed)) return listed;
  const message = store.messages.find(maildrop.mailboxId, listed.uid);
  if (!message) return err('Another program has deleted that message');
  const { bodies } = store.messages;
  return { ...ok(`${message.sizeBytes} octets`, stuffDots(pieces(bodies, message))), release: bodies.hold(message.bodyId) };
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
