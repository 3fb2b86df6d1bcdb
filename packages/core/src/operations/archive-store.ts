import type { ArchiveReader } from '../archive/archive-reader.ts';
import type { ArchivedMessage } from '../archive/archived-message.ts';
import { MailferryError } from '../errors.ts';
import type { Mailbox, MailboxPath } from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import { DistinctNames } from '../source/files/distinct-names.ts';
import type { FiledMessage, FileStore } from '../source/files/file-source.ts';
import type { ListedMessage } from '../source/mail-source.ts';

interface Filed extends FiledMessage {
  readonly message: ArchivedMessage;
}

/** The part that is read from. */
interface OpenPart {
  readonly part: string;
  readonly ask: (message: ArchivedMessage) => Promise<Omit<Message, 'ref'>>;
  readonly close: () => Promise<void>;
}

/**
 * The messages of an archive as a source has them: mailboxes, flags and dates by its manifests, each message checked by its SHA-256, and its
 * deflated form beside it. A message keeps UIDVALIDITY and UID in its locator.
 */
export class ArchiveStore implements FileStore {
  readonly protocol = 'ZIP';
  readonly path: string;
  readonly #reader: ArchiveReader;
  readonly #messages = new Map<MailboxPath, Map<string, Filed>>();
  #names = new DistinctNames();
  #open: OpenPart | null = null;

  constructor(reader: ArchiveReader, path: string) {
    this.#reader = reader;
    this.path = path;
  }

  async mailboxes(): Promise<readonly { readonly mailbox: Mailbox; readonly notices: readonly [] }[]> {
    this.#messages.clear();
    this.#names = new DistinctNames();
    for await (const message of this.#reader.messages()) this.#add(message);
    return (await this.#reader.mailboxes()).map(({ folder: _, ...mailbox }) => ({ mailbox, notices: [] }));
  }

  async messages(path: MailboxPath): Promise<FiledMessage[]> {
    return [...(this.#messages.get(path)?.values() ?? [])];
  }

  async read(path: MailboxPath, { locator }: ListedMessage): Promise<Omit<Message, 'ref'> | null> {
    const filed = this.#messages.get(path)?.get(String(locator));
    if (!filed) return null;
    const { message } = filed;
    if (this.#open?.part !== message.part) {
      await this.#open?.close();
      this.#open = await this.#openPart(message.part);
    }
    return this.#open.ask(message);
  }

  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = null;
  }

  #add(message: ArchivedMessage): void {
    const { mailbox, uidValidity, uid, sizeBytes, flags, internalDate } = message;
    const messages = this.#messages.get(mailbox) ?? new Map<string, Filed>();
    this.#messages.set(mailbox, messages);
    const first = `${uidValidity}:${uid}`;
    const locator = this.#names.claim(`${mailbox}\n${first}`).slice(mailbox.length + 1);
    messages.set(locator, { locator, sizeBytes, flags, internalDate, message });
  }

  async #openPart(part: string): Promise<OpenPart> {
    const reader = await this.#reader.openPart(part);
    const ask = async (message: ArchivedMessage): Promise<Omit<Message, 'ref'>> => {
      const content = await reader.read(message);
      if (content.kind === 'damaged')
        throw new MailferryError('message-damaged', { reason: content.error.message }, { cause: content.error });
      const { sizeBytes, flags, internalDate } = message;
      return { sizeBytes, flags, internalDate, body: content.body, ...(content.packed ? { packed: content.packed } : {}) };
    };
    return { part, ask, close: () => reader.close() };
  }
}
