import { findColon } from './header-line.ts';
import { FROM } from './quoted-line.ts';
import { blankLineBefore, isFirstSeparator, isSeparator } from './separator.ts';

/** How an mbox begins: with a From_ line, or with a message that has none; `empty` holds none, `unknown` is no mbox. */
export type MboxBegin =
  | { readonly kind: 'from-line'; readonly at: number /** Text before it that is no mail. */; readonly junkBytes: number }
  | { readonly kind: 'headers'; readonly at: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown' };

/** A byte-order mark and line ends before the first message. */
export const MAX_LEADING_BYTES = 64;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** Fields that a message begins with, or has near its begin. */
const MAIL_FIELD =
  /^(?:from|to|subject|date|received|return-path|delivered-to|message-id|mime-version|reply-to|envelope-to|x-mozilla-status|x-gm-thrid):/im;
const MAIL_FIELD_WITHIN_BYTES = 8192;
const BLANK = /[\r\n]/;

/** Looks at the first bytes of a file, which are all that it has if `isWhole`. */
export const findBegin = (bytes: Buffer, isWhole: boolean): MboxBegin => {
  const first = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let at = first;
  while (at < bytes.length && BLANK.test(String.fromCharCode(bytes[at] ?? 0))) at += 1;
  if (at === bytes.length) return { kind: isWhole ? 'empty' : 'unknown' };
  if (isFirstSeparator(bytes, at)) return { kind: 'from-line', at, junkBytes: 0 };
  const isHeaderLike = findColon(bytes, at, bytes.length) >= 0;
  if (at <= MAX_LEADING_BYTES && isHeaderLike && MAIL_FIELD.test(bytes.toString('latin1', at, at + MAIL_FIELD_WITHIN_BYTES)))
    return { kind: 'headers', at };
  for (let from = bytes.indexOf(FROM, at); from >= 0; from = bytes.indexOf(FROM, from + FROM.length)) {
    const isBehindBlank = blankLineBefore(bytes, from, 0) > 0;
    if ((isBehindBlank || bytes[from - 1] === 0) && isSeparator(bytes, from, true))
      return { kind: 'from-line', at: from, junkBytes: from - first };
  }
  return { kind: 'unknown' };
};
