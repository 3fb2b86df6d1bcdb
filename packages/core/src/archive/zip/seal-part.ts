import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MailferryError } from '../../errors.ts';
import { encodeManifest, MANIFEST_FORMAT, type MailboxRecord, type ManifestRecord, type MessageRecord } from '../../formats/manifest.ts';
import type { ArchiveEntry } from '../../mail/archive-entry.ts';
import type { Disk } from '../disk.ts';
import type { PartSummary } from '../part-summary.ts';
import { checkPart } from './check-part.ts';
import type { PartFile } from './part-file.ts';

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
  readonly directory: string;
  /** The name of the sealed part: `part-0001.zip`. */
  readonly fileName: string;
  /** All entries in file order, as they are recorded; iterated several times. */
  readonly entries: Iterable<SealedEntry>;
  /** The mailboxes that the part has messages of. */
  readonly mailboxes: readonly Omit<MailboxRecord, 'kind'>[];
  /** The source's identity. */
  readonly source: string;
  readonly signal: AbortSignal;
}

export interface Seal extends PartSummary {
  readonly manifestName: string;
  readonly manifestSha256: string;
}

export const manifestNameOf = (fileName: string): string => fileName.replace(/\.zip$/, '.manifest.jsonl');

/**
 * Makes a finished part of an open one: central directory, read back byte for byte, manifest, and only then the
 * final name. The file is closed. Errors: `archive-part-damaged`, `disk-*`, `cancelled`.
 */
export const sealPart = async (part: PartFile, options: SealOptions): Promise<Seal> => {
  const { disk, directory, fileName } = options;
  try {
    await part.writeDirectory(options.entries);
  } finally {
    await part.close();
  }
  const seal = await checkAndDescribe(part.path, options);
  await disk.rename(part.path, join(directory, fileName));
  return seal;
};

/** True when a part has its final name already, though nothing recorded it: the run ended between the two. */
export const hasFinalName = (directory: string, fileName: string): boolean => existsSync(join(directory, fileName));

/** Finishes the seal of a part that has its final name already. Errors: as `sealPart`. */
export const finishSeal = (options: SealOptions): Promise<Seal> => checkAndDescribe(join(options.directory, options.fileName), options);

const checkAndDescribe = async (path: string, options: SealOptions): Promise<Seal> => {
  const { disk, directory, fileName, entries, signal } = options;
  const { sizeBytes, sha256, findings } = await checkPart(path, entries, { signal });
  const [worst] = findings;
  if (worst)
    throw new MailferryError('archive-part-damaged', { part: fileName, reason: `${worst.entryName ?? fileName}: ${worst.detail}` });
  let entryCount = 0;
  for (const _ of entries) entryCount += 1;
  const summary: PartSummary = { fileName, sizeBytes, entryCount, sha256 };
  const manifestName = manifestNameOf(fileName);
  const manifest = await disk.replace(join(directory, manifestName), encodeManifest(toRecords(summary, options)));
  return { ...summary, manifestName, manifestSha256: manifest.sha256 };
};

function* toRecords(summary: PartSummary, { source, mailboxes, entries }: SealOptions): Iterable<ManifestRecord> {
  const { fileName: part, sizeBytes, sha256, entryCount } = summary;
  yield { kind: 'part', format: MANIFEST_FORMAT, part, sizeBytes, sha256, entries: entryCount, source };
  for (const mailbox of mailboxes) yield { kind: 'mailbox', ...mailbox };
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
