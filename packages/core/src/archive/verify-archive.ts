import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MailferryError } from '../errors.ts';
import type { ArchiveEntry } from '../mail/archive-entry.ts';
import { type Checksums, readChecksums } from './checksums.ts';
import type { Damage, DamageCode } from './damage.ts';
import { type MessageRecord, readManifest } from './manifest.ts';
import { checkPart } from './zip/check-part.ts';
import { readDirectory } from './zip/read-directory.ts';
import { manifestNameOf } from './zip/seal-part.ts';

export interface VerifyArchiveOptions {
  /** Once, with the bytes that all parts have together. */
  readonly onBegin: (bytesTotal: number) => void;
  /** After each entry, with the bytes that it takes in its part. */
  readonly onEntry: (part: string, bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface ArchiveVerdict {
  readonly partCount: number;
  readonly entryCount: number;
  /** Of all parts that are there. */
  readonly sizeBytes: number;
  /** Empty when every byte is as it was sealed. */
  readonly damages: readonly Damage[];
}

const SEALED_PART = /^part-\d+\.zip$/;

/**
 * Holds every sealed part against its manifest and its checksum, reading each file once. Never repairs.
 * Errors: `archive-missing`, `checksums-invalid`, `cancelled`.
 */
export const verifyArchive = async (directory: string, options: VerifyArchiveOptions): Promise<ArchiveVerdict> => {
  const checksums = await readChecksums(directory);
  const listed = [...checksums.keys()].filter((name) => SEALED_PART.test(name));
  const present = (await readdir(directory)).filter((name) => SEALED_PART.test(name));
  const sizes = await Promise.all(present.map(async (name) => (await stat(join(directory, name))).size));
  const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
  options.onBegin(sizeBytes);
  const damages: Damage[] = present
    .filter((name) => !checksums.has(name))
    .map((part) => ({ part, entryName: null, code: 'part-unlisted', detail: part }));
  let entryCount = 0;
  for (const part of listed.toSorted()) {
    const verifier = new PartVerifier(directory, part, checksums, options);
    entryCount += await verifier.run();
    damages.push(...verifier.damages);
  }
  return { partCount: listed.length, entryCount, sizeBytes, damages };
};

class PartVerifier {
  readonly damages: Damage[] = [];
  readonly #directory: string;
  readonly #part: string;
  readonly #checksums: Checksums;
  readonly #options: VerifyArchiveOptions;

  constructor(directory: string, part: string, checksums: Checksums, options: VerifyArchiveOptions) {
    this.#directory = directory;
    this.#part = part;
    this.#checksums = checksums;
    this.#options = options;
  }

  /** Gives back how many entries were looked at. */
  async run(): Promise<number> {
    const path = join(this.#directory, this.#part);
    const manifest = await this.#readManifest();
    if (!(await stat(path).catch(() => null))) {
      this.#find(null, 'part-missing', path);
      return 0;
    }
    const entries = await this.#readEntries(path, manifest);
    const { onEntry, signal } = this.#options;
    const check = await checkPart(path, entries, { onEntry: (entry) => onEntry(this.#part, entry.compressedBytes), signal });
    for (const { entryName, code, detail } of check.findings) this.#find(entryName, code, detail);
    if (check.sha256 !== this.#checksums.get(this.#part)) this.#find(null, 'part-checksum', `SHA-256 is ${check.sha256}`);
    return entries.length;
  }

  /** The manifest's messages by entry name; what is wrong with it is noted. */
  async #readManifest(): Promise<ReadonlyMap<string, MessageRecord>> {
    const name = manifestNameOf(this.#part);
    const path = join(this.#directory, name);
    const messages = new Map<string, MessageRecord>();
    if (!(await stat(path).catch(() => null))) {
      this.#find(null, 'manifest-missing', path);
      return messages;
    }
    const sha256 = await hashFile(path);
    if (sha256 !== this.#checksums.get(name)) this.#find(null, 'manifest-checksum', `SHA-256 of ${name} is ${sha256}`);
    try {
      for await (const record of readManifest(path)) if (record.kind === 'message') messages.set(record.name, record);
    } catch (error) {
      if (!(error instanceof MailferryError)) throw error;
      this.#find(null, 'manifest-invalid', error.message);
    }
    return messages;
  }

  /** The part's entries with the hashes that the manifest has for them. */
  async #readEntries(path: string, manifest: ReadonlyMap<string, MessageRecord>): Promise<ArchiveEntry[]> {
    const listed = await readDirectory(path).catch((error: Error) => {
      this.#find(null, 'directory-invalid', error.message);
      return [];
    });
    const missing = new Set(manifest.keys());
    const entries = listed.map((entry): ArchiveEntry => {
      const record = manifest.get(entry.name);
      if (!missing.delete(entry.name)) this.#find(entry.name, 'entry-foreign', 'the manifest knows nothing of it');
      return { ...entry, sizeBytes: record?.sizeBytes ?? entry.sizeBytes, sha256: record?.sha256 ?? '' };
    });
    for (const name of missing) this.#find(name, 'entry-missing', 'the manifest has it, the part does not');
    return entries;
  }

  #find(entryName: string | null, code: DamageCode, detail: string): void {
    this.damages.push({ part: this.#part, entryName, code, detail });
  }
}

const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
};
