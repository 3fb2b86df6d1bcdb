/** A multiset of hashes. */
export class HashBag {
  readonly #counts = new Map<string, number>();

  add(hash: string): void {
    this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1);
  }

  /** Takes one out; false when there is none. */
  take(hash: string): boolean {
    const count = this.#counts.get(hash) ?? 0;
    if (count === 0) return false;
    if (count === 1) this.#counts.delete(hash);
    else this.#counts.set(hash, count - 1);
    return true;
  }

  /** What is left, each as often as it is in. */
  *rest(): Iterable<string> {
    for (const [hash, count] of this.#counts) for (let i = 0; i < count; i += 1) yield hash;
  }
}
