import { ArchiveReader, type ArchiveReaderOptions } from '../archive/archive-reader.ts';
import type { ArchivedMailbox } from '../archive/archived-message.ts';
import type { ErrorCode } from '../errors.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import { wantsMailbox } from '../mail/message-filter.ts';
import { messageDate } from './message-date.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import { readTexts } from './read-texts.ts';
import { ShortHashes } from './short-hash.ts';

/** A mailbox of an archive, with what its manifests say of its messages. */
export interface MailboxContents extends ArchivedMailbox {
  readonly messages: number;
  /** Of them: listed by the source once, and no more when it was last asked. */
  readonly vanished: number;
  readonly sizeBytes: number;
  /** By the Date field, else INTERNALDATE; null where no message has one. */
  readonly firstDate: Date | null;
  readonly lastDate: Date | null;
}

export interface MailboxesReport {
  readonly kind: 'mailboxes';
  readonly path: string;
  readonly parts: number;
  /** The inbox first, the others sorted by path. */
  readonly mailboxes: readonly MailboxContents[];
}

type Counts = { -readonly [Key in keyof MailboxContents]: MailboxContents[Key] };

const emptyMailbox = (mailbox: ArchivedMailbox): Counts => ({
  ...mailbox,
  ...{ messages: 0, vanished: 0, sizeBytes: 0, firstDate: null, lastDate: null },
});

const unlisted = (path: MailboxPath): Counts => emptyMailbox({ path, delimiter: null, specialUse: null, folder: path, selectable: true });

const isInbox = ({ specialUse }: MailboxContents): boolean => specialUse === '\\Inbox';

/** The inbox first, the others by code units. */
const inOrder = (a: MailboxContents, b: MailboxContents): number => {
  if (isInbox(a) !== isInbox(b)) return isInbox(a) ? -1 : 1;
  return a.path < b.path ? -1 : 1;
};

/** The mailboxes of an archive, also those without a message. Reads manifests only. Errors: those of `ArchiveReader`. */
export const listMailboxes = async (options: ArchiveReaderOptions): Promise<MailboxesReport> => {
  const reader = await ArchiveReader.open(options);
  const found = new Map((await reader.mailboxes()).map((mailbox) => [mailbox.path, emptyMailbox(mailbox)]));
  const hasVanished = await reader.vanished();
  for await (const message of reader.messages()) {
    const counts = found.get(message.mailbox) ?? unlisted(message.mailbox);
    found.set(message.mailbox, counts);
    const date = messageDate(message);
    counts.messages += 1;
    counts.sizeBytes += message.sizeBytes;
    if (hasVanished(message)) counts.vanished += 1;
    if (date && (!counts.firstDate || date < counts.firstDate)) counts.firstDate = date;
    if (date && (!counts.lastDate || date > counts.lastDate)) counts.lastDate = date;
  }
  const mailboxes = [...found.values()].toSorted(inOrder);
  return { kind: 'mailboxes', path: options.directory, parts: reader.parts.length, mailboxes };
};

/** A message of an archive, as a listing shows it. */
export interface ListedEntry {
  /** The first digits of `sha256`, as many as tell the archive's messages apart: what `readEntry` takes. */
  readonly id: string;
  readonly sha256: string;
  readonly part: string;
  /** Of its entry in the part. */
  readonly name: string;
  readonly mailbox: MailboxPath;
  /** By the Date field, else INTERNALDATE. */
  readonly date: Date | null;
  /** Decoded, on one line; empty where there is none, or it can't be read. */
  readonly from: string;
  readonly subject: string;
  readonly sizeBytes: number;
  readonly flags: readonly string[];
  /** Listed by the source once, and no more when it was last asked. */
  readonly hasVanished: boolean;
  /** Why it can't be read; null where it can. */
  readonly unread: ErrorCode | null;
}

export interface ListMessagesOptions extends ArchiveReaderOptions {
  /** Only mailboxes that match one of these. Default: all. */
  readonly mailboxes?: readonly string[];
  /** Takes each message, in the order of the archive; the next one comes when it is done. */
  readonly onMessage: (message: ListedEntry) => Promise<void> | void;
  readonly onProgress?: OnProgress;
}

export interface MessagesReport {
  readonly kind: 'messages';
  readonly path: string;
  readonly messages: number;
  /** Of them: could not be read. */
  readonly unread: number;
}

/** Lists the messages of an archive, reading each for its headers. Holds one at a time. Errors: those of `ArchiveReader`. */
export const listMessages = async ({ mailboxes, onMessage, onProgress, ...options }: ListMessagesOptions): Promise<MessagesReport> => {
  const reader = await ArchiveReader.open(options);
  const progress = new ProgressMeter(onProgress);
  const filter = mailboxes ? { include: mailboxes } : {};
  const hashes = new ShortHashes();
  let [total, totalBytes] = [0, 0];
  for await (const { sha256, mailbox, sizeBytes } of reader.messages()) {
    hashes.add(sha256);
    if (!wantsMailbox(filter, mailbox)) continue;
    total += 1;
    totalBytes += sizeBytes;
  }
  const digits = hashes.digits();
  const hasVanished = await reader.vanished();
  let unread = 0;
  progress.begin('reading', { messages: total, bytes: totalBytes });
  for await (const one of readTexts(reader, ({ mailbox }) => wantsMailbox(filter, mailbox))) {
    const { part, name, mailbox, sizeBytes, flags, sha256 } = one.message;
    const { from, subject } = one.kind === 'read' ? one.text : { from: '', subject: '' };
    if (one.kind === 'unread') unread += 1;
    await onMessage({
      id: sha256.slice(0, digits),
      ...{ sha256, part, name, mailbox, date: messageDate(one.message), from, subject, sizeBytes, flags },
      hasVanished: hasVanished(one.message),
      unread: one.kind === 'unread' ? one.error.code : null,
    });
    progress.advance(1, sizeBytes, mailbox);
  }
  return { kind: 'messages', path: options.directory, messages: total, unread };
};
