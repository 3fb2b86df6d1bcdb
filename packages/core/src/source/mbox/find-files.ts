import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MailferryError } from '../../errors.ts';
import { toReadError } from './file-bytes.ts';

/** A file that may be an mbox. */
export interface CandidateFile {
  readonly path: string;
  /** Path of its mailbox, with `/` between levels. Mail programs' endings are taken off. */
  readonly name: string;
  /** The same with all endings: unlike that of any other file. */
  readonly fullName: string;
}

export interface FoundFiles {
  readonly files: readonly CandidateFile[];
  /** Symbolic links, devices and the like, which are passed over. */
  readonly skippedCount: number;
  /** Whether the path names a single file. */
  readonly isSingle: boolean;
}

const MAX_DEPTH = 32;
const MAX_ENTRIES = 100_000;
/** What mail programs keep beside their mboxes, and file managers anywhere. */
const KNOWN_NO_MAIL =
  /\.(?:msf|dat|json|lock|toc|idx|cmeta|ev-summary(?:-meta)?|ibex\.index(?:\.data)?)$|^(?:table_of_contents|info\.plist|filterlog\.html|\.imap|\.?subscriptions|dovecot[.-].*|\.ds_store|thumbs\.db)$/i;
/** The mailbox's own file in one of Apple Mail's folders. */
const APPLE_FILE = 'mbox';

const stripped = (fileName: string): string => fileName.replace(/\.gz$/i, '').replace(/(?<=.)\.(?:mbox|mbx)$/i, '');

const strippedFolder = (folderName: string): string => folderName.replace(/(?<=.)\.(?:sbd|mbox)$/i, '');

class FileSearch {
  readonly files: CandidateFile[] = [];
  skippedCount = 0;
  readonly #root: string;
  #entries = 0;

  constructor(root: string) {
    this.#root = root;
  }

  async searchFolder(folder: string, levels: readonly string[], fullLevels: readonly string[]): Promise<void> {
    if (fullLevels.length > MAX_DEPTH) throw this.#tooMuch(`folders lie more than ${MAX_DEPTH} deep`);
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      throw toReadError(error, folder);
    });
    this.#entries += entries.length;
    if (this.#entries > MAX_ENTRIES) throw this.#tooMuch(`it holds more than ${MAX_ENTRIES} files`);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) await this.#look(folder, entry, levels, fullLevels);
  }

  async #look(folder: string, entry: Dirent, levels: readonly string[], fullLevels: readonly string[]): Promise<void> {
    const { name } = entry;
    if (KNOWN_NO_MAIL.test(name)) return;
    const path = join(folder, name);
    const full = [...fullLevels, name];
    if (entry.isDirectory()) await this.searchFolder(path, [...levels, strippedFolder(name)], full);
    else if (!entry.isFile()) this.skippedCount += 1;
    else {
      const isApples = name === APPLE_FILE && /\.mbox$/i.test(basename(folder));
      const own = isApples ? (levels.length > 0 ? [] : [strippedFolder(basename(folder))]) : [stripped(name)];
      this.files.push({ path, name: [...levels, ...own].join('/'), fullName: full.join('/') });
    }
  }

  #tooMuch(reason: string): MailferryError {
    return new MailferryError('source-unreadable', { path: this.#root, reason });
  }
}

/** Where two files have one name, both get all of theirs. */
const withDistinctNames = (files: readonly CandidateFile[]): CandidateFile[] => {
  const counts = new Map<string, number>();
  for (const { name } of files) counts.set(name, (counts.get(name) ?? 0) + 1);
  const isUnlike = ({ name, fullName }: CandidateFile): boolean => name === fullName || counts.get(name) === 1;
  if (files.every(isUnlike)) return [...files];
  return withDistinctNames(files.map((file) => (isUnlike(file) ? file : { ...file, name: file.fullName })));
};

/**
 * All files that a path names: itself, or those of the folder and the folders in it, by name. Symbolic links in a folder are not followed.
 * Errors: `source-missing`, `source-unreadable`.
 */
export const findFiles = async (path: string): Promise<FoundFiles> => {
  const stats = await stat(path).catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    throw isMissing ? new MailferryError('source-missing', { path }, { cause: error }) : toReadError(error, path);
  });
  if (!stats.isDirectory()) {
    if (!stats.isFile()) throw new MailferryError('source-unreadable', { path, reason: 'it is no regular file' });
    const isApples = basename(path) === APPLE_FILE && /\.mbox$/i.test(dirname(path));
    const name = isApples ? strippedFolder(basename(dirname(path))) : stripped(basename(path));
    return { files: [{ path, name, fullName: basename(path) }], skippedCount: 0, isSingle: true };
  }
  const search = new FileSearch(path);
  await search.searchFolder(path, [], []);
  return { files: withDistinctNames(search.files), skippedCount: search.skippedCount, isSingle: false };
};
