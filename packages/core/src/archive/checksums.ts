import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MailferryError } from '../errors.ts';
import type { Disk } from './disk.ts';

/** In the archive's folder; `sha256sum -c SHA256SUMS` checks all of it. */
export const CHECKSUMS_FILE = 'SHA256SUMS';

/** File name to lower-case hex. */
export type Checksums = ReadonlyMap<string, string>;

const LINE = /^([0-9a-f]{64}) [ *]([^/\\\0]+)$/;

/** Puts the checksums of all sealed parts and their manifests in place, in one step. The same ones again change nothing. */
export const writeChecksums = async (disk: Disk, directory: string, checksums: Checksums): Promise<void> => {
  const lines = [...checksums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, sha256]) => `${sha256}  ${name}\n`);
  const path = join(directory, CHECKSUMS_FILE);
  const present = await readFile(path, 'utf8').catch(() => null);
  if (present !== lines.join('')) await disk.replace(path, lines);
};

/** Errors: `archive-missing` when there are none, `checksums-invalid` for anything but checksums of files in the folder itself. */
export const readChecksums = async (directory: string): Promise<Checksums> => {
  const path = join(directory, CHECKSUMS_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MailferryError('archive-missing', { path: directory }, { cause });
  });
  const checksums = new Map<string, string>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const [, sha256, name] = LINE.exec(line) ?? [];
    if (sha256 === undefined || name === undefined || checksums.has(name))
      throw new MailferryError('checksums-invalid', { path, line: i + 1 });
    checksums.set(name, sha256);
  }
  return checksums;
};
