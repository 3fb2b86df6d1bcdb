import type { FrontToBack } from './front-to-back.ts';
import type { DirectoryEntry } from './read-directory.ts';
import { modifiedAtOf } from './read-directory.ts';
import { LOCAL_HEADER, LOCAL_HEADER_BYTES } from './zip-records.ts';

/** A message as its manifest has it. */
export interface ExpectedMessage {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const utf8 = new TextDecoder();

/**
 * The entry whose header is next in a part of ours; null where there is none. The file stays where it is.
 */
export const peekEntry = async (file: FrontToBack): Promise<DirectoryEntry | null> => {
  const fixed = await file.peek(LOCAL_HEADER_BYTES);
  if (fixed.length < LOCAL_HEADER_BYTES || fixed.readUInt32LE(0) !== LOCAL_HEADER) return null;
  const nameBytes = fixed.readUInt16LE(26);
  const headerBytes = LOCAL_HEADER_BYTES + nameBytes + fixed.readUInt16LE(28);
  const header = await file.peek(headerBytes);
  if (header.length < headerBytes) return null;
  return {
    name: utf8.decode(header.subarray(LOCAL_HEADER_BYTES, LOCAL_HEADER_BYTES + nameBytes)),
    byteOffset: file.byteOffset,
    method: header.readUInt16LE(8) === 0 ? 'store' : 'deflate',
    crc32: header.readUInt32LE(14),
    compressedBytes: header.readUInt32LE(18),
    sizeBytes: header.readUInt32LE(22),
    modifiedAt: modifiedAtOf(header.subarray(LOCAL_HEADER_BYTES + nameBytes), header.readUInt32LE(10)),
  };
};

/** The entries of a part that is read from front to back, each with what is expected of it. */
export async function* localEntries(file: FrontToBack, expected: Iterable<ExpectedMessage>) {
  for (const { name, sizeBytes, sha256 } of expected) {
    const entry = await peekEntry(file);
    if (!entry) return;
    yield { ...entry, name, sizeBytes, sha256 };
  }
}
