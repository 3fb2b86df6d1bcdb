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

const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const CENTRAL_BYTES = 46;
export const LOCAL_BYTES = 30;
const ENCRYPTED_FLAG = 0x0001;
const SIZES_FOLLOW_FLAG = 0x0008;
const ZIP64_FIELD = 0x0001;
/** Name, extra fields and comment have 16-bit lengths. */
const MAX_RECORD_BYTES = CENTRAL_BYTES + 3 * 0xffff;
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
const widen = (extra: Buffer, values: readonly number[]): readonly number[] => {
  if (!values.includes(SATURATED_32)) return values;
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
    const record = await reader.read(at, Math.min(MAX_RECORD_BYTES, end - at));
    if (record.readUInt32LE() !== CENTRAL_SIGNATURE) throw broken();
    const nameLength = record.readUInt16LE(28);
    const extraLength = record.readUInt16LE(30);
    at += CENTRAL_BYTES + nameLength + extraLength + record.readUInt16LE(32);
    if (at > end) throw broken();
    const disk = record.readUInt16LE(34);
    if (disk !== 0 && disk !== SATURATED_16) throw file.refusal('it is one piece of a split ZIP');
    yield parseRecord(record, nameLength, extraLength, directory.shiftBytes);
  }
  const excess = count - directory.entryCount;
  if (excess !== 0 && !(directory.countWraps && excess > 0 && excess % 0x1_0000 === 0))
    throw file.refusal(`it says that it has ${directory.entryCount} entries, but lists ${count}`);
}

/** The longest local header of an entry with this name. */
export const maxLocalBytes = ({ nameBytes }: ForeignEntry): number => LOCAL_BYTES + nameBytes.length + 0xffff;

/** Length of the local header (APPNOTE 4.3.7) that `bytes` begin with; null where there is none that says the same as the directory. */
export const agreeingHeaderBytes = (entry: ForeignEntry, bytes: Buffer): number | null => {
  if (bytes.readUInt32LE() !== LOCAL_SIGNATURE) return null;
  const flags = bytes.readUInt16LE(6);
  if (bytes.readUInt16LE(8) !== entry.method || ((flags ^ entry.flags) & ENCRYPTED_FLAG) !== 0) return null;
  const extraAt = LOCAL_BYTES + bytes.readUInt16LE(26);
  const end = extraAt + bytes.readUInt16LE(28);
  if (end > bytes.length || bytes.compare(entry.nameBytes, 0, entry.nameBytes.length, LOCAL_BYTES, extraAt) !== 0) return null;
  if ((flags & SIZES_FOLLOW_FLAG) !== 0) return end;
  const stated = [bytes.readUInt32LE(22), bytes.readUInt32LE(18)];
  const [sizeBytes, compressedBytes] = widen(bytes.subarray(extraAt, end), stated);
  return bytes.readUInt32LE(14) === entry.crc32 && sizeBytes === entry.sizeBytes && compressedBytes === entry.compressedBytes ? end : null;
};
