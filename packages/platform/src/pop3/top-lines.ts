import type { Bodies } from '../store/bodies.ts';
import type { ListedMessage } from './maildrop.ts';

const LF = 0x0a;

/** The header, the blank line that ends it and the first `lineCount` lines of the body, RFC 1939 §7; a bare LF ends a line too. */
export function* topLines(bodies: Bodies, message: ListedMessage, lineCount: number): Generator<Buffer, void, undefined> {
  const { bodyId, headerBytes, sizeBytes } = message;
  yield* bodies.read(bodyId, 0, headerBytes);
  if (headerBytes === sizeBytes) return;
  let missing = lineCount;
  for (const piece of missing > 0 ? bodies.read(bodyId, headerBytes, sizeBytes) : []) {
    let end = 0;
    while (missing > 0 && end < piece.length) {
      const lineEnd = piece.indexOf(LF, end);
      end = lineEnd === -1 ? piece.length : lineEnd + 1;
      if (lineEnd !== -1) missing -= 1;
    }
    yield piece.subarray(0, end);
    if (missing === 0) return;
  }
}
