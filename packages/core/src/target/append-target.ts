import type { MailferryError } from '../errors.ts';
import type { Mailbox, MailboxPath, SpecialUse, UidValidity } from '../mail/mailbox.ts';

/** A message on its way into a mailbox. The bytes are never changed (SPEC K1). */
export interface AppendedMessage<Key> {
  /** What the answer is given for. */
  readonly key: Key;
  readonly flags: readonly string[];
  /** Null leaves it to the server: the moment of arrival. */
  readonly internalDate: Date | null;
  readonly sizeBytes: number;
  /**
   * A stream that throws ends the connection before the message is complete: the server never has it. Its pieces have to stay as they
   * are.
   */
  readonly body: Buffer | AsyncIterable<Buffer>;
}

export type AppendAnswer<Key> =
  /** `uid` is null where the server doesn't tell (no UIDPLUS). */
  | { readonly kind: 'appended'; readonly key: Key; readonly uid: number | null }
  /** `error`: `append-refused`, `message-too-large`. */
  | { readonly kind: 'refused'; readonly key: Key; readonly error: MailferryError };

/** A mailbox that takes messages, as it was when it was asked. */
export interface MailboxState {
  readonly uidValidity: UidValidity;
  /** No message that comes later has a lower UID. */
  readonly uidNext: number;
  readonly messageCount: number;
}

/** Where new mailboxes go. */
export interface TargetNames {
  readonly delimiter: string | null;
  /** What the names of the account's own mailboxes begin with: `INBOX.`, or nothing. */
  readonly prefix: string;
}

/** An IMAP account that messages are appended to. All calls throw a MailferryError. */
export interface AppendTarget {
  /** Stable over runs, without secrets: `imap:user@host`. */
  readonly identity: string;
  /** How many calls of `append` may run side by side. */
  readonly concurrency: number;
  /** Every mailbox, and where new ones go. */
  listMailboxes(signal: AbortSignal): Promise<{ readonly mailboxes: readonly Mailbox[]; readonly names: TargetNames }>;
  /** Makes and subscribes a mailbox. Errors: `server-refused`, also where one of that name is there. */
  createMailbox(path: MailboxPath, specialUse: SpecialUse | null, signal: AbortSignal): Promise<void>;
  /** Errors: `server-refused`. */
  stateOf(path: MailboxPath, signal: AbortSignal): Promise<MailboxState>;
  /** The flags that the mailbox keeps; null where it keeps any, or doesn't say. */
  keptFlags(path: MailboxPath, signal: AbortSignal): Promise<ReadonlySet<string> | null>;
  /**
   * Appends messages in their order and answers each, in that order. What was not answered when it throws may have arrived or not.
   * Errors: `target-over-quota`, `server-busy`, `connection-*`, `protocol-violation`, and those of a body that streams.
   */
  append<Key>(path: MailboxPath, messages: readonly AppendedMessage<Key>[], signal: AbortSignal): AsyncIterable<AppendAnswer<Key>>;
  /** UID and size of the messages from a UID on, all of them. Errors: `listing-incomplete`, `server-refused`. */
  messagesFrom(path: MailboxPath, uid: number, signal: AbortSignal): Promise<ReadonlyMap<number, number>>;
  /** The bytes of one message, at most `limitBytes`. Errors: `message-withheld`, also when it is gone. */
  read(path: MailboxPath, uid: number, limitBytes: number, signal: AbortSignal): AsyncIterable<Buffer>;
  close(): Promise<void>;
}
