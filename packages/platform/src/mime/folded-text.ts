/** Text in the form in which it is compared: NFC, and without case (RFC 3501 §6.4.4 leaves the latter to the charset). */
export const foldText = (text: string): string =>
  /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ');

/** A character of folded text may stand for so many before it was folded. */
const MAX_EXPANSION = 4;

/** Looks for several texts in one that comes in pieces. */
export class TextFinder {
  /** Those that are still looked for. */
  readonly #wanted: Set<string>;
  readonly #overlap: number;
  #tail = '';

  /** @param wanted folded */
  constructor(wanted: Iterable<string>) {
    this.#wanted = new Set(wanted);
    this.#overlap = Math.max(0, ...[...this.#wanted].map(({ length }) => length)) * MAX_EXPANSION;
  }

  get isDone(): boolean {
    return this.#wanted.size === 0;
  }

  has(wanted: string): boolean {
    return !this.#wanted.has(wanted);
  }

  write(piece: string): void {
    const window = this.#tail + piece;
    const folded = foldText(window);
    for (const wanted of this.#wanted) if (folded.includes(wanted)) this.#wanted.delete(wanted);
    this.#tail = this.#overlap === 0 ? '' : window.slice(-this.#overlap);
  }

  /** What comes next does not go on with what came before. */
  cut(): void {
    this.#tail = '';
  }
}
