import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MailferryError } from '../../errors.ts';
import { readManifest } from '../../formats/manifest.ts';
import { checkInPieces, DEFLATE, fitsInMemory, STORE } from '../../formats/zip/foreign-content.ts';
import { findDirectory } from '../../formats/zip/foreign-end.ts';
import { ForeignFile } from '../../formats/zip/foreign-file.ts';
import { ForeignLayout } from '../../formats/zip/foreign-layout.ts';
import { readName } from '../../formats/zip/foreign-name.ts';
import { centralRecords, type ForeignEntry } from '../../formats/zip/foreign-records.ts';
import { findData, readPieces, readWhole } from '../../formats/zip/read-entry.ts';
import { type Mailbox, type MailboxPath, readSpecialUse } from '../../mail/mailbox.ts';
import type { Message } from '../../mail/message.ts';
import type { Notice } from '../../mail/notice.ts';
import type { ListedMessage } from '../mail-source.ts';
import { DistinctNames } from './distinct-names.ts';
import type { FiledMessage, FileStore } from './file-source.ts';
import { isFolder, readFolder } from './walk-folders.ts';

const ZIP = /\.zip$/i;
const ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000;
const AES_METHOD = 99;
const FILE_TYPE_MASK = 0o170000;
const REGULAR_FILE = 0o100000;
/** A message that inflates to more than so many times its size, from here on, is no mail. */
const BOMB_FROM_BYTES = 16 * 1024 * 1024;
const BOMB_RATIO = 500;

/** One message's entry, with what the manifest beside the ZIP knows of it. */
interface ZipMessage extends FiledMessage {
  readonly zip: string;
  readonly entry: ForeignEntry;
}

/** What a manifest says of one entry. */
interface Described {
  readonly mailbox: string;
  readonly flags: readonly string[];
  readonly internalDate: Date | null;
}

export interface ZipStoreOptions {
  readonly path: string;
  readonly streamAboveBytes: number;
  readonly messageLimitBytes: number;
}

/**
 * EML files in a ZIP, or in all ZIPs of a folder: an archive of Mailferry's own, whose manifests tell mailboxes, flags and
 * dates, or a hoster's backup, whose folders are mailboxes and whose own name is the one of what lies at its top.
 */
export class ZipStore implements FileStore {
  readonly protocol = 'ZIP';
  readonly path: string;
  readonly #options: ZipStoreOptions;
  readonly #messages = new Map<MailboxPath, Map<string, ZipMessage>>();
  readonly #layouts = new Map<string, ForeignLayout>();
  #paths: readonly string[] = [];
  #names = new DistinctNames();

  constructor(options: ZipStoreOptions) {
    this.path = options.path;
    this.#options = options;
  }

  async mailboxes(signal: AbortSignal) {
    this.#messages.clear();
    this.#names = new DistinctNames();
    const known = new Map<string, Mailbox>();
    const notices: Notice[] = [];
    this.#paths = await this.#zips();
    for (const zip of this.#paths) {
      const { entries, mailboxes } = await readDescription(zip);
      for (const mailbox of mailboxes) known.set(mailbox.path, mailbox);
      notices.push(...(await this.#readDirectory(zip, entries, signal)));
    }
    return Array.from(this.#messages.keys(), (path, i) => ({
      mailbox: known.get(path) ?? { path, delimiter: '/', specialUse: path === 'INBOX' ? ('\\Inbox' as const) : null, selectable: true },
      notices: i === 0 ? notices : [],
    }));
  }

  async messages(path: MailboxPath): Promise<FiledMessage[]> {
    return [...(this.#messages.get(path)?.values() ?? [])];
  }

  async read(path: MailboxPath, { locator }: ListedMessage, signal: AbortSignal): Promise<Omit<Message, 'ref'> | null> {
    const message = this.#messages.get(path)?.get(String(locator));
    if (!message || !existsSync(message.zip)) return null;
    const { entry, flags, internalDate, sizeBytes } = message;
    const fault = this.#faultOf(entry);
    if (fault !== null) throw new MailferryError('message-damaged', { reason: fault });
    const layout = this.#layouts.get(message.zip);
    const file = await openZip(message.zip, signal);
    let isHandedOver = false;
    try {
      const damaged = new MailferryError('message-damaged', { reason: 'its entry is not what the ZIP says it is' });
      const at = layout ? await findData(file, layout, entry) : null;
      if (at === null) throw damaged;
      if (sizeBytes <= this.#options.streamAboveBytes && fitsInMemory(entry)) {
        const read = await readWhole(file, entry, at);
        if (!read) throw damaged;
        const { content: body, data } = read;
        // What is deflated already need not be deflated again.
        return {
          sizeBytes,
          flags,
          internalDate,
          body,
          ...(entry.method === DEFLATE ? { packed: { method: 'deflate' as const, data, sha256: hash('sha256', body) } } : {}),
        };
      }
      if (!(await checkInPieces(file, entry, at))) throw damaged;
      isHandedOver = true;
      return { sizeBytes, flags, internalDate, body: closing(file, readPieces(file, entry, at)) };
    } finally {
      if (!isHandedOver) await file.close();
    }
  }

  async #zips(): Promise<string[]> {
    if (!(await isFolder(this.path))) return [this.path];
    const { files } = await readFolder(this.path, []);
    const zips = files.filter((name) => ZIP.test(name)).map((name) => join(this.path, name));
    if (zips.length === 0) throw new MailferryError('source-unknown', { path: this.path, reason: 'it has no ZIP' });
    return zips;
  }

  /** Takes up the entries of one ZIP, and notes what of it is no mail. Errors: `zip-invalid`. */
  async #readDirectory(zip: string, described: ReadonlyMap<string, Described>, signal: AbortSignal): Promise<Notice[]> {
    const file = await openZip(zip, signal);
    let skippedCount = 0;
    let unsafeCount = 0;
    try {
      const directory = await findDirectory(file);
      const layout = new ForeignLayout(file, directory);
      for await (const entry of centralRecords(file, directory)) layout.add(entry);
      // Only a directory whose entries lie one behind the other is worth the memory that its messages take.
      layout.settle();
      for await (const entry of centralRecords(file, directory)) {
        if (entry.nameBytes.at(-1) === 0x2f && entry.sizeBytes === 0) continue;
        const { name, refusal } = readName(entry);
        if (refusal === 'resource-fork') continue;
        if (refusal === 'unsafe-name') unsafeCount += 1;
        if (refusal === 'not-eml') skippedCount += 1;
        else this.#add(zip, name, entry, described.get(name));
      }
      this.#layouts.set(zip, layout);
    } finally {
      await file.close();
    }
    const notices: Notice[] = [
      { code: 'no-mail-skipped', details: { path: zip, count: skippedCount } },
      { code: 'names-unsafe', details: { path: zip, count: unsafeCount } },
    ];
    return notices.filter(({ details }) => details.count !== 0);
  }

  #add(zip: string, name: string, entry: ForeignEntry, described: Described | undefined): void {
    const path = (described?.mailbox ?? mailboxOf(backupName(zip, this.#paths), name)) as MailboxPath;
    const messages = this.#messages.get(path) ?? new Map<string, ZipMessage>();
    this.#messages.set(path, messages);
    // With its sum: another message under the same name is another message.
    const first = `${basename(zip)}/${name} ${entry.crc32.toString(16).padStart(8, '0')}`;
    const locator = this.#names.claim(`${path}\n${first}`).slice(path.length + 1);
    const { flags = [], internalDate = null } = described ?? {};
    messages.set(locator, { locator, zip, entry, sizeBytes: entry.sizeBytes, flags, internalDate });
  }

  #faultOf({ flags, method, sizeBytes, compressedBytes, unixMode }: ForeignEntry): string | null {
    const type = unixMode & FILE_TYPE_MASK;
    if (type !== 0 && type !== REGULAR_FILE) return 'it is a link or a device, not a file';
    if ((flags & ENCRYPTED_FLAGS) !== 0 || method === AES_METHOD) return 'it is encrypted';
    if (method !== STORE && method !== DEFLATE) return `it is compressed by a method that is not known (${method})`;
    if (sizeBytes > this.#options.messageLimitBytes) return `it has ${sizeBytes} bytes`;
    return sizeBytes > BOMB_FROM_BYTES && sizeBytes > BOMB_RATIO * compressedBytes ? 'it inflates to far more than mail does' : null;
  }
}

const openZip = (path: string, signal: AbortSignal): Promise<ForeignFile> => ForeignFile.open(path, Number.MAX_SAFE_INTEGER, signal);

async function* closing(file: ForeignFile, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
  } finally {
    await file.close();
  }
}

/** What hosters and browsers put behind the name of the second part of a backup, and the next. */
const PART_SUFFIX = /(?: ?\(\d{1,4}\)|[ _.-]+(?:part)?[ _.-]?\d{1,4})$/i;

/** What a ZIP is called, without the number that its siblings, parts of one backup, differ by. */
const backupName = (zip: string, siblings: readonly string[]): string => {
  const name = basename(zip).replace(ZIP, '');
  const stem = name.replace(PART_SUFFIX, '');
  const isPart = siblings.some((other) => other !== zip && basename(other).replace(ZIP, '').replace(PART_SUFFIX, '') === stem);
  return stem !== '' && isPart ? stem : name;
};

/** The folders of a name, without what no folder is called; what lies at the top is in the mailbox that the ZIP is named for. */
const mailboxOf = (zipName: string, name: string): string => {
  const levels = dirname(name.replaceAll('\\', '/'))
    .split('/')
    .filter((level) => level !== '' && level !== '.' && level !== '..');
  return levels.length === 0 ? zipName : levels.join('/').normalize('NFC');
};

/** What the manifest beside a part says; nothing for a ZIP without one. Errors: `manifest-invalid`. */
const readDescription = async (zip: string): Promise<{ entries: Map<string, Described>; mailboxes: Mailbox[] }> => {
  const entries = new Map<string, Described>();
  const mailboxes: Mailbox[] = [];
  const path = zip.replace(ZIP, '.manifest.jsonl');
  if (!existsSync(path)) return { entries, mailboxes };
  for await (const record of readManifest({ path })) {
    if (record.kind === 'mailbox')
      mailboxes.push({
        path: record.path as MailboxPath,
        delimiter: record.delimiter,
        specialUse: readSpecialUse(record.specialUse),
        selectable: true,
      });
    if (record.kind === 'message')
      entries.set(record.name, {
        mailbox: record.mailbox,
        flags: record.flags,
        internalDate: record.internalDate === null ? null : new Date(record.internalDate),
      });
  }
  return { entries, mailboxes };
};
