import type { ByteReader } from '../../net/byte-reader.ts';

const LINE_START = Buffer.from('\r\n');
const STUFFED = Buffer.from('\r\n..');
const TERMINATOR = Buffer.from('\r\n.\r\n');

/**
 * The bytes of a multi-line answer as they stand on the wire, up to the line of one dot (RFC 1939 §3), with the line end
 * before it and without that line. To be read to its end. Only CRLF ends a line: a bare LF is content.
 */
export async function* readDotted(reader: ByteReader): AsyncGenerator<Buffer> {
  // As if a line had ended just before, so that a dot that comes first is found like any other.
  let held: Buffer = LINE_START;
  let unreal = LINE_START.length;
  for (;;) {
    const chunk = await reader.available();
    const window = Buffer.concat([held, chunk]);
    const end = window.indexOf(TERMINATOR);
    if (end >= 0) {
      reader.skip(end + TERMINATOR.length - held.length);
      if (end + LINE_START.length > unreal) yield window.subarray(unreal, end + LINE_START.length);
      return;
    }
    reader.skip(chunk.length);
    // What may be the beginning of the terminator waits for the rest.
    const sure = Math.max(window.length - TERMINATOR.length + 1, 0);
    if (sure > unreal) yield window.subarray(unreal, sure);
    unreal = Math.max(unreal - sure, 0);
    held = window.subarray(sure);
  }
}

/**
 * Takes away the dot that a line beginning with one got on its way (RFC 1939 §3), whatever way the bytes are cut in pieces. A line
 * that begins with one dot only comes from a server that stuffs none, and stays.
 */
export async function* unstuff(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let before: Buffer = LINE_START;
  for await (const piece of pieces) {
    const window = Buffer.concat([before, piece]);
    let from = before.length;
    for (let at = window.indexOf(STUFFED); at >= 0; at = window.indexOf(STUFFED, at + STUFFED.length)) {
      const dot = at + STUFFED.length - 1;
      if (dot > from) yield window.subarray(from, dot);
      from = dot + 1;
    }
    if (from < window.length) yield window.subarray(from);
    before = window.subarray(Math.max(window.length - STUFFED.length + 1, 0));
  }
}
