import { encodeMailboxName } from './modified-utf7.ts';

/** A quoted string; what can't stand in one (controls, 8-bit) becomes `?`. */
export const quote = (text: string): string => `"${text.replace(/[^ -~]/g, '?').replace(/["\\]/g, '\\$&')}"`;

/**
 * A mailbox name as the client is to see it: in modified UTF-7, or in UTF-8 after ENABLE UTF8=ACCEPT (RFC 6855 §3).
 * One character per byte.
 */
export const quoteMailbox = (path: string, isUtf8: boolean): string => {
  if (!isUtf8) return quote(encodeMailboxName(path));
  return `"${Buffer.from(path).toString('latin1').replace(/["\\]/g, '\\$&')}"`;
};
