import type { Session } from './session.ts';

const ALWAYS = ['IMAP4rev1', 'LITERAL+', 'SASL-IR', 'ID', 'ENABLE'];
const LOGGED_IN = [
  'IDLE',
  'NAMESPACE',
  'CHILDREN',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'SPECIAL-USE',
  'CREATE-SPECIAL-USE',
  'UIDPLUS',
  'MOVE',
  'MULTIAPPEND',
  'UNSELECT',
  'CONDSTORE',
  'ESEARCH',
  'STATUS=SIZE',
  'QUOTA',
  'QUOTA=RES-STORAGE',
  'UTF8=ACCEPT',
];

/** What the client may use now. Nothing is advertised that is not done completely. */
export const capabilities = (session: Session): string => {
  if (session.account) return [...ALWAYS, ...LOGGED_IN, `APPENDLIMIT=${session.limits.messageBytes}`].join(' ');
  const startTls = session.canStartTls && !session.isSecure ? ['STARTTLS'] : [];
  const mechanisms = [...session.mechanisms.keys()].map((name) => `AUTH=${name}`);
  const logIn = session.isSecure || session.allowPlainText ? mechanisms : ['LOGINDISABLED'];
  return [...ALWAYS, ...startTls, ...logIn].join(' ');
};
