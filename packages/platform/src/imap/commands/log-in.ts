import { PlatformError, type PlatformErrorCode } from '../../platform-error.ts';
import { capabilities } from '../capabilities.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { type Credentials, SASL_MECHANISMS, type SaslMechanism } from '../sasl.ts';
import { bad, type Command, no, ok, type Reply, type Session } from '../session.ts';

const MAX_RESPONSE_BYTES = 8 * 1024;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const refusePlainText = (session: Session): Reply | null =>
  session.isSecure || session.allowPlainText ? null : no('Start TLS first: passwords are not taken in the clear', 'PRIVACYREQUIRED');

/** RFC 5530 §3. */
const codeOf = (code: PlatformErrorCode): string => {
  if (code === 'auth-refused') return 'AUTHENTICATIONFAILED';
  return code === 'too-many-log-ins' ? 'UNAVAILABLE' : 'CONTACTADMIN';
};

/** The same answer for an unknown user and a wrong password. */
const refuseLogIn = async (session: Session, refusal: Reply): Promise<Reply> => {
  session.failedLogIns += 1;
  if (session.failedLogIns < session.limits.failedLogIns) return refusal;
  await session.stream.write('* BYE Too many failed log-ins\r\n');
  return { ...refusal, next: 'close' };
};

/** Null once the client is in. */
const attemptLogIn = async (session: Session, credentials: Credentials): Promise<Reply | null> => {
  try {
    session.account = await session.office.logIn.attempt({ route: 'imap', ...credentials, address: session.address });
    return null;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return no(error.message, codeOf(error.code));
  }
};

const welcome = (session: Session): Reply => ok('Logged in', `CAPABILITY ${capabilities(session)}`);

/** RFC 3501 §6.2.3. */
export const login: Command = {
  state: 'not-logged-in',
  run: async (session, cursor) => {
    cursor.space();
    const user = cursor.astring().toString('utf8');
    cursor.space();
    const password = cursor.astring().toString('utf8');
    cursor.end();
    const inTheClear = refusePlainText(session);
    if (inTheClear) return inTheClear;
    const refusal = await attemptLogIn(session, { user, proof: { password } });
    return refusal ? refuseLogIn(session, refusal) : welcome(session);
  },
};

/** RFC 4959: an initial response on the command line; `=` stands for an empty one. */
const readInitialResponse = (cursor: Cursor): string | null => {
  if (!cursor.accept(' ')) return null;
  const response = cursor.astring().toString('latin1');
  return response === '=' ? '' : response;
};

/** The exchange ends without an attempt to log in. */
class ExchangeBroken extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(reply.text);
    this.reply = reply;
  }
}

/** @throws ExchangeBroken */
const askForResponse = async ({ stream }: Session, challenge: string): Promise<string> => {
  await stream.write(`+ ${Buffer.from(challenge).toString('base64')}\r\n`);
  await stream.flush();
  const line = await stream.readLine(MAX_RESPONSE_BYTES);
  if (line === null) throw new ExchangeBroken({ ...bad('The connection ended'), next: 'close' });
  const response = line.toString('latin1');
  if (response === '*') throw new ExchangeBroken(bad('Given up'));
  return response;
};

/** @throws ExchangeBroken */
const decodeResponse = (response: string): Buffer => {
  if (!BASE64.test(response)) throw new ExchangeBroken(bad('That is no base64'));
  return Buffer.from(response, 'base64');
};

/** @throws ExchangeBroken */
const exchange = async (session: Session, { challenges, read }: SaslMechanism, initial: string | null): Promise<Credentials> => {
  const responses = initial === null ? [] : [decodeResponse(initial)];
  for (const challenge of challenges.slice(responses.length)) responses.push(decodeResponse(await askForResponse(session, challenge)));
  return read(responses) ?? { user: '', proof: { password: '' } };
};

/** RFC 3501 §6.2.2. */
export const authenticate: Command = {
  state: 'not-logged-in',
  run: async (session, cursor) => {
    cursor.space();
    const mechanism = SASL_MECHANISMS.get(cursor.atom().toUpperCase());
    const initial = readInitialResponse(cursor);
    cursor.end();
    if (!mechanism) return no(`The mechanisms are ${[...SASL_MECHANISMS.keys()].join(', ')}`, 'CANNOT');
    const inTheClear = refusePlainText(session);
    if (inTheClear) return inTheClear;
    try {
      const refusal = await attemptLogIn(session, await exchange(session, mechanism, initial));
      if (!refusal) return welcome(session);
      if (mechanism.failure !== undefined) await askForResponse(session, mechanism.failure);
      return refuseLogIn(session, refusal);
    } catch (error) {
      if (error instanceof ExchangeBroken) return error.reply;
      throw error;
    }
  },
};
