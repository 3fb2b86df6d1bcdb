import { createHash, hash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { AGE_SUFFIX, decrypting } from '../archive/age.ts';
import { type SalvagedEntry, scanPart } from '../archive/salvage/scan-part.ts';
import { blocksOf } from '../archive/zip/front-to-back.ts';
import { manifestNameOf } from '../archive/zip/seal-part.ts';
import { isMailferryError, MailferryError } from '../errors.ts';
import { readListing } from '../formats/listing.ts';
import { type MailboxRecord, type MessageRecord, readManifest } from '../formats/manifest.ts';
import { ForeignFile } from '../formats/zip/foreign-file.ts';
import { type Mailbox, type MailboxPath, readSpecialUse } from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import type { Notice } from '../mail/notice.ts';
import { DistinctNames } from '../source/files/distinct-names.ts';
import type { FiledMessage, FileStore } from '../source/files/file-source.ts';
import type { ListedMessage } from '../source/mail-source.ts';
import type { LostPiece } from './report.ts';

interface Filed extends FiledMessage {
  readonly file: string;
  readonly entry: SalvagedEntry;
}

export interface SalvageOptions {
  /** An archive's folder, or one ZIP. */
  readonly path: string;
  /** Where encrypted parts are decrypted to, to be read. */
  readonly workDirectory: string;
  readonly identities: readonly string[];
  readonly signal: AbortSignal;
}

/** A part that may be damaged, with what is known of it. */
interface Part {
  /** As it is called in the archive. */
  readonly name: string;
  /** Of the file that can be read. */
  readonly file: string;
  readonly manifest: ReadonlyMap<string, MessageRecord> | null;
}

const PART = /\.zip(\.open)?(\.age)?$/i;
const OWN_PART = /^part-\d+\.zip/;
const LISTING = /^listing-\d+\.jsonl(\.age)?$/;
const IN_MEMORY_BYTES = 8 * 1024 * 1024;

/** What can still be read of an archive or a ZIP, whatever state it is in: every message that is whole by its own sums. */
export class SalvageStore implements FileStore {
  readonly protocol = 'ZIP';
  readonly path: string;
  /** What is gone; filled while the mailboxes are listed. */
  readonly lost: LostPiece[] = [];
  readonly #options: SalvageOptions;
  readonly #messages = new Map<MailboxPath, Map<string, Filed>>();
  /** By the folder that they have in the parts. */
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #notices: Notice[] = [];
  #names = new DistinctNames();

  constructor(options: SalvageOptions) {
    this.path = options.path;
    this.#options = options;
  }

  async mailboxes(): Promise<{ mailbox: Mailbox; notices: readonly Notice[] }[]> {
    this.#messages.clear();
    this.#names = new DistinctNames();
    this.lost.length = 0;
    this.#notices.length = 0;
    const parts: Part[] = [];
    for (const file of await this.#files()) parts.push(await this.#openPart(file));
    await this.#readListings();
    for (const part of parts) await this.#scan(part);
    await this.#noteMissing(parts);
    const paths = new Set([...this.#messages.keys(), ...Array.from(this.#mailboxes.values(), ({ path }) => path)]);
    const byPath = new Map(Array.from(this.#mailboxes.values(), (mailbox) => [mailbox.path, mailbox]));
    return [...paths].map((path, i) => ({
      mailbox: byPath.get(path) ?? { path, delimiter: '/', specialUse: null, selectable: true },
      notices: i === 0 ? this.#notices : [],
    }));
  }

  async messages(path: MailboxPath): Promise<FiledMessage[]> {
    return [...(this.#messages.get(path)?.values() ?? [])];
  }

  async read(path: MailboxPath, { locator }: ListedMessage, signal: AbortSignal): Promise<Omit<Message, 'ref'> | null> {
    const filed = this.#messages.get(path)?.get(String(locator));
    if (!filed) return null;
    const { entry, sizeBytes, flags, internalDate } = filed;
    const { dataOffset, compressedBytes, method } = entry;
    if (sizeBytes === 0) return { sizeBytes, flags, internalDate, body: Buffer.alloc(0) };
    const file = await ForeignFile.open(filed.file, Number.MAX_SAFE_INTEGER, signal);
    if (Math.max(sizeBytes, compressedBytes) > IN_MEMORY_BYTES) return { sizeBytes, flags, internalDate, body: closing(file, entry) };
    try {
      const data = await file.readAt(dataOffset, compressedBytes);
      const body = method === 'store' ? data : inflateRawSync(data, { maxOutputLength: sizeBytes });
      return { sizeBytes, flags, internalDate, body, packed: { method, data, sha256: hash('sha256', body) } };
    } finally {
      await file.close();
    }
  }

  async #files(): Promise<string[]> {
    if (!(await stat(this.path)).isDirectory()) return [this.path];
    const folders = [this.path, join(this.path, '.mailferry')];
    const found = await Promise.all(
      folders.map(async (folder) =>
        existsSync(folder) ? (await readdir(folder)).filter((name) => PART.test(name)).map((name) => join(folder, name)) : [],
      ),
    );
    return found.flat().toSorted();
  }

  /** Reads the manifest beside a part, and decrypts the part where it is encrypted, each as far as that goes. */
  async #openPart(path: string): Promise<Part> {
    const name = basename(path);
    const manifestPath = join(
      dirname(path),
      manifestNameOf(name.replace(/(\.open)?(\.age)?$/, '')) + (name.endsWith(AGE_SUFFIX) ? AGE_SUFFIX : ''),
    );
    const manifest = OWN_PART.test(name) ? await this.#readManifest(manifestPath) : null;
    if (!name.endsWith(AGE_SUFFIX)) return { name, file: path, manifest };
    const file = join(this.#options.workDirectory, name.slice(0, -AGE_SUFFIX.length));
    try {
      await pipeline(Readable.from(decrypting(blocksOf(path), path, this.#options.identities)), createWriteStream(file), {
        signal: this.#options.signal,
      });
    } catch (error) {
      if (!isMailferryError(error, 'decryption-failed')) throw error;
      this.lost.push({ part: name, entryName: null, byteOffset: null, bytes: null, reason: error.message });
    }
    return { name, file, manifest };
  }

  /** The messages that a manifest names, as far as it can be read; null where there is none. */
  async #readManifest(path: string): Promise<ReadonlyMap<string, MessageRecord> | null> {
    if (!existsSync(path)) return null;
    const messages = new Map<string, MessageRecord>();
    try {
      for await (const record of readManifest(this.#decrypted(path))) {
        if (record.kind === 'mailbox') this.#know(record);
        if (record.kind === 'message') messages.set(record.name, record);
      }
    } catch (error) {
      if (!isMailferryError(error, 'manifest-invalid', 'decryption-failed')) throw error;
      this.lost.push({ part: basename(path), entryName: null, byteOffset: null, bytes: null, reason: error.message });
    }
    return messages;
  }

  async #readListings(): Promise<void> {
    if (!(await stat(this.path)).isDirectory()) return;
    for (const name of (await readdir(this.path)).filter((one) => LISTING.test(one)).toSorted()) {
      try {
        for await (const record of readListing(this.#decrypted(join(this.path, name)))) if (record.kind === 'mailbox') this.#know(record);
      } catch (error) {
        if (!isMailferryError(error, 'manifest-invalid', 'decryption-failed')) throw error;
        this.lost.push({ part: name, entryName: null, byteOffset: null, bytes: null, reason: error.message });
      }
    }
  }

  #decrypted(path: string) {
    return path.endsWith(AGE_SUFFIX) ? { path, content: decrypting(blocksOf(path), path, this.#options.identities) } : { path };
  }

  #know({ path, delimiter, specialUse, folder }: Omit<MailboxRecord, 'kind'>): void {
    this.#mailboxes.set(folder, { path: path as MailboxPath, delimiter, specialUse: readSpecialUse(specialUse), selectable: true });
  }

  /** Takes up every message of a part that is whole, and notes what isn't. */
  async #scan({ name: part, file: path, manifest }: Part): Promise<void> {
    const missing = new Set(manifest?.keys());
    let unknownCount = 0;
    let otherCount = 0;
    const file = await ForeignFile.open(path, Number.MAX_SAFE_INTEGER, this.#options.signal);
    try {
      for await (const found of scanPart(file)) {
        if (found.kind === 'other') otherCount += 1;
        if (found.kind === 'other') continue;
        if (found.kind === 'lost') {
          const { name: entryName, byteOffset, bytes, reason } = found;
          if (entryName !== null) missing.delete(entryName);
          this.lost.push({ part, entryName, byteOffset, bytes, reason });
          continue;
        }
        const record = manifest?.get(found.name);
        missing.delete(found.name);
        if (record && (await sha256Of(file, found)) !== record.sha256) {
          const { name: entryName, byteOffset, compressedBytes: bytes } = found;
          this.lost.push({ part, entryName, byteOffset, bytes, reason: 'its SHA-256 is another than its manifest says' });
          continue;
        }
        if (!record && OWN_PART.test(part)) unknownCount += 1;
        this.#add(part, path, found, record);
      }
    } finally {
      await file.close();
    }
    for (const entryName of missing)
      this.lost.push({ part, entryName, byteOffset: null, bytes: null, reason: 'its manifest has it, and the part does not' });
    if (otherCount > 0) this.#notices.push({ code: 'no-mail-skipped', details: { path, count: otherCount } });
    if (unknownCount > 0) this.#notices.push({ code: 'manifest-lost', details: { part, count: unknownCount } });
  }

  #add(part: string, file: string, entry: SalvagedEntry, record: MessageRecord | undefined): void {
    const path = (record?.mailbox ?? this.#mailboxOf(part, entry.name)) as MailboxPath;
    const messages = this.#messages.get(path) ?? new Map<string, Filed>();
    this.#messages.set(path, messages);
    const sum = entry.crc32.toString(16).padStart(8, '0');
    const first = record ? `${record.uidValidity}:${record.uid}` : `${part}/${entry.name} ${sum}`;
    const locator = this.#names.claim(`${path}\n${first}`).slice(path.length + 1);
    messages.set(locator, {
      locator,
      file,
      entry,
      sizeBytes: entry.sizeBytes,
      flags: record?.flags ?? [],
      internalDate: this.#dateOf(part, entry, record),
    });
  }

  /** In our own parts the ZIP's time is INTERNALDATE, where there was one. */
  #dateOf(part: string, { modifiedAt }: SalvagedEntry, record: MessageRecord | undefined): Date | null {
    if (record) return record.internalDate === null ? null : new Date(record.internalDate);
    return OWN_PART.test(part) && modifiedAt.getTime() !== 0 ? modifiedAt : null;
  }

  #mailboxOf(part: string, name: string): string {
    const folder = dirname(name.replaceAll('\\', '/'));
    const levels = folder.split('/').filter((level) => level !== '' && level !== '.' && level !== '..');
    return this.#mailboxes.get(folder)?.path ?? (levels.length > 0 ? levels.join('/').normalize('NFC') : part.replace(PART, ''));
  }

  /** Parts of which only the manifest is left. */
  async #noteMissing(parts: readonly Part[]): Promise<void> {
    if (!(await stat(this.path)).isDirectory()) return;
    const present = new Set(parts.map(({ name }) => name.replace(/(\.open)?(\.age)?$/, '')));
    for (const name of await readdir(this.path)) {
      const [, stem] = /^(part-\d+)\.manifest\.jsonl(?:\.age)?$/.exec(name) ?? [];
      if (stem === undefined || present.has(`${stem}.zip`)) continue;
      for (const entryName of (await this.#readManifest(join(this.path, name)))?.keys() ?? [])
        this.lost.push({ part: `${stem}.zip`, entryName, byteOffset: null, bytes: null, reason: 'the part is missing' });
    }
  }
}

const inPieces = (file: ForeignFile, { method, dataOffset, compressedBytes }: SalvagedEntry): AsyncIterable<Buffer> => {
  const data = file.pieces(dataOffset, compressedBytes);
  return method === 'store' ? data : (Readable.from(data).compose(createInflateRaw()) as AsyncIterable<Buffer>);
};

async function* closing(file: ForeignFile, entry: SalvagedEntry): AsyncGenerator<Buffer> {
  try {
    yield* inPieces(file, entry);
  } catch (error) {
    throw error instanceof MailferryError ? error : new MailferryError('message-damaged', { reason: String(error) }, { cause: error });
  } finally {
    await file.close();
  }
}

const sha256Of = async (file: ForeignFile, entry: SalvagedEntry): Promise<string> => {
  const sum = createHash('sha256');
  for await (const piece of inPieces(file, entry)) sum.update(piece);
  return sum.digest('hex');
};
