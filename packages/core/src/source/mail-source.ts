import type { MailferryError } from '../errors.ts';
import type { Mailbox, UidValidity } from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import type { Locator, MessageRef } from '../mail/message-ref.ts';

export interface ListedMessage {
  readonly locator: Locator;
  /** As the source announces it; the body may differ. */
  readonly sizeBytes: number;
}

/** All messages of a mailbox at one moment. `messages` is complete: its length is the source's own count. */
export interface MessageListing {
  readonly uidValidity: UidValidity;
  readonly messages: readonly ListedMessage[];
}

/** What became of one message that was asked for. Every wanted message gets exactly one outcome. */
export type FetchOutcome =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'vanished'; readonly ref: MessageRef }
  | { readonly kind: 'failed'; readonly ref: MessageRef; readonly error: MailferryError };

/**
 * Mail that can be read. A source never changes what it reads (SPEC P8), and never lets a
 * message go without an outcome. All calls throw a MailferryError; after one with scope
 * `account` the source can still be closed, and nothing else.
 */
export interface MailSource {
  /** Stable over runs, without secrets: `imap:user@host`. */
  readonly identity: string;
  /** How many `fetch` calls at a time make sense. */
  readonly concurrency: number;
  listMailboxes(signal: AbortSignal): Promise<Mailbox[]>;
  listMessages(mailbox: Mailbox, signal: AbortSignal): Promise<MessageListing>;
  /**
   * Outcomes in any order. A consumer that stops early ends the transfer.
   * Throws `mailbox-replaced` when `uidValidity` is no longer the mailbox's.
   */
  fetch(mailbox: Mailbox, uidValidity: UidValidity, wanted: readonly ListedMessage[], signal: AbortSignal): AsyncIterable<FetchOutcome>;
  close(): Promise<void>;
}
