import type { MailferryError } from '../errors.ts';
import type { ListedMailbox } from '../formats/listing.ts';
import type { MessageRecord } from '../formats/manifest.ts';
import type { Mailbox, MailboxPath } from '../mail/mailbox.ts';
import type { PackedBody } from '../mail/message.ts';

/** A mailbox of the source, as the archive has it; also one without a message. */
export type ArchivedMailbox = Omit<ListedMailbox, 'path' | 'specialUse'> & Mailbox;

/** A message of a sealed part, as the part's manifest has it. */
export interface ArchivedMessage extends Omit<MessageRecord, 'kind' | 'mailbox' | 'internalDate'> {
  /** File name of the part: `part-0001.zip`, or `part-0001.zip.age`. */
  readonly part: string;
  readonly mailbox: MailboxPath;
  readonly internalDate: Date | null;
}

/** What reading a message gives: its bytes, or why they are not what was sealed. */
export type ArchivedContent =
  | {
      readonly kind: 'message';
      readonly message: ArchivedMessage;
      /**
       * Checked against size and SHA-256 when it is a Buffer. A message of more than 8 MiB comes in pieces, to be read to its end before the
       * next one is asked for; after the last piece it throws `entry-damaged` when the whole was another.
       */
      readonly body: Buffer | AsyncIterable<Buffer>;
      /** The same bytes as the part has them; null beside pieces. */
      readonly packed: PackedBody | null;
    }
  | { readonly kind: 'damaged'; readonly message: ArchivedMessage; readonly error: MailferryError };
