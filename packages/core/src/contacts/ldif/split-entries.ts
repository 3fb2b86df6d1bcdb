import { MAX_ENTRY_BYTES, MAX_ENTRY_LINES } from './ldif-entry.ts';

/** The lines between two blank ones. */
export interface RawEntry {
  /** Where it begins, from 1. */
  readonly line: number;
  /** Null where it is beyond a limit. */
  readonly bytes: Buffer | null;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NO_BYTES: Buffer = Buffer.alloc(0);

/** Puts the lines of one entry together. Holds no more than the limits of an entry. */
class EntryUnderWay {
  readonly #line: number;
  readonly #pieces: Buffer[] = [];
  #sizeBytes = 0;
  #lines = 0;
  #isTooLarge = false;

  constructor(line: number) {
    this.#line = line;
  }

  /** Whole lines, or a part of one. */
  add(bytes: Buffer, lines: number): void {
    this.#sizeBytes += bytes.length;
    this.#lines += lines;
    if (this.#sizeBytes > MAX_ENTRY_BYTES || this.#lines > MAX_ENTRY_LINES) {
      this.#isTooLarge = true;
      this.#pieces.length = 0;
    } else if (bytes.length > 0) this.#pieces.push(bytes);
  }

  finish(): RawEntry {
    const [only = NO_BYTES, second] = this.#pieces;
    return { line: this.#line, bytes: this.#isTooLarge ? null : second === undefined ? only : Buffer.concat(this.#pieces) };
  }
}

/** Finds the ends of entries in the chunks of a file, in their order. */
class EntrySplitter {
  #entry: EntryUnderWay | null = null;
  #line = 1;
  /** What earlier chunks have of the line under way. */
  #begun: 'nothing' | 'carriage-return' | 'text' = 'nothing';

  /** The entries that end in this chunk. */
  push(bytes: Buffer): RawEntry[] {
    const ended: RawEntry[] = [];
    /** Where the bytes begin that the entry doesn't have yet, and how many lines end in them. */
    let from = 0;
    let lines = 0;
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      if (this.#isBlank(bytes, start, end)) {
        this.#entry?.add(bytes.subarray(from, start), lines);
        ended.push(...this.finish());
        from = end + 1;
        lines = 0;
      } else {
        this.#entry ??= new EntryUnderWay(this.#line);
        lines += 1;
      }
      this.#begun = 'nothing';
      this.#line += 1;
      start = end + 1;
    }
    this.#begin(bytes, start);
    this.#entry?.add(bytes.subarray(from), lines);
    return ended;
  }

  /** The entry under way, if any. */
  finish(): RawEntry[] {
    const entry = this.#entry;
    this.#entry = null;
    return entry === null ? [] : [entry.finish()];
  }

  #isBlank(bytes: Buffer, start: number, end: number): boolean {
    if (end === start) return this.#begun !== 'text';
    return this.#begun === 'nothing' && end === start + 1 && bytes[start] === CARRIAGE_RETURN;
  }

  /** A line whose end is in a later chunk. */
  #begin(bytes: Buffer, start: number): void {
    if (start === bytes.length) return;
    const isReturn = this.#begun === 'nothing' && start === bytes.length - 1 && bytes[start] === CARRIAGE_RETURN;
    this.#begun = isReturn ? 'carriage-return' : 'text';
    if (!isReturn) this.#entry ??= new EntryUnderWay(this.#line);
  }
}

/**
 * The entries of an LDIF file, a batch for each chunk that ends one. Lines end in LF or CRLF; blank ones separate entries. The bytes
 * of an entry are those of the chunks where it lies in one, so a chunk must not be used again.
 */
export async function* splitEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly RawEntry[]> {
  const splitter = new EntrySplitter();
  for await (const chunk of chunks) {
    const entries = splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (entries.length > 0) yield entries;
  }
  const last = splitter.finish();
  if (last.length > 0) yield last;
}
