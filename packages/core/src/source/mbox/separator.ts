import { fromLineDate, MAX_FROM_LINE_BYTES, parseFromLine } from './from-line.ts';
import { findColon, hasText } from './header-line.ts';

/** Bytes behind a line's begin that say whether it is a From_ line. */
export const SEPARATOR_AHEAD_BYTES = MAX_FROM_LINE_BYTES + 256;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Text up to the line end, and where the next line begins. */
const lineAt = (bytes: Buffer, at: number): { readonly text: string; readonly next: number } => {
  const end = bytes.subarray(at, at + MAX_FROM_LINE_BYTES + 2).indexOf(LINE_FEED);
  const next = end < 0 ? Math.min(bytes.length, at + MAX_FROM_LINE_BYTES + 2) : at + end + 1;
  return { text: bytes.toString('latin1', at, next).replace(/\r?\n$/, ''), next };
};

const isField = (bytes: Buffer, at: number): boolean => findColon(bytes, at, bytes.length) >= 0 || hasText(bytes, at, '>From ');

export const beginsFromLine = (bytes: Buffer, at: number): boolean => hasText(bytes, at, 'From ');

/**
 * Whether the `From ` that begins the line at `at` is that of a From_ line. One with a date stands behind a blank line or before a header
 * field, one with an address alone between both, and Netscape's `From -` before a header field.
 */
export const isSeparator = (bytes: Buffer, at: number, isBehindBlank: boolean): boolean => {
  const { text, next } = lineAt(bytes, at);
  const kind = parseFromLine(text)?.kind;
  if (kind === undefined) return false;
  if (kind === 'dated' && isBehindBlank) return true;
  return (kind !== 'sender' || isBehindBlank) && isField(bytes, next);
};

/** Whether an mbox may begin with the line at `at`: its From_ line may lack the date. */
export const isFirstSeparator = (bytes: Buffer, at: number): boolean => {
  if (!beginsFromLine(bytes, at)) return false;
  const { text, next } = lineAt(bytes, at);
  return parseFromLine(text) !== null || isField(bytes, next);
};

/** Length of the blank line that ends at `at`, with its line end; 0 where none does. Nothing before `floor`, the begin of a line, is looked at. */
export const blankLineBefore = (bytes: Buffer, at: number, floor: number): number => {
  if (at <= floor || bytes[at - 1] !== LINE_FEED) return 0;
  const isBreak = (i: number): boolean => i < floor || bytes[i] === LINE_FEED;
  if (isBreak(at - 2)) return 1;
  return bytes[at - 2] === CARRIAGE_RETURN && isBreak(at - 3) ? 2 : 0;
};

/** The From_ line at `at`: its date, and where the message behind it begins. */
export const readFromLine = (bytes: Buffer, at: number): { readonly date: Date | null; readonly messageStart: number } => {
  if (!beginsFromLine(bytes, at)) return { date: null, messageStart: at };
  const { text, next } = lineAt(bytes, at);
  const line = parseFromLine(text);
  return { date: line && fromLineDate(line), messageStart: next };
};
