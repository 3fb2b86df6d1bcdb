import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { crc32, createInflateRaw, inflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { throwIfCancelled } from '../../errors.ts';
import type { ArchiveEntry } from '../../mail/archive-entry.ts';
import type { DamageCode } from '../damage.ts';
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
  readonly onEntry?: (entry: ExpectedEntry) => void;
  readonly signal: AbortSignal;
}

const inflate = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw);

const READ_BYTES = 256 * 1024;
/** Bigger entries are inflated piece by piece. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;
/** Inflated and compressed bytes that are looked at side by side. */
const IN_FLIGHT_BYTES = 4 * 1024 * 1024;
/** As many as zlib's thread pool has threads. */
const IN_FLIGHT_ENTRIES = 4;

/** A file read once from front to back, hashed on the way. */
class FrontToBack {
  readonly #handle: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  #block = this.#buffer.subarray(0, 0);
  #head = 0;
  byteOffset = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** The next `count` bytes in memory of their own; fewer at the end of the file. */
  async take(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.stream(count)) pieces.push(Buffer.from(piece));
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  }

  /** The next `count` bytes as they are read; each piece is good until the next. Fewer at the end of the file. */
  async *stream(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#head === this.#block.length && !(await this.#fill())) return;
      const piece = this.#block.subarray(this.#head, this.#head + left);
      this.#head += piece.length;
      this.byteOffset += piece.length;
      left -= piece.length;
      yield piece;
    }
  }

  /** Reads the rest for its hash. */
  async finish(): Promise<{ sizeBytes: number; sha256: string }> {
    for await (const _ of this.stream(Number.POSITIVE_INFINITY));
    return { sizeBytes: this.byteOffset, sha256: this.#hash.digest('hex') };
  }

  async #fill(): Promise<boolean> {
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, READ_BYTES);
    this.#block = this.#buffer.subarray(0, bytesRead);
    this.#head = 0;
    this.#hash.update(this.#block);
    return bytesRead > 0;
  }
}

/** Why the bytes of an entry are not the message's; undefined when they are. */
const contentFault = (entry: ExpectedEntry, sizeBytes: number, crc: number, sha256: string): string | undefined => {
  if (sizeBytes !== entry.sizeBytes) return `${sizeBytes} bytes instead of ${entry.sizeBytes}`;
  if (crc !== entry.crc32) return 'the CRC-32 differs';
  return entry.sha256 === null || sha256 === entry.sha256 ? undefined : 'the SHA-256 differs';
};

/**
 * Up to this size the trip to zlib's thread pool and back costs more than the work itself (measured: a
 * quarter of a millisecond for either at 16 KiB), so it is done at once.
 */
const AT_ONCE_BYTES = 32 * 1024;

/** Never gives more than `sizeBytes` bytes, whatever the data says. */
const inflateWhole = async (data: Buffer, sizeBytes: number): Promise<Buffer> => {
  // zlib wants room for at least one byte.
  const options = { maxOutputLength: Math.max(1, sizeBytes), chunkSize: Math.max(64, sizeBytes) };
  return sizeBytes <= AT_ONCE_BYTES ? inflateRawSync(data, options) : inflate(data, options);
};

const checkInMemory = async (entry: ExpectedEntry, data: Buffer): Promise<string | undefined> => {
  try {
    const body = entry.method === 'store' ? data : await inflateWhole(data, entry.sizeBytes);
    return contentFault(entry, body.length, crc32(body), createHash('sha256').update(body).digest('hex'));
  } catch (error) {
    return `it can't be inflated: ${error instanceof Error ? error.message : String(error)}`;
  }
};

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
    return `it can't be inflated: ${error instanceof Error ? error.message : String(error)}`;
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
export const checkPart = async (path: string, entries: Iterable<ExpectedEntry>, { onEntry, signal }: CheckOptions): Promise<PartCheck> => {
  const handle = await open(path, 'r');
  try {
    return await new PartChecker(new FrontToBack(handle), onEntry).run(entries, signal);
  } finally {
    await handle.close();
  }
};

class PartChecker {
  readonly #file: FrontToBack;
  readonly #onEntry: ((entry: ExpectedEntry) => void) | undefined;
  readonly #findings: PartFinding[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #underWayBytes = 0;

  constructor(file: FrontToBack, onEntry: ((entry: ExpectedEntry) => void) | undefined) {
    this.#file = file;
    this.#onEntry = onEntry;
  }

  async run(entries: Iterable<ExpectedEntry>, signal: AbortSignal): Promise<PartCheck> {
    const directory = createHash('sha256');
    let entryCount = 0;
    let directoryBytes = 0;
    for (const entry of entries) {
      throwIfCancelled(signal);
      await this.#checkEntry(entry);
      const record = encodeCentralHeader(entry);
      directory.update(record);
      directoryBytes += record.length;
      entryCount += 1;
    }
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
      await this.#skipTo(entry.byteOffset);
    }
    const header = encodeLocalHeader(entry);
    if (!(await this.#file.take(header.length)).equals(header)) this.#find(entry, 'entry-header', 'the header in front of it is another');
    if (entry.compressedBytes > IN_MEMORY_BYTES || entry.sizeBytes > IN_MEMORY_BYTES) {
      const end = this.#file.byteOffset + entry.compressedBytes;
      this.#conclude(entry, await checkStream(entry, this.#file.stream(entry.compressedBytes)));
      // A broken stream ends early: the next entry begins where it should all the same.
      return this.#skipTo(end);
    }
    const data = await this.#file.take(entry.compressedBytes);
    const bytes = data.length + entry.sizeBytes;
    while (this.#underWay.size >= IN_FLIGHT_ENTRIES || (this.#underWay.size > 0 && this.#underWayBytes + bytes > IN_FLIGHT_BYTES))
      await Promise.race(this.#underWay);
    this.#underWayBytes += bytes;
    const checking = checkInMemory(entry, data).then((fault) => {
      this.#underWayBytes -= bytes;
      this.#underWay.delete(checking);
      this.#conclude(entry, fault);
    });
    this.#underWay.add(checking);
  }

  async #skipTo(byteOffset: number): Promise<void> {
    for await (const _ of this.#file.stream(byteOffset - this.#file.byteOffset));
  }

  #conclude(entry: ExpectedEntry, fault: string | undefined): void {
    if (fault !== undefined) this.#find(entry, 'entry-content', fault);
    this.#onEntry?.(entry);
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
