import { join } from 'node:path';
import { MailferryError, throwIfCancelled } from '../errors.ts';
import type { SignedChain } from '../formats/chain.ts';
import { type ListedMailbox, readListing } from '../formats/listing.ts';
import { type MessageRecord, readManifest } from '../formats/manifest.ts';
import { type MailboxPath, readSpecialUse } from '../mail/mailbox.ts';
import { AGE_SUFFIX, decrypting } from './age.ts';
import type { ArchivedContent, ArchivedMailbox, ArchivedMessage } from './archived-message.ts';
import { readChainFile } from './chain-file.ts';
import { openPart, type PartReader } from './part-reader.ts';
import { blocksOf } from './zip/front-to-back.ts';

export interface ArchiveReaderOptions {
  readonly directory: string;
  /** age identities (`AGE-SECRET-KEY-1…`) for an encrypted archive. Default: none. */
  readonly identities?: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * The sealed parts of an archive, by its chain and manifests. Needs no ledger and changes nothing.
 * Nothing stays open between calls. An encrypted archive that can't be opened throws `identity-missing` or `decryption-failed`.
 */
export class ArchiveReader {
  readonly #chain: SignedChain;
  readonly #directory: string;
  readonly #identities: readonly string[];
  readonly #signal: AbortSignal;

  private constructor(chain: SignedChain, { directory, identities = [], signal }: ArchiveReaderOptions) {
    this.#chain = chain;
    this.#directory = directory;
    this.#identities = identities;
    this.#signal = signal;
  }

  /** Errors: `archive-missing`, `manifest-invalid`. */
  static async open(options: ArchiveReaderOptions): Promise<ArchiveReader> {
    return new ArchiveReader(await readChainFile(options.directory), options);
  }

  /** File names of the sealed parts, in the order in which they were sealed. */
  get parts(): readonly string[] {
    return this.#chain.links.map(({ part }) => part);
  }

  /** How many messages the sealed parts hold. */
  get messageCount(): number {
    return this.#chain.links.reduce((sum, { messages }) => sum + messages, 0);
  }

  /** The identity of the source (`imap:user@host`); empty for an archive that tells nothing. Errors: `manifest-invalid`. */
  async source(): Promise<string> {
    for await (const record of this.#listing()) if (record.kind === 'listing') return record.source;
    for (const { manifest } of this.#chain.links)
      for await (const record of readManifest(this.#open(manifest))) return record.kind === 'part' ? record.source : '';
    return '';
  }

  /** All mailboxes, also those without a message. Errors: `manifest-invalid`. */
  async mailboxes(): Promise<ArchivedMailbox[]> {
    const found = new Map<string, ArchivedMailbox>();
    for (const { manifest } of this.#chain.links)
      for await (const record of readManifest(this.#open(manifest))) {
        if (record.kind === 'message') break;
        if (record.kind === 'mailbox') found.set(record.path, toMailbox({ ...record, selectable: true }));
      }
    for await (const record of this.#listing()) if (record.kind === 'mailbox') found.set(record.path, toMailbox(record));
    return [...found.values()];
  }

  /** The messages of a part, or of all of them in turn, in the order of their entries. Errors: `manifest-invalid`. */
  async *messages(part?: string): AsyncGenerator<ArchivedMessage> {
    for (const link of this.#chain.links) {
      if (part !== undefined && link.part !== part) continue;
      for await (const record of readManifest(this.#open(link.manifest))) {
        throwIfCancelled(this.#signal);
        if (record.kind === 'message') yield toMessage(link.part, record);
      }
    }
  }

  /** Tells the messages that the source listed once and did no more when it was last asked. Errors: `manifest-invalid`. */
  async vanished(): Promise<(message: Pick<ArchivedMessage, 'part' | 'name'>) => boolean> {
    const names = new Set<string>();
    for await (const record of this.#listing()) if (record.kind === 'vanished') names.add(`${record.part}/${record.name}`);
    return ({ part, name }) => names.has(`${part}/${name}`);
  }

  /**
   * The contents of messages of one part, in the order given, which should be that of its entries.
   * Errors: `zip-invalid` when nothing of the part can be read; `cancelled`.
   */
  async *contents(part: string, messages: Iterable<ArchivedMessage> | AsyncIterable<ArchivedMessage>): AsyncGenerator<ArchivedContent> {
    const reader = await this.openPart(part);
    try {
      for await (const message of messages) yield await reader.read(message);
    } finally {
      await reader.close();
    }
  }

  /** Opens a part for reading; the caller closes it. Errors: `zip-invalid` when nothing of it can be read. */
  openPart(part: string): Promise<PartReader> {
    return openPart({ path: join(this.#directory, part), identities: this.#identities, signal: this.#signal });
  }

  async *#listing() {
    const file = this.#chain.listing?.file;
    if (file !== undefined) yield* readListing(this.#open(file));
  }

  /** A file of the archive, decrypted where it is encrypted. */
  #open(name: string) {
    const path = join(this.#directory, name);
    if (!name.endsWith(AGE_SUFFIX)) return { path };
    if (this.#identities.length === 0) throw new MailferryError('identity-missing', { path });
    return { path, content: decrypting(blocksOf(path), path, this.#identities) };
  }
}

const toMailbox = ({ path, delimiter, specialUse, folder, selectable }: ListedMailbox): ArchivedMailbox => ({
  path: path as MailboxPath,
  delimiter,
  specialUse: readSpecialUse(specialUse),
  folder,
  selectable,
});

const toMessage = (part: string, { kind: _, mailbox, internalDate, ...record }: MessageRecord): ArchivedMessage => ({
  ...record,
  part,
  mailbox: mailbox as MailboxPath,
  internalDate: internalDate === null ? null : new Date(internalDate),
});
