import { MailferryError, throwIfCancelled } from '../../errors.ts';
import type { Mailbox, MailboxPath, UidValidity } from '../../mail/mailbox.ts';
import type { Message } from '../../mail/message.ts';
import type { Notice } from '../../mail/notice.ts';
import type { FetchOutcome, ListedMessage, ListingWish, MailSource, MessageListing, SourceFacts } from '../mail-source.ts';

/** A message that lies in a file. */
export interface FiledMessage extends ListedMessage {
  readonly locator: string;
  readonly flags: readonly string[];
  readonly internalDate: Date | null;
}

/** Mail in files, as one kind of store has it. */
export interface FileStore {
  readonly protocol: SourceFacts['protocol'];
  readonly path: string;
  /** All mailboxes; called again for each listing of them. */
  mailboxes(signal: AbortSignal): Promise<readonly { readonly mailbox: Mailbox; readonly notices: readonly Notice[] }[]>;
  /** The messages of a mailbox as they are now, without the body. */
  messages(path: MailboxPath, signal: AbortSignal): Promise<readonly FiledMessage[]>;
  /** One of them, found again even if it was renamed meanwhile; null when it is gone. Errors of scope `message` say what is wrong with it. */
  read(path: MailboxPath, message: ListedMessage, signal: AbortSignal): Promise<Omit<Message, 'ref'> | null>;
}

/** Files are of one generation: a name that means another message is another name. */
const GENERATION = 1 as UidValidity;

/** Mail in files: read only, one file after the other. */
export class FileSource implements MailSource {
  readonly identity: string;
  readonly concurrency = 1;
  readonly #store: FileStore;
  #notices = new Map<MailboxPath, readonly Notice[]>();

  constructor(scheme: string, store: FileStore) {
    this.identity = `${scheme}:${store.path}`;
    this.#store = store;
  }

  facts(): SourceFacts {
    return { protocol: this.#store.protocol, security: 'local', capabilities: [] };
  }

  async listMailboxes(signal: AbortSignal): Promise<Mailbox[]> {
    const found = await this.#store.mailboxes(signal);
    this.#notices = new Map(found.map(({ mailbox, notices }) => [mailbox.path, notices]));
    return found.map(({ mailbox }) => mailbox);
  }

  async listMessages({ path }: Mailbox, _wish: ListingWish, signal: AbortSignal): Promise<MessageListing> {
    throwIfCancelled(signal);
    const messages = await this.#store.messages(path, signal);
    const notices = this.#notices.get(path) ?? [];
    return { uidValidity: GENERATION, scope: 'whole', messages, gone: [], totalCount: messages.length, point: null, notices };
  }

  async *fetch(
    { path }: Mailbox,
    uidValidity: UidValidity,
    wanted: readonly ListedMessage[],
    signal: AbortSignal,
  ): AsyncGenerator<FetchOutcome> {
    if (uidValidity !== GENERATION) throw new MailferryError('mailbox-replaced', { mailbox: path });
    for (const message of wanted) {
      throwIfCancelled(signal);
      yield await this.#fetchOne(path, message, signal);
    }
  }

  async close(): Promise<void> {
    // Nothing stays open between calls.
  }

  async #fetchOne(mailbox: MailboxPath, message: ListedMessage, signal: AbortSignal): Promise<FetchOutcome> {
    const ref = { mailbox, uidValidity: GENERATION, locator: message.locator };
    try {
      const read = await this.#store.read(mailbox, message, signal);
      if (!read) return { kind: 'vanished', ref };
      if (read.sizeBytes === 0) return { kind: 'failed', ref, error: new MailferryError('message-empty', {}) };
      return { kind: 'message', message: { ...read, ref } };
    } catch (error) {
      if (error instanceof MailferryError && error.scope === 'message') return { kind: 'failed', ref, error };
      // What keeps one file from being read is told of that message; the others go on.
      if (error instanceof MailferryError && error.scope === 'mailbox')
        return { kind: 'failed', ref, error: new MailferryError('message-damaged', { reason: error.message }, { cause: error }) };
      throw error;
    }
  }
}
