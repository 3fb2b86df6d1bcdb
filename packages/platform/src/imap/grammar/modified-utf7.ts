/** Mailbox names on the wire, RFC 3501 §5.1.3. */

const SHIFTED = /&([^-]*)-/g;
const BASE64_RUN = /^[A-Za-z0-9+,]+$/;

const isPlain = (character: string): boolean => character >= ' ' && character <= '~';

const encodeRun = (run: string): string => {
  const utf16 = Buffer.from(run, 'utf16le').swap16();
  return `&${utf16.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
};

export const encodeMailboxName = (name: string): string => name.replaceAll('&', '&-').replace(/[^ -~]+/g, encodeRun);

/** Null for a run that is no base64 of whole UTF-16 units, or leaves bits over. */
const decodeRun = (run: string): string | null => {
  if (run === '') return '&';
  if (!BASE64_RUN.test(run)) return null;
  const utf16 = Buffer.from(run.replaceAll(',', '/'), 'base64');
  if (utf16.length === 0 || utf16.length % 2 !== 0) return null;
  const text = Buffer.from(utf16).swap16().toString('utf16le');
  return encodeRun(text) === `&${run}-` ? text : null;
};

/** Null for what is no modified UTF-7. A run that could have been plain text is let pass. */
export const decodeMailboxName = (encoded: string): string | null => {
  if (![...encoded].every(isPlain)) return null;
  let isValid = !encoded.replace(SHIFTED, '').includes('&');
  const name = encoded.replace(SHIFTED, (_, run: string) => {
    const text = decodeRun(run);
    if (text === null) isValid = false;
    return text ?? '';
  });
  return isValid && name.isWellFormed() ? name : null;
};
