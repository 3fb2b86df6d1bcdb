import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MailferryError } from '../errors.ts';

/** A file that is being written. Every call throws `disk-full` or `disk-failed`; after a failed `sync` the file's contents are unknown. */
export interface DiskFile {
  /** Writes all of it at `byteOffset`. */
  write(pieces: readonly Buffer[], byteOffset: number): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  /** What was written is on the disk when it returns. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** A file that was written in one go. */
export interface WrittenFile {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The one door through which the archive changes the disk: few, coarse steps, each durable or not there. */
export interface Disk {
  /** Makes an empty file, and its name durable. */
  create(path: string): Promise<DiskFile>;
  /** Opens a file that is there for writing. */
  open(path: string): Promise<DiskFile>;
  /** Puts a whole file in place: under a temporary name, synced, renamed, its folder synced. */
  replace(path: string, content: Iterable<string> | AsyncIterable<Uint8Array>): Promise<WrittenFile>;
  /** Renames durably. */
  rename(from: string, to: string): Promise<void>;
  /** Removes durably; a file that is gone already is fine. */
  remove(path: string): Promise<void>;
}

/** Pieces that one system call takes. */
const MAX_PIECES = 512;
const REPLACE_BLOCK_BYTES = 1024 * 1024;
const FULL = new Set(['ENOSPC', 'EDQUOT']);

const guarded = async <Result>(path: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof MailferryError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (FULL.has(code)) throw new MailferryError('disk-full', { path }, { cause });
    throw new MailferryError('disk-failed', { path, reason: code || String(cause) }, { cause });
  }
};

/** Windows can't open folders; its file system journals names by itself. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** The system may write less than asked for: go on until all of it is out. */
const writeAll = async (handle: FileHandle, pieces: readonly Buffer[], byteOffset: number): Promise<void> => {
  let position = byteOffset;
  for (let first = 0; first < pieces.length; first += MAX_PIECES) {
    let left = pieces.slice(first, first + MAX_PIECES);
    while (left.length > 0) {
      let { bytesWritten } = await handle.writev(left, position);
      position += bytesWritten;
      while (left[0] && bytesWritten >= left[0].length) {
        bytesWritten -= left[0].length;
        left = left.slice(1);
      }
      if (left[0] && bytesWritten > 0) left = [left[0].subarray(bytesWritten), ...left.slice(1)];
    }
  }
};

const toDiskFile = (path: string, handle: FileHandle): DiskFile => ({
  write: (pieces, byteOffset) => guarded(path, () => writeAll(handle, pieces, byteOffset)),
  truncate: (sizeBytes) => guarded(path, () => handle.truncate(sizeBytes)),
  sync: () => guarded(path, () => handle.datasync()),
  close: () => guarded(path, () => handle.close()),
});

/** The machine's own disk. */
export const nodeDisk: Disk = {
  create: (path) =>
    guarded(path, async () => {
      const handle = await open(path, 'w');
      await syncFolder(path);
      return toDiskFile(path, handle);
    }),
  open: (path) => guarded(path, async () => toDiskFile(path, await open(path, 'r+'))),
  replace: (path, content) =>
    guarded(path, async () => {
      const temporary = `${path}.new`;
      const handle = await open(temporary, 'w');
      const hash = createHash('sha256');
      let sizeBytes = 0;
      try {
        for await (const piece of inBlocks(content)) {
          hash.update(piece);
          await writeAll(handle, [piece], sizeBytes);
          sizeBytes += piece.length;
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
      await syncFolder(path);
      return { sizeBytes, sha256: hash.digest('hex') };
    }),
  rename: (from, to) =>
    guarded(to, async () => {
      await rename(from, to);
      await syncFolder(to);
    }),
  remove: (path) =>
    guarded(path, async () => {
      await unlink(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      await syncFolder(path);
    }),
};

async function* inBlocks(content: Iterable<string> | AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let block: Buffer[] = [];
  let length = 0;
  for await (const one of content) {
    const piece = typeof one === 'string' ? Buffer.from(one) : Buffer.from(one.buffer, one.byteOffset, one.byteLength);
    block.push(piece);
    length += piece.length;
    if (length < REPLACE_BLOCK_BYTES) continue;
    yield Buffer.concat(block, length);
    block = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(block, length);
}
