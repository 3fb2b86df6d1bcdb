import type { ListedMessage } from '../mail-source.ts';

const FIRST_ROOM = 1024;
const MAX_UINT32 = 0xffff_ffff;

const grown = (array: Uint32Array): Uint32Array => {
  const bigger = new Uint32Array(array.length * 2);
  bigger.set(array);
  return bigger;
};

/** UIDs with their sizes, eight bytes for each: a listing of millions stays small. In ascending order, each UID once. */
export class UidList implements Iterable<ListedMessage> {
  #uids: Uint32Array = new Uint32Array(FIRST_ROOM);
  #sizes: Uint32Array = new Uint32Array(FIRST_ROOM);
  #length = 0;
  #isAscending = true;

  /** How many were added; the same UID again counts until `sort`. */
  get length(): number {
    return this.#length;
  }

  /** The highest UID; 0 for none. */
  get highest(): number {
    let highest = 0;
    for (let i = 0; i < this.#length; i += 1) highest = Math.max(highest, this.#uids[i] ?? 0);
    return highest;
  }

  /** Sizes from 4 GiB on are kept as 4 GiB − 1. */
  add(uid: number, sizeBytes: number): void {
    if (this.#length === this.#uids.length) {
      this.#uids = grown(this.#uids);
      this.#sizes = grown(this.#sizes);
    }
    this.#isAscending &&= this.#length === 0 || uid > (this.#uids[this.#length - 1] ?? 0);
    this.#uids[this.#length] = uid;
    this.#sizes[this.#length] = Math.min(sizeBytes, MAX_UINT32);
    this.#length += 1;
  }

  /** Puts the UIDs in order and leaves out those that are there already. */
  sort(): void {
    if (this.#isAscending) return;
    const [uids, sizes] = [this.#uids, this.#sizes];
    const order = Uint32Array.from({ length: this.#length }, (_, i) => i).sort((a, b) => (uids[a] ?? 0) - (uids[b] ?? 0));
    this.#uids = new Uint32Array(order.length + 1);
    this.#sizes = new Uint32Array(order.length + 1);
    this.#length = 0;
    for (const i of order) {
      const uid = uids[i] ?? 0;
      if (this.#length === 0 || uid !== this.#uids[this.#length - 1]) this.add(uid, sizes[i] ?? 0);
    }
    this.#isAscending = true;
  }

  *[Symbol.iterator](): Iterator<ListedMessage> {
    for (let i = 0; i < this.#length; i += 1) yield { locator: this.#uids[i] ?? 0, sizeBytes: this.#sizes[i] ?? 0 };
  }
}
