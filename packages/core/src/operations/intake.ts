import PQueue from 'p-queue';
import type { BodyPreparer } from '../archive/zip/body-preparer.ts';
import type { PartFile } from '../archive/zip/part-file.ts';
import { type PreparedBody, takeOver } from '../archive/zip/prepare-body.ts';
import { MailferryError } from '../errors.ts';
import type { MailboxId, MessageId } from '../ledger/ids.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerMailbox } from '../ledger/mailbox-records.ts';
import type { ClosedMessage, StoredMessage } from '../ledger/message-records.ts';
import type { ArchiveEntry } from '../mail/archive-entry.ts';
import type { Message } from '../mail/message.ts';
import { standingOf } from '../mail/special-use.ts';
import { describeEntry, type EntryDescription } from './describe-entry.ts';
import type { PartShelf, ShelfPart } from './part-shelf.ts';
import { peekHead } from './peek-head.ts';

/** One batch: what is made durable and recorded together, and at most lost to a crash. */
const BATCH_MESSAGES = 200;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Bodies that are held in memory between the source and the part. */
const IN_FLIGHT_BYTES = 4 * 1024 * 1024;

interface Batch {
  readonly stored: StoredMessage[];
  readonly closed: ClosedMessage[];
  readonly part: ShelfPart | null;
  bytes: number;
}

const emptyBatch = (part: ShelfPart | null): Batch => ({ part, stored: [], closed: [], bytes: 0 });

/** A message on its way into the archive, with its row in the ledger. */
export interface Incoming {
  readonly id: MessageId;
  readonly mailbox: LedgerMailbox;
  readonly message: Message;
}

export interface IntakeOptions {
  readonly ledger: Ledger;
  readonly shelf: PartShelf;
  readonly preparer: BodyPreparer;
  /** Of the name that a message without a subject gets. */
  readonly language: 'en' | 'ko';
}

/**
 * Takes messages from the source into the archive: bodies are deflated side by side, written one after
 * the other, made durable in batches, and only then recorded in the ledger.
 *
 * `accept` waits while too many bytes are on their way. After a failure every call throws it.
 */
export class Intake {
  readonly #options: IntakeOptions;
  /** Writing, syncing and recording: one at a time, in order. */
  readonly #filing = new PQueue({ concurrency: 1 });
  #batch = emptyBatch(null);
  /** Originals that this run took a message for; the ledger learns of it with the batch. */
  readonly #takenTwins = new Set<MessageId>();
  readonly #withGone = new Map<MailboxId, boolean>();
  #era: number | undefined;
  #inFlightBytes = 0;
  #failure: { readonly error: unknown } | undefined;
  #roomChanged = Promise.withResolvers<void>();
  #storedMessages = 0;
  #storedBytes = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Messages and bytes that this run made durable and recorded. */
  get stored(): { readonly messages: number; readonly bytes: number } {
    return { messages: this.#storedMessages, bytes: this.#storedBytes };
  }

  /**
   * Takes one message over. A body that streams is taken in before the call returns; when the stream
   * breaks, its error is thrown, the part is as before, and the intake goes on.
   */
  async accept(incoming: Incoming): Promise<void> {
    const { body, sizeBytes } = incoming.message;
    if (!Buffer.isBuffer(body)) return this.#acceptStream(incoming, body);
    await this.#room(sizeBytes);
    this.#inFlightBytes += sizeBytes;
    // Before the body is handed over to the other thread.
    const description = this.#describe(incoming, body);
    const { packed } = incoming.message;
    const prepared = packed ? Promise.resolve(takeOver(body, packed)) : this.#options.preparer.prepare(body);
    // Waited for in its turn; a failure before that is no surprise to the process.
    prepared.catch(() => undefined);
    this.#file(async () => {
      await this.#store(incoming, description, await prepared);
      this.#inFlightBytes -= sizeBytes;
      this.#wake();
    }).catch(() => undefined);
  }

  /** Records how a message ended that is not stored. */
  async close(message: ClosedMessage): Promise<void> {
    await this.#file(() => this.#addClosed(message));
  }

  /** Runs `then` once everything that was accepted before is durable and recorded. */
  async flush<Result>(then: () => Promise<Result>): Promise<Result> {
    return this.#file(async () => {
      await this.#commit();
      return then();
    });
  }

  /** Records what was accepted, and forgets what was known of the mailboxes: one of them is listed again. */
  async settle(): Promise<void> {
    await this.flush(async () => this.#withGone.clear());
  }

  async #acceptStream(incoming: Incoming, body: AsyncIterable<Buffer>): Promise<void> {
    let broken: { readonly error: unknown } | undefined;
    const watched = async function* (): AsyncGenerator<Buffer> {
      try {
        yield* body;
      } catch (error) {
        broken = { error };
        throw error;
      }
    };
    await this.#file(() =>
      this.#storeStream(incoming, watched()).catch((error: unknown) => {
        if (error !== broken?.error) throw error;
      }),
    );
    if (broken) throw broken.error;
  }

  async #file<Result>(run: () => Promise<Result>): Promise<Result> {
    return this.#filing.add(async () => {
      if (this.#failure) throw this.#failure.error;
      try {
        return await run();
      } catch (error) {
        this.#failure ??= { error };
        this.#wake();
        throw error;
      }
    });
  }

  async #room(sizeBytes: number): Promise<void> {
    while (this.#inFlightBytes > 0 && this.#inFlightBytes + sizeBytes > IN_FLIGHT_BYTES && !this.#failure) await this.#roomChanged.promise;
    if (this.#failure) throw this.#failure.error;
  }

  #wake(): void {
    this.#roomChanged.resolve();
    this.#roomChanged = Promise.withResolvers<void>();
  }

  async #store(incoming: Incoming, description: EntryDescription, prepared: PreparedBody): Promise<void> {
    const duplicateOf = this.#findOriginal(incoming, prepared.sha256);
    if (duplicateOf !== undefined) return this.#addClosed({ id: incoming.id, state: 'duplicate', duplicateOf });
    const { name, modifiedAt } = description;
    const part = await this.#partFor(incoming, modifiedAt, (file) => file.sizeWith(name, modifiedAt, prepared.data.length));
    if (part) await this.#addStored(incoming, description, await part.file.append(name, modifiedAt, prepared));
  }

  async #storeStream(incoming: Incoming, body: AsyncIterable<Buffer>): Promise<void> {
    const { sizeBytes } = incoming.message;
    const { head, whole } = await peekHead(body);
    const description = this.#describe(incoming, head);
    const { name, modifiedAt } = description;
    const part = await this.#partFor(incoming, modifiedAt, (file) => file.sizeWithStream(name, modifiedAt, sizeBytes));
    if (!part) {
      // The body has to leave the connection before the next message can come.
      for await (const _ of whole);
      return;
    }
    const entry = await part.file.appendStream(name, modifiedAt, sizeBytes, whole);
    const duplicateOf = this.#findOriginal(incoming, entry.sha256);
    if (duplicateOf === undefined) return this.#addStored(incoming, description, entry);
    await part.file.takeBack(entry);
    await this.#addClosed({ id: incoming.id, state: 'duplicate', duplicateOf });
  }

  #describe({ mailbox, message }: Incoming, head: Buffer): EntryDescription {
    // It stays as it is once the source has let us in.
    this.#era ??= this.#options.ledger.era;
    return describeEntry(mailbox, message, head, this.#era, this.#options.language);
  }

  /** The part that takes the entry; null, and the message failed, when none could hold it. */
  async #partFor({ id, mailbox, message }: Incoming, modifiedAt: Date, sizeWith: (file: PartFile) => number): Promise<ShelfPart | null> {
    const { shelf } = this.#options;
    const part = await shelf.partFor(shelf.keyOf(mailbox.id, modifiedAt), sizeWith, () => this.#commit());
    if (!part) {
      const error = new MailferryError('message-too-large', { sizeBytes: message.sizeBytes, limitBytes: shelf.messageLimitBytes });
      await this.#addClosed({ id, state: 'failed', error });
      return null;
    }
    if (this.#batch.part !== part) {
      await this.#commit();
      this.#batch = emptyBatch(part);
    }
    return part;
  }

  /**
   * The message whose bytes the archive holds in its stead. A likely view (SPEC K6) keeps only what no other
   * mailbox holds; and what a mailbox shows under a new id, after it was made anew or moved, is what it showed before.
   */
  #findOriginal({ mailbox }: Incoming, sha256: string): MessageId | undefined {
    const { messages } = this.#options.ledger;
    const twin = this.#hasGone(mailbox) ? messages.findGoneTwins(sha256, mailbox.id).find((id) => !this.#takenTwins.has(id)) : undefined;
    if (twin !== undefined) this.#takenTwins.add(twin);
    return twin ?? (standingOf(mailbox) === 'likely-view' ? messages.findSameBytes(sha256, mailbox.id) : undefined);
  }

  /** Nothing leaves a mailbox between its listing and the next one. */
  #hasGone({ id }: LedgerMailbox): boolean {
    const known = this.#withGone.get(id) ?? this.#options.ledger.messages.hasGone(id);
    this.#withGone.set(id, known);
    return known;
  }

  async #addStored({ id, message }: Incoming, { messageId }: EntryDescription, entry: ArchiveEntry): Promise<void> {
    const { internalDate, flags, sizeBytes } = message;
    this.#batch.stored.push({ ...entry, id, messageId, internalDate, flags });
    this.#batch.bytes += sizeBytes;
    await this.#commitWhenFull();
  }

  async #addClosed(message: ClosedMessage): Promise<void> {
    this.#batch.closed.push(message);
    await this.#commitWhenFull();
  }

  async #commitWhenFull(): Promise<void> {
    const { stored, closed, bytes } = this.#batch;
    if (stored.length + closed.length >= BATCH_MESSAGES || bytes >= BATCH_BYTES) await this.#commit();
  }

  /** Durable first, then the record of it. */
  async #commit(): Promise<void> {
    const { part, stored, closed, bytes } = this.#batch;
    if (stored.length + closed.length === 0) return;
    const isStored = part !== null && stored.length > 0;
    const committedBytes = isStored ? await part.file.sync() : 0;
    this.#options.ledger.messages.commitBatch(isStored ? { part: part.record.number, committedBytes, stored } : null, closed);
    this.#batch = emptyBatch(part);
    this.#storedMessages += stored.length;
    this.#storedBytes += bytes;
  }
}
