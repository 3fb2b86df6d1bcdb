import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MailferryError } from '../errors.ts';
import { type MessageRecord, readManifest } from '../formats/manifest.ts';
import { type Checksums, readChecksums } from './checksums.ts';
import type { Damage, DamageCode } from './damage.ts';
import { hashFile } from './hash-file.ts';
import { checkPart, type ExpectedEntry } from './zip/check-part.ts';
import { type DirectoryEntry, readDirectory } from './zip/read-directory.ts';
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
const MANIFEST = /^(part-\d+)\.manifest\.jsonl$/;

/** The parts that an archive should have: a manifest without its part counts too. */
const listParts = (checksums: Checksums): string[] => {
  const parts = [...checksums.keys()].map((name) => name.replace(MANIFEST, '$1.zip')).filter((name) => SEALED_PART.test(name));
  return [...new Set(parts)].toSorted();
};

/**
 * Holds every sealed part against its manifest and its checksum, reading each file once. Never repairs.
 * Errors: `archive-missing`, `checksums-invalid`, `cancelled`.
 */
export const verifyArchive = async (directory: string, options: VerifyArchiveOptions): Promise<ArchiveVerdict> => {
  const checksums = await readChecksums(directory);
  const listed = listParts(checksums);
  const present = (await readdir(directory)).filter((name) => SEALED_PART.test(name));
  const sizes = await Promise.all(present.map(async (name) => (await stat(join(directory, name))).size));
  const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
  options.onBegin(sizeBytes);
  const damages: Damage[] = present
    .filter((name) => !checksums.has(name))
    .map((part) => ({ part, entryName: null, code: 'part-unlisted', detail: part }));
  let entryCount = 0;
  for (const part of listed) {
    const verifier = new PartVerifier(directory, part, checksums, options);
    entryCount += await verifier.run();
    damages.push(...verifier.damages);
  }
  return { partCount: listed.length, entryCount, sizeBytes, damages };
};

type Manifest = ReadonlyMap<string, MessageRecord>;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

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
    try {
      return await this.#checkPart(path, manifest);
    } catch (error) {
      if (error instanceof MailferryError) throw error;
      this.#find(null, 'part-checksum', `it can't be read: ${reasonOf(error)}`);
      return 0;
    }
  }

  async #checkPart(path: string, manifest: Manifest | null): Promise<number> {
    const entries = await this.#readEntries(path, manifest);
    const { onEntry, signal } = this.#options;
    const check = await checkPart(path, entries ?? [], { onEntry: (entry) => onEntry(this.#part, entry.compressedBytes), signal });
    for (const { entryName, code, detail } of entries ? check.findings : []) this.#find(entryName, code, detail);
    if (check.sha256 !== this.#checksums.get(this.#part)) this.#find(null, 'part-checksum', `SHA-256 is ${check.sha256}`);
    return entries?.length ?? 0;
  }

  /** The manifest's messages by entry name; null, and a note of why, where it can't be read to its end. */
  async #readManifest(): Promise<Manifest | null> {
    const name = manifestNameOf(this.#part);
    const path = join(this.#directory, name);
    if (!(await stat(path).catch(() => null))) {
      this.#find(null, 'manifest-missing', path);
      return null;
    }
    const messages = new Map<string, MessageRecord>();
    try {
      const sha256 = await hashFile(path);
      if (sha256 !== this.#checksums.get(name)) this.#find(null, 'manifest-checksum', `SHA-256 of ${name} is ${sha256}`);
      for await (const record of readManifest(path)) if (record.kind === 'message') messages.set(record.name, record);
      return messages;
    } catch (error) {
      this.#find(null, 'manifest-invalid', reasonOf(error));
      return null;
    }
  }

  /** The part's entries with the hashes that the manifest has for them, as far as there is one; null where the directory can't be read. */
  async #readEntries(path: string, manifest: Manifest | null): Promise<ExpectedEntry[] | null> {
    let listed: DirectoryEntry[];
    try {
      listed = await readDirectory(path);
    } catch (error) {
      this.#find(null, 'directory-invalid', reasonOf(error));
      return null;
    }
    if (!manifest) return listed.map((entry) => ({ ...entry, sha256: null }));
    const missing = new Set(manifest.keys());
    const entries = listed.map((entry): ExpectedEntry => {
      const record = manifest.get(entry.name);
      if (!missing.delete(entry.name)) this.#find(entry.name, 'entry-foreign', 'the manifest knows nothing of it');
      return { ...entry, sizeBytes: record?.sizeBytes ?? entry.sizeBytes, sha256: record?.sha256 ?? null };
    });
    for (const name of missing) this.#find(name, 'entry-missing', 'the manifest has it, the part does not');
    return entries;
  }

  #find(entryName: string | null, code: DamageCode, detail: string): void {
    this.damages.push({ part: this.#part, entryName, code, detail });
  }
}
