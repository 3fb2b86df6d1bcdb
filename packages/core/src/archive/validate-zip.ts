import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { checkInMemory, checkInPieces, DEFLATE, fitsInMemory, STORE } from '../formats/zip/foreign-content.ts';
import { type ForeignDirectory, findDirectory } from '../formats/zip/foreign-end.ts';
import { ForeignFile, ForwardReader } from '../formats/zip/foreign-file.ts';
import { ForeignLayout } from '../formats/zip/foreign-layout.ts';
import { type NameRefusal, readName, sameFileKey } from '../formats/zip/foreign-name.ts';
import { agreeingHeaderBytes, centralRecords, type ForeignEntry, maxLocalBytes } from '../formats/zip/foreign-records.ts';

/** Why one entry can't be uploaded while the others can (SPEC U3). The codes are permanent. */
export type EntryRefusal =
  | NameRefusal
  /** 0 bytes. */
  | 'empty'
  /** An entry before it has this name, if case and Unicode composition are ignored. */
  | 'duplicate-name'
  /** Length, CRC-32, compressed data or local header are not as the directory says. */
  | 'damaged'
  | 'encrypted'
  /** Compressed by other means than deflate. */
  | 'unsupported-method'
  /** More bytes than `entryBytes`, or a bomb by `ratio`. */
  | 'too-large'
  /** A symbolic link, device or other thing that is no file. */
  | 'symlink';

/** What is odd about a ZIP that can be used all the same. */
export type ZipOddity =
  /** Bytes in front of the first entry. */
  | 'leading-bytes'
  /** Bytes between entries that the directory doesn't name: perhaps deleted entries. Looked for behind each entry that is read. */
  | 'unlisted-bytes'
  /** Bytes behind the end. */
  | 'trailing-bytes';

export interface ZipLimits {
  /** Directory entries included. Default 1,000,000. */
  readonly entryCount: number;
  /** Uncompressed size of one entry. Default 512 MiB. */
  readonly entryBytes: number;
  /** Uncompressed size of all entries. Default 16 GiB. */
  readonly totalBytes: number;
  /**
   * Uncompressed to compressed size of an entry of more than 64 MiB, and of a ZIP of more than 1 GiB (uncompressed).
   * Default 200. Below those sizes a high ratio does no harm, and real mail has it.
   */
  readonly ratio: number;
}

export interface RefusedEntry {
  /** As decoded by SPEC K7, perhaps with control characters; cut at 1,024 bytes. */
  readonly name: string;
  readonly code: EntryRefusal;
}

export interface ZipValidation {
  readonly sizeBytes: number;
  /** Without directory entries: `accepted` and `refused` together. */
  readonly entryCount: number;
  readonly accepted: number;
  /** In the order of the ZIP's directory. */
  readonly refused: readonly RefusedEntry[];
  /** Of the accepted entries, uncompressed. */
  readonly totalBytes: number;
  readonly oddities: readonly ZipOddity[];
}

export interface ValidateZipOptions {
  /** A ZIP of this size or more is refused. Default 2^31, that of uploads (SPEC U2). */
  readonly fileLimitBytes?: number;
  readonly limits?: Partial<ZipLimits>;
  readonly signal: AbortSignal;
}

/** SPEC U2: a ZIP of exactly this size is refused. */
const ZIP_LIMIT_BYTES = 2 ** 31;
const MIB = 1024 ** 2;
const DEFAULT_LIMITS: ZipLimits = { entryCount: 1_000_000, entryBytes: 512 * MIB, totalBytes: 16 * 1024 * MIB, ratio: 200 };
const RATIO_COUNTS_FROM_ENTRY_BYTES = 64 * MIB;
const RATIO_COUNTS_FROM_TOTAL_BYTES = 1024 * MIB;

const ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000;
const AES_METHOD = 99;
const PATCHED_FLAG = 0x0020;
const FILE_TYPE_MASK = 0o170000;
const REGULAR_FILE = 0o100000;
/** The longest data descriptor: what may stand between two entries. */
const DESCRIPTOR_BYTES = 24;
/** What is inflated before the event loop gets a turn, some 20 ms of work; each entry costs as much as so many bytes besides. */
const BREATH_BYTES = 8 * MIB;
const ENTRY_COST_BYTES = 4096;
/** Entries that are inflated side by side. */
const IN_FLIGHT = 4;

/**
 * Reads every entry of a ZIP that is to be uploaded, whoever made it, and says which can be sent (SPEC U2, U3, K7).
 * Nothing is written. Memory does not grow with the size of an entry, and by less than 150 bytes with each accepted one.
 *
 * Errors: `zip-too-large` by the file's size, before anything is read; `zip-invalid` for a file whose entries can't be told with
 * certainty, or that would cost too much to read; `cancelled`.
 */
export const validateZip = async (
  path: string,
  { fileLimitBytes = ZIP_LIMIT_BYTES, limits, signal }: ValidateZipOptions,
): Promise<ZipValidation> => {
  const file = await ForeignFile.open(path, fileLimitBytes, signal);
  try {
    file.checkAborted();
    const directory = await findDirectory(file);
    const validator = new ZipValidator(file, directory, { ...DEFAULT_LIMITS, ...limits });
    await validator.survey();
    return await validator.readEntries();
  } finally {
    await file.close();
  }
};

const isDirectory = ({ nameBytes, sizeBytes }: ForeignEntry): boolean => sizeBytes === 0 && nameBytes.at(-1) === 0x2f;

/** What the directory alone tells against the entry's content. */
const refuseUnread = (entry: ForeignEntry, { entryBytes, ratio }: ZipLimits): EntryRefusal | null => {
  const { flags, method, sizeBytes, compressedBytes } = entry;
  if ((flags & ENCRYPTED_FLAGS) !== 0 || method === AES_METHOD) return 'encrypted';
  if ((method !== STORE && method !== DEFLATE) || (flags & PATCHED_FLAG) !== 0) return 'unsupported-method';
  if (sizeBytes === 0) return 'empty';
  const isBomb = sizeBytes > RATIO_COUNTS_FROM_ENTRY_BYTES && sizeBytes > ratio * compressedBytes;
  return sizeBytes > entryBytes || isBomb ? 'too-large' : null;
};

const isSpecialFile = ({ unixMode }: ForeignEntry): boolean => {
  const type = unixMode & FILE_TYPE_MASK;
  return type !== 0 && type !== REGULAR_FILE;
};

class ZipValidator {
  readonly #file: ForeignFile;
  readonly #directory: ForeignDirectory;
  readonly #limits: ZipLimits;
  readonly #layout: ForeignLayout;
  readonly #reader: ForwardReader;
  readonly #names = new Set<string>();
  readonly #refused: RefusedEntry[] = [];
  readonly #oddities = new Set<ZipOddity>();
  /** In the directory's order, the oldest first; settled in that order too. */
  readonly #inFlight: (() => Promise<void>)[] = [];
  #accepted = 0;
  #totalBytes = 0;
  #breathlessBytes = 0;

  constructor(file: ForeignFile, directory: ForeignDirectory, limits: ZipLimits) {
    this.#file = file;
    this.#directory = directory;
    this.#limits = limits;
    this.#layout = new ForeignLayout(file, directory);
    this.#reader = new ForwardReader(file);
  }

  /** Goes through the directory alone: what can't be trusted or paid for as a whole is refused before any entry is read. */
  async survey(): Promise<void> {
    const { entryCount, totalBytes, ratio } = this.#limits;
    let toInflateBytes = 0;
    for await (const entry of centralRecords(this.#file, this.#directory)) {
      this.#layout.add(entry);
      if (this.#layout.entryCount > entryCount) throw this.#file.refusal(`it has more than ${entryCount} entries`);
      if (refuseUnread(entry, this.#limits) === null) toInflateBytes += entry.sizeBytes;
    }
    this.#layout.settle();
    const isBomb = toInflateBytes > RATIO_COUNTS_FROM_TOTAL_BYTES && toInflateBytes > ratio * this.#file.sizeBytes;
    if (toInflateBytes > totalBytes || isBomb) throw this.#file.refusal(`it would unpack to ${toInflateBytes} bytes`);
    if (this.#layout.firstStart > 0) this.#oddities.add('leading-bytes');
    if (this.#directory.trailingBytes > 0) this.#oddities.add('trailing-bytes');
  }

  async readEntries(): Promise<ZipValidation> {
    for await (const entry of centralRecords(this.#file, this.#directory)) {
      if (!isDirectory(entry)) await this.#take(entry);
    }
    while (this.#inFlight.length > 0) await this.#settleOldest();
    return {
      sizeBytes: this.#file.sizeBytes,
      entryCount: this.#accepted + this.#refused.length,
      accepted: this.#accepted,
      refused: this.#refused,
      totalBytes: this.#totalBytes,
      oddities: [...this.#oddities],
    };
  }

  async #take(entry: ForeignEntry): Promise<void> {
    const { name, refusal } = readName(entry);
    const code = isSpecialFile(entry) ? 'symlink' : (refusal ?? refuseUnread(entry, this.#limits) ?? this.#refuseDuplicate(name));
    const whole = code === null && (await this.#readContent(entry));
    await this.#breathe(entry);
    const settle = (isWhole: boolean): void => {
      if (isWhole) {
        this.#accepted += 1;
        this.#totalBytes += entry.sizeBytes;
      } else this.#refused.push({ name, code: code ?? 'damaged' });
    };
    if (typeof whole === 'boolean' && this.#inFlight.length === 0) return settle(whole);
    this.#inFlight.push(async () => settle(await whole));
    if (this.#inFlight.length >= IN_FLIGHT) await this.#settleOldest();
  }

  /** Lets the event loop turn while small entries are inflated at once, so that an abort comes through. */
  async #breathe({ sizeBytes }: ForeignEntry): Promise<void> {
    this.#breathlessBytes += sizeBytes + ENTRY_COST_BYTES;
    if (this.#breathlessBytes < BREATH_BYTES) return;
    this.#breathlessBytes = 0;
    await setImmediate();
    this.#file.checkAborted();
  }

  async #settleOldest(): Promise<void> {
    await this.#inFlight.shift()?.();
  }

  #refuseDuplicate(name: string): EntryRefusal | null {
    // A digest, so that an entry costs the same whatever the length of its name.
    const key = hash('sha256', sameFileKey(name), 'binary');
    if (this.#names.has(key)) return 'duplicate-name';
    this.#names.add(key);
    return null;
  }

  async #readContent(entry: ForeignEntry): Promise<boolean | Promise<boolean>> {
    const nextStart = this.#layout.nextStart(entry.byteOffset);
    const inMemory = fitsInMemory(entry);
    const wantedBytes = maxLocalBytes(entry) + (inMemory ? entry.compressedBytes : 0);
    const bytes = await this.#reader.read(entry.byteOffset, Math.min(wantedBytes, nextStart - entry.byteOffset));
    const headerBytes = agreeingHeaderBytes(entry, bytes);
    if (headerBytes === null) return false;
    const entryBytes = headerBytes + entry.compressedBytes;
    const end = entry.byteOffset + entryBytes;
    if (end > nextStart) return false;
    if (end + DESCRIPTOR_BYTES < nextStart) this.#oddities.add('unlisted-bytes');
    if (inMemory) return checkInMemory(entry, bytes.subarray(headerBytes, entryBytes));
    return await checkInPieces(this.#file, entry, entry.byteOffset + headerBytes);
  }
}
