/** A line of which no more is kept: it was longer than the limit. */
export const TOO_LONG = Symbol('too long');
export type Line = string | typeof TOO_LONG;

/**
 * Cuts text into lines that end in CR LF, LF or CR; a row of CRs before an LF is one end. Each character is one byte of the
 * file, so that values of different charsets can stand in one file.
 */
export class LineCutter {
  readonly #limit: number;
  #pieces: string[] = [];
  #length = 0;
  /** CRs at the end of what came so far. */
  #returns = 0;
  #lines: Line[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that end in this piece. */
  cut(text: string): Line[] {
    const segments = text.split('\n');
    const last = segments.length - 1;
    for (const [index, segment] of segments.entries()) {
      this.#take(segment);
      if (index < last) this.#endLine();
    }
    return this.#taken();
  }

  /** The last line, if the file doesn't end with a line's end. */
  end(): Line[] {
    if (this.#length > 0 || this.#returns > 0) this.#endLine();
    return this.#taken();
  }

  #taken(): Line[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #take(segment: string): void {
    let start = 0;
    for (let at = segment.indexOf('\r'); at >= 0; at = segment.indexOf('\r', start)) {
      this.#append(segment.slice(start, at));
      this.#returns += 1;
      start = at + 1;
    }
    this.#append(start === 0 ? segment : segment.slice(start));
  }

  #append(part: string): void {
    if (part === '') return;
    for (; this.#returns > 0; this.#returns -= 1) this.#pushLine();
    this.#length += part.length;
    if (this.#length <= this.#limit) this.#pieces.push(part);
    else this.#pieces = [];
  }

  #endLine(): void {
    this.#returns = 0;
    this.#pushLine();
  }

  #pushLine(): void {
    const [first = ''] = this.#pieces;
    this.#lines.push(this.#length > this.#limit ? TOO_LONG : this.#pieces.length < 2 ? first : this.#pieces.join(''));
    this.#pieces = [];
    this.#length = 0;
  }
}
