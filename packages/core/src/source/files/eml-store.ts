import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MailferryError } from '../../errors.ts';
import type { Mailbox, MailboxPath } from '../../mail/mailbox.ts';
import type { Message } from '../../mail/message.ts';
import type { Notice } from '../../mail/notice.ts';
import type { ListedMessage } from '../mail-source.ts';
import type { FiledMessage, FileStore } from './file-source.ts';
import { type BodyPlace, readBody } from './read-body.ts';
import { readFolder, walkFolders } from './walk-folders.ts';

const EML = /\.eml$/i;
/** Apple Mail's: a line with the length of the message, the message, and a property list. */
const EMLX = /\.emlx$/i;
/** What systems leave in folders. */
const IGNORED = /^(\.DS_Store|Thumbs\.db|desktop\.ini|\._.*)$/i;
/** A line of that kind is some digits and blanks. */
const EMLX_LINE_BYTES = 64;

/**
 * A folder tree of `.eml` and `.emlx` files: each folder that has some is a mailbox, and those at the root are INBOX. A message is
 * called by its file's name, size and time, so that another one under the same name is another message.
 */
export class EmlStore implements FileStore {
  readonly protocol = 'EML';
  readonly path: string;
  readonly #streamAboveBytes: number;
  readonly #folders = new Map<MailboxPath, readonly string[]>();

  constructor(path: string, streamAboveBytes: number) {
    this.path = path;
    this.#streamAboveBytes = streamAboveBytes;
  }

  async mailboxes(signal: AbortSignal) {
    this.#folders.clear();
    const found: { mailbox: Mailbox; notices: Notice[] }[] = [];
    let skipped: Notice[] = [];
    for await (const { levels, path: folderPath, files, otherCount } of walkFolders(this.path, signal)) {
      const mail = files.filter((name) => EML.test(name) || EMLX.test(name));
      const count = files.filter((name) => !IGNORED.test(name)).length - mail.filter((name) => !IGNORED.test(name)).length + otherCount;
      if (count > 0) skipped.push({ code: 'no-mail-skipped', details: { path: folderPath, count } });
      if (mail.length === 0) continue;
      const path = this.#unused(levels.length === 0 ? 'INBOX' : levels.join('/').normalize('NFC'));
      this.#folders.set(path, levels);
      found.push({
        mailbox: { path, delimiter: '/', specialUse: path === 'INBOX' ? '\\Inbox' : null, selectable: true },
        notices: skipped,
      });
      skipped = [];
    }
    if (found.length === 0) throw new MailferryError('source-unknown', { path: this.path, reason: 'it has no .eml file' });
    found.at(-1)?.notices.push(...skipped);
    return found;
  }

  async messages(path: MailboxPath): Promise<FiledMessage[]> {
    const { path: folder, files } = await readFolder(this.path, this.#folders.get(path) ?? []);
    const messages: FiledMessage[] = [];
    for (const name of files) {
      if (IGNORED.test(name) || !(EML.test(name) || EMLX.test(name))) continue;
      const place = await this.#place(join(folder, name));
      if (place) messages.push({ locator: `${name} ${place.stamp}`, sizeBytes: place.sizeBytes, internalDate: null, flags: [] });
    }
    return messages;
  }

  async read(path: MailboxPath, { locator }: ListedMessage): Promise<Omit<Message, 'ref'> | null> {
    const [, name = '', stamp] = /^(.*) (\d+@\d+)$/s.exec(String(locator)) ?? [];
    const place = await this.#place(join(this.path, ...(this.#folders.get(path) ?? []), name));
    if (place?.stamp !== stamp || !place) return null;
    const body = await readBody(place, this.#streamAboveBytes);
    return body && { sizeBytes: place.sizeBytes, internalDate: null, flags: [], body };
  }

  #unused(name: string): MailboxPath {
    let candidate = name;
    for (let i = 2; this.#folders.has(candidate as MailboxPath); i += 1) candidate = `${name} (${i})`;
    return candidate as MailboxPath;
  }

  /** Where the message lies in its file; null when the file is gone. */
  async #place(path: string): Promise<(BodyPlace & { readonly stamp: string }) | null> {
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) return null;
    const stamp = `${found.size}@${Math.floor(found.mtimeMs)}`;
    const whole = { path, byteOffset: 0, sizeBytes: found.size, stamp };
    return EMLX.test(path) ? { ...whole, ...(await insideEmlx(path, found.size)) } : whole;
  }
}

/** A file that isn't built so is taken whole: its bytes are kept, whatever they are. */
const insideEmlx = async (path: string, fileBytes: number): Promise<{ byteOffset: number; sizeBytes: number }> => {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(EMLX_LINE_BYTES), 0, EMLX_LINE_BYTES, 0);
    const [line, digits] = /^(\d{1,15}) *\r?\n/.exec(buffer.toString('latin1', 0, bytesRead)) ?? [];
    const [byteOffset, sizeBytes] = [line?.length ?? 0, Number(digits ?? fileBytes)];
    return byteOffset + sizeBytes <= fileBytes ? { byteOffset, sizeBytes } : { byteOffset: 0, sizeBytes: fileBytes };
  } finally {
    await handle.close();
  }
};
