import { decodeCharset } from './charset.ts';

/** RFC 2047 §2, with blanks in Q, as some write them. */
const WORD = /=\?([!-~]{1,60}?)\?([BbQq])\?([^?]*(?:\?(?!=)[^?]*)*)\?=/g;

const bytesOf = (encoding: string, text: string): Buffer => {
  if (encoding.toUpperCase() === 'B') return Buffer.from(text, 'base64');
  const raw = text.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(raw, 'latin1');
};

interface Piece {
  /** Undefined for text that stands between words. */
  readonly charset: string | undefined;
  readonly bytes: Buffer;
}

/** Words of one charset that follow each other are one text: a character may be cut between them. */
const join = (pieces: readonly Piece[]): Piece[] => {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const goesOn = last?.charset !== undefined && last.charset.toLowerCase() === piece.charset?.toLowerCase();
    if (last && goesOn) joined.splice(-1, 1, { charset: last.charset, bytes: Buffer.concat([last.bytes, piece.bytes]) });
    else joined.push(piece);
  }
  return joined;
};

/** The text of a header value (latin-1, one character per byte) with its RFC 2047 words decoded, and its raw 8-bit by SPEC K4. Never throws. */
export const decodeWords = (value: string): string => {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of value.matchAll(WORD)) {
    const [whole, charset = '', encoding = '', text = ''] = match;
    const between = value.slice(end, match.index);
    // RFC 2047 §6.2: white space between two words is none.
    const isGap = pieces.at(-1)?.charset !== undefined && /^[ \t]*$/.test(between);
    if (between !== '' && !isGap) pieces.push({ charset: undefined, bytes: Buffer.from(between, 'latin1') });
    pieces.push({ charset, bytes: bytesOf(encoding, text) });
    end = match.index + whole.length;
  }
  if (end < value.length) pieces.push({ charset: undefined, bytes: Buffer.from(value.slice(end), 'latin1') });
  return join(pieces)
    .map(({ charset, bytes }) => decodeCharset(bytes, charset))
    .join('');
};
