import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mailbox, MailboxPath } from '../../mail/mailbox.ts';
import { decodeMailboxName } from '../../mail/mailbox-name.ts';
import type { Message } from '../../mail/message.ts';
import type { ListedMessage } from '../mail-source.ts';
import type { FiledMessage, FileStore } from './file-source.ts';
import { readBody, unreadable } from './read-body.ts';
import { isFolder, readFolder, walkFolders } from './walk-folders.ts';

/** Where messages lie, newest state first; `tmp` has none that are finished. */
const MESSAGE_FOLDERS = ['cur', 'new'] as const;
const FLAGS: Readonly<Record<string, string>> = {
  D: '\\Draft',
  F: '\\Flagged',
  P: '$Forwarded',
  R: '\\Answered',
  S: '\\Seen',
  T: '\\Deleted',
};
/** What separates the name from the flags; some file systems know no colon. */
const INFO = /[:;!]2,([A-Za-z]*)$/;

/** A file that is a message. */
interface MaildirFile {
  readonly base: string;
  readonly path: string;
  readonly letters: string;
}

const parseName = (folder: string, name: string): MaildirFile => {
  const info = INFO.exec(name);
  return { base: info ? name.slice(0, info.index) : name, path: join(folder, name), letters: info?.[1] ?? '' };
};

/** A Maildir++ name to levels: `.보낸 메일.2024`, in modified UTF-7 or UTF-8. */
const levelsOf = (name: string): string[] =>
  name
    .slice(1)
    .split('.')
    .map((level) => decodeMailboxName(Buffer.from(level).toString('latin1')));

/**
 * Maildirs: one, one with Maildir++ folders below (`.Sent`, `.Archive.2024`), or a tree of folders that are Maildirs
 * each. The root, where it is one itself, is INBOX. A message is called by its file's name without the flags.
 */
export class MaildirStore implements FileStore {
  readonly protocol = 'Maildir';
  readonly path: string;
  readonly #streamAboveBytes: number;
  /** The folder of each mailbox. */
  readonly #folders = new Map<MailboxPath, string>();

  constructor(path: string, streamAboveBytes: number) {
    this.path = path;
    this.#streamAboveBytes = streamAboveBytes;
  }

  async mailboxes(signal: AbortSignal) {
    this.#folders.clear();
    const found: { mailbox: Mailbox; notices: [] }[] = [];
    for await (const folder of walkFolders(this.path, signal)) {
      const last = folder.levels.at(-1) ?? '';
      if (['cur', 'new', 'tmp'].includes(last) || !folder.folders.includes('cur')) continue;
      const path = this.#unused(
        folder.levels.length === 0 ? 'INBOX' : folder.levels.flatMap((name) => (name.startsWith('.') ? levelsOf(name) : [name])).join('/'),
      );
      this.#folders.set(path, folder.path);
      found.push({ mailbox: { path, delimiter: '/', specialUse: path === 'INBOX' ? '\\Inbox' : null, selectable: true }, notices: [] });
    }
    return found;
  }

  async messages(path: MailboxPath): Promise<FiledMessage[]> {
    const keywords = await this.#keywords(path);
    const messages: FiledMessage[] = [];
    for (const [locator, file] of await this.#files(path)) {
      const found = await stat(file.path).catch(() => null);
      if (found?.isFile())
        messages.push({ locator, sizeBytes: found.size, internalDate: dateOf(found.mtimeMs), flags: flagsOf(file, keywords) });
    }
    return messages;
  }

  async read(path: MailboxPath, { locator }: ListedMessage): Promise<Omit<Message, 'ref'> | null> {
    // Once more when it moved between the look at the folder and the opening: from `new` to `cur`, or to other flags.
    for (let look = 0; look < 3; look += 1) {
      const file = (await this.#filesOnce(path, look > 0)).get(String(locator));
      const found = file && (await stat(file.path).catch(() => null));
      if (!file) return null;
      if (!found) continue;
      const body = await readBody({ path: file.path, byteOffset: 0, sizeBytes: found.size }, this.#streamAboveBytes);
      if (body === null) continue;
      return { sizeBytes: found.size, internalDate: dateOf(found.mtimeMs), flags: flagsOf(file, await this.#keywords(path)), body };
    }
    return null;
  }

  #unused(name: string): MailboxPath {
    let candidate = name;
    for (let i = 2; this.#folders.has(candidate as MailboxPath); i += 1) candidate = `${name} (${i})`;
    return candidate as MailboxPath;
  }

  #cached: { readonly path: MailboxPath; readonly files: ReadonlyMap<string, MaildirFile> } | undefined;

  /** The files as they were looked at last; a message that isn't there any more under its name makes it look again. */
  async #filesOnce(path: MailboxPath, isStale: boolean): Promise<ReadonlyMap<string, MaildirFile>> {
    if (this.#cached?.path === path && !isStale) return this.#cached.files;
    return this.#files(path);
  }

  /** By base name; a second file of one name gets a number behind it. */
  async #files(path: MailboxPath): Promise<Map<string, MaildirFile>> {
    const root = this.#folders.get(path) ?? this.path;
    const files = new Map<string, MaildirFile>();
    for (const part of MESSAGE_FOLDERS) {
      if (!(await isFolder(join(root, part)))) continue;
      for (const name of (await readFolder(root, [part])).files) {
        const file = parseName(join(root, part), name);
        let locator = file.base;
        for (let i = 2; files.has(locator); i += 1) locator = `${file.base} (${i})`;
        files.set(locator, file);
      }
    }
    this.#cached = { path, files };
    return files;
  }

  /** Dovecot's names for the letters a to z. */
  async #keywords(path: MailboxPath): Promise<ReadonlyMap<string, string>> {
    const file = join(this.#folders.get(path) ?? this.path, 'dovecot-keywords');
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw unreadable(file, error);
    });
    const lines = text.split('\n').flatMap((line) => (/^(\d{1,2}) (\S+)$/.exec(line) ? [line.split(' ')] : []));
    return new Map(lines.map(([number = '', keyword = '']) => [String.fromCharCode(0x61 + Number(number)), keyword]));
  }
}

const dateOf = (mtimeMs: number): Date => new Date(Math.floor(mtimeMs / 1000) * 1000);

const flagsOf = ({ letters }: MaildirFile, keywords: ReadonlyMap<string, string>): string[] =>
  [...letters].flatMap((letter) => FLAGS[letter] ?? keywords.get(letter) ?? []);
