import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { inflateWhole, STORE } from './foreign-content.ts';
import type { ForeignFile } from './foreign-file.ts';
import type { ForeignLayout } from './foreign-layout.ts';
import { agreeingHeaderBytes, type ForeignEntry, maxLocalBytes } from './foreign-records.ts';

/** Where an entry's data begin; null when its own header says something else than the directory, or it reaches into the next. */
export const findData = async (file: ForeignFile, layout: ForeignLayout, entry: ForeignEntry): Promise<number | null> => {
  const nextStart = layout.nextStart(entry.byteOffset);
  const bytes = await file.readAt(entry.byteOffset, Math.min(maxLocalBytes(entry), nextStart - entry.byteOffset));
  const headerBytes = agreeingHeaderBytes(entry, bytes);
  if (headerBytes === null || entry.byteOffset + headerBytes + entry.compressedBytes > nextStart) return null;
  return entry.byteOffset + headerBytes;
};

/** The content of a small entry, and its data as they stand in the ZIP, in memory of their own; null when they are not what the directory says. */
export const readWhole = async (
  file: ForeignFile,
  entry: ForeignEntry,
  dataOffset: number,
): Promise<{ readonly content: Buffer; readonly data: Buffer } | null> => {
  const data = await file.readAt(dataOffset, entry.compressedBytes);
  const content = entry.method === STORE ? data : await inflateWhole(entry, data);
  return content?.length === entry.sizeBytes && crc32(content) === entry.crc32 ? { content, data } : null;
};

/** The content of an entry that was found whole, in pieces. */
export async function* readPieces(file: ForeignFile, entry: ForeignEntry, dataOffset: number): AsyncGenerator<Buffer> {
  const data = file.pieces(dataOffset, entry.compressedBytes);
  if (entry.method === STORE) yield* data;
  else for await (const piece of Readable.from(data).pipe(createInflateRaw({ chunkSize: 64 * 1024 }))) yield piece as Buffer;
}
