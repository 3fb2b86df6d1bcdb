/** A value with parameters, as Content-Type and Content-Disposition have them. Latin-1, one character per byte. */
export interface ParameterizedValue {
  /** As it was written, without comments. */
  readonly value: string;
  /** Names as they were written; what RFC 2231 cut into pieces is joined, and keeps its `*` where it is encoded. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const MAX_PARAMETERS = 200;

/** Reads RFC 2045 §5.1 from left to right, and goes on behind what is none of it. */
class Scanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  accept(character: string): boolean {
    const isNext = this.#text[this.#position] === character;
    if (isNext) this.#position += 1;
    return isNext;
  }

  /** White space and comments, RFC 822 §3.4.3; they nest. */
  skipSpace(): void {
    for (let depth = 0; !this.isAtEnd; this.#position += 1) {
      const character = this.#text[this.#position];
      if (depth > 0 && character === '\\') this.#position += 1;
      else if (character === '(') depth += 1;
      else if (character === ')' && depth > 0) depth -= 1;
      else if (depth === 0 && character !== ' ' && character !== '\t') return;
    }
  }

  /** Up to one of `ends`, white space or a comment; may be empty. */
  token(ends: string): string {
    const start = this.#position;
    while (!this.isAtEnd && !` \t(${ends}`.includes(this.#text.charAt(this.#position))) this.#position += 1;
    return this.#text.slice(start, this.#position);
  }

  /** Behind its opening quote; one without an end goes to the end. */
  quoted(): string {
    let value = '';
    for (; !this.isAtEnd; this.#position += 1) {
      const character = this.#text.charAt(this.#position);
      if (character === '"') {
        this.#position += 1;
        break;
      }
      if (character === '\\') this.#position += 1;
      value += this.#text.charAt(this.#position);
    }
    return value;
  }

  skipTo(character: string): void {
    const next = this.#text.indexOf(character, this.#position);
    this.#position = next === -1 ? this.#text.length : next;
  }
}

const readParameter = (scanner: Scanner): [name: string, value: string] | null => {
  scanner.skipSpace();
  const name = scanner.token('=;');
  scanner.skipSpace();
  if (name === '' || !scanner.accept('=')) return null;
  scanner.skipSpace();
  const value = scanner.accept('"') ? scanner.quoted() : scanner.token(';');
  return [name, value];
};

const PIECE = /^(.+?)\*(\d{1,3})(\*?)$/;

/** RFC 2231 §3: the pieces of a parameter become one, where its first piece stood. */
const joinPieces = (parameters: readonly (readonly [string, string])[]): (readonly [string, string])[] => {
  const pieces = new Map<string, { readonly index: number; readonly value: string; readonly isEncoded: boolean }[]>();
  for (const [name, value] of parameters) {
    const [, base = '', index = '', star] = PIECE.exec(name) ?? [];
    if (base === '') continue;
    const known = pieces.get(base.toLowerCase()) ?? [];
    pieces.set(base.toLowerCase(), [...known, { index: Number(index), value, isEncoded: star === '*' }]);
  }
  const joined: (readonly [string, string])[] = [];
  for (const parameter of parameters) {
    const base = PIECE.exec(parameter[0])?.[1];
    if (base === undefined) joined.push(parameter);
    const ofBase = base === undefined ? undefined : pieces.get(base.toLowerCase());
    if (base === undefined || !ofBase) continue;
    pieces.delete(base.toLowerCase());
    const ordered = ofBase.toSorted((a, b) => a.index - b.index);
    const suffix = ordered.some(({ isEncoded }) => isEncoded) ? '*' : '';
    joined.push([`${base}${suffix}`, ordered.map(({ value }) => value).join('')]);
  }
  return joined;
};

/** Never throws; what can't be read is left out. At most 200 parameters. */
export const readParameterized = (text: string): ParameterizedValue => {
  const scanner = new Scanner(text);
  scanner.skipSpace();
  const value = scanner.token(';').trim();
  const parameters: [string, string][] = [];
  scanner.skipTo(';');
  while (scanner.accept(';') && parameters.length < MAX_PARAMETERS) {
    const parameter = readParameter(scanner);
    if (parameter) parameters.push(parameter);
    scanner.skipTo(';');
  }
  return { value, parameters: joinPieces(parameters) };
};

/** By name, whatever its case. */
export const parameterOf = ({ parameters }: ParameterizedValue, name: string): string | undefined =>
  parameters.find(([given]) => given.toLowerCase() === name)?.[1];
