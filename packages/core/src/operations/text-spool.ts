import { open } from 'node:fs/promises';
import { type DiskFile, nodeDisk } from '../archive/disk.ts';

const BLOCK_BYTES = 1024 * 1024;

/** Texts in a file, put down one after the other and taken out in any order. Holds 12 bytes for each, and one block. */
export class TextSpool {
  readonly #path: string;
  readonly #file: DiskFile;
  readonly #offsets: Float64Array;
  readonly #lengths: Uint32Array;
  #count = 0;
  #endOffset = 0;
  #writtenOffset = 0;
  #block: Buffer[] = [];

  private constructor(path: string, file: DiskFile, capacity: number) {
    this.#path = path;
    this.#file = file;
    this.#offsets = new Float64Array(capacity);
    this.#lengths = new Uint32Array(capacity);
  }

  /** For at most `capacity` texts. `close` removes the file. Errors: `disk-full`, `disk-failed`. */
  static async create(path: string, capacity: number): Promise<TextSpool> {
    return new TextSpool(path, await nodeDisk.create(path), capacity);
  }

  /** The first one has number 0. */
  async add(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    this.#offsets[this.#count] = this.#endOffset;
    this.#lengths[this.#count] = bytes.length;
    this.#count += 1;
    this.#endOffset += bytes.length;
    this.#block.push(bytes);
    if (this.#endOffset - this.#writtenOffset >= BLOCK_BYTES) await this.#flush();
  }

  /** The bytes of texts, in the order of `numbers`. */
  async *read(numbers: readonly number[]): AsyncGenerator<Buffer> {
    await this.#flush();
    await using handle = await open(this.#path, 'r');
    for (const number of numbers) {
      const length = this.#lengths[number] ?? 0;
      const bytes = Buffer.alloc(length);
      await handle.read(bytes, 0, length, this.#offsets[number] ?? 0);
      yield bytes;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
    await nodeDisk.remove(this.#path);
  }

  async #flush(): Promise<void> {
    await this.#file.write(this.#block, this.#writtenOffset);
    this.#block = [];
    this.#writtenOffset = this.#endOffset;
  }
}
