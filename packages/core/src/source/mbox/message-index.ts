import { crc32 } from 'node:zlib';
import type { ListedMessage } from '../mail-source.ts';

/** One message as the scan found it. Positions are those of the (decompressed) file. */
export interface IndexedMessage {
  /** Of the From_ line; of the message itself where the file begins without one. */
  readonly byteOffset: number;
  /** As it stands in the file. */
  readonly rawBytes: number;
  /** Lines that begin with one or more `>` and `From `. */
  readonly quotedLines: number;
  /** Of what mail programs don't change in place. */
  readonly crc: number;
  readonly internalDate: Date | null;
  readonly flags: readonly string[];
  /** As Gmail's labels say; null for none. */
  readonly labels: readonly string[] | null;
}

const ROW_BYTES = 24;
const ROWS_AT_A_TIME = 1000;

/** Numbers in a row, 8 bytes each, as many as come. */
class NumberColumn {
  #values = new Float64Array(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const longer = new Float64Array(this.#length * 2);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  at(row: number): number {
    return this.#values[row] ?? Number.NaN;
  }
}

/** The messages of one mbox in the order of the file, 48 bytes each, and which of them Gmail's labels put where. */
export class MessageIndex {
  readonly #byteOffset = new NumberColumn();
  readonly #rawBytes = new NumberColumn();
  readonly #quotedLines = new NumberColumn();
  readonly #crc = new NumberColumn();
  /** Milliseconds; NaN for none. */
  readonly #internalDate = new NumberColumn();
  readonly #flagSet = new NumberColumn();
  readonly #flagSets: (readonly string[])[] = [];
  readonly #flagSetIds = new Map<string, number>();
  /** Row numbers by mailbox path. */
  readonly #members = new Map<string, NumberColumn>();

  get count(): number {
    return this.#byteOffset.length;
  }

  /** The mailboxes that labels name, in the order of their first message. */
  get labels(): readonly string[] {
    return [...this.#members.keys()];
  }

  get labelCount(): number {
    return this.#members.size;
  }

  add({ byteOffset, rawBytes, quotedLines, crc, internalDate, flags, labels }: IndexedMessage): void {
    const row = this.count;
    this.#byteOffset.push(byteOffset);
    this.#rawBytes.push(rawBytes);
    this.#quotedLines.push(quotedLines);
    this.#crc.push(crc);
    this.#internalDate.push(internalDate?.getTime() ?? Number.NaN);
    this.#flagSet.push(this.#flagSetId(flags));
    for (const label of labels ?? []) {
      const members = this.#members.get(label) ?? new NumberColumn();
      members.push(row);
      this.#members.set(label, members);
    }
  }

  /** How many messages a mailbox has: that of a label, or with null the whole file's. */
  countOf(label: string | null): number {
    return label === null ? this.count : (this.#members.get(label)?.length ?? 0);
  }

  /** The messages of a mailbox, with the sizes that they have once mboxrd's quoting is undone, if `isQuoted`. Made as they are asked for. */
  list(label: string | null, isQuoted: boolean): Iterable<ListedMessage> {
    return { [Symbol.iterator]: () => this.#listed(label, isQuoted) };
  }

  /** A fingerprint of the first `count` messages of a mailbox: where they stand, how long they are, and their headers. */
  digest(label: string | null, count: number): number {
    const rows = Buffer.alloc(ROW_BYTES * ROWS_AT_A_TIME);
    let digest = 0;
    for (let from = 0; from < count; from += ROWS_AT_A_TIME) {
      const length = Math.min(ROWS_AT_A_TIME, count - from);
      for (let i = 0; i < length; i += 1) {
        const row = this.#row(label, from + i);
        rows.writeDoubleLE(this.#byteOffset.at(row), i * ROW_BYTES);
        rows.writeDoubleLE(this.#rawBytes.at(row), i * ROW_BYTES + 8);
        rows.writeDoubleLE(this.#crc.at(row), i * ROW_BYTES + 16);
      }
      digest = crc32(rows.subarray(0, length * ROW_BYTES), digest);
    }
    return digest;
  }

  *#listed(label: string | null, isQuoted: boolean): Generator<ListedMessage> {
    for (let i = 0; i < this.countOf(label); i += 1) {
      const row = this.#row(label, i);
      const date = this.#internalDate.at(row);
      yield {
        locator: this.#byteOffset.at(row),
        sizeBytes: this.#rawBytes.at(row) - (isQuoted ? this.#quotedLines.at(row) : 0),
        internalDate: Number.isNaN(date) ? null : new Date(date),
        flags: this.#flagSets[this.#flagSet.at(row)] ?? [],
      };
    }
  }

  #row(label: string | null, i: number): number {
    return label === null ? i : (this.#members.get(label)?.at(i) ?? Number.NaN);
  }

  #flagSetId(flags: readonly string[]): number {
    const key = flags.join('\0');
    const known = this.#flagSetIds.get(key);
    if (known !== undefined) return known;
    this.#flagSetIds.set(key, this.#flagSets.length);
    this.#flagSets.push(flags);
    return this.#flagSets.length - 1;
  }
}
