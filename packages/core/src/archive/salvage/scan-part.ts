import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw, type InflateRaw, inflateRawSync } from 'node:zlib';
import type { ForeignFile } from '../../formats/zip/foreign-file.ts';
import { readName } from '../../formats/zip/foreign-name.ts';
import { extraField } from '../../formats/zip/foreign-records.ts';
import { modifiedAtOf } from '../zip/read-directory.ts';
import { CENTRAL_HEADER, END, LOCAL_HEADER, LOCAL_HEADER_BYTES, ZIP64_END } from '../zip/zip-records.ts';

/** A message that is whole in a ZIP, by its own header and CRC-32 alone. */
export interface SalvagedEntry {
  readonly kind: 'entry';
  readonly name: string;
  readonly byteOffset: number;
  readonly dataOffset: number;
  readonly method: 'store' | 'deflate';
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  readonly crc32: number;
  readonly modifiedAt: Date;
}

/** An entry that is no mail. */
export interface OtherFile {
  readonly kind: 'other';
}

/** Bytes that are no message that is whole. */
export interface LostBytes {
  readonly kind: 'lost';
  /** What the header in front of them says; null where there is none. */
  readonly name: string | null;
  readonly byteOffset: number;
  readonly bytes: number;
  readonly reason: string;
}

/** An entry that unpacks to more is taken for a bomb or for damage; it is not unpacked. */
const MAX_ENTRY_BYTES = 4 * 1024 ** 3 - 1;
/** An entry that unpacks to more than so many times its size, from here on, is no mail. */
const BOMB_FROM_BYTES = 16 * 1024 * 1024;
const BOMB_RATIO = 500;
/** Bigger entries are checked piece by piece. */
const IN_MEMORY_BYTES = 16 * 1024 * 1024;
const WINDOW_BYTES = 1024 * 1024;
const SIZES_FOLLOW = 0x0008;
const ENCRYPTED = 0x0001;
const STORE = 0;
const DEFLATE = 8;
const DESCRIPTOR = 0x08074b50;
const SATURATED = 0xffff_ffff;
const ZIP64_FIELD = 0x0001;
const SIGNATURE = Buffer.of(0x50, 0x4b, 0x03, 0x04);

/**
 * Walks over the local headers of a ZIP, whatever its directory says, and goes on behind damage at the next header. Every entry is
 * unpacked and held against its CRC-32. Files that are no mail are passed over.
 */
export async function* scanPart(file: ForeignFile): AsyncGenerator<SalvagedEntry | OtherFile | LostBytes> {
  let at = 0;
  while (at + 4 <= file.sizeBytes) {
    file.checkAborted();
    const header = await readHeader(file, at);
    if (header === 'directory') {
      // Another ZIP may follow.
      at = await findHeader(file, at + 4);
      continue;
    }
    if (header === null) {
      const next = await findHeader(file, at + 1);
      yield { kind: 'lost', name: null, byteOffset: at, bytes: next - at, reason: 'no entry begins here' };
      at = next;
      continue;
    }
    const { dataOffset, compressedBytes } = header.entry;
    if (!header.isMail && compressedBytes > 0 && (await isBoundary(file, dataOffset + compressedBytes))) {
      // Nothing of it is wanted: it need not be unpacked.
      yield { kind: 'other' };
      at = dataOffset + compressedBytes;
      continue;
    }
    const data = await measure(file, header);
    if (data.isWhole) {
      if (header.isMail) yield { kind: 'entry', ...header.entry, ...data.sizes };
      else if (data.sizes.sizeBytes > 0) yield { kind: 'other' };
      at = data.end;
    } else {
      // Where the header is right about its length the next entry is behind it; else it has to be looked for.
      const stated = header.entry.dataOffset + header.entry.compressedBytes;
      const isStated = header.entry.compressedBytes > 0 && stated <= file.sizeBytes && (await isBoundary(file, stated));
      const next = isStated ? stated : await findHeader(file, at + 4);
      yield { kind: 'lost', name: header.entry.name, byteOffset: at, bytes: next - at, reason: data.reason };
      at = next;
    }
  }
  if (at < file.sizeBytes) yield { kind: 'lost', name: null, byteOffset: at, bytes: file.sizeBytes - at, reason: 'no entry begins here' };
}

interface Header {
  readonly entry: Omit<SalvagedEntry, 'kind'>;
  readonly isMail: boolean;
  readonly hasDescriptor: boolean;
  /** Why it can't be unpacked; null for one that can. */
  readonly refusal: string | null;
}

/** The header at an offset; `directory` where the entries end; null for anything else. */
const readHeader = async (file: ForeignFile, byteOffset: number): Promise<Header | 'directory' | null> => {
  const left = file.sizeBytes - byteOffset;
  const signature = (await file.readAt(byteOffset, 4)).readUInt32LE();
  if (signature === CENTRAL_HEADER || signature === END || signature === ZIP64_END) return 'directory';
  if (signature !== LOCAL_HEADER || left < LOCAL_HEADER_BYTES) return null;
  const fixed = await file.readAt(byteOffset, LOCAL_HEADER_BYTES);
  const [nameLength, extraLength] = [fixed.readUInt16LE(26), fixed.readUInt16LE(28)];
  if (LOCAL_HEADER_BYTES + nameLength + extraLength > left) return null;
  const variable = await file.readAt(byteOffset + LOCAL_HEADER_BYTES, nameLength + extraLength);
  const [nameBytes, extra] = [variable.subarray(0, nameLength), variable.subarray(nameLength)];
  const [flags, method] = [fixed.readUInt16LE(6), fixed.readUInt16LE(8)];
  const { sizeBytes, compressedBytes } = widen(extra, fixed.readUInt32LE(22), fixed.readUInt32LE(18));
  const { name, refusal } = readName({ nameBytes, extra, flags, method, crc32: 0, compressedBytes, sizeBytes, byteOffset, unixMode: 0 });
  const isKnown = method === STORE || method === DEFLATE;
  return {
    isMail: refusal === null || refusal === 'unsafe-name',
    hasDescriptor: (flags & SIZES_FOLLOW) !== 0,
    refusal: (flags & ENCRYPTED) !== 0 ? 'it is encrypted' : isKnown ? null : `it is compressed by a method that is not known (${method})`,
    entry: {
      ...{ name, byteOffset, dataOffset: byteOffset + LOCAL_HEADER_BYTES + nameLength + extraLength },
      ...{ method: method === STORE ? 'store' : 'deflate', compressedBytes, sizeBytes, crc32: fixed.readUInt32LE(14) },
      modifiedAt: modifiedAtOf(extra, fixed.readUInt32LE(10)),
    },
  };
};

const widen = (extra: Buffer, sizeBytes: number, compressedBytes: number): { sizeBytes: number; compressedBytes: number } => {
  const field = sizeBytes === SATURATED && compressedBytes === SATURATED ? extraField(extra, ZIP64_FIELD) : undefined;
  if (!field || field.length < 16) return { sizeBytes, compressedBytes };
  return { sizeBytes: Number(field.readBigUInt64LE(0)), compressedBytes: Number(field.readBigUInt64LE(8)) };
};

type Sizes = Pick<SalvagedEntry, 'sizeBytes' | 'compressedBytes' | 'crc32'>;
type Measured =
  | { readonly isWhole: true; readonly sizes: Sizes; readonly end: number }
  | { readonly isWhole: false; readonly reason: string };

const broken = (reason: string): Measured => ({ isWhole: false, reason });

/** Unpacks an entry and holds it against its sums; where these follow behind it, finds them there. */
const measure = async (file: ForeignFile, header: Header): Promise<Measured> => {
  const { entry, hasDescriptor, refusal } = header;
  if (refusal !== null) return broken(refusal);
  if (hasDescriptor && entry.compressedBytes === 0) return measureByDescriptor(file, entry);
  const { dataOffset, compressedBytes, sizeBytes } = entry;
  const end = dataOffset + compressedBytes;
  if (end > file.sizeBytes) return broken('the file ends before it does');
  if (sizeBytes > MAX_ENTRY_BYTES) return broken(`it says that it has ${sizeBytes} bytes`);
  if (sizeBytes > BOMB_FROM_BYTES && sizeBytes > BOMB_RATIO * compressedBytes) return broken('it unpacks to far more than mail does');
  const sums = await sumsOf(file, entry, compressedBytes);
  if (!sums || sums.sizeBytes !== sizeBytes || sums.crc32 !== entry.crc32)
    return broken('its bytes are not those that its CRC-32 was made of');
  // What stands behind the end of a deflated stream is not taken over.
  return {
    isWhole: true,
    sizes: { sizeBytes, compressedBytes: sums.readBytes, crc32: entry.crc32 },
    end: end + (hasDescriptor ? await descriptorBytes(file, end, sums) : 0),
  };
};

/** A deflated stream ends by itself; what stands behind it has to say the same of it. */
const measureByDescriptor = async (file: ForeignFile, entry: Header['entry']): Promise<Measured> => {
  if (entry.method === 'store') return broken('its length stands behind it, where it can not be found');
  const sums = await sumsOf(file, entry, file.sizeBytes - entry.dataOffset);
  if (!sums) return broken('it can not be unpacked');
  const end = entry.dataOffset + sums.readBytes;
  const bytes = await descriptorBytes(file, end, sums);
  if (bytes === 0) return broken('what stands behind it says otherwise');
  return { isWhole: true, sizes: { sizeBytes: sums.sizeBytes, compressedBytes: sums.readBytes, crc32: sums.crc32 }, end: end + bytes };
};

interface Sums {
  readonly sizeBytes: number;
  readonly crc32: number;
  /** Of the data; less than given where a deflated stream ended before. */
  readonly readBytes: number;
}

/** Length of the data descriptor (APPNOTE 4.3.9) at an offset, in any of its forms; 0 where there is none of these sums. */
const descriptorBytes = async (file: ForeignFile, at: number, sums: Sums): Promise<number> => {
  const bytes = await file.readAt(at, Math.min(24, file.sizeBytes - at));
  const start = bytes.length >= 4 && bytes.readUInt32LE(0) === DESCRIPTOR ? 4 : 0;
  if (bytes.length < start + 12 || bytes.readUInt32LE(start) !== sums.crc32) return 0;
  if (bytes.readUInt32LE(start + 4) === sums.readBytes && bytes.readUInt32LE(start + 8) === sums.sizeBytes) return start + 12;
  return bytes.length >= start + 20 && bytes.readBigUInt64LE(start + 4) === BigInt(sums.readBytes) ? start + 20 : 0;
};

const sumsOf = async (file: ForeignFile, { method, dataOffset, sizeBytes }: Header['entry'], dataBytes: number): Promise<Sums | null> => {
  try {
    if (dataBytes <= IN_MEMORY_BYTES && sizeBytes <= IN_MEMORY_BYTES && sizeBytes > 0) {
      const data = await file.readAt(dataOffset, dataBytes);
      if (method === 'store') return { sizeBytes: dataBytes, crc32: crc32(data), readBytes: dataBytes };
      const options = { maxOutputLength: sizeBytes, chunkSize: Math.max(64, sizeBytes), info: true };
      const { buffer, engine } = inflateRawSync(data, options) as unknown as { buffer: Buffer; engine: InflateRaw };
      return { sizeBytes: buffer.length, crc32: crc32(buffer), readBytes: engine.bytesWritten };
    }
    return await sumsInPieces(method, file.pieces(dataOffset, dataBytes), dataBytes);
  } catch {
    file.checkAborted();
    return null;
  }
};

const sumsInPieces = async (method: 'store' | 'deflate', data: AsyncIterable<Buffer>, dataBytes: number): Promise<Sums | null> => {
  const inflating = createInflateRaw();
  if (method === 'deflate') pipeline(Readable.from(data), inflating, () => undefined);
  let sizeBytes = 0;
  let crc = 0;
  for await (const piece of method === 'store' ? data : (inflating as AsyncIterable<Buffer>)) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_ENTRY_BYTES) return null;
    crc = crc32(piece, crc);
  }
  return { sizeBytes, crc32: crc, readBytes: method === 'store' ? dataBytes : inflating.bytesWritten };
};

/** True where an entry, the directory or the file's end stands at an offset. */
const isBoundary = async (file: ForeignFile, at: number): Promise<boolean> => {
  if (at === file.sizeBytes) return true;
  return at + 4 <= file.sizeBytes && (await readHeader(file, at)) !== null;
};

/** Where the next local header begins, or the file ends. */
const findHeader = async (file: ForeignFile, from: number): Promise<number> => {
  for (let at = from; at < file.sizeBytes; at += WINDOW_BYTES) {
    const window = await file.readAt(at, Math.min(WINDOW_BYTES + SIGNATURE.length - 1, file.sizeBytes - at));
    const found = window.indexOf(SIGNATURE);
    if (found >= 0) return at + found;
  }
  return file.sizeBytes;
};
