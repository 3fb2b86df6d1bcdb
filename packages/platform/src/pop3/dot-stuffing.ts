/** The line end that a piece may have been cut behind, or in the middle of. */
const LINE_END = /\r?\n$|\r$/;

/**
 * The pieces of a message as they go over the wire, RFC 1939 §3, ending in CRLF. What is added: a dot before each dot
 * that begins a line, and a CRLF where the message does not end in one. A line feed without CR stays as it is, except
 * before a dot: there it gets its CR, because clients differ in what they take for a line end, and one could see the end
 * of the message there.
 */
export function* stuffDots(pieces: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  /** Waits for what is behind it; null before the first byte, where a line begins as well. */
  let lineEnd: string | null = null;
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    const dot = lineEnd === null && piece[0] === 0x2e ? '.' : '';
    const text: string = (lineEnd ?? dot) + piece.toString('latin1');
    lineEnd = LINE_END.exec(text.slice(-2))?.[0] ?? '';
    const settled = text.slice(0, text.length - lineEnd.length);
    yield Buffer.from(settled.replace(/\r?\n\./g, '\r\n..'), 'latin1');
  }
  if (lineEnd !== null && lineEnd !== '\r\n') lineEnd += '\r\n';
  yield Buffer.from(lineEnd ?? '');
}
