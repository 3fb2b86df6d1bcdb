import { realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isMailferryError, MailferryError, throwIfCancelled } from '../../errors.ts';
import type { Mailbox, MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import type { Notice } from '../../mail/notice.ts';
import type { FetchOutcome, ListedMessage, ListingWish, MailSource, MessageListing, SourceFacts } from '../mail-source.ts';
import { FileBlocks } from './file-blocks.ts';
import { type FileStamp, isSameStamp, openFileBytes, stampOf, toReadError } from './file-bytes.ts';
import { type CandidateFile, findFiles } from './find-files.ts';
import { type ListingState, readPoint, writePoint } from './listing-point.ts';
import { readMessages } from './read-messages.ts';
import { type MboxFormat, type MboxScan, scanMbox, sniffMbox } from './scan-mbox.ts';

export interface MboxSourceOptions {
  /** Of an mbox, plain or gzipped, or of a folder that holds some at any depth. */
  readonly path: string;
  /** Null: told for each file by what it holds. */
  readonly format: MboxFormat | null;
  /** A message that is bigger goes through in pieces. */
  readonly streamAboveBytes: number;
  /** A message that is bigger fails. */
  readonly messageLimitBytes: number;
}

/** Where the messages of a mailbox are. */
interface Place {
  readonly path: string;
  /** Whether its name, or whoever gave the path, says that it is an mbox. */
  readonly isSaidToBe: boolean;
  /** The mailbox that Gmail's labels name; null for the whole file. */
  readonly label: string | null;
}

interface StampedScan extends MboxScan {
  readonly stamp: FileStamp;
}

const MBOX_NAME = /\.(?:mbox|mbx)(?:\.gz)?$/i;
/** An empty file of such a name is an empty mailbox. */
const MAYBE_EMPTY_NAME = /(?:^|\/)[^./][^.]*$/;
const DELIMITER = '/';

/**
 * Mail in mbox files. Each file is a mailbox; where it is an export of a whole Gmail account, each label is one, and a message is in all
 * of its own. A message's locator is the byte offset of its From_ line in the (decompressed) file. Files are only ever read.
 */
export class MboxSource implements MailSource {
  readonly identity: string;
  /** One, so that a gzip file is read from its begin to its end. */
  readonly concurrency = 1;
  readonly #options: MboxSourceOptions;
  #places: Map<MailboxPath, Place> | null = null;
  readonly #states = new Map<MailboxPath, ListingState>();
  /** Of the files whose mailboxes are labels, by path. */
  readonly #labelled = new Map<string, StampedScan>();
  /** Not told yet. */
  #notices: Notice[] = [];
  /** Read from last, and how far. */
  #idle: { readonly path: string; readonly blocks: FileBlocks } | null = null;

  constructor(options: MboxSourceOptions) {
    this.#options = options;
    this.identity = `mbox:${realPath(options.path)}`;
  }

  facts(): SourceFacts {
    return { protocol: 'mbox', security: 'local', capabilities: [] };
  }

  /** Errors: `source-missing`, `source-unknown` where nothing is an mbox, `source-unreadable`, `source-changed`. */
  async listMailboxes(signal: AbortSignal): Promise<Mailbox[]> {
    const { path } = this.#options;
    const { files, skippedCount, isSingle } = await findFiles(path);
    const places = new Map<MailboxPath, Place>();
    const labelled: (Place & CandidateFile)[] = [];
    let skipped = skippedCount;
    this.#notices = [];
    for (const file of files) {
      const place = { path: file.path, isSaidToBe: isSingle || MBOX_NAME.test(file.path), label: null };
      const kind = await this.#kindOf(place, isSingle, signal);
      if (kind === 'no-mail') skipped += 1;
      else if (kind === 'labelled') labelled.push({ ...file, ...place });
      else places.set(unused(places, file.name), place);
    }
    for (const file of labelled) await this.#placeLabels(places, file, labelled.length === 1, signal);
    if (places.size === 0)
      throw new MailferryError('source-unknown', {
        path,
        reason: isSingle ? 'it does not begin as an mbox does' : 'no file in it is an mbox',
      });
    if (skipped > 0) this.#notices.push({ code: 'no-mail-skipped', details: { path, count: skipped } });
    this.#places = places;
    return Array.from(places.keys(), (mailbox) => ({ path: mailbox, delimiter: DELIMITER, specialUse: null, selectable: true }));
  }

  /** Errors: `source-unreadable`, `source-changed`. */
  async listMessages(mailbox: Mailbox, wish: ListingWish, signal: AbortSignal): Promise<MessageListing> {
    throwIfCancelled(signal);
    const place = await this.#placeOf(mailbox, signal);
    const since = wish.since === null ? null : readPoint(wish.since);
    const notices = this.#notices;
    this.#notices = [];
    if (since && wish.mayBeDelta && (await this.#isUnchanged(place, since))) {
      this.#states.set(mailbox.path, since);
      const uidValidity = since.generation as UidValidity;
      return { uidValidity, scope: 'delta', messages: [], gone: [], totalCount: since.count, point: wish.since, notices };
    }
    const scan = await this.#scan(place, signal);
    const { index, isQuoted, stamp } = scan;
    const count = index.countOf(place.label);
    const generation = wish.since !== null && since === null ? freshGeneration() : generationOf(scan, place.label, since);
    const state: ListingState = { generation, stamp, count, digest: index.digest(place.label, count), isQuoted };
    this.#states.set(mailbox.path, state);
    return {
      uidValidity: generation as UidValidity,
      scope: 'whole',
      messages: index.list(place.label, isQuoted),
      gone: [],
      totalCount: count,
      point: writePoint(state),
      notices: [...notices, ...scan.notices],
    };
  }

  /** Errors: `source-unreadable`, and `source-changed` when the file isn't what was listed any more. */
  async *fetch(
    mailbox: Mailbox,
    uidValidity: UidValidity,
    wanted: readonly ListedMessage[],
    signal: AbortSignal,
  ): AsyncGenerator<FetchOutcome> {
    const { path } = await this.#placeOf(mailbox, signal);
    if (!this.#states.has(mailbox.path)) await this.listMessages(mailbox, { since: null, mayBeDelta: false, withDetails: false }, signal);
    const state = this.#states.get(mailbox.path);
    if (state?.generation !== uidValidity) throw new MailferryError('mailbox-replaced', { mailbox: mailbox.path });
    const blocks = await this.#acquire(path);
    try {
      const { inode, sizeBytes } = blocks.file.stamp;
      // What grew may still hold what was listed; each message is looked at.
      if (inode !== state.stamp.inode || sizeBytes < state.stamp.sizeBytes) throw new MailferryError('source-changed', { path });
      yield* readMessages(blocks, wanted, { ...this.#options, path, mailbox: mailbox.path, uidValidity, isQuoted: state.isQuoted, signal });
    } finally {
      await this.#release(path, blocks);
    }
  }

  async close(): Promise<void> {
    await this.#idle?.blocks.file.close();
    this.#idle = null;
  }

  async #kindOf(place: Place, isSingle: boolean, signal: AbortSignal): Promise<'mail' | 'labelled' | 'no-mail'> {
    try {
      await using file = await openFile(place.path);
      const { kind, isLabelled } = await sniffMbox(file.bytes, this.#scanOptions(place, signal));
      if (kind === 'empty') return place.isSaidToBe || MAYBE_EMPTY_NAME.test(place.path) ? 'mail' : 'no-mail';
      if (kind === 'unknown') return 'no-mail';
      return isLabelled ? 'labelled' : 'mail';
    } catch (error) {
      // Whoever lists its messages learns why it can't be read.
      if (!isSingle && isMailferryError(error, 'source-unreadable')) return 'mail';
      throw error;
    }
  }

  /** Of several files, one whose messages all have one label is the export of that label. */
  async #placeLabels(places: Map<MailboxPath, Place>, file: Place & CandidateFile, isOnly: boolean, signal: AbortSignal): Promise<void> {
    const { path, name, isSaidToBe } = file;
    const { index, notices } = await this.#scan({ path, isSaidToBe, label: null }, signal);
    this.#notices.push(...notices);
    const isOneLabels = index.labels.some((label) => index.countOf(label) === index.count);
    const labels = isOneLabels && !isOnly ? [null] : index.labels;
    for (const label of labels) places.set(unused(places, label ?? name), { path, isSaidToBe, label });
  }

  /** Goes through the file; through one with labels only when it changed. */
  async #scan(place: Place, signal: AbortSignal): Promise<StampedScan> {
    const { path } = place;
    const known = this.#labelled.get(path);
    if (known && isSameStamp(known.stamp, await stampAt(path))) return { ...known, notices: [] };
    await using file = await openFile(path);
    const { stamp } = file.bytes;
    const scan = await scanMbox(file.bytes, this.#scanOptions(place, signal));
    if (!scan) throw new MailferryError('source-unreadable', { path, reason: 'it does not begin as an mbox does' });
    const now = await stampAt(path);
    const isGrown = now.inode === stamp.inode && now.sizeBytes > stamp.sizeBytes;
    if (!isGrown && !isSameStamp(now, stamp)) throw new MailferryError('source-changed', { path });
    const stamped = { ...scan, stamp };
    if (scan.index.labels.length > 0) this.#labelled.set(path, stamped);
    return stamped;
  }

  #scanOptions({ path, isSaidToBe }: Place, signal: AbortSignal) {
    return { path, format: this.#options.format, isSaidToBe, signal };
  }

  async #isUnchanged({ path }: Place, since: ListingState): Promise<boolean> {
    const { format } = this.#options;
    const isAsAsked = format === null || (format === 'mboxrd') === since.isQuoted;
    return isAsAsked && isSameStamp(since.stamp, await stampAt(path));
  }

  async #placeOf(mailbox: Mailbox, signal: AbortSignal): Promise<Place> {
    if (!this.#places) await this.listMailboxes(signal);
    const place = this.#places?.get(mailbox.path);
    if (!place) throw new MailferryError('source-unreadable', { path: mailbox.path, reason: 'there is no such mailbox' });
    return place;
  }

  async #acquire(path: string): Promise<FileBlocks> {
    const idle = this.#idle;
    this.#idle = null;
    const now = await stampAt(path).catch(() => null);
    if (idle?.path === path && now && isSameStamp(idle.blocks.file.stamp, now)) return idle.blocks;
    await idle?.blocks.file.close();
    return new FileBlocks(await openFileBytes(path));
  }

  async #release(path: string, blocks: FileBlocks): Promise<void> {
    await this.#idle?.blocks.file.close();
    this.#idle = { path, blocks };
  }
}

/** As it is, where nothing is there yet. */
const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
};

const openFile = async (path: string) => {
  const bytes = await openFileBytes(path);
  return { bytes, [Symbol.asyncDispose]: () => bytes.close() };
};

const stampAt = async (path: string): Promise<FileStamp> => {
  try {
    return stampOf(await stat(path));
  } catch (error) {
    throw toReadError(error, path);
  }
};

const unused = (places: ReadonlyMap<MailboxPath, Place>, name: string): MailboxPath => {
  let free = name;
  for (let number = 2; places.has(free as MailboxPath); number += 1) free = `${name} (${number})`;
  return free as MailboxPath;
};

/** The generation stays as long as the messages of the last listing are where they were. */
const generationOf = ({ index, isQuoted }: MboxScan, label: string | null, since: ListingState | null): number => {
  if (!since) return 1;
  const isKept = since.isQuoted === isQuoted && since.count <= index.countOf(label) && since.digest === index.digest(label, since.count);
  return isKept ? since.generation : since.generation + 1;
};

/** Unlike any that a point counted up to, for one that can't be read. */
const freshGeneration = (): number => Math.floor(Date.now() / 1000);
