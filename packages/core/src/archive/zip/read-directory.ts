import { open } from 'node:fs/promises';
import type { ArchiveEntry } from '../../mail/archive-entry.ts';
import {
  CENTRAL_HEADER,
  CENTRAL_HEADER_BYTES,
  END,
  END_BYTES,
  MAX_UINT16,
  TIMESTAMP_FIELD,
  ZIP64_END,
  ZIP64_END_BYTES,
  ZIP64_LOCATOR,
  ZIP64_LOCATOR_BYTES,
} from './zip-records.ts';

/** An entry as the central directory has it. */
export type DirectoryEntry = Omit<ArchiveEntry, 'sha256'>;

/** A directory of more than this is not one of ours. */
const MAX_DIRECTORY_BYTES = 1024 * 1024 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the central directory of a part, in file order. It knows only the dialect that Mailferry writes:
 * no comment, no data before the first entry or after the end. Throws an Error that says what is wrong.
 */
export const readDirectory = async (path: string): Promise<DirectoryEntry[]> => {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const tailBytes = Math.min(size, END_BYTES + ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES);
    const tail = Buffer.alloc(tailBytes);
    await handle.read(tail, 0, tailBytes, size - tailBytes);
    const { byteOffset, sizeBytes, entryCount, end } = locate(tail, size);
    if (byteOffset + sizeBytes !== end || sizeBytes > MAX_DIRECTORY_BYTES) throw new Error('the end record points elsewhere');
    const directory = Buffer.alloc(sizeBytes);
    await handle.read(directory, 0, sizeBytes, byteOffset);
    const entries = [...parseRecords(directory)];
    if (entries.length !== entryCount) throw new Error(`${entries.length} records where ${entryCount} are announced`);
    return entries;
  } finally {
    await handle.close();
  }
};

/** Where the directory is, by the end record (and its 64-bit form) in the last bytes of the file. */
const locate = (tail: Buffer, fileBytes: number) => {
  const at = tail.length - END_BYTES;
  if (at < 0 || tail.readUInt32LE(at) !== END) throw new Error('there is no end record');
  const entryCount = tail.readUInt16LE(at + 10);
  if (entryCount !== MAX_UINT16) {
    return { byteOffset: tail.readUInt32LE(at + 16), sizeBytes: tail.readUInt32LE(at + 12), entryCount, end: fileBytes - END_BYTES };
  }
  const locator = at - ZIP64_LOCATOR_BYTES;
  const zip64 = locator - ZIP64_END_BYTES;
  if (zip64 < 0 || tail.readUInt32LE(locator) !== ZIP64_LOCATOR || tail.readUInt32LE(zip64) !== ZIP64_END)
    throw new Error('there is no ZIP64 end record');
  return {
    byteOffset: Number(tail.readBigUInt64LE(zip64 + 48)),
    sizeBytes: Number(tail.readBigUInt64LE(zip64 + 40)),
    entryCount: Number(tail.readBigUInt64LE(zip64 + 32)),
    end: fileBytes - tail.length + zip64,
  };
};

function* parseRecords(directory: Buffer): Iterable<DirectoryEntry> {
  for (let at = 0; at < directory.length; ) {
    if (at + CENTRAL_HEADER_BYTES > directory.length || directory.readUInt32LE(at) !== CENTRAL_HEADER)
      throw new Error(`there is no record at ${at}`);
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const name = at + CENTRAL_HEADER_BYTES;
    const end = name + nameBytes + extraBytes + directory.readUInt16LE(at + 32);
    if (end > directory.length) throw new Error(`the record at ${at} is cut off`);
    yield {
      name: utf8.decode(directory.subarray(name, name + nameBytes)),
      byteOffset: directory.readUInt32LE(at + 42),
      method: directory.readUInt16LE(at + 10) === 0 ? 'store' : 'deflate',
      sizeBytes: directory.readUInt32LE(at + 24),
      compressedBytes: directory.readUInt32LE(at + 20),
      crc32: directory.readUInt32LE(at + 16),
      modifiedAt: modifiedAtOf(directory.subarray(name + nameBytes, name + nameBytes + extraBytes), directory.readUInt32LE(at + 12)),
    };
    at = end;
  }
}

/** The extended timestamp where it is there, else the MS-DOS time. */
export const modifiedAtOf = (extra: Buffer, dosTime: number): Date => {
  if (extra.length >= 9 && extra.readUInt16LE(0) === TIMESTAMP_FIELD) return new Date(extra.readInt32LE(5) * 1000);
  const [date, time] = [dosTime >>> 16, dosTime & 0xffff];
  return new Date(Date.UTC(1980 + (date >>> 9), ((date >>> 5) & 15) - 1, date & 31, time >>> 11, (time >>> 5) & 63, (time & 31) * 2));
};
