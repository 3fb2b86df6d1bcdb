import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { MailferryError } from '../../errors.ts';
import { GzipBytes } from './gzip-bytes.ts';

/** What tells a file from what it was before. */
export interface FileStamp {
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
}

/** The bytes of an mbox, decompressed where the file is not plain. */
export interface FileBytes {
  /** Of the file as it was when it was opened. What is added later is not read. */
  readonly stamp: FileStamp;
  /** Why the bytes end before the mbox does; null where nothing is known to be missing. Final once the end was read. */
  readonly damage: string | null;
  /** Fills `into` from byte `at`; less than its length only at the end. One call at a time. Errors: `source-unreadable`. */
  read(into: Buffer, at: number): Promise<number>;
  close(): Promise<void>;
}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);

/** Turns what the file system throws into `source-unreadable`. */
export const toReadError = (error: unknown, path: string): MailferryError => {
  if (error instanceof MailferryError) return error;
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new MailferryError('source-unreadable', { path, reason }, { cause: error });
};

export const stampOf = ({ size, mtimeMs, ino }: { size: number; mtimeMs: number; ino: number }): FileStamp => ({
  sizeBytes: size,
  mtimeMs,
  inode: ino,
});

export const isSameStamp = (one: FileStamp, other: FileStamp): boolean =>
  one.sizeBytes === other.sizeBytes && one.mtimeMs === other.mtimeMs && one.inode === other.inode;

/** Reads until `into` is full or the file ends. */
const readFully = async (file: FileHandle, into: Buffer, at: number): Promise<number> => {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
};

/** The bytes of a plain file up to its size at `stamp`. */
class PlainBytes implements FileBytes {
  readonly stamp: FileStamp;
  readonly damage = null;
  readonly #file: FileHandle;
  readonly #path: string;

  constructor(file: FileHandle, path: string, stamp: FileStamp) {
    this.#file = file;
    this.#path = path;
    this.stamp = stamp;
  }

  async read(into: Buffer, at: number): Promise<number> {
    const wanted = Math.min(into.length, Math.max(0, this.stamp.sizeBytes - at));
    try {
      return await readFully(this.#file, into.subarray(0, wanted), at);
    } catch (error) {
      throw toReadError(error, this.#path);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Opens a plain or a gzipped file, as its first bytes say. Errors: `source-unreadable`. */
export const openFileBytes = async (path: string): Promise<FileBytes> => {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    const stats = await file.stat();
    if (!stats.isFile()) throw new MailferryError('source-unreadable', { path, reason: 'it is no regular file' });
    const plain = new PlainBytes(file, path, stampOf(stats));
    const magic = Buffer.alloc(GZIP_MAGIC.length);
    await plain.read(magic, 0);
    return magic.equals(GZIP_MAGIC) ? new GzipBytes(plain) : plain;
  } catch (error) {
    await file?.close();
    throw toReadError(error, path);
  }
};
