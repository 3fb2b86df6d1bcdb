import type { MailferryError } from '../errors.ts';
import type { Mailbox } from '../mail/mailbox.ts';

/** A mailbox at the target, as the target identifies it. */
export interface TargetMailbox {
  readonly id: string;
  readonly path: string;
  readonly messageCount: number;
}

/** One ZIP on its way into one mailbox (SPEC U1). */
export interface ZipUpload {
  readonly path: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Lower-case hex over the whole ZIP. */
  readonly sha256: string;
  readonly mailbox: TargetMailbox;
  /** Same key, same upload: sending again after a lost answer doubles nothing. */
  readonly idempotencyKey: string;
  /** What an EML can't carry. Entries without a row get no flags and the moment of arrival. */
  readonly entries: Iterable<{ readonly name: string; readonly flags: readonly string[]; readonly internalDate: Date | null }>;
}

/** What the target made of one entry (SPEC U3, U4). */
export type EntryAnswer =
  | { readonly name: string; readonly kind: 'stored'; readonly sha256: string }
  | { readonly name: string; readonly kind: 'failed'; readonly error: MailferryError };

/** One message that the target holds. */
export interface TargetMessage {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A mail hosting platform that takes ZIPs of EML files. All calls throw a MailferryError. */
export interface UploadTarget {
  /** Stable over runs, without secrets: `platform:user@host`. */
  readonly identity: string;
  /** Logs in and makes sure that mail may be moved in (SPEC U6): to be called before anything is pulled. */
  checkReady(signal: AbortSignal): Promise<void>;
  listMailboxes(signal: AbortSignal): Promise<TargetMailbox[]>;
  /** Finds or makes the mailbox that stands for a source's mailbox: special use first, else the same levels. */
  ensureMailbox(mailbox: Mailbox, signal: AbortSignal): Promise<TargetMailbox>;
  /** Sends the ZIP, waits until the target is through with it, and gives its answer for every entry, in any order. */
  upload(zip: ZipUpload, onSent: (sentBytes: number) => void, signal: AbortSignal): AsyncIterable<EntryAnswer>;
  listMessages(mailbox: TargetMailbox, signal: AbortSignal): AsyncIterable<TargetMessage>;
  close(): Promise<void>;
}
