import { createHash } from 'node:crypto';
import { entryFileName } from '../archive/entry-name.ts';
import type { LedgerMailbox } from '../ledger/mailbox-records.ts';
import type { Message } from '../mail/message.ts';
import { readHeaders } from '../mail/message-headers.ts';

/** What an entry is called, and what of its headers the manifest keeps. */
export interface EntryDescription {
  /** Path inside the part. */
  readonly name: string;
  readonly modifiedAt: Date;
  readonly messageId: string | null;
}

const HASH_DIGITS = 12;
const EPOCH = new Date(0);

/**
 * Names the entry of a message (SPEC K8). The hash comes from the message's place at its source, so that
 * the name is the same in every run, and other than that of every other message in the folder.
 */
export const describeEntry = (
  mailbox: LedgerMailbox,
  { ref, internalDate }: Message,
  head: Buffer,
  era: number,
  language: 'en' | 'ko',
): EntryDescription => {
  const { subject, date, messageId } = readHeaders(head);
  const place = `${mailbox.path}\n${ref.uidValidity}\n${ref.locator}${era === 0 ? '' : `\n${era}`}`;
  const hash = createHash('sha256').update(place).digest('hex').slice(0, HASH_DIGITS);
  const name = `${mailbox.folder}/${entryFileName({ date: date ?? internalDate, subject, hash, language })}`;
  return { name, modifiedAt: internalDate ?? date ?? EPOCH, messageId };
};
