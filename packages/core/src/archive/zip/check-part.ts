import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { throwIfCancelled } from '../../errors.ts';
import type { ArchiveEntry } from '../../mail/archive-entry.ts';
import type { DamageCode } from '../damage.ts';
import { checkContent, contentFault, inflateFault } from './check-content.ts';
import { blocksOf, FrontToBack } from './front-to-back.ts';
import { type ExpectedMessage, localEntries } from './local-entries.ts';
import { ownBuffer, toBuffer } from './thread-jobs.ts';
import type { WorkThreads } from './work-threads.ts';
import { encodeCentralHeader, encodeEnd, encodeLocalHeader } from './zip-records.ts';

/** An entry as it should be; `sha256` is null where only the part itself tells of it. */
export type ExpectedEntry = Omit<ArchiveEntry, 'sha256'> & { readonly sha256: string | null };

/** Something in a part that is not as its entries say. */
interface PartFinding {
  readonly entryName: string | null;
  readonly code: DamageCode;
  readonly detail: string;
}

export interface PartCheck {
  readonly sizeBytes: number;
  /** Over the whole file, lower-case hex. */
  readonly sha256: string;
  readonly findings: readonly PartFinding[];
}

export interface CheckOptions {
  readonly threads: WorkThreads;
  readonly onEntry?: (entry: ExpectedEntry) => void;
  readonly signal: AbortSignal;
}

/** Bigger entries are inflated piece by piece. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;
/** Entries go to a thread together: each trip costs as much as some kilobytes of work. */
const BATCH_BYTES = 256 * 1024;
/** Inflated and compressed bytes that are looked at side by side. */
const IN_FLIGHT_BYTES = 8 * 1024 * 1024;

/** For a reader that keeps pieces while the next ones are read. */
async function* copies(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}

const checkStream = async (entry: ExpectedEntry, data: AsyncIterable<Buffer>): Promise<string | undefined> => {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let crc = 0;
  const source = Readable.from(copies(data));
  try {
    const inflating = createInflateRaw();
    source.once('error', (error) => inflating.destroy(error));
    const body: AsyncIterable<Buffer> = entry.method === 'store' ? data : source.pipe(inflating);
    for await (const piece of body) {
      sizeBytes += piece.length;
      if (sizeBytes > entry.sizeBytes) return `more than ${entry.sizeBytes} bytes`;
      crc = crc32(piece, crc);
      hash.update(piece);
    }
    return contentFault(entry, sizeBytes, crc, hash.digest('hex'));
  } catch (error) {
    return inflateFault(error);
  } finally {
    // Where it broke off, the source would go on reading what the next entry needs.
    source.destroy();
    if (!source.closed) await once(source, 'close');
  }
};

/**
 * Reads a part once from front to back and holds every byte against its entries: each header, each message by
 * size, CRC-32 and SHA-256, and the central directory. `entries` are all of them, in file order.
 */
export const checkPart = (path: string, entries: Iterable<ExpectedEntry>, options: CheckOptions): Promise<PartCheck> =>
  check(new FrontToBack(blocksOf(path)), () => entries, options);

/**
 * The same for a part that can be read only once, as when it is decrypted on the way: where its entries are is taken
 * from their own headers. `expected` are the messages of its manifest, in their order.
 */
export const checkPartStream = (
  content: AsyncIterable<Uint8Array>,
  expected: Iterable<ExpectedMessage>,
  options: CheckOptions,
): Promise<PartCheck> => check(new FrontToBack(content), (file) => localEntries(file, expected), options);

const check = async (
  file: FrontToBack,
  entriesOf: (file: FrontToBack) => Iterable<ExpectedEntry> | AsyncIterable<ExpectedEntry>,
  options: CheckOptions,
): Promise<PartCheck> => {
  try {
    return await new PartChecker(file, options).run(entriesOf(file));
  } finally {
    await file.close();
  }
};

class PartChecker {
  readonly #file: FrontToBack;
  readonly #options: CheckOptions;
  readonly #findings: PartFinding[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #underWayBytes = 0;
  #entries: ExpectedEntry[] = [];
  #contents: Uint8Array[] = [];
  #batchBytes = 0;
  #hasSent = false;

  constructor(file: FrontToBack, options: CheckOptions) {
    this.#file = file;
    this.#options = options;
  }

  async run(entries: Iterable<ExpectedEntry> | AsyncIterable<ExpectedEntry>): Promise<PartCheck> {
    const directory = createHash('sha256');
    let entryCount = 0;
    let directoryBytes = 0;
    for await (const entry of entries) {
      throwIfCancelled(this.#options.signal);
      await this.#checkEntry(entry);
      const record = encodeCentralHeader(entry);
      directory.update(record);
      directoryBytes += record.length;
      entryCount += 1;
    }
    this.#finish();
    await Promise.all(this.#underWay);
    directory.update(encodeEnd({ byteOffset: this.#file.byteOffset, sizeBytes: directoryBytes, entryCount }));
    await this.#checkDirectory(directory.digest('hex'));
    return { ...(await this.#file.finish()), findings: this.#findings };
  }

  async #checkEntry(entry: ExpectedEntry): Promise<void> {
    if (entry.byteOffset !== this.#file.byteOffset) {
      this.#find(
        entry,
        'directory-invalid',
        `it is said to begin at ${entry.byteOffset}, but the one before ends at ${this.#file.byteOffset}`,
      );
      if (entry.byteOffset < this.#file.byteOffset) return;
      await this.#file.skipTo(entry.byteOffset);
    }
    const header = encodeLocalHeader(entry);
    if (!(await this.#file.take(header.length)).equals(header)) this.#find(entry, 'entry-header', 'the header in front of it is another');
    if (entry.compressedBytes > IN_MEMORY_BYTES || entry.sizeBytes > IN_MEMORY_BYTES) {
      const end = this.#file.byteOffset + entry.compressedBytes;
      this.#conclude(entry, await checkStream(entry, this.#file.stream(entry.compressedBytes)));
      // A broken stream ends early: the next entry begins where it should all the same.
      return this.#file.skipTo(end);
    }
    this.#entries.push(entry);
    this.#contents.push(ownBuffer(await this.#file.take(entry.compressedBytes)));
    this.#batchBytes += entry.compressedBytes + entry.sizeBytes;
    if (this.#batchBytes >= BATCH_BYTES) this.#send();
    while (this.#underWay.size > 0 && this.#underWayBytes > IN_FLIGHT_BYTES) await Promise.race(this.#underWay);
  }

  /** What was read last. A part of few bytes is looked at faster than a thread starts. */
  #finish(): void {
    if (this.#hasSent) this.#send();
    else
      for (const [i, entry] of this.#entries.entries())
        this.#conclude(entry, checkContent(entry, toBuffer(this.#contents[i] ?? new Uint8Array())));
  }

  /** Has a thread look at the entries that were read. */
  #send(): void {
    const [entries, contents, bytes] = [this.#entries, this.#contents, this.#batchBytes];
    if (entries.length === 0) return;
    this.#hasSent = true;
    this.#entries = [];
    this.#contents = [];
    this.#batchBytes = 0;
    this.#underWayBytes += bytes;
    const expected = entries.map(({ method, sizeBytes, crc32, sha256 }) => ({ method, sizeBytes, crc32, sha256 }));
    const checking = this.#options.threads.run({ kind: 'check', entries: expected, contents }, contents).then(({ faults }) => {
      this.#underWayBytes -= bytes;
      this.#underWay.delete(checking);
      for (const [i, entry] of entries.entries()) this.#conclude(entry, faults[i]);
    });
    // Waited for in its turn; a failure before that is no surprise to the process.
    checking.catch(() => undefined);
    this.#underWay.add(checking);
  }

  #conclude(entry: ExpectedEntry, fault: string | undefined): void {
    if (fault !== undefined) this.#find(entry, 'entry-content', fault);
    this.#options.onEntry?.(entry);
  }

  async #checkDirectory(expected: string): Promise<void> {
    const found = createHash('sha256');
    for await (const piece of this.#file.stream(Number.POSITIVE_INFINITY)) found.update(piece);
    if (found.digest('hex') !== expected)
      this.#findings.push({ entryName: null, code: 'directory-invalid', detail: 'the central directory is another' });
  }

  #find(entry: ExpectedEntry, code: DamageCode, detail: string): void {
    this.#findings.push({ entryName: entry.name, code, detail });
  }
}
