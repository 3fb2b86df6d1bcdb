import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import PQueue from 'p-queue';
import { AGE_SUFFIX } from '../archive/age.ts';
import type { Disk } from '../archive/disk.ts';
import { createPart, type PartFile, resumePart } from '../archive/zip/part-file.ts';
import { finishSeal, hasFinalName, type Seal, type SealOptions, sealPart } from '../archive/zip/seal-part.ts';
import type { WorkThreads } from '../archive/zip/work-threads.ts';
import { MailferryError } from '../errors.ts';
import type { MailboxId } from '../ledger/ids.ts';
import type { Layout, Ledger } from '../ledger/ledger.ts';
import type { LedgerPart, SealedPart } from '../ledger/part-records.ts';
import { WORK_FOLDER } from './archive-folder.ts';
import type { ArchiveIndex } from './archive-index.ts';

export interface PartShelfOptions {
  readonly directory: string;
  readonly disk: Disk;
  readonly ledger: Ledger;
  /** What the archive says of itself; brought up to date after each seal. */
  readonly index: ArchiveIndex;
  readonly threads: WorkThreads;
  /** The source's identity, for the manifests. */
  readonly source: string;
  /** The age recipients that sealed parts are encrypted for; none leaves them in the clear. */
  readonly recipients: readonly string[];
  readonly layout: Layout;
  /** No part is ever bigger. */
  readonly partLimitBytes: number;
  /** Runs after each seal, once it is recorded. */
  readonly onSealed: (part: SealedPart) => void;
  readonly signal: AbortSignal;
}

/** A part that is being written, with its place in the ledger. */
export interface ShelfPart {
  readonly record: LedgerPart;
  readonly file: PartFile;
}

/** Which open part an entry goes to: one for all, or one per mailbox, or one per mailbox and period. */
export interface ShelfKey {
  readonly mailboxId: MailboxId | null;
  readonly period: string | null;
}

const keyText = ({ mailboxId, period }: ShelfKey): string => `${mailboxId ?? ''} ${period ?? ''}`;

/** Digits of a date in ISO 8601 that name a period. */
const PERIOD_UNITS: Readonly<Partial<Record<Layout, number>>> = { 'by-year': 4, 'by-month': 7 };

/** What a name and the ZIP's own records take beside a message, at most. */
const ENTRY_OVERHEAD_BYTES = 4096;
/** What deflating makes a message longer by, at most. */
const DEFLATE_OVERHEAD = 5 / 16_000;
const PART_NAME = /^part-\d+\.zip(\.age)?$/;

/**
 * The parts of an archive: at most one open per key, the others sealed. What an earlier run left
 * open is cut back to what the ledger knows, and gone on with.
 */
export class PartShelf {
  readonly #options: PartShelfOptions;
  readonly #open = new Map<string, ShelfPart>();
  readonly #sealed: SealedPart[] = [];
  /** One after the other: each manifest names the one before. */
  readonly #sealing = new PQueue({ concurrency: 1 });

  constructor(options: PartShelfOptions) {
    this.#options = options;
  }

  /** Parts that this run sealed. */
  get sealed(): readonly SealedPart[] {
    return this.#sealed;
  }

  /** The biggest message that an empty part holds for certain. */
  get messageLimitBytes(): number {
    const room = this.#options.partLimitBytes - ENTRY_OVERHEAD_BYTES;
    return Math.floor(room / (1 + DEFLATE_OVERHEAD));
  }

  /** `when` is the entry's time, 1970 for a message without a date. */
  keyOf(mailboxId: MailboxId, when: Date): ShelfKey {
    const { layout } = this.#options;
    const units = PERIOD_UNITS[layout];
    const period = when.getTime() === 0 ? 'undated' : when.toISOString().slice(0, units);
    return { mailboxId: layout === 'mixed' ? null : mailboxId, period: units === undefined ? null : period };
  }

  /** Takes up what an earlier run left open; to be called first. */
  async resume(): Promise<void> {
    const { ledger, disk, directory } = this.#options;
    await this.#checkNothingUnknown();
    for (const record of ledger.parts.open()) {
      const { number, fileName, committedBytes } = record;
      if (hasFinalName(directory, fileName)) await this.#record(record, await finishSeal(this.#sealOptions(record)));
      else
        this.#open.set(keyText(record), {
          record,
          file: await resumePart(disk, this.#openDirectory, fileName, committedBytes, ledger.messages.ofPart(number)),
        });
    }
    if (this.#isEncrypted) await this.#removeOpened();
    await this.#options.index.write();
  }

  /**
   * The open part of a key, with room for an entry that makes it `sizeWith(part)` bytes when sealed. A part that
   * has none is sealed, after `beforeSeal`, and the next one begun. Null when not even an empty part has room.
   */
  async partFor(key: ShelfKey, sizeWith: (part: PartFile) => number, beforeSeal: () => Promise<void>): Promise<ShelfPart | null> {
    const hasRoom = ({ file }: ShelfPart): boolean => sizeWith(file) <= this.#options.partLimitBytes;
    const current = this.#open.get(keyText(key)) ?? (await this.#begin(key));
    if (hasRoom(current)) return current;
    if (current.file.entryCount === 0) return null;
    await beforeSeal();
    await this.#sealKey(keyText(key));
    const next = await this.#begin(key);
    return hasRoom(next) ? next : null;
  }

  /** Seals the open parts of a mailbox, where parts hold one. Everything in them has to be recorded. */
  async seal(mailboxId: MailboxId): Promise<void> {
    for (const [key, { record }] of [...this.#open]) if (record.mailboxId === mailboxId) await this.#sealKey(key);
  }

  async #sealKey(key: string): Promise<void> {
    const part = this.#open.get(key);
    if (!part) return;
    this.#open.delete(key);
    await this.#sealing.add(() => this.#seal(part));
  }

  async #seal({ record, file }: ShelfPart): Promise<void> {
    if (file.entryCount === 0) {
      await file.close();
      await this.#options.disk.remove(file.path);
      this.#options.ledger.parts.abandon(record);
      return;
    }
    await this.#record(record, await sealPart(file, this.#sealOptions(record)));
    if (this.#isEncrypted) await this.#options.disk.remove(file.path);
    await this.#options.index.write();
  }

  async sealAll(): Promise<void> {
    for (const key of [...this.#open.keys()]) await this.#sealKey(key);
  }

  /** Closes the files of parts that stay open. */
  async close(): Promise<void> {
    for (const { file } of this.#open.values()) await file.close();
    this.#open.clear();
  }

  /** A part that the ledger doesn't know would be written over: the ledger is older than the archive. */
  async #checkNothingUnknown(): Promise<void> {
    const { ledger, directory } = this.#options;
    const open = ledger.parts.open().flatMap(({ fileName }) => [fileName, `${fileName}${AGE_SUFFIX}`]);
    const known = new Set([...ledger.parts.sealed().map(({ fileName }) => fileName), ...open]);
    const unknown = (await readdir(directory)).find((name) => PART_NAME.test(name) && !known.has(name));
    if (unknown !== undefined) throw new MailferryError('archive-part-unknown', { path: directory, part: unknown });
  }

  /** Recorded first: a file that the ledger doesn't know is never taken for a part. */
  async #begin(key: ShelfKey): Promise<ShelfPart> {
    const { ledger, disk } = this.#options;
    const number = ledger.parts.nextNumber();
    const fileName = `part-${String(number).padStart(4, '0')}.zip`;
    const record = ledger.parts.begin({ number, fileName, ...key });
    const part = { record, file: await createPart(disk, this.#openDirectory, fileName) };
    this.#open.set(keyText(key), part);
    return part;
  }

  #sealOptions(record: LedgerPart): SealOptions {
    const { ledger, disk, directory, source, recipients, threads, signal } = this.#options;
    const entries = ledger.messages.ofPart(record.number);
    const present = ledger.messages.mailboxesOfPart(record.number);
    const mailboxes = ledger.mailboxes
      .all()
      .filter(({ id }) => present.has(id))
      .map(({ path, delimiter, specialUse, folder }) => ({ path, delimiter, specialUse, folder }));
    const encryption = this.#isEncrypted ? { recipients, workDirectory: this.#openDirectory } : null;
    const previous = ledger.parts.lastLink();
    return { disk, directory, fileName: record.fileName, entries, mailboxes, source, previous, encryption, threads, signal };
  }

  async #record(record: LedgerPart, seal: Seal): Promise<void> {
    const sealed = this.#options.ledger.parts.seal(record, seal);
    this.#sealed.push(sealed);
    this.#options.onSealed(sealed);
  }

  get #isEncrypted(): boolean {
    return this.#options.recipients.length > 0;
  }

  /** What is in the clear stays beside the ledger. */
  get #openDirectory(): string {
    const { directory } = this.#options;
    return this.#isEncrypted ? join(directory, WORK_FOLDER) : directory;
  }

  /** Parts in the clear whose seals were recorded, should the run have ended before they were removed. */
  async #removeOpened(): Promise<void> {
    const open = new Set([...this.#open.values()].map(({ file }) => basename(file.path)));
    for (const name of await readdir(this.#openDirectory))
      if (name.endsWith('.zip.open') && !open.has(name)) await this.#options.disk.remove(join(this.#openDirectory, name));
  }
}
