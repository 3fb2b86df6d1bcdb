import { ClientGone, LineTooLong } from '../net/client-stream.ts';
import { PlatformError } from '../platform-error.ts';
import { COMMANDS } from './command-table.ts';
import { err, isShutOut, type Reply, type Session, SHUT_OUT } from './session.ts';

/** What an error says to the client. Anything not foreseen says nothing about itself. */
const replyTo = (session: Session, error: unknown): Reply => {
  if (error instanceof PlatformError) return err(error.message, 'SYS/PERM');
  if (error instanceof ClientGone || error instanceof LineTooLong) throw error;
  session.onError(error);
  return err('That failed here', 'SYS/TEMP');
};

/** Runs one command. RFC 2449 §6.6: a client may send several at once; they are run one at a time, in their order. */
const run = async (session: Session, line: Buffer): Promise<Reply> => {
  const text = line.toString('utf8');
  const keyword = /^[^ ]*/.exec(text)?.[0] ?? '';
  const command = COMMANDS.get(keyword.toUpperCase());
  if (!command) return err(`${keyword.slice(0, 40)} is no command that I know`);
  if (command.state === 'transaction' && !session.maildrop) return err('Log in first');
  if (command.state === 'authorization' && session.maildrop) return err('You are logged in already');
  try {
    if (command.state === 'transaction' && isShutOut(session)) return { ...SHUT_OUT, next: 'close' };
    return await command.run(session, text.slice(keyword.length + 1));
  } catch (error) {
    return replyTo(session, error);
  }
};

/** An error in the middle of a body ends the connection: a reply that was begun can't be taken back. */
const send = async ({ stream }: Session, { isOk, code, text, body }: Reply): Promise<void> => {
  await stream.write(`${isOk ? '+OK' : '-ERR'} ${code ? `[${code}] ` : ''}${text.replace(/[^ -~]/g, '?')}\r\n`);
  for (const piece of body ?? []) {
    const full = stream.write(piece);
    if (full) await full;
  }
  if (body) await stream.write('.\r\n');
  await stream.flush();
};

/** Serves commands until the connection ends. The caller closes the stream and the maildrop. @throws ClientGone, LineTooLong */
export const serveConnection = async (session: Session, startTls: () => Promise<void>, onLogIn: () => void): Promise<void> => {
  const { stream, limits } = session;
  // No `<...>`: clients would take it for an offer of APOP, which hashed passwords can't do.
  await send(session, { isOk: true, text: 'Mailferry platform' });
  for (;;) {
    const line = await stream.readLine(limits.lineBytes);
    if (!line) return;
    const reply = await run(session, line);
    if (session.maildrop) onLogIn();
    await send(session, reply);
    if (reply.next === 'close') return;
    if (reply.next === 'start-tls') await startTls();
  }
};
