import { Readable } from 'node:stream';
import { crc32, createInflateRaw, type InflateRaw, inflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import type { ForeignFile, ForwardReader } from './foreign-file.ts';
import type { ForeignEntry, LocalHeader } from './foreign-records.ts';

export const STORE = 0;
export const DEFLATE = 8;

const ENCRYPTED_FLAG = 0x0001;
const SIZES_FOLLOW_FLAG = 0x0008;
/** Inflating these takes less time than handing them to another thread. */
const AT_ONCE_BYTES = 64 * 1024;
/** Bigger entries are inflated piece by piece. */
const IN_MEMORY_BYTES = 4 * 1024 * 1024;

/** True where the two headers of an entry say the same about its content. */
export const headersAgree = (entry: ForeignEntry, local: LocalHeader): boolean => {
  if (!local.nameBytes.equals(entry.nameBytes) || local.method !== entry.method) return false;
  if (((local.flags ^ entry.flags) & ENCRYPTED_FLAG) !== 0) return false;
  if ((local.flags & SIZES_FOLLOW_FLAG) !== 0) return true;
  return local.crc32 === entry.crc32 && local.compressedBytes === entry.compressedBytes && local.sizeBytes === entry.sizeBytes;
};

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
  const inflating = createInflateRaw();
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

/**
 * True if the data of a stored or deflated entry are what its directory record says: length, CRC-32, and nothing
 * behind the end of the deflated stream. Never holds more than a few MiB of one entry. Small entries are answered at
 * once; `reader` is free again when the call returns or its promise is fulfilled.
 */
export const checkContent = async (
  file: ForeignFile,
  reader: ForwardReader,
  entry: ForeignEntry,
  dataOffset: number,
): Promise<{ readonly whole: boolean | Promise<boolean> }> => {
  if (Math.max(entry.compressedBytes, entry.sizeBytes) > IN_MEMORY_BYTES) {
    const stored = entry.method === STORE;
    const whole = stored
      ? isWholeInPieces(entry, file.pieces(dataOffset, entry.compressedBytes))
      : inflateInPieces(file, entry, dataOffset);
    return { whole: await whole };
  }
  const bytes = await reader.read(dataOffset, entry.compressedBytes);
  if (entry.method === STORE) return { whole: isWhole(entry, bytes) };
  return { whole: entry.sizeBytes <= AT_ONCE_BYTES ? inflateAtOnce(entry, bytes) : inflateElsewhere(entry, bytes) };
};
