/** Enough of a message for the headers that name its entry. */
const HEAD_BYTES = 64 * 1024;

/** The first bytes of a stream, and the whole stream with them. */
export const peekHead = async (body: AsyncIterable<Buffer>): Promise<{ head: Buffer; whole: AsyncIterable<Buffer> }> => {
  const pieces: Buffer[] = [];
  let length = 0;
  const rest = body[Symbol.asyncIterator]();
  while (length < HEAD_BYTES) {
    const { done, value } = await rest.next();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  const whole = async function* (): AsyncGenerator<Buffer> {
    yield* pieces;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  };
  return { head: Buffer.concat(pieces), whole: whole() };
};
