import { ArchiveReader, type ArchiveReaderOptions } from '../archive/archive-reader.ts';
import type { ArchivedMessage } from '../archive/archived-message.ts';
import type { ErrorCode } from '../errors.ts';
import { findPhrases, holdsPhrase } from '../mail/find-phrases.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import { reasonToLeaveOut, wantsMailbox } from '../mail/message-filter.ts';
import type { MessageText } from '../mail/message-text.ts';
import type { Period } from '../mail/period.ts';
import { messageDate } from './message-date.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';
import { readTexts } from './read-texts.ts';
import { ShortHashes } from './short-hash.ts';

/** What is looked for; all of it has to fit. Words and phrases are compared in NFC, whatever their case, blanks and line ends alike. */
export interface SearchQuery {
  /** Each stands somewhere in the header fields From, To, Cc and Subject, the names of attachments, or the text. */
  readonly phrases: readonly string[];
  /** In the From field. */
  readonly from?: string;
  /** In To or Cc. */
  readonly to?: string;
  readonly subject?: string;
  /** Only mailboxes that match one of these. */
  readonly mailboxes?: readonly string[];
  /** By the Date field, else INTERNALDATE; without both a message fits. */
  readonly period?: Period;
  readonly hasAttachment?: boolean;
}

export interface SearchHit {
  /** The first digits of `sha256`, as many as tell the archive's messages apart: what `readEntry` takes. */
  readonly id: string;
  readonly sha256: string;
  readonly part: string;
  /** Of its entry in the part. */
  readonly name: string;
  readonly mailbox: MailboxPath;
  readonly date: Date | null;
  readonly from: string;
  readonly subject: string;
  /** Of the text, around what was found in it; empty where that stands elsewhere. */
  readonly line: string;
}

export interface SearchOptions extends ArchiveReaderOptions {
  readonly query: SearchQuery;
  /** Takes each hit as it comes; the search goes on when it is done. */
  readonly onHit: (hit: SearchHit) => Promise<void> | void;
  readonly onProgress?: OnProgress;
}

export interface UnreadEntry {
  readonly part: string;
  readonly name: string;
  readonly mailbox: MailboxPath;
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;
}

export interface SearchReport {
  readonly kind: 'search';
  readonly path: string;
  readonly found: number;
  /** Of the mailboxes and the period asked for. */
  readonly searched: number;
  /** Of them: read only in part, since they are bigger, or have more text or parts, than is looked at. */
  readonly readInPart: number;
  /** Of them: could not be read. */
  readonly unread: number;
  /** The first 100 of these. */
  readonly unreadEntries: readonly UnreadEntry[];
}

const UNREAD_NAMED_MAX = 100;

const isWanted = ({ mailboxes, period }: SearchQuery, message: ArchivedMessage): boolean =>
  wantsMailbox(mailboxes ? { include: mailboxes } : {}, message.mailbox) &&
  (!period || reasonToLeaveOut({ period }, { sizeBytes: message.sizeBytes, date: messageDate(message), flags: undefined }) === null);

/** The line that was found, '' for something found elsewhere, null for nothing. */
const matchText = ({ phrases, from, to, subject, hasAttachment }: SearchQuery, text: MessageText): string | null => {
  if (hasAttachment !== undefined && hasAttachment !== text.attachments.length > 0) return null;
  if (from !== undefined && !holdsPhrase(text.from, from)) return null;
  if (to !== undefined && !holdsPhrase(`${text.to}\n${text.cc}`, to)) return null;
  if (subject !== undefined && !holdsPhrase(text.subject, subject)) return null;
  const around = [text.from, text.to, text.cc, text.subject, ...text.attachments];
  return findPhrases([...around, `${text.text}\n${text.otherForms}`], phrases);
};

/** Looks for messages in an archive, reading each in turn; holds one at a time. Errors: those of `ArchiveReader`. */
export const searchArchive = async ({ query, onHit, onProgress, ...options }: SearchOptions): Promise<SearchReport> => {
  const reader = await ArchiveReader.open(options);
  const progress = new ProgressMeter(onProgress);
  const hashes = new ShortHashes();
  let [searched, bytes] = [0, 0];
  for await (const message of reader.messages()) {
    hashes.add(message.sha256);
    if (!isWanted(query, message)) continue;
    searched += 1;
    bytes += message.sizeBytes;
  }
  const digits = hashes.digits();
  const unreadEntries: UnreadEntry[] = [];
  let [found, readInPart, unread] = [0, 0, 0];
  progress.begin('reading', { messages: searched, bytes });
  for await (const one of readTexts(reader, (message) => isWanted(query, message))) {
    const { part, name, mailbox, sizeBytes, sha256 } = one.message;
    if (one.kind === 'unread') {
      unread += 1;
      const { code, details } = one.error;
      if (unreadEntries.length < UNREAD_NAMED_MAX) unreadEntries.push({ part, name, mailbox, code, details });
    } else {
      if (!one.text.isWhole) readInPart += 1;
      const line = matchText(query, one.text);
      if (line !== null) {
        found += 1;
        const { from, subject } = one.text;
        await onHit({ id: sha256.slice(0, digits), sha256, part, name, mailbox, date: messageDate(one.message), from, subject, line });
      }
    }
    progress.advance(1, sizeBytes, mailbox);
  }
  return { kind: 'search', path: options.directory, found, searched, readInPart, unread, unreadEntries };
};
