import { AGENT, isBegin, isEnd } from './card-cutter.ts';
import type { VcardVersion } from './property.ts';
import { headEnd, readHead } from './property-head.ts';

/** How a line goes on in those after it. */
type Carrier = 'plain' | 'quoted-printable' | 'base64';

const QUOTED_PRINTABLE = /^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i;
const BASE64 = /^[^:]*;(?:ENCODING=)?(?:BASE64|B)[;:]/i;
const BASE64_LINE = /^[A-Za-z0-9+/=]+\s*$/;
const SOFT_BREAK = /=[ \t]*$/;

const carrierOf = (line: string): Carrier => {
  const semicolon = line.indexOf(';');
  if (semicolon < 0 || semicolon > line.indexOf(':')) return 'plain';
  if (QUOTED_PRINTABLE.test(line)) return 'quoted-printable';
  return BASE64.test(line) ? 'base64' : 'plain';
};

const isProperty = (line: string): boolean => {
  const end = headEnd(line);
  return end > 0 && readHead(line.slice(0, end)) !== null;
};

/** The lines of a card as its properties: whole, in bytes still. */
export class Unfolder {
  readonly #version: VcardVersion;
  readonly #unfolded: string[] = [];
  #pieces: string[] = [];
  #carrier: Carrier = 'plain';
  #isAfterBlank = false;
  /** Cards that are open inside this one. */
  #depth = 0;

  constructor(version: VcardVersion) {
    this.#version = version;
  }

  unfold(lines: readonly string[]): string[] {
    for (const line of lines) {
      if (this.#isNested(line)) this.#pieces.push(this.#pieces.length > 1 ? `\n${line}` : line);
      else if (!this.#goesOn(line)) this.#start(line);
    }
    this.#flush();
    return this.#unfolded;
  }

  #flush(): void {
    if (this.#pieces.length > 0) this.#unfolded.push(this.#pieces.join(''));
    this.#pieces = [];
  }

  #start(line: string): void {
    if (line.trim() === '') {
      this.#isAfterBlank = true;
      return;
    }
    this.#flush();
    this.#pieces = [line];
    this.#carrier = carrierOf(line);
    this.#isAfterBlank = false;
  }

  #isNested(line: string): boolean {
    if (isBegin(line) && (this.#depth > 0 || AGENT.test(this.#pieces[0] ?? ''))) this.#depth += 1;
    else if (this.#depth === 0) return false;
    else if (isEnd(line)) this.#depth -= 1;
    return true;
  }

  /** Whether the line belongs to the property that is open. */
  #goesOn(line: string): boolean {
    const last = this.#pieces.at(-1);
    if (last === undefined) return false;
    if (this.#carrier === 'quoted-printable' && SOFT_BREAK.test(last)) {
      this.#pieces[this.#pieces.length - 1] = last.replace(SOFT_BREAK, '');
      this.#pieces.push(line);
      return true;
    }
    // From 3.0 on, a line of blanks is folded like any other.
    if (line === '' || (line.trim() === '' && (this.#version === '2.1' || this.#carrier === 'base64'))) return false;
    const isFolded = line.startsWith(' ') || line.startsWith('\t');
    // In 2.1 the blank that a line is folded at belongs to the value.
    if (isFolded) this.#pieces.push(this.#version === '2.1' && this.#carrier === 'plain' ? line : line.slice(1));
    else if (this.#carrier === 'base64') {
      if (this.#isAfterBlank || !BASE64_LINE.test(line)) return false;
      this.#pieces.push(line);
    } else if (this.#version === '2.1' && last.endsWith('\\') && !isProperty(line)) {
      this.#pieces[this.#pieces.length - 1] = last.slice(0, -1);
      this.#pieces.push(`\n${line}`);
    } else return false;
    return true;
  }
}
