import type { MailferryError } from '../errors.ts';
import type { Mailbox, UidValidity } from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import type { Locator, MessageRef } from '../mail/message-ref.ts';
import type { Notice } from '../mail/notice.ts';

export interface ListedMessage {
  readonly locator: Locator;
  /** As the source announces it; the body may differ. */
  readonly sizeBytes: number;
  /** Left out where the source can't tell without fetching, or was not asked to; null where it has none. */
  readonly internalDate?: Date | null;
  /** Left out likewise. */
  readonly flags?: readonly string[];
}

/** What a source wants to know of an earlier listing to tell what changed since. Text that only the source reads. */
export type ListingPoint = string;

export interface ListingWish {
  /** The `point` of the last listing of this mailbox that was taken over; null for none. */
  readonly since: ListingPoint | null;
  /** The answer may be what changed since `since`, where that is cheaper. */
  readonly mayBeDelta: boolean;
  /** Listed messages should carry date and flags, as far as that costs no bodies. */
  readonly withDetails: boolean;
}

/** The messages of a mailbox at one moment. */
export interface MessageListing {
  readonly uidValidity: UidValidity;
  /** `whole`: `messages` is everything. `delta`: what came since `since`, in the same generation; `gone` is what left. */
  readonly scope: 'whole' | 'delta';
  /** May be iterated again. */
  readonly messages: Iterable<ListedMessage>;
  /** Only with `delta`; may name messages that nobody knew. */
  readonly gone: readonly Locator[];
  /** How many messages the mailbox has, as far as they are listed. */
  readonly totalCount: number;
  /** Messages that the source counts but doesn't list; left out for none. */
  readonly hiddenCount?: number;
  readonly point: ListingPoint | null;
  readonly notices: readonly Notice[];
}

/** What became of one message that was asked for. Every wanted message gets exactly one outcome. */
export type FetchOutcome =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'vanished'; readonly ref: MessageRef }
  | { readonly kind: 'failed'; readonly ref: MessageRef; readonly error: MailferryError };

/** What a source is, for people. Known once the mailboxes were listed. */
export interface SourceFacts {
  readonly protocol: 'IMAP' | 'POP3' | 'mbox' | 'Maildir' | 'EML' | 'ZIP';
  readonly security: 'tls' | 'starttls' | 'plain' | 'local';
  /** As the server announces them, in upper case, sorted; empty for files. */
  readonly capabilities: readonly string[];
}

/**
 * Mail that can be read. A source never changes what it reads (SPEC P8), and never lets a
 * message go without an outcome. All calls throw a MailferryError. After one with scope `account`
 * the source may be asked again: it connects anew.
 */
export interface MailSource {
  /** Stable over runs, without secrets: `imap:user@host`. */
  readonly identity: string;
  /** How many `fetch` calls at a time make sense. */
  readonly concurrency: number;
  facts(): SourceFacts;
  listMailboxes(signal: AbortSignal): Promise<Mailbox[]>;
  /** Errors besides the account's: `server-refused`, `listing-incomplete`. */
  listMessages(mailbox: Mailbox, wish: ListingWish, signal: AbortSignal): Promise<MessageListing>;
  /**
   * Outcomes in any order. A consumer that stops early ends the transfer.
   * Throws `mailbox-replaced` when `uidValidity` is no longer the mailbox's.
   */
  fetch(mailbox: Mailbox, uidValidity: UidValidity, wanted: readonly ListedMessage[], signal: AbortSignal): AsyncIterable<FetchOutcome>;
  /**
   * Deletes messages at the source, for good, and gives back those that are gone (SPEC P11). Absent where the source can't.
   * The caller makes sure that their bytes are safe elsewhere.
   */
  remove?(mailbox: Mailbox, uidValidity: UidValidity, locators: readonly Locator[], signal: AbortSignal): Promise<readonly Locator[]>;
  close(): Promise<void>;
}
