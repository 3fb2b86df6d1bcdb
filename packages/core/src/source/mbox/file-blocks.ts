import type { FileBytes } from './file-bytes.ts';

/** How much is read at a time. */
export const BLOCK_BYTES = 1024 * 1024;

/** Pieces of a file, in rising order best. What was handed out is not written to again. */
export class FileBlocks {
  readonly file: FileBytes;
  #block: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(file: FileBytes) {
    this.file = file;
  }

  /** `length` bytes from `at` on; less only at the end of the file. Errors: `source-unreadable`. */
  async slice(at: number, length: number): Promise<Buffer> {
    if (at < this.#start || at + length > this.#start + this.#block.length) await this.#read(at, length);
    return this.#block.subarray(at - this.#start, at - this.#start + length);
  }

  async #read(at: number, length: number): Promise<void> {
    const isWithin = at >= this.#start && at < this.#start + this.#block.length;
    const known = isWithin ? this.#block.subarray(at - this.#start) : Buffer.alloc(0);
    const block = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, length));
    known.copy(block);
    const added = await this.file.read(block.subarray(known.length), at + known.length);
    this.#block = block.subarray(0, known.length + added);
    this.#start = at;
  }
}
