import { PlatformError, type PlatformErrorCode } from '../../platform-error.ts';
import { askForResponse, ExchangeBroken, exchangeCredentials } from '../../sasl/exchange.ts';
import type { Credentials } from '../../sasl/mechanisms.ts';
import { capabilities } from '../capabilities.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { bad, type Command, no, ok, type Reply, type Session } from '../session.ts';

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

/** RFC 4959: an initial response on the command line. */
const readInitialResponse = (cursor: Cursor): string | null => {
  return cursor.accept(' ') ? cursor.astring().toString('latin1') : null;
};

/** RFC 3501 §6.2.2. */
export const authenticate: Command = {
  state: 'not-logged-in',
  run: async (session, cursor) => {
    cursor.space();
    const mechanism = session.mechanisms.get(cursor.atom().toUpperCase());
    const initial = readInitialResponse(cursor);
    cursor.end();
    if (!mechanism) return no(`The mechanisms are ${[...session.mechanisms.keys()].join(', ')}`, 'CANNOT');
    const inTheClear = refusePlainText(session);
    if (inTheClear) return inTheClear;
    try {
      const refusal = await attemptLogIn(session, await exchangeCredentials(session.stream, mechanism, initial));
      if (!refusal) return welcome(session);
      if (mechanism.failure !== undefined) await askForResponse(session.stream, mechanism.failure);
      return refuseLogIn(session, refusal);
    } catch (error) {
      if (error instanceof ExchangeBroken) return error.isClosed ? { ...bad(error.message), next: 'close' } : bad(error.message);
      throw error;
    }
  },
};
