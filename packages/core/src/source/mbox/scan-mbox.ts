import type { Notice } from '../../mail/notice.ts';
import { ByteWindow, type WindowSizes } from './byte-window.ts';
import type { FileBytes } from './file-bytes.ts';
import { findBegin, type MboxBegin } from './find-begin.ts';
import { type Delimiting, LOOK_BEHIND_BYTES, MboxScanner } from './mbox-scanner.ts';
import { MAX_HEADER_BYTES, readMessageHead } from './message-head.ts';
import { MessageIndex } from './message-index.ts';
import { readFromLine, SEPARATOR_AHEAD_BYTES } from './separator.ts';

/**
 * mboxo: a From_ line in a body has a `>` before it, which nobody can tell from one that was there. mboxrd: such lines, however many `>`
 * they have, have one more, which is taken off. mboxcl and mboxcl2: `Content-Length` says where a message ends.
 */
export type MboxFormat = 'mboxo' | 'mboxrd' | 'mboxcl' | 'mboxcl2';

export interface ScanOptions {
  /** Named in notices and errors. */
  readonly path: string;
  /** Null: told from the file. */
  readonly format: MboxFormat | null;
  /** Whether somebody says that this is an mbox. Then it may begin with a message that has no From_ line, or with other text. */
  readonly isSaidToBe: boolean;
  readonly signal: AbortSignal;
  readonly sizes?: WindowSizes;
}

/** What an mbox holds. */
export interface MboxScan {
  readonly index: MessageIndex;
  /** Whether mboxrd's quoting is to be undone. */
  readonly isQuoted: boolean;
  readonly notices: readonly Notice[];
}

const WINDOW_SIZES: WindowSizes = {
  blockBytes: 1024 * 1024,
  aheadBytes: MAX_HEADER_BYTES + SEPARATOR_AHEAD_BYTES + LOOK_BEHIND_BYTES,
};
/** How much of a file says whether it is an mbox. */
const SNIFF_BYTES = 64 * 1024;

/** Goes to where an mbox begins. In a file that is said to be one, text of any length may stand before its first From_ line. */
const findMboxBegin = async (window: ByteWindow, path: string, isSaidToBe: boolean): Promise<MboxBegin> => {
  await window.slide(0);
  const begin = findBegin(window.bytes, window.isAtEnd);
  if (begin.kind === 'headers' && !isSaidToBe) return { kind: 'unknown' };
  if (begin.kind !== 'unknown' || !isSaidToBe) return begin;
  const { next } = await new MboxScanner(window, path, 'lines').findSeparator(0);
  return next === null ? begin : { kind: 'from-line', at: next, junkBytes: next };
};

const delimitingOf = (format: MboxFormat | null): Delimiting => {
  if (format === null) return 'lengths-if-all';
  return format === 'mboxcl' || format === 'mboxcl2' ? 'lengths' : 'lines';
};

const scanFrom = async (begin: number, window: ByteWindow, path: string, delimiting: Delimiting): Promise<MboxScanner> => {
  const scanner = new MboxScanner(window, path, delimiting);
  await window.rewind(begin);
  return (await scanner.run(begin)) ? scanner : scanFrom(begin, window, path, 'lines');
};

/**
 * Goes once through an mbox, or twice where `Content-Length` turns out to be no guide; null for what is none. A message reaches from behind
 * its From_ line to the blank line that the container puts before the next one or the end of the file; that one line end is not the
 * message's, and any other is. With `Content-Length` it reaches as far as that says. Errors: `source-unreadable`, `cancelled`.
 */
export const scanMbox = async (file: FileBytes, options: ScanOptions): Promise<MboxScan | null> => {
  const { path, format, isSaidToBe, signal, sizes = WINDOW_SIZES } = options;
  const window = new ByteWindow(file, sizes, signal);
  try {
    const begin = await findMboxBegin(window, path, isSaidToBe);
    if (begin.kind === 'unknown') return null;
    if (begin.kind === 'empty') return { index: new MessageIndex(), isQuoted: false, notices: [] };
    const { index, damage, isQuoted, skippedFolderData } = await scanFrom(begin.at, window, path, delimitingOf(format));
    if (begin.kind === 'headers') damage.add('a message without a From_ line', begin.at);
    else if (begin.junkBytes > 0) damage.add(`${begin.junkBytes} bytes of text before the first message, left out`, 0);
    if (file.damage !== null) damage.add(file.damage, window.end);
    const skipped: Notice = { code: 'no-mail-skipped', details: { path, count: skippedFolderData } };
    return {
      index,
      isQuoted: format === null ? isQuoted : format === 'mboxrd',
      notices: [...damage.notices(), ...(skippedFolderData > 0 ? [skipped] : [])],
    };
  } finally {
    await window.settle();
  }
};

/** How the file begins, and whether its first message has labels of Gmail. Errors: `source-unreadable`, `cancelled`. */
export const sniffMbox = async (
  file: FileBytes,
  { path, isSaidToBe, signal }: ScanOptions,
): Promise<{ readonly kind: MboxBegin['kind']; readonly isLabelled: boolean }> => {
  const window = new ByteWindow(file, { blockBytes: SNIFF_BYTES, aheadBytes: SNIFF_BYTES }, signal);
  try {
    const begin = await findMboxBegin(window, path, isSaidToBe);
    if (begin.kind !== 'from-line') return { kind: begin.kind, isLabelled: false };
    await window.slide(begin.at);
    const { bytes, start } = window;
    const { messageStart } = readFromLine(bytes, begin.at - start);
    const { labels } = readMessageHead(bytes, begin.at - start, messageStart, bytes.length);
    return { kind: begin.kind, isLabelled: labels !== null };
  } finally {
    await window.settle();
  }
};
