import { ClientGone, LineTooLong } from '../net/client-stream.ts';
import { PlatformError, type PlatformErrorCode } from '../platform-error.ts';
import { capabilities } from './capabilities.ts';
import { readCommand, type TooBig } from './command-reader.ts';
import { COMMANDS } from './command-table.ts';
import { type CommandText, Cursor } from './grammar/cursor.ts';
import { ImapSyntaxError } from './grammar/imap-syntax-error.ts';
import { bad, type Command, no, type Reply, type Session } from './session.ts';

/** RFC 5530 §3. */
const RESPONSE_CODES: Readonly<Partial<Record<PlatformErrorCode, string>>> = {
  'mailbox-exists': 'ALREADYEXISTS',
  'mailbox-limit': 'LIMIT',
  'mailbox-missing': 'NONEXISTENT',
  'mailbox-name-invalid': 'CANNOT',
  'mailbox-protected': 'CANNOT',
  'message-empty': 'CANNOT',
  'flag-invalid': 'CANNOT',
  'over-quota': 'OVERQUOTA',
};

interface ParsedCommand {
  readonly command: Command;
  readonly cursor: Cursor;
}

const readCommandName = (cursor: Cursor): string => {
  cursor.space();
  const name = cursor.word();
  if (name !== 'UID') return name;
  cursor.space();
  return `UID ${cursor.word()}`;
};

const parse = (session: Session, cursor: Cursor): ParsedCommand | Reply => {
  const name = readCommandName(cursor);
  const command = COMMANDS.get(name);
  if (!command) return bad(`${name.slice(0, 40)} is no command that I know`);
  if (command.state === 'not-logged-in' && session.account) return bad('You are logged in already');
  if ((command.state === 'logged-in' || command.state === 'selected') && !session.account) return bad('Log in first');
  if (command.state === 'selected' && !session.selected) return bad('Select a mailbox first');
  return { command, cursor };
};

/** What an error says to the client. Anything not foreseen says nothing about itself. */
const replyTo = (session: Session, error: unknown): Reply => {
  if (error instanceof ImapSyntaxError) return bad(error.message);
  if (error instanceof PlatformError) return no(error.message, RESPONSE_CODES[error.code]);
  if (error instanceof ClientGone || error instanceof LineTooLong) throw error;
  session.onError(error);
  return no('That failed here; nothing was stored', 'SERVERBUG');
};

const send = async ({ stream }: Session, tag: string, { status, code, text }: Reply): Promise<void> => {
  await stream.write(`${tag} ${status} ${code ? `[${code}] ` : ''}${text.replace(/[^ -~]/g, '?')}\r\n`);
  await stream.flush();
};

/** Runs one command and answers it. RFC 3501 §5.5: one at a time, in their order. */
const run = async (session: Session, text: CommandText): Promise<Reply['next']> => {
  const cursor = new Cursor(text, session.enabled.has('UTF8=ACCEPT'));
  let tag = '*';
  let reply: Reply;
  let mayTellExpunged = false;
  try {
    tag = cursor.tag();
    session.tag = tag;
    const parsed = parse(session, cursor);
    mayTellExpunged = 'command' in parsed && !parsed.command.keepsNumbers;
    reply = 'command' in parsed ? await parsed.command.run(session, parsed.cursor) : parsed;
  } catch (error) {
    reply = replyTo(session, error);
  }
  if (reply.status !== 'BAD' && reply.next !== 'close') await session.selected?.tell(session, mayTellExpunged);
  await send(session, tag, reply);
  return reply.next;
};

const refuseTooBig = async (session: Session, { text, mustClose, code }: TooBig): Promise<void> => {
  const tag = /^[!#-'+-[\]-z|}~]{1,100}(?= )/.exec(text)?.[0] ?? '*';
  if (mustClose) await session.stream.write('* BYE [TOOBIG] That literal is far too large\r\n');
  await send(session, tag, no(`The limit is ${session.limits.messageBytes} bytes`, code));
};

/** Whether the account may not go on: what switches it off ends its sessions too (SPEC A6, P10). */
const isShutOut = ({ account, store, office }: Session): boolean => {
  if (!account) return false;
  const current = store.accounts.byId(account.id);
  return current === null || office.logIn.refusalOf(current, 'imap') !== null;
};

/** Serves commands until the connection ends. The caller closes the stream. @throws ClientGone, LineTooLong */
export const serveConnection = async (session: Session, startTls: () => Promise<void>, onLogIn: () => void): Promise<void> => {
  const { stream, limits } = session;
  await stream.write(`* OK [CAPABILITY ${capabilities(session)}] Mailferry platform\r\n`);
  await stream.flush();
  for (;;) {
    const read = await readCommand(stream, limits, session.account !== null);
    if (read.kind === 'closed') return;
    if (read.kind === 'too-big') {
      await refuseTooBig(session, read);
      if (read.mustClose) return;
      continue;
    }
    if (isShutOut(session)) {
      await stream.write('* BYE [CONTACTADMIN] This account may no longer use IMAP\r\n');
      return;
    }
    session.isBusy = true;
    const next = await run(session, read.command);
    session.isBusy = false;
    if (session.account) onLogIn();
    if (next === 'close') return;
    if (next === 'start-tls') await startTls();
  }
};
