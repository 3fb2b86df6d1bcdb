import { mkdir, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { nodeDisk } from '../archive/disk.ts';
import { MailferryError } from '../errors.ts';
import { PAGE_NAME } from './index-layout.ts';

export const START_FILE = 'index.html';
const MARKER_FILE = '.mailferry-index';
const MARKER_TEXT = 'Made by mailferry index. The next run writes over its pages.\n';

const refused = (path: string, reason: string, cause?: unknown): MailferryError =>
  new MailferryError('index-folder-refused', { path, reason }, { cause });

/** Makes the folder of an index, or takes the one of an earlier run. Errors: `index-folder-refused`, `disk-failed`, `disk-full`. */
export const openIndexFolder = async (path: string, archive: string): Promise<IndexFolder> => {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw refused(path, 'it can not be made, or is no folder', error);
  });
  const [realPath, realArchive] = [await realpath(path), await realpath(archive)];
  if (`${realPath}${sep}`.startsWith(`${realArchive}${sep}`)) throw refused(path, 'it is in the archive, where nothing is changed');
  const present = await readdir(path);
  if (present.length > 0 && !present.includes(MARKER_FILE)) throw refused(path, 'other files are in it');
  await nodeDisk.replace(join(path, MARKER_FILE), [MARKER_TEXT]);
  return new IndexFolder(path);
};

/** A folder for the pages of an index. */
export class IndexFolder {
  readonly #path: string;
  readonly #written = new Set<string>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Where something can lie that isn't to stay. */
  get spoolPath(): string {
    return join(this.#path, '.rows.new');
  }

  async write(fileName: string, content: Iterable<string> | AsyncIterable<Uint8Array>): Promise<void> {
    await nodeDisk.replace(join(this.#path, fileName), content);
    this.#written.add(fileName);
  }

  /** Removes pages that an earlier run wrote and this one didn't. */
  async removeOldPages(): Promise<void> {
    for (const name of await readdir(this.#path))
      if (PAGE_NAME.test(name) && !this.#written.has(name)) await nodeDisk.remove(join(this.#path, name));
  }
}
