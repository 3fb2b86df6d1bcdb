import { createHash, hash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { MailferryError, throwIfCancelled } from '../errors.ts';
import { ForeignFile } from '../formats/zip/foreign-file.ts';
import { AGE_SUFFIX, decrypting } from './age.ts';
import type { ArchivedContent, ArchivedMessage } from './archived-message.ts';
import { inflateFault } from './zip/check-content.ts';
import { blocksOf, FrontToBack } from './zip/front-to-back.ts';
import { peekEntry } from './zip/local-entries.ts';
import { type DirectoryEntry, readDirectory } from './zip/read-directory.ts';
import { encodeLocalHeader } from './zip/zip-records.ts';

/** A part that is open for reading. */
export interface PartReader {
  /** Best in the order of the entries: of an encrypted part, going back means to begin again. */
  read(message: ArchivedMessage): Promise<ArchivedContent>;
  close(): Promise<void>;
}

export interface PartReaderOptions {
  readonly path: string;
  /** age identities. */
  readonly identities: readonly string[];
  readonly signal: AbortSignal;
}

/** Bigger messages come in pieces. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;

/** Errors: `zip-invalid`, `directory-invalid`. */
export const openPart = async (options: PartReaderOptions): Promise<PartReader> =>
  options.path.endsWith(AGE_SUFFIX) ? new EncryptedPart(options) : PlainPart.open(options);

/** Its central directory says where each entry is. */
class PlainPart implements PartReader {
  readonly #file: ForeignFile;
  readonly #entries: ReadonlyMap<string, DirectoryEntry>;

  private constructor(file: ForeignFile, entries: ReadonlyMap<string, DirectoryEntry>) {
    this.#file = file;
    this.#entries = entries;
  }

  static async open({ path, signal }: PartReaderOptions): Promise<PlainPart> {
    const file = await ForeignFile.open(path, Number.MAX_SAFE_INTEGER, signal);
    try {
      return new PlainPart(file, new Map((await readDirectory(path)).map((entry) => [entry.name, entry])));
    } catch (error) {
      await file.close();
      throw file.refusal(error instanceof Error ? error.message : String(error));
    }
  }

  async read(message: ArchivedMessage): Promise<ArchivedContent> {
    const entry = this.#entries.get(message.name);
    if (!entry) return damaged(message, 'the part does not list it');
    const at = entry.byteOffset + encodeLocalHeader(entry).length;
    if (at + entry.compressedBytes > this.#file.sizeBytes) return damaged(message, 'the part ends before it does');
    if (isBig(message, entry)) return inPieces(message, entry, this.#file.pieces(at, entry.compressedBytes));
    return inMemory(message, entry, await this.#file.readAt(at, entry.compressedBytes));
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** It can only be read from its front; the headers of the entries say where the next one is. */
class EncryptedPart implements PartReader {
  readonly #options: PartReaderOptions;
  #file: FrontToBack | undefined;
  /** Where the entry ends that was handed out last. */
  #end = 0;

  constructor(options: PartReaderOptions) {
    this.#options = options;
  }

  async read(message: ArchivedMessage): Promise<ArchivedContent> {
    const entry = (this.#file && (await this.#seek(this.#file, message.name))) ?? (await this.#seek(await this.#restart(), message.name));
    const file = this.#file;
    if (!entry || !file) return damaged(message, 'the part does not hold it');
    await file.take(encodeLocalHeader(entry).length);
    this.#end = file.byteOffset + entry.compressedBytes;
    if (isBig(message, entry)) return inPieces(message, entry, copies(file.stream(entry.compressedBytes)));
    return inMemory(message, entry, await file.take(entry.compressedBytes));
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #restart(): Promise<FrontToBack> {
    await this.close();
    const { path, identities } = this.#options;
    this.#file = new FrontToBack(decrypting(blocksOf(path), path, identities));
    this.#end = 0;
    return this.#file;
  }

  async #seek(file: FrontToBack, name: string): Promise<DirectoryEntry | null> {
    await file.skipTo(this.#end);
    for (;;) {
      throwIfCancelled(this.#options.signal);
      const entry = await peekEntry(file);
      if (!entry || entry.name === name) return entry;
      await file.skipTo(file.byteOffset + encodeLocalHeader(entry).length + entry.compressedBytes);
    }
  }
}

/** For a reader that keeps pieces while the next ones are read. */
async function* copies(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}

const isBig = (message: ArchivedMessage, entry: DirectoryEntry): boolean =>
  message.sizeBytes > IN_MEMORY_BYTES || entry.compressedBytes > IN_MEMORY_BYTES;

const damage = ({ part }: ArchivedMessage, reason: string): MailferryError => new MailferryError('entry-damaged', { part, reason });

const damaged = (message: ArchivedMessage, reason: string): ArchivedContent => ({
  kind: 'damaged',
  message,
  error: damage(message, reason),
});

const inMemory = (message: ArchivedMessage, entry: DirectoryEntry, data: Buffer): ArchivedContent => {
  try {
    const body = entry.method === 'store' ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, message.sizeBytes) });
    if (hash('sha256', body) !== message.sha256) return damaged(message, 'its SHA-256 is another');
    return { kind: 'message', message, body, packed: { method: entry.method, data, sha256: message.sha256 } };
  } catch (error) {
    return damaged(message, inflateFault(error));
  }
};

const inPieces = (message: ArchivedMessage, entry: DirectoryEntry, data: AsyncIterable<Buffer>): ArchivedContent => ({
  kind: 'message',
  message,
  packed: null,
  body: checkedPieces(message, entry.method === 'store' ? data : inflated(data)),
});

/** Nothing is read before the first piece is asked for; a reader that stops ends the reading. */
async function* inflated(data: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const inflating = createInflateRaw();
  pipeline(Readable.from(data), inflating, () => undefined);
  yield* inflating as AsyncIterable<Buffer>;
}

async function* checkedPieces(message: ArchivedMessage, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const sum = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const piece of pieces) {
      sizeBytes += piece.length;
      if (sizeBytes > message.sizeBytes) break;
      sum.update(piece);
      yield piece;
    }
  } catch (error) {
    throw error instanceof MailferryError ? error : damage(message, inflateFault(error));
  }
  if (sizeBytes !== message.sizeBytes || sum.digest('hex') !== message.sha256) throw damage(message, 'its size or SHA-256 is another');
}
