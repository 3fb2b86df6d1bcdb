/** Fewer digits are too easily mistaken for a word. */
const SHORT_HASH_MIN = 8;
const DIGITS_COMPARED = 16;
const BITS = 64n;

/** How many digits two hashes have in common at their beginning. */
const commonDigits = (a: bigint, b: bigint): number => {
  const difference = a ^ b;
  if (difference === 0n) return DIGITS_COMPARED;
  return Math.floor(Number(BITS - BigInt(difference.toString(2).length)) / 4);
};

/** Finds how short hashes can be cut, with eight bytes for each of them. */
export class ShortHashes {
  #beginnings = new BigUint64Array(1024);
  #count = 0;

  /** A SHA-256 in hex; the same one again changes nothing. */
  add(sha256: string): void {
    if (this.#count === this.#beginnings.length) {
      const larger = new BigUint64Array(this.#count * 2);
      larger.set(this.#beginnings);
      this.#beginnings = larger;
    }
    this.#beginnings[this.#count] = BigInt(`0x${sha256.slice(0, DIGITS_COMPARED)}`);
    this.#count += 1;
  }

  /** How many first digits tell all that were added apart: 8 to 16. */
  digits(): number {
    const sorted = this.#beginnings.slice(0, this.#count).sort();
    let digits = SHORT_HASH_MIN;
    for (let at = 1; at < sorted.length; at += 1) {
      const [before = 0n, here = 0n] = sorted.subarray(at - 1, at + 1);
      if (before !== here) digits = Math.max(digits, commonDigits(before, here) + 1);
    }
    return digits;
  }
}
