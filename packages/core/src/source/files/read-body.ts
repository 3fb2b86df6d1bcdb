import { type FileHandle, open } from 'node:fs/promises';
import { MailferryError } from '../../errors.ts';

/** A part of a file that is one message. */
export interface BodyPlace {
  readonly path: string;
  readonly byteOffset: number;
  readonly sizeBytes: number;
}

const PIECE_BYTES = 256 * 1024;

/**
 * The bytes of a message: whole, or in pieces where it has more than `streamAboveBytes`. Null when the file is gone.
 * Errors: `source-unreadable`; in pieces `source-changed` when it becomes shorter.
 */
export const readBody = async (place: BodyPlace, streamAboveBytes: number): Promise<Buffer | AsyncIterable<Buffer> | null> => {
  const { path, byteOffset, sizeBytes } = place;
  const handle = await openFile(path);
  if (!handle) return null;
  if (sizeBytes > streamAboveBytes) return readPieces(handle, place);
  try {
    return await readAt(handle, path, byteOffset, Buffer.allocUnsafeSlow(sizeBytes));
  } finally {
    await handle.close();
  }
};

const openFile = async (path: string): Promise<FileHandle | null> => {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(path, error);
  }
};

async function* readPieces(handle: FileHandle, { path, byteOffset, sizeBytes }: BodyPlace): AsyncGenerator<Buffer> {
  try {
    for (let done = 0; done < sizeBytes; done += PIECE_BYTES)
      yield await readAt(handle, path, byteOffset + done, Buffer.allocUnsafe(Math.min(PIECE_BYTES, sizeBytes - done)));
  } finally {
    await handle.close();
  }
}

const readAt = async (handle: FileHandle, path: string, from: number, target: Buffer): Promise<Buffer> => {
  for (let filled = 0; filled < target.length; ) {
    const { bytesRead } = await handle.read(target, filled, target.length - filled, from + filled).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    if (bytesRead === 0) throw new MailferryError('source-changed', { path });
    filled += bytesRead;
  }
  return target;
};

export const unreadable = (path: string, error: unknown): MailferryError =>
  new MailferryError('source-unreadable', { path, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
