import { open as openFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import iconv from 'iconv-lite';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { EntryFailureCode } from '../store/uploads.ts';
import type { UploadLimits } from './upload-limits.ts';

/** Why an entry can't be stored. */
interface EntryFailure {
  readonly code: EntryFailureCode;
  readonly reason: string;
}

/** The ZIP as a whole can't be used. The message is for the person who sent it. */
export class UnusableZip extends Error {
  override readonly name = 'UnusableZip';
}

const LOCAL_HEADER_BYTES = 30;
const CENTRAL_SIGNATURE = 0x02014b50;
const UTF8_FLAG = 0x800;
const UNICODE_PATH_FIELD = 0x7075;
const METHODS = new Set([0, 8]);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Names come raw and are judged one by one: by itself yauzl gives up on the whole ZIP for one bad name or size. */
const open = (path: string): Promise<ZipFile> =>
  yauzl.openPromise(path, { autoClose: false, decodeStrings: false, validateEntrySizes: false });

/** UTF-8 where the entry says so or where its bytes are, else CP949, else CP437, which every byte string can be read as (SPEC K7). */
const entryName = ({ generalPurposeBitFlag, extraFields, fileNameRaw }: Entry): string => {
  const saysSo = (generalPurposeBitFlag & UTF8_FLAG) !== 0 || extraFields.some(({ id }) => id === UNICODE_PATH_FIELD);
  if (!saysSo) {
    for (const charset of ['utf8', 'cp949']) {
      const name = iconv.decode(fileNameRaw, charset, { stripBOM: false });
      if (iconv.encode(name, charset).equals(fileNameRaw)) return name;
    }
  }
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
};

const isDirectory = (name: string): boolean => name.endsWith('/');

const isUnsafe = (name: string): boolean =>
  name === '' || /^[/\\]|^[A-Za-z]:|[\0]/.test(name) || name.split(/[/\\]/).some((level) => level === '..');

/** What can be said before a byte of the entry is read; null if it may be read. */
const refuse = (entry: Entry, name: string, messageBytes: number): EntryFailure | null => {
  if (isUnsafe(name)) return { code: 'unsafe-name', reason: 'The name leads out of the ZIP' };
  if (!/\.eml$/i.test(name)) return { code: 'not-eml', reason: 'The name does not end in .eml' };
  if (name.startsWith('__MACOSX/')) return { code: 'not-eml', reason: "It is the companion file of a Mac's, not a message" };
  if (entry.isEncrypted()) return { code: 'encrypted', reason: 'The entry is encrypted' };
  if (entry.uncompressedSize === 0) return { code: 'empty', reason: 'The entry has 0 bytes' };
  if (entry.uncompressedSize > messageBytes) return { code: 'too-large', reason: `A message has at most ${messageBytes} bytes` };
  if (!METHODS.has(entry.compressionMethod)) return { code: 'damaged', reason: `Method ${entry.compressionMethod} can't be unpacked` };
  return null;
};

/** Never takes more than the entry says that it holds. */
const unpack = async (zip: ZipFile, entry: Entry): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > entry.uncompressedSize) throw new Error(`it unpacks to more than the ${entry.uncompressedSize} bytes it announces`);
    pieces.push(piece);
  }
  if (sizeBytes < entry.uncompressedSize)
    throw new Error(`it unpacks to ${sizeBytes} bytes, not the ${entry.uncompressedSize} it announces`);
  const bytes = Buffer.concat(pieces);
  if (crc32(bytes) !== entry.crc32) throw new Error('its CRC-32 does not match');
  return bytes;
};

/** The bytes of one entry, or why it is not stored (SPEC U3). */
const readEntry = async (zip: ZipFile, entry: Entry, name: string, messageBytes: number): Promise<Buffer | EntryFailure> => {
  const failure = refuse(entry, name, messageBytes);
  if (failure) return failure;
  try {
    return await unpack(zip, entry);
  } catch (error) {
    return { code: 'damaged', reason: `The entry is damaged: ${reasonOf(error)}` };
  }
};

/** Entries that share bytes make a small ZIP unpack to anything. */
const refuseOverlaps = (spans: readonly { readonly start: number; readonly end: number }[]): void => {
  let end = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    if (span.start < end) throw new UnusableZip('Its entries overlap');
    end = span.end;
  }
};

/** An end record that counts fewer entries than there are would hide messages. */
const refuseHiddenEntries = async (path: string, directoryEnd: number): Promise<void> => {
  const file = await openFile(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, directoryEnd);
    if (bytesRead === 4 && buffer.readUInt32LE() === CENTRAL_SIGNATURE) throw new UnusableZip('It has more entries than it says');
  } finally {
    await file.close();
  }
};

/**
 * Reads the central directory through: how many entries are no directories.
 * @throws UnusableZip if it can't be read, or goes beyond the limits
 */
export const surveyZip = async (path: string, limits: UploadLimits): Promise<number> => {
  let zip: ZipFile | null = null;
  try {
    zip = await open(path);
    if (zip.entryCount > limits.entries) throw new UnusableZip(`It has more than ${limits.entries} entries`);
    const spans: { start: number; end: number }[] = [];
    let files = 0;
    let unpackedBytes = 0;
    for await (const entry of zip.eachEntry()) {
      const start = entry.relativeOffsetOfLocalHeader;
      spans.push({ start, end: start + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize });
      unpackedBytes += entry.uncompressedSize;
      if (!isDirectory(entryName(entry))) files += 1;
    }
    // The types take this offset for a boolean.
    await refuseHiddenEntries(path, Number(zip.readEntryCursor));
    refuseOverlaps(spans);
    if (unpackedBytes > limits.unpackedBytes) throw new UnusableZip(`It unpacks to more than ${limits.unpackedBytes} bytes`);
    return files;
  } catch (error) {
    throw error instanceof UnusableZip ? error : new UnusableZip(`It can't be read: ${reasonOf(error)}`);
  } finally {
    zip?.close();
  }
};

/** One entry that is no directory, by its place in the central directory. */
export interface ZipEntry {
  readonly index: number;
  readonly name: string;
  readonly content: Buffer | EntryFailure;
}

interface Reading {
  readonly index: number;
  readonly name: string;
  readonly sizeBytes: number;
  readonly content: Promise<ZipEntry['content']>;
}

/** Entries that are read at a time, and the bytes of them that may be in memory: one entry may have more. */
const READ_AHEAD = 8;
const READ_AHEAD_BYTES = 16 * 1024 * 1024;

/** Entries from the record `fromIndex` of the central directory on, in its order. */
export async function* readZip(path: string, fromIndex: number, messageBytes: number): AsyncGenerator<ZipEntry, void, undefined> {
  const zip = await open(path);
  const ahead: Reading[] = [];
  const isFull = (): boolean =>
    ahead.length >= READ_AHEAD || ahead.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0) >= READ_AHEAD_BYTES;
  try {
    let index = -1;
    for await (const entry of zip.eachEntry()) {
      index += 1;
      const name = entryName(entry);
      if (index < fromIndex || isDirectory(name)) continue;
      ahead.push({ index, name, sizeBytes: entry.uncompressedSize, content: readEntry(zip, entry, name, messageBytes) });
      while (isFull()) yield* settled(ahead.shift());
    }
    while (ahead.length > 0) yield* settled(ahead.shift());
  } finally {
    await Promise.all(ahead.map(({ content }) => content));
    zip.close();
  }
}

async function* settled(reading: Reading | undefined): AsyncGenerator<ZipEntry, void, undefined> {
  if (reading) yield { index: reading.index, name: reading.name, content: await reading.content };
}
