/** Lines of a header block, by the bytes. */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const DELETE = 0x7f;
/** RFC 5322 has no limit besides the line's; no name is longer. */
const MAX_NAME_BYTES = 100;

/** Whether a line that begins with this byte continues the one before. */
export const isFolded = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/** Where the next line begins; `end` where none does before. */
export const nextLine = (bytes: Buffer, from: number, end: number): number => {
  const at = bytes.indexOf(LINE_FEED, from);
  return at < 0 || at >= end ? end : at + 1;
};

/** Length of the line end at `at`; 0 for none. */
export const lineEndAt = (bytes: Buffer, at: number): number => {
  if (bytes[at] === LINE_FEED) return 1;
  return bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? 2 : 0;
};

/** Whether these ASCII characters stand at `at`. */
export const hasText = (bytes: Buffer, at: number, text: string): boolean => bytes.toString('latin1', at, at + text.length) === text;

/** Where the colon behind a field's name is; -1 for a line that is no field. Blanks before the colon are obsolete, and real. */
export const findColon = (bytes: Buffer, from: number, end: number): number => {
  const limit = Math.min(end, from + MAX_NAME_BYTES);
  let isNameOver = false;
  for (let at = from; at < limit; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON) return at > from ? at : -1;
    if (isFolded(byte) && at > from) isNameOver = true;
    else if (isNameOver || byte <= SPACE || byte >= DELETE) return -1;
  }
  return -1;
};
