import { PlatformError, type PlatformErrorCode } from '../../platform-error.ts';
import { capabilities } from '../capabilities.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { bad, type Command, no, ok, type Reply, type Session } from '../session.ts';

const MAX_RESPONSE_BYTES = 8 * 1024;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

interface Credentials {
  readonly user: string;
  readonly password: string;
}

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

const logInWith = async (session: Session, { user, password }: Credentials): Promise<Reply> => {
  try {
    session.account = await session.office.logIn.attempt({ route: 'imap', user, proof: { password }, address: session.address });
    return ok('Logged in', `CAPABILITY ${capabilities(session)}`);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return refuseLogIn(session, no(error.message, codeOf(error.code)));
  }
};

/** RFC 3501 §6.2.3. */
export const login: Command = {
  state: 'not-logged-in',
  run: (session, cursor) => {
    cursor.space();
    const user = cursor.astring().toString('utf8');
    cursor.space();
    const password = cursor.astring().toString('utf8');
    cursor.end();
    return refusePlainText(session) ?? logInWith(session, { user, password });
  },
};

/** RFC 4959: an initial response on the command line; `=` stands for an empty one. */
const readInitialResponse = (cursor: Cursor): string | null => {
  if (!cursor.accept(' ')) return null;
  const response = cursor.astring().toString('latin1');
  return response === '=' ? '' : response;
};

const askForResponse = async ({ stream }: Session): Promise<string | null> => {
  await stream.write('+ \r\n');
  await stream.flush();
  return (await stream.readLine(MAX_RESPONSE_BYTES))?.toString('latin1') ?? null;
};

/** RFC 4616: `[authzid] NUL authcid NUL password`. Acting for someone else is not possible. */
const credentialsOf = (response: string): Credentials | null => {
  const [actFor, user, password, ...rest] = Buffer.from(response, 'base64').toString('utf8').split('\0');
  if (user === undefined || password === undefined || rest.length > 0) return null;
  return actFor === '' || actFor === user ? { user, password } : null;
};

/** RFC 3501 §6.2.2. */
export const authenticate: Command = {
  state: 'not-logged-in',
  run: async (session, cursor) => {
    cursor.space();
    const mechanism = cursor.atom().toUpperCase();
    const initialResponse = readInitialResponse(cursor);
    cursor.end();
    if (mechanism !== 'PLAIN') return no('PLAIN is the only mechanism');
    const refusal = refusePlainText(session);
    if (refusal) return refusal;
    const response = initialResponse ?? (await askForResponse(session));
    if (response === null) return { ...bad('The connection ended'), next: 'close' };
    if (response === '*') return bad('Given up');
    if (!BASE64.test(response)) return bad('That is no base64');
    const credentials = credentialsOf(response);
    return logInWith(session, credentials ?? { user: '', password: '' });
  },
};
