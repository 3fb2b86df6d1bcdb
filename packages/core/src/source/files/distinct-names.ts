/** Tells things of one name apart by a number behind it, in the order in which they come: the same things get the same names again. */
export class DistinctNames {
  readonly #used = new Set<string>();
  /** The number that the next one of a name gets, at least. */
  readonly #next = new Map<string, number>();

  /** The name itself for the first, `name (2)` for the next, and so on. */
  claim(name: string): string {
    let number = this.#next.get(name) ?? 1;
    const numbered = (): string => (number === 1 ? name : `${name} (${number})`);
    while (this.#used.has(numbered())) number += 1;
    const claimed = numbered();
    this.#used.add(claimed);
    this.#next.set(name, number + 1);
    return claimed;
  }
}
