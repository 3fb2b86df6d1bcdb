import { isAscii, isUtf8 } from 'node:buffer';
import { decodeAs } from './charset.ts';

const ENCODED_RUN = /&([A-Za-z0-9+,]*)-/g;
const REPLACEMENT = '\ufffd';

/** What stands for itself in modified UTF-7. A space is let pass: some encoders take the words around it in one run. */
const NEEDS_NO_RUN = /[\x21-\x7e]/;

/** Modified base64 (RFC 3501 §5.1.3) to text; null for what no encoder writes, so that no run hides a delimiter. */
const decodeRun = (run: string): string | null => {
  const bytes = Buffer.from(run.replaceAll(',', '/'), 'base64');
  if (bytes.length === 0 || bytes.length % 2 === 1) return null;
  const text = bytes.swap16().toString('utf16le');
  return text.isWellFormed() && !NEEDS_NO_RUN.test(text) && encodeRun(text) === `&${run}-` ? text : null;
};

const encodeRun = (text: string): string =>
  `&${Buffer.from(text, 'utf16le').swap16().toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;

/** Writes a name in modified UTF-7 (RFC 3501 §5.1.3). */
export const encodeMutf7 = (name: string): string => name.replaceAll('&', '&-').replace(/[^\x20-\x7e]+/g, encodeRun);

/** Reads modified UTF-7. A run that no encoder writes so stays as it stands. */
const decodeMutf7 = (raw: string): string =>
  raw.replace(ENCODED_RUN, (whole: string, run: string) => (run === '' ? '&' : (decodeRun(run) ?? whole)));

/**
 * The name behind the bytes of one, as a server sends them, a character for each byte (SPEC K5): modified UTF-7 where it is all
 * ASCII, else strict UTF-8, else CP949, else Latin-1. Commands take the bytes, never the name.
 */
export const decodeMailboxName = (raw: string): string => {
  const bytes = Buffer.from(raw, 'latin1');
  if (isAscii(bytes)) return decodeMutf7(raw);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const korean = decodeAs(bytes, 'cp949');
  return korean === null || korean.includes(REPLACEMENT) ? raw : korean;
};
