import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MailferryError, throwIfCancelled } from '../../errors.ts';
import { unreadable } from './read-body.ts';

/** Deeper folders, and more of them, are no mail. */
const MAX_DEPTH = 64;
const MAX_FOLDERS = 100_000;

/** One folder with what is in it. */
export interface Folder {
  /** Names from the root on, as the disk has them; empty for the root. */
  readonly levels: readonly string[];
  readonly path: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Links and other things that are neither; they are not followed. */
  readonly otherCount: number;
}

/** The root's own path, without links. Errors: `source-missing`. */
export const resolveRoot = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (cause) {
    throw new MailferryError('source-missing', { path }, { cause });
  }
};

export const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false;

/** Every folder below and with the root, parents first, in the order of names. Errors: `source-unknown`, `source-unreadable`, `cancelled`. */
export async function* walkFolders(root: string, signal: AbortSignal): AsyncGenerator<Folder> {
  const waiting: (readonly string[])[] = [[]];
  for (let count = 0; waiting.length > 0; count += 1) {
    throwIfCancelled(signal);
    const levels = waiting.shift() ?? [];
    if (levels.length > MAX_DEPTH || count > MAX_FOLDERS)
      throw new MailferryError('source-unknown', { path: root, reason: `more than ${MAX_DEPTH} levels or ${MAX_FOLDERS} folders` });
    const folder = await readFolder(root, levels);
    waiting.unshift(...folder.folders.map((name) => [...levels, name]));
    yield folder;
  }
}

/** What is in one folder. */
export const readFolder = async (root: string, levels: readonly string[]): Promise<Folder> => {
  const path = join(root, ...levels);
  const entries: Dirent[] = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const namesOf = (kind: (entry: Dirent) => boolean): string[] =>
    entries
      .filter(kind)
      .map(({ name }) => name)
      .toSorted();
  const files = namesOf((entry) => entry.isFile());
  const folders = namesOf((entry) => entry.isDirectory());
  return { levels, path, files, folders, otherCount: entries.length - files.length - folders.length };
};
