import { type Cipheriv, createCipheriv, createHash } from 'node:crypto';

const BLOCK_BYTES = 4096;

/** Random numbers and bytes that follow from a text alone: the same ones on every machine. */
export class Noise {
  readonly #cipher: Cipheriv;
  #block: Buffer = Buffer.alloc(0);
  #head = 0;

  constructor(seed: string) {
    const key = createHash('sha256').update(seed).digest();
    this.#cipher = createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16));
  }

  bytes(count: number): Buffer {
    return this.#cipher.update(Buffer.alloc(count));
  }

  /** From 0 to 1, 1 left out. */
  fraction(): number {
    if (this.#head === this.#block.length) {
      this.#block = this.bytes(BLOCK_BYTES);
      this.#head = 0;
    }
    const value = this.#block.readUInt32LE(this.#head);
    this.#head += 4;
    return value / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.between(0, items.length - 1)] ?? items[0];
  }

  /** Of a log-normal distribution: half of them are below `median`, and 68 % within a factor of e^`sigma`. */
  logNormal(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.fraction())) * Math.cos(2 * Math.PI * this.fraction());
    return median * Math.exp(sigma * normal);
  }
}
