import type { Readable } from 'node:stream';

/** Above this much unread data the peer has to wait. */
const HIGH_WATER_BYTES = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Reads lines and counted bytes from a stream, with back-pressure. One reader at a time may wait.
 * After `fail`, everything that waits or comes later throws that error.
 */
export class ByteReader {
  readonly #stream: Readable;
  readonly #stallMs: number;
  readonly #onStall: () => Error;
  #chunks: Buffer[] = [];
  #head = 0;
  #bufferedBytes = 0;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  /** `onStall` makes the error for `stallMs` milliseconds without a byte while someone waits for one. */
  constructor(stream: Readable, stallMs: number, onStall: () => Error) {
    this.#stream = stream;
    this.#stallMs = stallMs;
    this.#onStall = onStall;
    stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bufferedBytes += chunk.length;
      if (this.#bufferedBytes > HIGH_WATER_BYTES) stream.pause();
      this.#wake?.();
    });
    stream.resume();
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /** The next line without its line end, as a view or copy that stays valid. Throws `tooLong()` beyond `limitBytes`. */
  async line(limitBytes: number, tooLong: () => Error): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = this.#chunks[0] ?? (await this.#more());
      const end = chunk.indexOf(LF, this.#head);
      const piece = end < 0 ? this.#take(chunk.length - this.#head) : this.#take(end + 1 - this.#head);
      length += piece.length;
      if (length > limitBytes) throw tooLong();
      if (end >= 0 && pieces.length === 0) return withoutLineEnd(piece);
      pieces.push(piece);
      if (end >= 0) return withoutLineEnd(Buffer.concat(pieces, length));
    }
  }

  /** Exactly `count` bytes, in memory of their own. */
  async bytes(count: number): Promise<Buffer> {
    const target = Buffer.allocUnsafeSlow(count);
    let filled = 0;
    while (filled < count) {
      const chunk = this.#chunks[0] ?? (await this.#more());
      const piece = this.#take(Math.min(count - filled, chunk.length - this.#head));
      filled += piece.copy(target, filled);
    }
    return target;
  }

  /** Exactly `count` bytes in pieces. To be read to its end before anything else. */
  async *stream(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      const chunk = this.#chunks[0] ?? (await this.#more());
      const piece = this.#take(Math.min(left, chunk.length - this.#head));
      left -= piece.length;
      yield piece;
    }
  }

  /** Some bytes that are there, at least one, as a view; they stay until `skip` takes them. */
  async available(): Promise<Buffer> {
    const chunk = this.#chunks[0] ?? (await this.#more());
    return chunk.subarray(this.#head);
  }

  /** Takes `count` of the bytes that `available` gave. */
  skip(count: number): void {
    if (count > 0) this.#take(count);
  }

  /** Whether bytes are there that nobody asked for yet. */
  get hasUnread(): boolean {
    return this.#bufferedBytes > 0;
  }

  /** Takes `count` bytes of the first chunk. */
  #take(count: number): Buffer {
    const chunk = this.#chunks[0] ?? Buffer.alloc(0);
    const piece = chunk.subarray(this.#head, this.#head + count);
    this.#head += count;
    if (this.#head >= chunk.length) {
      this.#chunks.shift();
      this.#head = 0;
      this.#bufferedBytes -= chunk.length;
      if (this.#stream.isPaused() && this.#bufferedBytes < HIGH_WATER_BYTES / 2) this.#stream.resume();
    }
    return piece;
  }

  async #more(): Promise<Buffer> {
    for (;;) {
      const chunk = this.#chunks[0];
      if (chunk) return chunk;
      if (this.#failure) throw this.#failure;
      await this.#arrival();
    }
  }

  async #arrival(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.fail(this.#onStall()), this.#stallMs);
    this.#wake = resolve;
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }
}

const withoutLineEnd = (line: Buffer): Buffer => {
  const end = line.length - 1;
  return line.subarray(0, line[end - 1] === CR ? end - 1 : end);
};
