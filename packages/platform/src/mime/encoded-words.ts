import { decodeCharset, decodeUndeclared } from './charset.ts';

/** RFC 2047 §2, with blanks and `?` in Q, as some write them. Another `=?` ends the try, so that all tries together take linear time. */
const WORD = /=\?([!->@-~]{1,60})\?([BbQq])\?((?:[^?=]|\?(?!=)|=(?!\?(?!=)))*)\?=/g;

const ASCII = /^[\0-\x7f]*$/;

const bytesOf = (encoding: string, text: string): Buffer => {
  if (encoding.toUpperCase() === 'B') return Buffer.from(text, 'base64');
  const raw = text.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(raw, 'latin1');
};

/** Words of one charset that follow each other are one text: a character may be cut between them. */
interface Run {
  /** Null for text that stands between words. */
  readonly charset: string | null;
  readonly pieces: Buffer[];
}

const runsOf = (value: string): Run[] => {
  const runs: Run[] = [];
  const put = (charset: string | null, bytes: Buffer): void => {
    const last = runs.at(-1);
    if (last && last.charset === charset) last.pieces.push(bytes);
    else runs.push({ charset, pieces: [bytes] });
  };
  let end = 0;
  for (const match of value.matchAll(WORD)) {
    const [whole, charset = '', encoding = '', text = ''] = match;
    const between = value.slice(end, match.index);
    // RFC 2047 §6.2: white space between two words is none.
    const isGap = end > 0 && /^[ \t]*$/.test(between);
    if (between !== '' && !isGap) put(null, Buffer.from(between, 'latin1'));
    put(charset.toLowerCase(), bytesOf(encoding, text));
    end = match.index + whole.length;
  }
  if (end < value.length) put(null, Buffer.from(value.slice(end), 'latin1'));
  return runs;
};

/**
 * The text of a header value (latin-1, one character per byte) with its RFC 2047 words decoded, and its raw 8-bit by SPEC K4. Never throws.
 * @param bodyCharset of the text that the header belongs to; empty where that names none
 */
export const decodeWords = (value: string, bodyCharset = ''): string => {
  if (!value.includes('=?') && ASCII.test(value)) return value;
  return runsOf(value)
    .map(({ charset, pieces }) => {
      const bytes = Buffer.concat(pieces);
      return charset === null ? decodeUndeclared(bytes, bodyCharset) : decodeCharset(bytes, charset);
    })
    .join('');
};
