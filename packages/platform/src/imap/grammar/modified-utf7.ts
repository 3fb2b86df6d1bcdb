/** Mailbox names on the wire, RFC 3501 §5.1.3. */

const SHIFTED = /&([^-]*)-/g;
const BASE64_RUN = /^[A-Za-z0-9+,]+$/;

const encodeRun = (run: string): string => {
  const utf16 = Buffer.from(run, 'utf16le').swap16();
  return `&${utf16.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
};

export const encodeMailboxName = (name: string): string => name.replaceAll('&', '&-').replace(/[^ -~]+/g, encodeRun);

/** Null for a run that is no base64 of whole UTF-16 units. */
const decodeRun = (run: string): string | null => {
  if (run === '') return '&';
  if (!BASE64_RUN.test(run)) return null;
  const utf16 = Buffer.from(run.replaceAll(',', '/'), 'base64');
  return utf16.length > 0 && utf16.length % 2 === 0 ? utf16.swap16().toString('utf16le') : null;
};

/** Null for what is not the one form that RFC 3501 §5.1.3 allows: plain characters in base64, and runs that could be one, are refused. */
export const decodeMailboxName = (encoded: string): string | null => {
  let isValid = true;
  const name = encoded.replace(SHIFTED, (_, run: string) => {
    const text = decodeRun(run);
    if (text === null) isValid = false;
    return text ?? '';
  });
  return isValid && name.isWellFormed() && encodeMailboxName(name) === encoded ? name : null;
};
