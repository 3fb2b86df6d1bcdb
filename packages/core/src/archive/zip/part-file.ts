import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { MailferryError } from '../../errors.ts';
import type { ArchiveEntry } from '../../mail/archive-entry.ts';
import type { Disk, DiskFile } from '../disk.ts';
import { chooseDeflate, type PreparedBody } from './prepare-body.ts';
import { encodeCentralHeader, encodeEnd, encodeLocalHeader, endBytes, headerBytes } from './zip-records.ts';

/** What the name of a part has behind it until it is sealed. */
const OPEN_SUFFIX = '.open';

/** Buffered entries are written from this size on; they are durable only after `sync`. */
const WRITE_ABOVE_BYTES = 1 * 1024 * 1024;
const STREAM_WRITE_BYTES = 1024 * 1024;
/** The beginning of a streamed message that decides how it is deflated. */
const STREAM_SAMPLE_BYTES = 128 * 1024;
/** Central directory records that are written at once. */
const DIRECTORY_WRITE_BYTES = 1024 * 1024;

/** The biggest that deflate makes of `sizeBytes` bytes that it can't shrink: stored blocks of its own. */
const deflateBound = (sizeBytes: number): number => sizeBytes + 5 * (Math.floor(sizeBytes / 16_000) + 1) + 16;

/**
 * A part file that is being written, and is its own log: entries stand in it whole, one after the other, and
 * everything before the last recorded end stays; anything behind it is cut off by the next `resumePart`.
 */
export class PartFile {
  /** Of the open file. */
  readonly path: string;
  readonly #file: DiskFile;
  /** Where the next entry begins, buffered ones counted. */
  #end: number;
  /** How far the file itself has been written. */
  #written: number;
  #buffered: Buffer[] = [];
  #entryCount: number;
  #directoryBytes: number;

  constructor(path: string, file: DiskFile, contents: { end: number; entryCount: number; directoryBytes: number }) {
    this.path = path;
    this.#file = file;
    this.#end = contents.end;
    this.#written = contents.end;
    this.#entryCount = contents.entryCount;
    this.#directoryBytes = contents.directoryBytes;
  }

  get entryCount(): number {
    return this.#entryCount;
  }

  /** The exact size of the sealed part, were an entry with `dataBytes` bytes of data added. */
  sizeWith(name: string, modifiedAt: Date, dataBytes: number): number {
    const { local, central } = headerBytes(name, modifiedAt);
    return this.#end + local + dataBytes + this.#directoryBytes + central + endBytes(this.#entryCount + 1);
  }

  /** At most that, for a message of `sizeBytes` bytes that comes as a stream. */
  sizeWithStream(name: string, modifiedAt: Date, sizeBytes: number): number {
    return this.sizeWith(name, modifiedAt, deflateBound(sizeBytes));
  }

  /** Adds an entry. It is durable after the next `sync`. */
  async append(name: string, modifiedAt: Date, body: PreparedBody): Promise<ArchiveEntry> {
    const { data, ...rest } = body;
    const entry: ArchiveEntry = { ...rest, name, modifiedAt, byteOffset: this.#end, compressedBytes: data.length };
    const header = encodeLocalHeader(entry);
    this.#buffered.push(header, data);
    this.#count(entry, header.length + data.length);
    if (this.#end - this.#written >= WRITE_ABOVE_BYTES) await this.#writeBuffered();
    return entry;
  }

  /**
   * Adds an entry piece by piece; its header is written again when sizes and CRC are known.
   * Throws, and leaves the part as it was, when the stream breaks or doesn't have `sizeBytes` bytes.
   */
  async appendStream(name: string, modifiedAt: Date, sizeBytes: number, body: AsyncIterable<Buffer>): Promise<ArchiveEntry> {
    await this.#writeBuffered();
    const byteOffset = this.#end;
    const unknown = { name, modifiedAt, byteOffset, method: 'deflate', sizeBytes, compressedBytes: 0, crc32: 0 } as const;
    const dataOffset = byteOffset + encodeLocalHeader(unknown).length;
    try {
      const sums = await this.#deflateTo(dataOffset, atMost(sizeBytes, body));
      if (sums.sizeBytes !== sizeBytes)
        throw new MailferryError('internal', { reason: `a stream of ${sizeBytes} bytes had ${sums.sizeBytes}` });
      const entry: ArchiveEntry = { ...unknown, ...sums };
      await this.#file.write([encodeLocalHeader(entry)], byteOffset);
      this.#count(entry, dataOffset - byteOffset + entry.compressedBytes);
      this.#written = this.#end;
      return entry;
    } catch (error) {
      await this.#file.truncate(byteOffset);
      throw error;
    }
  }

  /** Takes the last entry back, as long as it is not synced. */
  async takeBack(entry: ArchiveEntry): Promise<void> {
    await this.#writeBuffered();
    await this.#file.truncate(entry.byteOffset);
    this.#end = entry.byteOffset;
    this.#written = entry.byteOffset;
    this.#entryCount -= 1;
    this.#directoryBytes -= headerBytes(entry.name, entry.modifiedAt).central;
  }

  /** Makes everything that was added durable. Gives back the end of the last entry. */
  async sync(): Promise<number> {
    await this.#writeBuffered();
    await this.#file.sync();
    return this.#end;
  }

  /** Writes the central directory behind the last entry, from all entries in file order, and makes the file durable. */
  async writeDirectory(entries: Iterable<ArchiveEntry>): Promise<void> {
    await this.#writeBuffered();
    let at = this.#end;
    let pieces: Buffer[] = [];
    let pieceBytes = 0;
    let entryCount = 0;
    const write = async (): Promise<void> => {
      await this.#file.write(pieces, at);
      at += pieceBytes;
      pieces = [];
      pieceBytes = 0;
    };
    for (const entry of entries) {
      const record = encodeCentralHeader(entry);
      pieces.push(record);
      pieceBytes += record.length;
      entryCount += 1;
      if (pieceBytes >= DIRECTORY_WRITE_BYTES) await write();
    }
    const end = encodeEnd({ byteOffset: this.#end, sizeBytes: at + pieceBytes - this.#end, entryCount });
    pieces.push(end);
    pieceBytes += end.length;
    await write();
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #count(entry: ArchiveEntry, bytes: number): void {
    this.#end += bytes;
    this.#entryCount += 1;
    this.#directoryBytes += headerBytes(entry.name, entry.modifiedAt).central;
  }

  async #writeBuffered(): Promise<void> {
    if (this.#buffered.length === 0) return;
    const pieces = this.#buffered;
    this.#buffered = [];
    await this.#file.write(pieces, this.#written);
    this.#written = this.#end;
  }

  /** Deflates a stream into the file from `dataOffset` on, with flat memory. */
  async #deflateTo(dataOffset: number, body: AsyncIterable<Buffer>) {
    const { sample, whole } = await takeSample(body);
    const hash = createHash('sha256');
    const sums = { sizeBytes: 0, compressedBytes: 0, crc32: 0, sha256: '' };
    const measured = async function* (): AsyncGenerator<Buffer> {
      for await (const piece of whole) {
        hash.update(piece);
        sums.crc32 = crc32(piece, sums.crc32);
        sums.sizeBytes += piece.length;
        yield piece;
      }
    };
    const file = this.#file;
    await pipeline(Readable.from(measured()), createDeflateRaw(chooseDeflate(sample)), async (deflated: AsyncIterable<Buffer>) => {
      for await (const block of inBlocks(deflated)) {
        await file.write([block], dataOffset + sums.compressedBytes);
        sums.compressedBytes += block.length;
      }
    });
    sums.sha256 = hash.digest('hex');
    return sums;
  }
}

/** The same beginning however the stream is cut, and the whole stream with it. */
const takeSample = async (body: AsyncIterable<Buffer>): Promise<{ sample: Buffer; whole: AsyncIterable<Buffer> }> => {
  const pieces: Buffer[] = [];
  let length = 0;
  const rest = body[Symbol.asyncIterator]();
  while (length < STREAM_SAMPLE_BYTES) {
    const next = await rest.next();
    if (next.done) break;
    pieces.push(next.value);
    length += next.value.length;
  }
  const whole = async function* (): AsyncGenerator<Buffer> {
    yield* pieces;
    yield* { [Symbol.asyncIterator]: () => rest };
  };
  return { sample: Buffer.concat(pieces).subarray(0, STREAM_SAMPLE_BYTES), whole: whole() };
};

/** The stream, as long as it isn't longer than it may be. */
async function* atMost(sizeBytes: number, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > sizeBytes) throw new MailferryError('internal', { reason: `a stream of ${sizeBytes} bytes had more` });
    yield piece;
  }
}

async function* inBlocks(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let block: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    block.push(piece);
    length += piece.length;
    if (length < STREAM_WRITE_BYTES) continue;
    yield Buffer.concat(block, length);
    block = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(block, length);
}

/** Makes the file of a new part. A file of that name is one that the ledger never recorded, and is overwritten. */
export const createPart = async (disk: Disk, directory: string, fileName: string): Promise<PartFile> => {
  const path = join(directory, `${fileName}${OPEN_SUFFIX}`);
  return new PartFile(path, await disk.create(path), { end: 0, entryCount: 0, directoryBytes: 0 });
};

/**
 * Opens a part that an earlier run left open, and cuts off what was never recorded.
 * `entries` are the recorded ones. Errors: `archive-part-lost` when the file is gone or too short.
 */
export const resumePart = async (
  disk: Disk,
  directory: string,
  fileName: string,
  committedBytes: number,
  entries: Iterable<ArchiveEntry>,
): Promise<PartFile> => {
  const path = join(directory, `${fileName}${OPEN_SUFFIX}`);
  const found = await stat(path).catch(() => null);
  if (committedBytes === 0 && !found) return createPart(disk, directory, fileName);
  if (!found || found.size < committedBytes) throw new MailferryError('archive-part-lost', { part: fileName });
  let entryCount = 0;
  let directoryBytes = 0;
  for (const { name, modifiedAt } of entries) {
    entryCount += 1;
    directoryBytes += headerBytes(name, modifiedAt).central;
  }
  const file = await disk.open(path);
  if (found.size > committedBytes) await file.truncate(committedBytes);
  return new PartFile(path, file, { end: committedBytes, entryCount, directoryBytes });
};
