import type { OutputStream } from './terminal.ts';

/** Who reads the output has gone away (`| head`): there is nothing more to do, and nothing wrong. */
export class ReaderGone extends Error {}

/** Where a result goes that is longer than memory should hold: each write waits until the reader takes more. */
export class Output {
  readonly #stream: OutputStream;
  readonly #above: (write: () => void) => void;
  #list: { readonly isEmpty: boolean } | null = null;

  /** `above` runs a write so that it doesn't end up in the line of the progress. */
  constructor(stream: OutputStream, above: (write: () => void) => void) {
    this.#stream = stream;
    this.#above = above;
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** A file or a pipe has no width to keep to. */
  get columns(): number {
    return this.#stream.columns || Number.POSITIVE_INFINITY;
  }

  /** True between `beginList` and `endList`. */
  get isInList(): boolean {
    return this.#list !== null;
  }

  /** Errors: `ReaderGone`. */
  write(content: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(new ReaderGone('', { cause: error })) : resolve());
      this.#above(() => this.#stream.write(content, done));
    });
  }

  lines(lines: readonly string[]): Promise<void> {
    return this.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Begins one JSON document, an object with a list in it. */
  async beginList(head: object, name: string): Promise<void> {
    this.#list = { isEmpty: true };
    const fields = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
    await this.write(`{\n${fields.join('')}  ${JSON.stringify(name)}: [`);
  }

  async addItem(item: object): Promise<void> {
    const separator = this.#list?.isEmpty ? '' : ',';
    this.#list = { isEmpty: false };
    await this.write(`${separator}\n    ${JSON.stringify(item)}`);
  }

  /** Ends the list and the document, with what is known at the end; there has to be something. */
  async endList(tail: object): Promise<void> {
    const end = this.#list?.isEmpty ? ']' : '\n  ]';
    this.#list = null;
    const fields = Object.entries(tail).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
    await this.write(`${end},\n${fields.join(',\n')}\n}\n`);
  }
}
