import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { toBuffer } from './thread-jobs.ts';

const READ_BYTES = 512 * 1024;

/** The blocks of a file; each is good until the next. */
export async function* blocksOf(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Bytes read once from front to back, hashed on the way. */
export class FrontToBack {
  readonly #blocks: AsyncIterator<Uint8Array>;
  readonly #hash: Hash = createHash('sha256');
  #block: Buffer = Buffer.alloc(0);
  #head = 0;
  byteOffset = 0;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#blocks = content[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, which stay the next ones; fewer at the end of the file. Good until the next call. */
  async peek(count: number): Promise<Buffer> {
    while (this.#block.length - this.#head < count) {
      const rest = Buffer.from(this.#block.subarray(this.#head));
      if (!(await this.#fill())) {
        this.#block = rest;
        this.#head = 0;
        return rest;
      }
      this.#block = Buffer.concat([rest, this.#block]);
    }
    return this.#block.subarray(this.#head, this.#head + count);
  }

  /** The next `count` bytes in memory of their own; fewer at the end of the file. */
  async take(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.stream(count)) pieces.push(Buffer.from(piece));
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  }

  /** The next `count` bytes as they are read; each piece is good until the next. Fewer at the end of the file. */
  async *stream(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#head === this.#block.length && !(await this.#fill())) return;
      const piece = this.#block.subarray(this.#head, this.#head + left);
      this.#head += piece.length;
      this.byteOffset += piece.length;
      left -= piece.length;
      yield piece;
    }
  }

  /** Passes over everything before an offset; nothing when it is behind already. */
  async skipTo(byteOffset: number): Promise<void> {
    for await (const _ of this.stream(byteOffset - this.byteOffset));
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }

  /** Reads the rest for its hash. */
  async finish(): Promise<{ sizeBytes: number; sha256: string }> {
    for await (const _ of this.stream(Number.POSITIVE_INFINITY));
    return { sizeBytes: this.byteOffset, sha256: this.#hash.digest('hex') };
  }

  async #fill(): Promise<boolean> {
    const next = await this.#blocks.next();
    if (next.done) return false;
    this.#block = toBuffer(next.value);
    this.#head = 0;
    this.#hash.update(this.#block);
    return true;
  }
}
