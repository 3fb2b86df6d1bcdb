import type { Duplex } from 'node:stream';
import { FetchFailure } from './fetch-failure.ts';

const MAX_LINE_BYTES = 1024;
const LF = 0x0a;
const CRLF = Buffer.from('\r\n');
/** The end of a message, together with the line end before it. RFC 1939 §3. */
const TERMINATOR = Buffer.from('\r\n.\r\n');
/** What is read over of a message that is too large, before the server is given up. */
const MAX_SKIPPED_BYTES = 64 * 1024 * 1024;

/** A dot that begins a line was put there for the way, RFC 1939 §3. */
const unstuff = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replace(/(^|\r\n)\./g, '$1'), 'latin1');

/** A POP3 connection as its client sees it: lines and messages, each within its bound. */
export class Pop3Wire {
  readonly #socket: Duplex;
  readonly #chunks: AsyncIterator<Buffer>;
  #unread: Buffer = Buffer.alloc(0);

  constructor(socket: Duplex) {
    this.#socket = socket;
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  /** Lets go of the socket, to go on over TLS. @throws FetchFailure if the server has said more than it was asked */
  detach(): void {
    if (this.#unread.length > 0 || this.#socket.readableLength > 0) {
      throw new FetchFailure('protocol-violated', 'The server spoke before TLS began');
    }
    this.#socket.removeAllListeners('readable');
  }

  /** Without its end. @throws FetchFailure */
  async readLine(): Promise<string> {
    for (;;) {
      const end = this.#unread.indexOf(LF);
      if (end > MAX_LINE_BYTES || (end === -1 && this.#unread.length > MAX_LINE_BYTES)) {
        throw new FetchFailure('protocol-violated', `The server sent a line of more than ${MAX_LINE_BYTES} bytes`);
      }
      if (end !== -1) {
        const line = this.#unread.toString('latin1', 0, end).replace(/\r$/, '');
        this.#unread = this.#unread.subarray(end + 1);
        return line;
      }
      this.#unread = Buffer.concat([this.#unread, await this.#nextChunk()]);
    }
  }

  /** The lines of a list, without the dot that ends it. @throws FetchFailure if there are more than `maxLines` */
  async readList(maxLines: number): Promise<string[]> {
    const lines: string[] = [];
    for (let line = await this.readLine(); line !== '.'; line = await this.readLine()) {
      if (lines.length >= maxLines) throw new FetchFailure('protocol-violated', `The server lists more than ${maxLines} messages`);
      lines.push(line);
    }
    return lines;
  }

  /** The message as it was before it was sent; null for one that has `limitBytes` or more, which is read over. @throws FetchFailure */
  async readMessage(limitBytes: number): Promise<Buffer | null> {
    // With a line end before it, so that an empty one ends like any other.
    let kept: Buffer[] = [CRLF];
    let keptBytes = CRLF.length;
    let skippedBytes = 0;
    let tail: Buffer = CRLF;
    for (;;) {
      const chunk = this.#unread.length > 0 ? this.#unread : await this.#nextChunk();
      this.#unread = Buffer.alloc(0);
      const seen = Buffer.concat([tail, chunk]);
      const end = seen.indexOf(TERMINATOR);
      const used = end === -1 ? chunk : chunk.subarray(0, Math.max(0, end + TERMINATOR.length - tail.length));
      this.#unread = chunk.subarray(used.length);
      kept.push(used);
      keptBytes += used.length;
      // Each byte that is kept may be one of two, a dot and what it stands before.
      if (keptBytes > 2 * limitBytes + TERMINATOR.length) {
        skippedBytes += keptBytes;
        [kept, keptBytes] = [[], 0];
        if (skippedBytes > MAX_SKIPPED_BYTES) throw new FetchFailure('protocol-violated', 'The server sends a message without end');
      }
      if (end !== -1) break;
      tail = seen.subarray(Math.max(0, seen.length - TERMINATOR.length + 1));
    }
    if (skippedBytes > 0) return null;
    const raw = Buffer.concat(kept);
    const message = unstuff(raw.subarray(CRLF.length, raw.length - TERMINATOR.length + CRLF.length));
    return message.length < limitBytes ? message : null;
  }

  async #nextChunk(): Promise<Buffer> {
    const { done, value } = await this.#chunks.next().catch((cause: unknown) => {
      throw cause instanceof FetchFailure ? cause : new FetchFailure('connection-lost', 'The connection was lost', { cause });
    });
    if (done) throw new FetchFailure('connection-lost', 'The server closed the connection');
    return value;
  }
}
