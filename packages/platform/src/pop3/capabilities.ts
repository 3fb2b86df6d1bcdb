import type { Session } from './session.ts';

const ALWAYS = ['TOP', 'UIDL', 'RESP-CODES', 'AUTH-RESP-CODE', 'PIPELINING', 'EXPIRE NEVER', 'IMPLEMENTATION Mailferry-platform'];

/** RFC 2595 §4: before the log-in, and once. */
export const canStartTlsNow = ({ canStartTls, isSecure, maildrop }: Session): boolean => canStartTls && !isSecure && !maildrop;

export const takesPasswords = ({ isSecure, allowPlainText }: Session): boolean => isSecure || allowPlainText;

/** What the client may use now, RFC 2449 §6. Nothing is advertised that is not done completely. */
export const capabilities = (session: Session): string[] => [
  ...ALWAYS,
  ...(takesPasswords(session) ? ['USER', `SASL ${[...session.mechanisms.keys()].join(' ')}`] : []),
  ...(canStartTlsNow(session) ? ['STLS'] : []),
];
