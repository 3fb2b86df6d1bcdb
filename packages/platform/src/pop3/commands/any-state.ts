import { canStartTlsNow, capabilities } from '../capabilities.ts';
import { bare, err, isShutOut, ok, type Reply, type Session, SHUT_OUT } from '../session.ts';

/** RFC 2449 §5. */
export const capa = bare('any', (session) =>
  ok(
    'That is what I do',
    capabilities(session).map((line) => `${line}\r\n`),
  ),
);

/** RFC 2595 §4: what the client said before TLS is forgotten. */
export const stls = bare('authorization', (session) => {
  if (session.isSecure) return err('This connection has TLS already');
  if (!canStartTlsNow(session)) return err('There is no TLS here');
  session.user = null;
  return { ...ok('Begin TLS now'), next: 'start-tls' };
});

/** RFC 1939 §6: the mailbox is free again before the client hears of it, whether or not deleting went well. */
const closeMaildrop = (session: Session): Reply => {
  const { maildrop } = session;
  try {
    if (isShutOut(session)) return SHUT_OUT;
    // SPEC P4: with retention on, the server keeps mail, whatever DELE says.
    if (!session.office.policy.retention) maildrop?.deleteMarked();
    return ok('Until next time');
  } catch (error) {
    session.onError(error);
    return err('That failed here; nothing was deleted', 'SYS/TEMP');
  } finally {
    maildrop?.close();
    session.maildrop = null;
  }
};

/** RFC 1939 §5, §6. */
export const quit = bare('any', (session) => ({ ...closeMaildrop(session), next: 'close' }));
