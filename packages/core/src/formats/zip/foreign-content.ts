import { Readable } from 'node:stream';
import { crc32, createInflateRaw, type InflateRaw, inflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import type { ForeignFile } from './foreign-file.ts';
import type { ForeignEntry } from './foreign-records.ts';

export const STORE = 0;
export const DEFLATE = 8;

/** Inflating these takes less time than handing them to another thread. */
const AT_ONCE_BYTES = 64 * 1024;
/** Bigger entries are inflated piece by piece. */
const IN_MEMORY_BYTES = 4 * 1024 * 1024;

const isWhole = (entry: ForeignEntry, body: Buffer): boolean => body.length === entry.sizeBytes && crc32(body) === entry.crc32;

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: InflateRaw;
}

/** Room for one byte more than stated: a body that is too long shows, and one that isn't comes out in one piece. */
const inflateOptions = (entry: ForeignEntry): ZlibOptions => ({
  maxOutputLength: entry.sizeBytes + 1,
  chunkSize: Math.max(64, entry.sizeBytes + 1),
  info: true,
});

const isWholeInflated = (entry: ForeignEntry, { buffer, engine }: Inflated): boolean =>
  engine.bytesWritten === entry.compressedBytes && isWhole(entry, buffer);

const inflateAtOnce = (entry: ForeignEntry, bytes: Buffer): boolean => {
  try {
    return isWholeInflated(entry, inflateRawSync(bytes, inflateOptions(entry)) as unknown as Inflated);
  } catch {
    return false;
  }
};

const inflateElsewhere = (entry: ForeignEntry, bytes: Buffer): Promise<boolean> =>
  new Promise((resolve) => {
    inflateRaw(bytes, inflateOptions(entry), (error, result) => {
      resolve(error === null && isWholeInflated(entry, result as unknown as Inflated));
    });
  });

/** What a deflated entry inflates to, in memory of its own and no longer than stated; null for data that are no such stream. */
export const inflateWhole = (entry: ForeignEntry, data: Buffer): Promise<Buffer | null> =>
  new Promise((resolve) => {
    inflateRaw(data, inflateOptions(entry), (error, result) => {
      const { buffer, engine } = (result ?? {}) as unknown as Partial<Inflated>;
      const isExact = error === null && engine?.bytesWritten === entry.compressedBytes;
      // zlib's own room may be bigger than what is in it.
      resolve(isExact && buffer ? Buffer.from(buffer) : null);
    });
  });

const isWholeInPieces = async (entry: ForeignEntry, body: AsyncIterable<Buffer>): Promise<boolean> => {
  let sizeBytes = 0;
  let crc = 0;
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > entry.sizeBytes) return false;
    crc = crc32(piece, crc);
  }
  return sizeBytes === entry.sizeBytes && crc === entry.crc32;
};

const inflateInPieces = async (file: ForeignFile, entry: ForeignEntry, dataOffset: number): Promise<boolean> => {
  const source = Readable.from(file.pieces(dataOffset, entry.compressedBytes));
  const inflating = createInflateRaw({ chunkSize: 64 * 1024 });
  let unreadable: unknown;
  source.once('error', (error) => {
    unreadable = error;
    inflating.destroy(error);
  });
  try {
    return (await isWholeInPieces(entry, source.pipe(inflating))) && inflating.bytesWritten === entry.compressedBytes;
  } catch {
    if (unreadable) throw unreadable;
    return false;
  } finally {
    source.destroy();
  }
};

/** True for entries that `checkInMemory` takes. */
export const fitsInMemory = ({ compressedBytes, sizeBytes }: ForeignEntry): boolean =>
  Math.max(compressedBytes, sizeBytes) <= IN_MEMORY_BYTES;

/**
 * True if the data of a stored or deflated entry are what its directory record says: length, CRC-32, and nothing
 * behind the end of the deflated stream. Small entries are answered at once.
 */
export const checkInMemory = (entry: ForeignEntry, bytes: Buffer): boolean | Promise<boolean> => {
  if (entry.method === STORE) return isWhole(entry, bytes);
  return entry.sizeBytes <= AT_ONCE_BYTES ? inflateAtOnce(entry, bytes) : inflateElsewhere(entry, bytes);
};

/** The same for an entry of any size, piece by piece. */
export const checkInPieces = (file: ForeignFile, entry: ForeignEntry, dataOffset: number): Promise<boolean> =>
  entry.method === STORE
    ? isWholeInPieces(entry, file.pieces(dataOffset, entry.compressedBytes))
    : inflateInPieces(file, entry, dataOffset);
