import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { MailferryError } from '../errors.ts';
import { type MailboxRecord, type MessageRecord, readManifest } from '../formats/manifest.ts';
import { ForeignFile } from '../formats/zip/foreign-file.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import { readChecksums } from './checksums.ts';
import { type DirectoryEntry, readDirectory } from './zip/read-directory.ts';
import { manifestNameOf } from './zip/seal-part.ts';
import { encodeLocalHeader } from './zip/zip-records.ts';

export type ArchivedMailbox = Omit<MailboxRecord, 'kind' | 'path'> & { readonly path: MailboxPath };

/** A message of a sealed part, as the part's manifest has it. */
export interface ArchivedMessage extends Omit<MessageRecord, 'kind' | 'mailbox' | 'internalDate'> {
  /** File name of the part: `part-0001.zip`. */
  readonly part: string;
  readonly mailbox: MailboxPath;
  readonly internalDate: Date | null;
}

/** What reading a message gives: its bytes, or why they are not what was sealed. */
export type ArchivedContent =
  | {
      readonly kind: 'message';
      readonly message: ArchivedMessage;
      /**
       * Checked against size and SHA-256 when it is a Buffer. A message of more than 8 MiB comes in pieces, to be read to its end before the
       * next one is asked for; after the last piece it throws `entry-damaged` when the whole was another.
       */
      readonly body: Buffer | AsyncIterable<Buffer>;
    }
  | { readonly kind: 'damaged'; readonly message: ArchivedMessage; readonly error: MailferryError };

export interface ArchiveReaderOptions {
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Bigger messages come in pieces. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;

/**
 * The sealed parts of an archive, by their manifests. Needs no ledger and changes nothing.
 * Nothing stays open between calls.
 */
export class ArchiveReader {
  /** File names of the sealed parts, in the order in which they were made. */
  readonly parts: readonly string[];
  readonly #directory: string;
  readonly #signal: AbortSignal;

  private constructor(parts: readonly string[], { directory, signal }: ArchiveReaderOptions) {
    this.parts = parts;
    this.#directory = directory;
    this.#signal = signal;
  }

  /** Errors: `archive-missing`, `checksums-invalid`. */
  static async open(options: ArchiveReaderOptions): Promise<ArchiveReader> {
    const checksums = await readChecksums(options.directory);
    await readdir(options.directory);
    const parts = [...checksums.keys()].filter((name) => /^part-\d+\.zip$/.test(name)).toSorted();
    return new ArchiveReader(parts, options);
  }

  /** All mailboxes, also those without a message. Errors: `manifest-invalid`. */
  async mailboxes(): Promise<ArchivedMailbox[]> {
    const found = new Map<string, ArchivedMailbox>();
    for (const part of this.parts)
      for await (const record of readManifest(this.#pathOf(manifestNameOf(part)))) {
        if (record.kind === 'message') break;
        if (record.kind === 'mailbox') found.set(record.path, toMailbox(record));
      }
    return [...found.values()];
  }

  /** The messages of a part, or of all of them in turn, in the order of their entries. Errors: `manifest-invalid`. */
  async *messages(part?: string): AsyncGenerator<ArchivedMessage> {
    for (const name of part === undefined ? this.parts : [part])
      for await (const record of readManifest(this.#pathOf(manifestNameOf(name))))
        if (record.kind === 'message') yield toMessage(name, record);
  }

  /**
   * The contents of messages of one part, in the order given, which should be that of its entries.
   * Errors: `archive-part-damaged` when nothing of the part can be read; `cancelled`.
   */
  async *contents(part: string, messages: Iterable<ArchivedMessage> | AsyncIterable<ArchivedMessage>): AsyncGenerator<ArchivedContent> {
    const file = await ForeignFile.open(this.#pathOf(part), Number.MAX_SAFE_INTEGER, this.#signal);
    try {
      const directory = await readDirectory(file.path);
      const entries = new Map(directory.map((entry) => [entry.name, entry]));
      for await (const message of messages) yield await readMessage(file, message, entries.get(message.name));
    } finally {
      await file.close();
    }
  }

  #pathOf(name: string): string {
    return join(this.#directory, name);
  }
}

const toMailbox = ({ path, delimiter, specialUse, folder }: MailboxRecord): ArchivedMailbox => ({
  path: path as MailboxPath,
  delimiter,
  specialUse,
  folder,
});

const toMessage = (part: string, { kind: _, mailbox, internalDate, ...record }: MessageRecord): ArchivedMessage => ({
  ...record,
  part,
  mailbox: mailbox as MailboxPath,
  internalDate: internalDate === null ? null : new Date(internalDate),
});

const damaged = (message: ArchivedMessage, reason: string): ArchivedContent => ({
  kind: 'damaged',
  message,
  error: new MailferryError('entry-damaged', { part: message.part, reason }),
});

const readMessage = async (file: ForeignFile, message: ArchivedMessage, entry: DirectoryEntry | undefined): Promise<ArchivedContent> => {
  if (!entry) return damaged(message, 'the part does not list it');
  const at = entry.byteOffset + encodeLocalHeader(entry).length;
  if (at + entry.compressedBytes > file.sizeBytes) return damaged(message, 'the part ends before it does');
  if (message.sizeBytes > IN_MEMORY_BYTES || entry.compressedBytes > IN_MEMORY_BYTES)
    return { kind: 'message', message, body: checkedPieces(file, message, entry, at) };
  try {
    const data = await file.readAt(at, entry.compressedBytes);
    const body = entry.method === 'store' ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, message.sizeBytes) });
    const sha256 = createHash('sha256').update(body).digest('hex');
    return sha256 === message.sha256 ? { kind: 'message', message, body } : damaged(message, 'its SHA-256 is another');
  } catch (error) {
    if (error instanceof MailferryError) throw error;
    return damaged(message, `it can't be inflated: ${error instanceof Error ? error.message : String(error)}`);
  }
};

async function* checkedPieces(file: ForeignFile, message: ArchivedMessage, entry: DirectoryEntry, at: number): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const data = file.pieces(at, entry.compressedBytes);
  const pieces: AsyncIterable<Buffer> = entry.method === 'store' ? data : Readable.from(data).pipe(createInflateRaw());
  try {
    for await (const piece of pieces) {
      sizeBytes += piece.length;
      if (sizeBytes > message.sizeBytes) break;
      hash.update(piece);
      yield piece;
    }
  } catch (error) {
    if (error instanceof MailferryError) throw error;
    throw new MailferryError('entry-damaged', {
      part: message.part,
      reason: `it can't be inflated: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
  if (sizeBytes !== message.sizeBytes || hash.digest('hex') !== message.sha256)
    throw new MailferryError('entry-damaged', { part: message.part, reason: 'its size or SHA-256 is another' });
}
