import type { Notice } from '../../mail/notice.ts';

/** More places of one file are only counted. */
const MAX_PLACES = 20;

/** Places of a file that are not as they should be. */
export class DamageLog {
  readonly #path: string;
  readonly #places: { readonly reason: string; readonly byteOffset: number }[] = [];
  #uncounted = 0;
  #last = 0;

  constructor(path: string) {
    this.#path = path;
  }

  add(reason: string, byteOffset: number): void {
    this.#last = Math.max(this.#last, byteOffset);
    if (this.#places.length < MAX_PLACES) this.#places.push({ reason, byteOffset });
    else this.#uncounted += 1;
  }

  /** In the order of the file. */
  notices(): Notice[] {
    const places = this.#places.toSorted((a, b) => a.byteOffset - b.byteOffset);
    if (this.#uncounted > 0) places.push({ reason: `${this.#uncounted} more such places, the last`, byteOffset: this.#last });
    return places.map((place) => ({ code: 'mail-damaged', details: { path: this.#path, ...place } }));
  }
}
