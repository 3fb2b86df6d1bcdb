import { throwIfCancelled } from '../../errors.ts';
import type { FileBytes } from './file-bytes.ts';

export interface WindowSizes {
  /** How much is read at a time. */
  readonly blockBytes: number;
  /** How much there is ahead of the kept place, up to the end. */
  readonly aheadBytes: number;
}

/** A window that slides over a file from its begin to its end. Positions are those of the file. */
export class ByteWindow {
  /** Holds the file's bytes from `start` to `end`, at its begin. */
  readonly #buffer: Buffer;
  readonly #spare: Buffer;
  readonly #file: FileBytes;
  readonly #sizes: WindowSizes;
  readonly #signal: AbortSignal;
  #reading: Promise<number> | null = null;
  #start = 0;
  #end = 0;
  #isAtEnd = false;

  /** Called with each block that was read and its position. */
  onBlock: (block: Buffer, at: number) => void = () => {};

  constructor(file: FileBytes, sizes: WindowSizes, signal: AbortSignal) {
    this.#file = file;
    this.#sizes = sizes;
    this.#signal = signal;
    this.#buffer = Buffer.alloc(sizes.aheadBytes + sizes.blockBytes);
    this.#spare = Buffer.alloc(sizes.blockBytes);
  }

  /** How much of the file is here ahead of where the window was slid to, unless it ends before. */
  get aheadBytes(): number {
    return this.#sizes.aheadBytes;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** Whether the window reaches to the file's end. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** The bytes in the window; good until it slides. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#end - this.#start);
  }

  /** Whether `keptBytes` of the file from `at` on are here, or the file ends before. */
  holds(at: number, keptBytes: number): boolean {
    return at >= this.#start && (this.#isAtEnd || at + keptBytes <= this.#end);
  }

  /** Drops what comes before `keep`, if it is here, and reads on until as much as is to be ahead of it is there. */
  async slide(keep: number): Promise<void> {
    while (keep > this.#end && !this.#isAtEnd) {
      this.#drop(this.#end);
      await this.#readBlock();
    }
    this.#drop(Math.min(Math.max(keep, this.#start), this.#end));
    while (!this.#isAtEnd && this.#end - this.#start < this.#sizes.aheadBytes) await this.#readBlock();
  }

  /** Goes back, and begins to read again at `at`. */
  async rewind(at: number): Promise<void> {
    await this.settle();
    this.#reading = null;
    this.#start = at;
    this.#end = at;
    this.#isAtEnd = false;
    await this.slide(at);
  }

  /** Waits for what is being read ahead. */
  async settle(): Promise<void> {
    await this.#reading?.catch(() => undefined);
  }

  #drop(before: number): void {
    this.#buffer.copyWithin(0, before - this.#start, this.#end - this.#start);
    this.#start = before;
  }

  /** There is room for a block: nothing is read while more than `aheadBytes` are there. */
  async #readBlock(): Promise<void> {
    throwIfCancelled(this.#signal);
    const length = await (this.#reading ?? this.#file.read(this.#spare, this.#end));
    this.#reading = null;
    const block = this.#spare.subarray(0, length);
    block.copy(this.#buffer, this.#end - this.#start);
    this.onBlock(this.#buffer.subarray(this.#end - this.#start, this.#end - this.#start + length), this.#end);
    this.#end += length;
    this.#isAtEnd = length < this.#spare.length;
    if (this.#isAtEnd) return;
    this.#reading = this.#file.read(this.#spare, this.#end);
    // Whoever waits for it gets the error.
    this.#reading.catch(() => undefined);
  }
}
