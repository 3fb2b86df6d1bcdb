/** The lines of a UTF-8 text, without their `\n`; nothing else ends a line. Each block may be used again once the next is asked for. Throws `tooLong()` for more than `limitBytes` in one. */
export async function* readLines(blocks: AsyncIterable<Uint8Array>, limitBytes: number, tooLong: () => Error): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of blocks) {
    const block: Buffer = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10, start)) {
      yield block.toString('utf8', start, end);
      start = end + 1;
    }
    rest = Buffer.from(block.subarray(start));
    if (rest.length > limitBytes) throw tooLong();
  }
  if (rest.length > 0) yield rest.toString('utf8');
}
