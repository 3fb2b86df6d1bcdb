import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { MailferryError } from '../../errors.ts';
import {
  encodeManifest,
  MANIFEST_FORMAT,
  type MailboxRecord,
  type ManifestRecord,
  type MessageRecord,
  merkleRootOf,
} from '../../formats/manifest.ts';
import type { ArchiveEntry } from '../../mail/archive-entry.ts';
import { AGE_SUFFIX, encrypting } from '../age.ts';
import type { Disk } from '../disk.ts';
import { hashFile } from '../hash-file.ts';
import type { PartSummary } from '../part-summary.ts';
import { checkPart } from './check-part.ts';

import type { PartFile } from './part-file.ts';
import type { WorkThreads } from './work-threads.ts';

/** An entry with what the manifest says of it. */
interface SealedEntry extends ArchiveEntry {
  readonly mailbox: string;
  readonly uidValidity: number;
  readonly locator: number | string;
  readonly internalDate: Date | null;
  readonly flags: readonly string[];
  readonly messageId: string | null;
}

export interface SealOptions {
  readonly disk: Disk;
  /** Where the sealed part and its manifest go. */
  readonly directory: string;
  /** The name of the sealed part, before it may be encrypted: `part-0001.zip`. */
  readonly fileName: string;
  /** All entries in file order, as they are recorded; iterated several times. */
  readonly entries: Iterable<SealedEntry>;
  /** The mailboxes that the part has messages of. */
  readonly mailboxes: readonly Omit<MailboxRecord, 'kind'>[];
  /** The source's identity. */
  readonly source: string;
  /** `linkSha256` of the part that was sealed before this one; null for the first. */
  readonly previous: string | null;
  /** Null leaves part and manifest in the clear. */
  readonly encryption: SealEncryption | null;
  readonly threads: WorkThreads;
  readonly signal: AbortSignal;
}

export interface SealEncryption {
  /** The age recipients that open the files. */
  readonly recipients: readonly string[];
  /** Where the manifest stays in the clear, for the runs to come. */
  readonly workDirectory: string;
}

/** A sealed part with its manifest; names, sizes and checksums are of the files as they lie, encrypted or not. */
export interface Seal extends PartSummary {
  readonly manifestName: string;
  readonly manifestSha256: string;
  /** Of the manifest in the clear: what the next one's `previous` says. */
  readonly linkSha256: string;
  readonly merkleRoot: string;
}

export const manifestNameOf = (fileName: string): string => fileName.replace(/\.zip$/, '.manifest.jsonl');

/**
 * Makes a finished part of an open one: central directory, read back byte for byte, manifest, and only then the
 * final name. The file is closed. An encrypted part leaves the open file for the caller to remove once the seal is recorded.
 * Errors: `archive-part-damaged`, `disk-*`, `cancelled`.
 */
export const sealPart = async (part: PartFile, options: SealOptions): Promise<Seal> => {
  const { disk, directory, fileName, encryption } = options;
  try {
    await part.writeDirectory(options.entries);
  } finally {
    await part.close();
  }
  const checked = await checkAndDescribe(part.path, options);
  if (encryption) return encryptPart(part.path, checked, options, encryption);
  const seal = await writeManifest(checked, directory, options);
  await disk.rename(part.path, join(directory, fileName));
  return seal;
};

/** True when a part has its final name already, though nothing recorded it: the run ended between the two. */
export const hasFinalName = (directory: string, fileName: string): boolean => existsSync(join(directory, fileName));

/** Finishes the seal of a part that has its final name already, in the clear. Errors: as `sealPart`. */
export const finishSeal = async (options: SealOptions): Promise<Seal> => {
  const { directory, fileName } = options;
  return writeManifest(await checkAndDescribe(join(directory, fileName), options), directory, options);
};

/** The whole part held against its entries. */
const checkAndDescribe = async (path: string, { fileName, entries, threads, signal }: SealOptions): Promise<PartSummary> => {
  const { sizeBytes, sha256, findings } = await checkPart(path, entries, { threads, signal });
  const [worst] = findings;
  if (worst)
    throw new MailferryError('archive-part-damaged', { part: fileName, reason: `${worst.entryName ?? fileName}: ${worst.detail}` });
  let entryCount = 0;
  for (const _ of entries) entryCount += 1;
  return { fileName, sizeBytes, entryCount, sha256 };
};

/** Puts the manifest in the clear into a folder. */
const writeManifest = async (summary: PartSummary, directory: string, options: SealOptions): Promise<Seal> => {
  const { source, previous, mailboxes, entries } = options;
  const { fileName: part, sizeBytes, sha256, entryCount } = summary;
  const merkleRoot = merkleRootOf(messageRecords(entries));
  const head: ManifestRecord = {
    ...{ kind: 'part', format: MANIFEST_FORMAT, part, sizeBytes, sha256, entries: entryCount },
    ...{ merkleRoot, previous, source },
  };
  const records = function* (): Iterable<ManifestRecord> {
    yield head;
    for (const mailbox of mailboxes) yield { kind: 'mailbox', ...mailbox };
    yield* messageRecords(entries);
  };
  const manifestName = manifestNameOf(part);
  const manifest = await options.disk.replace(join(directory, manifestName), encodeManifest(records()));
  return { ...summary, manifestName, manifestSha256: manifest.sha256, linkSha256: manifest.sha256, merkleRoot };
};

/** Puts part and manifest in place encrypted, and reads back what was written. */
const encryptPart = async (openPath: string, checked: PartSummary, options: SealOptions, encryption: SealEncryption): Promise<Seal> => {
  const { recipients, workDirectory } = encryption;
  const inTheClear = await writeManifest(checked, workDirectory, options);
  const encrypt = async (from: string, name: string) => {
    const path = join(options.directory, name);
    const written = await options.disk.replace(path, encrypting(createReadStream(from, { signal: options.signal }), recipients));
    if ((await hashFile(path, options.signal)) !== written.sha256)
      throw new MailferryError('archive-part-damaged', { part: name, reason: 'it does not read back as it was written' });
    return written;
  };
  const fileName = `${inTheClear.fileName}${AGE_SUFFIX}`;
  const manifestName = `${inTheClear.manifestName}${AGE_SUFFIX}`;
  const manifest = await encrypt(join(workDirectory, inTheClear.manifestName), manifestName);
  const part = await encrypt(openPath, fileName);
  return { ...inTheClear, ...part, fileName, manifestName, manifestSha256: manifest.sha256 };
};

function* messageRecords(entries: Iterable<SealedEntry>): Iterable<MessageRecord> {
  for (const entry of entries) yield toMessageRecord(entry);
}

const toMessageRecord = ({
  name,
  sha256,
  sizeBytes,
  mailbox,
  uidValidity,
  locator,
  internalDate,
  flags,
  messageId,
}: SealedEntry): MessageRecord => ({
  kind: 'message',
  name,
  sha256,
  sizeBytes,
  mailbox,
  uidValidity,
  uid: locator,
  internalDate: internalDate?.toISOString() ?? null,
  flags: [...flags],
  messageId,
});
