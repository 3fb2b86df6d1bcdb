import type { Session } from './session.ts';

const ALWAYS = ['IMAP4rev1', 'LITERAL+', 'SASL-IR', 'ID'];
const LOGGED_IN = ['IDLE', 'NAMESPACE', 'CHILDREN', 'SPECIAL-USE', 'UIDPLUS', 'MOVE', 'UNSELECT'];

/** What the client may use now. Nothing is advertised that is not done completely. */
export const capabilities = (session: Session): string => {
  if (session.account) return [...ALWAYS, ...LOGGED_IN, `APPENDLIMIT=${session.limits.messageBytes}`].join(' ');
  const startTls = session.canStartTls && !session.isSecure ? ['STARTTLS'] : [];
  const logIn = session.isSecure || session.allowPlainText ? ['AUTH=PLAIN'] : ['LOGINDISABLED'];
  return [...ALWAYS, ...startTls, ...logIn].join(' ');
};
