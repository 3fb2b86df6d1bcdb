/** The records of a ZIP file that Mailferry writes: PKWARE APPNOTE 6.3.10, with UTF-8 names and known sizes. */
import type { ArchiveEntry } from '../../mail/archive-entry.ts';

export const LOCAL_HEADER = 0x04034b50;
export const CENTRAL_HEADER = 0x02014b50;
export const END = 0x06054b50;
export const ZIP64_END = 0x06064b50;
export const ZIP64_LOCATOR = 0x07064b50;

export const LOCAL_HEADER_BYTES = 30;
export const CENTRAL_HEADER_BYTES = 46;
export const END_BYTES = 22;
export const ZIP64_END_BYTES = 56;
export const ZIP64_LOCATOR_BYTES = 20;

const VERSION_DEFLATE = 20;
const VERSION_ZIP64 = 45;
const MADE_BY_UNIX = 3 << 8;
/** Bit 11: the name is UTF-8. */
const UTF8_NAME = 0x0800;
const METHODS = { store: 0, deflate: 8 } as const;
/** A regular file, rw-r--r--, in the upper half as Unix archivers put it. */
const REGULAR_FILE = (0o100644 << 16) >>> 0;

export const TIMESTAMP_FIELD = 0x5455;
const TIMESTAMP_FIELD_BYTES = 9;

export const MAX_UINT16 = 0xffff;
const MAX_UINT32 = 0xffff_ffff;

/** Info-ZIP's extended timestamp: seconds since 1970, so that unpacked files get their true time. None where it doesn't fit. */
const timestampField = (modifiedAt: Date): Buffer => {
  const seconds = Math.floor(modifiedAt.getTime() / 1000);
  if (seconds !== (seconds | 0)) return Buffer.alloc(0);
  const field = Buffer.alloc(TIMESTAMP_FIELD_BYTES);
  field.writeUInt16LE(TIMESTAMP_FIELD, 0);
  field.writeUInt16LE(TIMESTAMP_FIELD_BYTES - 4, 2);
  field.writeUInt8(1, 4);
  field.writeInt32LE(seconds, 5);
  return field;
};

/** MS-DOS date and time in UTC, clamped to 1980-01-01 … 2107-12-31; low half time, high half date. */
const dosTime = (modifiedAt: Date): number => {
  const year = modifiedAt.getUTCFullYear();
  if (!(year >= 1980)) return (((1 << 5) | 1) << 16) >>> 0;
  if (year > 2107) return 0xff9f_bf7d;
  const date = ((year - 1980) << 9) | ((modifiedAt.getUTCMonth() + 1) << 5) | modifiedAt.getUTCDate();
  const time = (modifiedAt.getUTCHours() << 11) | (modifiedAt.getUTCMinutes() << 5) | (modifiedAt.getUTCSeconds() >> 1);
  return ((date << 16) | time) >>> 0;
};

type Described = Omit<ArchiveEntry, 'sha256'>;

/** What local and central header have in common, at `at`: method, time, CRC, sizes, lengths. */
const writeCommon = (header: Buffer, at: number, entry: Described, nameBytes: number, extraBytes: number): void => {
  header.writeUInt16LE(VERSION_DEFLATE, at);
  header.writeUInt16LE(UTF8_NAME, at + 2);
  header.writeUInt16LE(METHODS[entry.method], at + 4);
  header.writeUInt32LE(dosTime(entry.modifiedAt), at + 6);
  header.writeUInt32LE(entry.crc32, at + 10);
  header.writeUInt32LE(entry.compressedBytes, at + 14);
  header.writeUInt32LE(entry.sizeBytes, at + 18);
  header.writeUInt16LE(nameBytes, at + 22);
  header.writeUInt16LE(extraBytes, at + 24);
};

/** What stands in front of an entry's data. */
export const encodeLocalHeader = (entry: Described): Buffer => {
  const name = Buffer.from(entry.name);
  const extra = timestampField(entry.modifiedAt);
  const header = Buffer.alloc(LOCAL_HEADER_BYTES);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  writeCommon(header, 4, entry, name.length, extra.length);
  return Buffer.concat([header, name, extra]);
};

/** The entry's record in the central directory. */
export const encodeCentralHeader = (entry: Described): Buffer => {
  const name = Buffer.from(entry.name);
  const extra = timestampField(entry.modifiedAt);
  const header = Buffer.alloc(CENTRAL_HEADER_BYTES);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE(MADE_BY_UNIX | VERSION_DEFLATE, 4);
  writeCommon(header, 6, entry, name.length, extra.length);
  header.writeUInt32LE(REGULAR_FILE, 38);
  header.writeUInt32LE(entry.byteOffset, 42);
  return Buffer.concat([header, name, extra]);
};

/** How long `encodeLocalHeader` and `encodeCentralHeader` are together. */
export const headerBytes = (name: string, modifiedAt: Date): { local: number; central: number } => {
  const variable = Buffer.byteLength(name) + timestampField(modifiedAt).length;
  return { local: LOCAL_HEADER_BYTES + variable, central: CENTRAL_HEADER_BYTES + variable };
};

/** The ZIP's end needs its 64-bit form from 65,535 entries on: that number itself means "see there". */
const needsZip64 = (entryCount: number): boolean => entryCount >= MAX_UINT16;

/** How long `encodeEnd` is. */
export const endBytes = (entryCount: number): number => END_BYTES + (needsZip64(entryCount) ? ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES : 0);

/** What follows the central directory. */
export const encodeEnd = (directory: { readonly byteOffset: number; readonly sizeBytes: number; readonly entryCount: number }): Buffer => {
  const { byteOffset, sizeBytes, entryCount } = directory;
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(Math.min(entryCount, MAX_UINT16), 8);
  end.writeUInt16LE(Math.min(entryCount, MAX_UINT16), 10);
  end.writeUInt32LE(Math.min(sizeBytes, MAX_UINT32), 12);
  end.writeUInt32LE(Math.min(byteOffset, MAX_UINT32), 16);
  return needsZip64(entryCount) ? Buffer.concat([encodeZip64End(directory), end]) : end;
};

const encodeZip64End = ({ byteOffset, sizeBytes, entryCount }: { byteOffset: number; sizeBytes: number; entryCount: number }): Buffer => {
  const records = Buffer.alloc(ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES);
  records.writeUInt32LE(ZIP64_END, 0);
  records.writeBigUInt64LE(BigInt(ZIP64_END_BYTES - 12), 4);
  records.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 12);
  records.writeUInt16LE(VERSION_ZIP64, 14);
  records.writeBigUInt64LE(BigInt(entryCount), 24);
  records.writeBigUInt64LE(BigInt(entryCount), 32);
  records.writeBigUInt64LE(BigInt(sizeBytes), 40);
  records.writeBigUInt64LE(BigInt(byteOffset), 48);
  records.writeUInt32LE(ZIP64_LOCATOR, ZIP64_END_BYTES);
  records.writeBigUInt64LE(BigInt(byteOffset + sizeBytes), ZIP64_END_BYTES + 8);
  records.writeUInt32LE(1, ZIP64_END_BYTES + 16);
  return records;
};
