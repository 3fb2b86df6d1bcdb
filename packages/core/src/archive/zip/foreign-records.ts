/** Reads the headers of ZIPs from anywhere. It shares nothing with the writer of the archive's parts, whose mistakes it has to find. */
import type { ForeignDirectory } from './foreign-end.ts';
import { type ForeignFile, ForwardReader } from './foreign-file.ts';

/** One record of a central directory (APPNOTE 4.3.12). Nothing in it has been checked against the entry itself. */
export interface ForeignEntry {
  readonly nameBytes: Buffer;
  readonly extra: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  /** Of the local header, from the start of the file. */
  readonly byteOffset: number;
  /** As stat(2) gives it; 0 where the writer knew none. */
  readonly unixMode: number;
}

/** The header in front of an entry's data (APPNOTE 4.3.7). */
export interface LocalHeader {
  readonly nameBytes: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  readonly dataOffset: number;
}

const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const CENTRAL_BYTES = 46;
export const LOCAL_BYTES = 30;
const ZIP64_FIELD = 0x0001;
const SATURATED_16 = 0xffff;
const SATURATED_32 = 0xffff_ffff;

/** The body of the first extra field with this id (APPNOTE 4.5.1). */
export const extraField = (extra: Buffer, id: number): Buffer | undefined => {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) return undefined;
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
};

/** Takes the values that didn't fit into 32 bits from the ZIP64 field, in its fixed order (APPNOTE 4.5.3). */
const widen = (extra: Buffer, values: readonly number[]): number[] => {
  if (!values.includes(SATURATED_32)) return [...values];
  const field = extraField(extra, ZIP64_FIELD) ?? Buffer.alloc(0);
  let at = 0;
  return values.map((value) => {
    if (value !== SATURATED_32 || at + 8 > field.length) return value;
    at += 8;
    return Number(field.readBigUInt64LE(at - 8));
  });
};

const parseRecord = (record: Buffer, nameLength: number, extraLength: number, shiftBytes: number): ForeignEntry => {
  const extraAt = CENTRAL_BYTES + nameLength;
  const extra = record.subarray(extraAt, extraAt + extraLength);
  const stated = [record.readUInt32LE(24), record.readUInt32LE(20), record.readUInt32LE(42)];
  const [sizeBytes = 0, compressedBytes = 0, byteOffset = 0] = widen(extra, stated);
  return {
    nameBytes: record.subarray(CENTRAL_BYTES, extraAt),
    extra,
    flags: record.readUInt16LE(8),
    method: record.readUInt16LE(10),
    crc32: record.readUInt32LE(16),
    compressedBytes,
    sizeBytes,
    byteOffset: byteOffset + shiftBytes,
    unixMode: record.readUInt16LE(40),
  };
};

/**
 * The records of the central directory, in their order, which have to fill it exactly and be as many as
 * it says. Errors: `zip-invalid`.
 */
export async function* centralRecords(file: ForeignFile, directory: ForeignDirectory): AsyncGenerator<ForeignEntry> {
  const reader = new ForwardReader(file);
  const broken = (): Error => file.refusal('its list of entries is broken or cut off');
  const end = directory.byteOffset + directory.sizeBytes;
  let count = 0;
  for (let at = directory.byteOffset; at < end; count += 1) {
    if (at + CENTRAL_BYTES > end) throw broken();
    const fixed = await reader.read(at, CENTRAL_BYTES);
    if (fixed.readUInt32LE() !== CENTRAL_SIGNATURE) throw broken();
    const nameLength = fixed.readUInt16LE(28);
    const extraLength = fixed.readUInt16LE(30);
    const recordBytes = CENTRAL_BYTES + nameLength + extraLength + fixed.readUInt16LE(32);
    if (at + recordBytes > end) throw broken();
    const disk = fixed.readUInt16LE(34);
    if (disk !== 0 && disk !== SATURATED_16) throw file.refusal('it is one piece of a split ZIP');
    yield parseRecord(await reader.read(at, recordBytes), nameLength, extraLength, directory.shiftBytes);
    at += recordBytes;
  }
  const excess = count - directory.entryCount;
  if (excess !== 0 && !(directory.countWraps && excess > 0 && excess % 0x1_0000 === 0))
    throw file.refusal(`it says that it has ${directory.entryCount} entries, but lists ${count}`);
}

/** The local header of an entry whose directory record leaves room for one; null where there is no such header. */
export const readLocalHeader = async (reader: ForwardReader, entry: ForeignEntry, endOffset: number): Promise<LocalHeader | null> => {
  const fixed = await reader.read(entry.byteOffset, LOCAL_BYTES);
  if (fixed.readUInt32LE() !== LOCAL_SIGNATURE) return null;
  const nameLength = fixed.readUInt16LE(26);
  const extraLength = fixed.readUInt16LE(28);
  const nameOffset = entry.byteOffset + LOCAL_BYTES;
  const dataOffset = nameOffset + nameLength + extraLength;
  if (dataOffset > endOffset) return null;
  const variable = await reader.read(nameOffset, nameLength + extraLength);
  const stated = [fixed.readUInt32LE(22), fixed.readUInt32LE(18)];
  const [sizeBytes = 0, compressedBytes = 0] = widen(variable.subarray(nameLength), stated);
  return {
    nameBytes: variable.subarray(0, nameLength),
    flags: fixed.readUInt16LE(6),
    method: fixed.readUInt16LE(8),
    crc32: fixed.readUInt32LE(14),
    compressedBytes,
    sizeBytes,
    dataOffset,
  };
};
