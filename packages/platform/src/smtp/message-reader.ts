import type { SMTPServerDataStream } from 'smtp-server';
import { ClientGone } from '../net/client-stream.ts';

/** Why a message that came whole is not taken. */
export type Unreadable = 'too-large' | 'too-many-at-once' | 'ambiguous-dot';

const BLOCK_BYTES = 64 * 1024;
const CR = 0x0d;

/** Gathers bytes in blocks: pieces may be of a byte each, and as many as the client likes. */
class Blocks {
  readonly #full: Buffer[] = [];
  #last = Buffer.alloc(0);
  #lastBytes = 0;

  add(piece: Buffer): void {
    for (let from = 0; from < piece.length; ) {
      if (this.#lastBytes === this.#last.length) {
        this.#full.push(this.#last);
        this.#last = Buffer.allocUnsafe(BLOCK_BYTES);
        this.#lastBytes = 0;
      }
      const copied = piece.copy(this.#last, this.#lastBytes, from);
      this.#lastBytes += copied;
      from += copied;
    }
  }

  take(): Buffer {
    return Buffer.concat([...this.#full, this.#last.subarray(0, this.#lastBytes)]);
  }
}

/** Reads messages, many at a time, and holds no more than its share of memory. */
export class MessageReader {
  readonly #maxHeldBytes: number;
  #heldBytes = 0;

  /** @param maxHeldBytes of all messages that are being read */
  constructor(maxHeldBytes: number) {
    this.#maxHeldBytes = maxHeldBytes;
  }

  /**
   * One message as its sender had it. What is not taken is read over, so that the client gets to read the answer.
   * @throws ClientGone if it was broken off
   */
  async read(stream: SMTPServerDataStream): Promise<Buffer | Unreadable> {
    let blocks: Blocks | null = new Blocks();
    let bytes = 0;
    const hold = (change: number): void => {
      bytes += change;
      this.#heldBytes += change;
    };
    try {
      for await (const piece of stream as AsyncIterable<Buffer>) {
        if (stream.sizeExceeded || this.#heldBytes + piece.length > this.#maxHeldBytes) {
          blocks = null;
          hold(-bytes);
        }
        if (!blocks) continue;
        blocks.add(piece);
        hold(piece.length);
      }
    } catch {
      throw new ClientGone();
    } finally {
      hold(-bytes);
    }
    if (!blocks) return stream.sizeExceeded ? 'too-large' : 'too-many-at-once';
    const message = blocks.take();
    return hasAmbiguousDot(message) ? 'ambiguous-dot' : message;
  }
}

/** A dot behind a bare LF: whether it was doubled can't be told, for some clients take a bare LF for a line end; RFC 5321 §2.3.8 does not. */
const hasAmbiguousDot = (message: Buffer): boolean => {
  for (let at = message.indexOf('\n.'); at !== -1; at = message.indexOf('\n.', at + 1)) {
    if (at === 0 || message[at - 1] !== CR) return true;
  }
  return false;
};
