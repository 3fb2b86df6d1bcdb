/** What begins a From_ line. */
export const FROM = Buffer.from('From ', 'latin1');
/** A deeper quoting is taken for text. */
export const MAX_QUOTE_DEPTH = 255;

const LINE_FEED = 0x0a;
const QUOTE = 0x3e;

/**
 * Where the `>` of a quoted From_ line begin, given where its `From ` stands; `at` itself for a line that is not quoted, -1 where the
 * text doesn't stand at the begin of a line. `floor` is the least index to look at, and begins a line if `isFloorLineStart`.
 */
export const fromLineStart = (bytes: Buffer, at: number, floor: number, isFloorLineStart: boolean): number => {
  let start = at;
  while (start > floor && bytes[start - 1] === QUOTE && at - start <= MAX_QUOTE_DEPTH) start -= 1;
  if (at - start > MAX_QUOTE_DEPTH) return -1;
  const isLineStart = start === floor ? isFloorLineStart : bytes[start - 1] === LINE_FEED;
  return isLineStart ? start : -1;
};

/**
 * Undoes mboxrd's quoting: every line of `>`s and `From ` loses its first `>`. Gives back the first `wantedBytes` of the result, not copied
 * where no line is quoted, and how many of `bytes` they are. `isLineStart` says whether the bytes begin a line; a line that is cut at the
 * end is not recognised.
 */
export const unquote = (bytes: Buffer, isLineStart: boolean, wantedBytes: number): { readonly text: Buffer; readonly rawBytes: number } => {
  const pieces: Buffer[] = [];
  let kept = 0;
  let left = wantedBytes;
  for (let at = bytes.indexOf(FROM); at >= 0; at = bytes.indexOf(FROM, at + FROM.length)) {
    const start = fromLineStart(bytes, at, 0, isLineStart);
    if (start < 0 || start === at) continue;
    if (start - kept >= left) break;
    pieces.push(bytes.subarray(kept, start));
    left -= start - kept;
    kept = start + 1;
  }
  const rest = bytes.subarray(kept, kept + left);
  return { text: pieces.length === 0 ? rest : Buffer.concat([...pieces, rest]), rawBytes: kept + rest.length };
};

/** How many bytes at the end may be the begin of a quoted From_ line, to be looked at together with what follows. */
export const heldBack = (bytes: Buffer, isLineStart: boolean): number => {
  const lastBreak = bytes.lastIndexOf(LINE_FEED);
  if (lastBreak < 0 && !isLineStart) return 0;
  const tail = bytes.subarray(lastBreak + 1);
  if (tail.length > MAX_QUOTE_DEPTH + FROM.length) return 0;
  return /^>*(?:F|Fr|Fro|From)?$/.test(tail.toString('latin1')) ? tail.length : 0;
};
