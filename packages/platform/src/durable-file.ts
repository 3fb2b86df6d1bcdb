import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/**
 * Makes a file that is under its path whole and durable, or not at all: `write` fills one of another name, in the same
 * folder and ending in `.part`, which a crash may leave behind. One that is there is replaced. Gives what `write` gives.
 */
export const writeDurableFile = async <Result>(path: string, write: (file: FileHandle) => Promise<Result>): Promise<Result> => {
  const partial = `${path}.${randomUUID()}.part`;
  const file = await open(partial, 'wx');
  try {
    const result = await write(file);
    await file.sync();
    await file.close();
    await rename(partial, path);
    await syncFolder(dirname(path));
    return result;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
};
