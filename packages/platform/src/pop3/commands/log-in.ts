import { PlatformError } from '../../platform-error.ts';
import { askForResponse, ExchangeBroken, exchangeCredentials } from '../../sasl/exchange.ts';
import type { Credentials, SaslMechanism } from '../../sasl/mechanisms.ts';
import { takesPasswords } from '../capabilities.ts';
import { Maildrop } from '../maildrop.ts';
import { bare, type Command, err, ok, type Reply, type Session } from '../session.ts';

const REFUSED_IN_CLEAR = err('Start TLS first: passwords are not taken in the clear');

/** RFC 3206 §4: AUTH means that the credentials, or the account, are at fault. */
const refuseLogIn = (session: Session, { code, message }: PlatformError): Reply => {
  session.failedLogIns += 1;
  const refusal = err(message, code === 'too-many-log-ins' ? 'SYS/TEMP' : 'AUTH');
  return session.failedLogIns < session.limits.failedLogIns ? refusal : { ...refusal, next: 'close' };
};

const openMaildrop = async (session: Session, credentials: Credentials): Promise<Reply> => {
  const { id } = await session.office.logIn.attempt({ route: 'pop3', ...credentials, address: session.address });
  const maildrop = await Maildrop.open(session.store, id);
  session.accountId = id;
  session.maildrop = maildrop;
  const { count, sizeBytes } = maildrop.total();
  return ok(`Logged in: ${count} messages, ${sizeBytes} octets`);
};

const logInWith = async (session: Session, credentials: Credentials, failure?: string): Promise<Reply> => {
  try {
    return await openMaildrop(session, credentials);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    if (failure !== undefined) await askForResponse(session.stream, failure);
    return refuseLogIn(session, error);
  }
};

/** RFC 1939 §7. Any name will do: PASS decides. */
export const user: Command = {
  state: 'authorization',
  run: (session, name) => {
    if (!takesPasswords(session)) return REFUSED_IN_CLEAR;
    if (name === '') return err('USER takes a name');
    session.user = name;
    return ok('Now the password');
  },
};

/** RFC 1939 §7: spaces are part of the password. */
export const pass: Command = {
  state: 'authorization',
  run: (session, password) => {
    const name = session.user;
    session.user = null;
    return name === null ? err('USER comes first') : logInWith(session, { user: name, proof: { password } });
  },
};

const runMechanism = async (session: Session, mechanism: SaslMechanism, initialResponse: string | null): Promise<Reply> => {
  try {
    return await logInWith(session, await exchangeCredentials(session.stream, mechanism, initialResponse), mechanism.failure);
  } catch (error) {
    if (!(error instanceof ExchangeBroken)) throw error;
    return error.isClosed ? { ...err(error.message), next: 'close' } : err(error.message);
  }
};

const listMechanisms = bare('authorization', (session) =>
  ok('Mechanisms', takesPasswords(session) ? [...session.mechanisms.keys()].map((name) => `${name}\r\n`) : []),
);

/** RFC 5034. Without a mechanism it lists them, as clients from before CAPA ask. */
export const auth: Command = {
  state: 'authorization',
  run: (session, argument) => {
    const [mechanism = '', initialResponse, ...rest] = argument.trim().split(' ');
    if (mechanism === '') return listMechanisms.run(session, '');
    const wanted = session.mechanisms.get(mechanism.toUpperCase());
    if (!wanted || rest.length > 0)
      return err(`AUTH takes ${[...session.mechanisms.keys()].join(' or ')}, and at most an initial response`);
    return takesPasswords(session) ? runMechanism(session, wanted, initialResponse ?? null) : REFUSED_IN_CLEAR;
  },
};
