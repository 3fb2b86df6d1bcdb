import type { ForeignFile } from './foreign-file.ts';

/** Where the central directory lies, as the end of the file tells. */
export interface ForeignDirectory {
  readonly byteOffset: number;
  readonly sizeBytes: number;
  /** Exact, or without its multiples of 65,536 where `countWraps`. */
  readonly entryCount: number;
  /** Writers without ZIP64 (Finder's is one) let the count run over. */
  readonly countWraps: boolean;
  /** To be added to every offset that the file states: bytes that were put in front of the finished ZIP. */
  readonly shiftBytes: number;
  /** Bytes behind the ZIP's end. */
  readonly trailingBytes: number;
}

const LOCAL_SIGNATURE = 0x04034b50;
const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const END_BYTES = 22;
const ZIP64_END_BYTES = 56;
const ZIP64_LOCATOR_BYTES = 20;
const LONGEST_COMMENT_BYTES = 0xffff;

const MOVED = 'its list of entries is not where it should be, or another ZIP stands in front of it';

interface Counts {
  readonly disk: number;
  readonly directoryDisk: number;
  readonly entriesHere: number;
  readonly entryCount: number;
  readonly sizeBytes: number;
  readonly byteOffset: number;
}

interface End extends Counts {
  readonly position: number;
  readonly trailingBytes: number;
}

const readEnd = (tail: Buffer, at: number, tailOffset: number): End => ({
  disk: tail.readUInt16LE(at + 4),
  directoryDisk: tail.readUInt16LE(at + 6),
  entriesHere: tail.readUInt16LE(at + 8),
  entryCount: tail.readUInt16LE(at + 10),
  sizeBytes: tail.readUInt32LE(at + 12),
  byteOffset: tail.readUInt32LE(at + 16),
  position: tailOffset + at,
  trailingBytes: tail.length - at - END_BYTES - tail.readUInt16LE(at + 20),
});

/** The end record (APPNOTE 4.3.16). One that the file's last byte ends counts; bytes behind it are borne only if nothing else moved. */
const findEnd = async (file: ForeignFile): Promise<End> => {
  const tailOffset = Math.max(0, file.sizeBytes - END_BYTES - LONGEST_COMMENT_BYTES);
  const tail = await file.readAt(tailOffset, file.sizeBytes - tailOffset);
  const ends: End[] = [];
  for (let at = tail.indexOf(END_SIGNATURE); at >= 0; at = tail.indexOf(END_SIGNATURE, at + 1)) {
    if (at + END_BYTES <= tail.length) ends.push(readEnd(tail, at, tailOffset));
  }
  const [exact, another] = ends.filter((end) => end.trailingBytes === 0);
  if (another) throw file.refusal('it has two ends, and so two lists of what is in it');
  const loose = ends.findLast((end) => end.trailingBytes > 0 && end.byteOffset + end.sizeBytes === end.position);
  const end = exact ?? loose;
  if (end) return end;
  if (ends.some((end) => end.trailingBytes > 0)) throw file.refusal(MOVED);
  const isZip = tail.length >= 4 && (await file.readAt(0, 4)).readUInt32LE() === LOCAL_SIGNATURE;
  throw file.refusal(isZip ? 'its end is missing, so it was cut off or not finished' : 'it is not a ZIP');
};

const agrees = (short: number, saturated: number, long: number): boolean => short === saturated || short === long;

/** What the ZIP64 end record says (APPNOTE 4.3.14, 4.3.15), and where it stands; null where there is none. */
const findZip64End = async (file: ForeignFile, end: End): Promise<(Counts & { position: number; stated: number }) | null> => {
  const locatorPosition = end.position - ZIP64_LOCATOR_BYTES;
  const position = locatorPosition - ZIP64_END_BYTES;
  if (position < 0) return null;
  const records = await file.readAt(position, ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES);
  if (records.readUInt32LE(ZIP64_END_BYTES) !== ZIP64_LOCATOR_SIGNATURE) return null;
  if (records.readUInt32LE() !== ZIP64_END_SIGNATURE || Number(records.readBigUInt64LE(4)) !== ZIP64_END_BYTES - 12)
    throw file.refusal('its ZIP64 end record is missing or broken');
  const counts: Counts = {
    disk: records.readUInt32LE(16),
    directoryDisk: records.readUInt32LE(20),
    entriesHere: Number(records.readBigUInt64LE(24)),
    entryCount: Number(records.readBigUInt64LE(32)),
    sizeBytes: Number(records.readBigUInt64LE(40)),
    byteOffset: Number(records.readBigUInt64LE(48)),
  };
  if (
    !agrees(end.entryCount, 0xffff, counts.entryCount) ||
    !agrees(end.sizeBytes, 0xffff_ffff, counts.sizeBytes) ||
    !agrees(end.byteOffset, 0xffff_ffff, counts.byteOffset)
  )
    throw file.refusal('its two end records contradict each other');
  if (records.readUInt32LE(ZIP64_END_BYTES + 4) !== 0 || records.readUInt32LE(ZIP64_END_BYTES + 16) > 1)
    throw file.refusal('it is one piece of a split ZIP');
  return { ...counts, position, stated: Number(records.readBigUInt64LE(ZIP64_END_BYTES + 8)) };
};

/** Finds the one central directory of a ZIP. Errors: `zip-invalid` where there is none, or where it could be another. */
export const findDirectory = async (file: ForeignFile): Promise<ForeignDirectory> => {
  if (file.sizeBytes === 0) throw file.refusal('it is empty');
  const end = await findEnd(file);
  const zip64 = await findZip64End(file, end);
  const counts = zip64 ?? end;
  if (counts.disk !== 0 || counts.directoryDisk !== 0 || counts.entriesHere !== counts.entryCount)
    throw file.refusal('it is one piece of a split ZIP');
  const directoryEnd = zip64?.position ?? end.position;
  const shiftBytes = directoryEnd - counts.sizeBytes - counts.byteOffset;
  if (!(shiftBytes >= 0)) throw file.refusal('its list of entries lies outside of the file');
  if (zip64 && zip64.stated + shiftBytes !== zip64.position) throw file.refusal('its ZIP64 end record is missing or broken');
  if (shiftBytes > 0) {
    // Bytes in front that begin like a ZIP are one: its messages would be left out without a word.
    const start = await file.readAt(0, 4);
    if (end.trailingBytes > 0 || start.readUInt32LE() === LOCAL_SIGNATURE) throw file.refusal(MOVED);
  }
  return {
    byteOffset: counts.byteOffset + shiftBytes,
    sizeBytes: counts.sizeBytes,
    entryCount: counts.entryCount,
    countWraps: zip64 === null,
    shiftBytes,
    trailingBytes: end.trailingBytes,
  };
};
