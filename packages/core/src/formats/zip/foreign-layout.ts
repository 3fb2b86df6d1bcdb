import type { ForeignDirectory } from './foreign-end.ts';
import type { ForeignFile } from './foreign-file.ts';
import { type ForeignEntry, LOCAL_BYTES } from './foreign-records.ts';

/** Where each entry of a ZIP starts, 16 bytes an entry, so that none can reach into another. */
export class ForeignLayout {
  readonly #file: ForeignFile;
  readonly #directory: ForeignDirectory;
  #starts = new Float64Array(1024);
  #ends = new Float64Array(1024);
  #count = 0;

  constructor(file: ForeignFile, directory: ForeignDirectory) {
    this.#file = file;
    this.#directory = directory;
  }

  get entryCount(): number {
    return this.#count;
  }

  /** Errors: `zip-invalid` for an entry that doesn't fit between the start of the ZIP and its directory. */
  add(entry: ForeignEntry): void {
    const end = entry.byteOffset + LOCAL_BYTES + entry.nameBytes.length + entry.compressedBytes;
    if (end > this.#directory.byteOffset) throw this.#file.refusal('it lists an entry that lies outside of the file');
    if (this.#count === this.#starts.length) {
      this.#starts = grown(this.#starts);
      this.#ends = grown(this.#ends);
    }
    this.#starts[this.#count] = entry.byteOffset;
    // The local header's extra field makes it longer: who reads that header holds the true end against `nextStart`.
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  /** To be called when all entries are in. Errors: `zip-invalid` where two share bytes. */
  settle(): void {
    // Where no entry overlaps the next, the order of starts is that of ends too.
    this.#starts = this.#starts.subarray(0, this.#count).sort();
    this.#ends = this.#ends.subarray(0, this.#count).sort();
    for (let index = 1; index < this.#count; index += 1) {
      if ((this.#ends[index - 1] ?? 0) > (this.#starts[index] ?? 0)) throw this.#file.refusal('its entries overlap');
    }
  }

  /** Where the first entry starts, or the directory if there is none. */
  get firstStart(): number {
    return this.#starts[0] ?? this.#directory.byteOffset;
  }

  /** The start of what follows the entry at `byteOffset`: another entry, or the directory. */
  nextStart(byteOffset: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= byteOffset) low = middle + 1;
      else high = middle;
    }
    return this.#starts[low] ?? this.#directory.byteOffset;
  }
}

const grown = (values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
};
