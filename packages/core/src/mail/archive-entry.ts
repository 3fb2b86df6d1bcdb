/** A message's place in a part file: everything needed to read it back and to write its central directory record. */
export interface ArchiveEntry {
  /** Path inside the ZIP, `/`-separated, ending in `.eml`. */
  readonly name: string;
  /** Offset of the local file header. */
  readonly byteOffset: number;
  readonly method: 'store' | 'deflate';
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly crc32: number;
  /** Lower-case hex of the message's bytes. */
  readonly sha256: string;
  /** Goes into the ZIP's time fields, in UTC. */
  readonly modifiedAt: Date;
}
