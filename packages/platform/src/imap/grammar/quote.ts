import { encodeMailboxName } from './modified-utf7.ts';

/** A quoted string; what can't stand in one (controls, 8-bit) becomes `?`. */
const quote = (text: string): string => `"${text.replace(/[^ -~]/g, '?').replace(/["\\]/g, '\\$&')}"`;

export const quoteMailbox = (path: string): string => quote(encodeMailboxName(path));
