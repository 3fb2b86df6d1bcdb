/** How many messages of one mailbox are where. Every message that was ever found counts in exactly one of the states. */
export interface MailboxAccount {
  readonly mailbox: string;
  /** What the source lists now; null when the source was not asked. */
  readonly source: number | null;
  /** Ledger states. `stored` counts what the archive holds and the target does not have yet. */
  readonly discovered: number;
  readonly stored: number;
  readonly uploaded: number;
  readonly filtered: number;
  readonly failed: number;
  readonly vanished: number;
  readonly duplicates: number;
  /** Entries in the sealed parts' manifests. */
  readonly archive: number;
  readonly archiveBytes: number;
  /** What the target lists now; null without a target. */
  readonly target: number | null;
}

export type DifferenceCode =
  /** The source lists it; no state of the ledger closes it. */
  | 'open-in-ledger'
  /** The ledger closes it as failed. */
  | 'failed'
  /** The ledger says stored; no manifest has it. */
  | 'missing-in-archive'
  /** The ledger says uploaded, the bytes are not at the target. */
  | 'missing-at-target'
  /** Stored, but not uploaded. */
  | 'not-uploaded'
  /** A manifest has it, the ledger knows nothing of it. */
  | 'unexpected-in-archive'
  /** The source lists more messages than the ledger knows. */
  | 'source-count'
  /** The mailbox could not be read or listed in this run. */
  | 'mailbox-unread';

export interface Difference {
  readonly mailbox: string;
  readonly code: DifferenceCode;
  readonly locator: number | string | null;
  readonly entryName: string | null;
  readonly sha256: string | null;
  /** The ErrorCode behind `failed` and `mailbox-unread`, else null. */
  readonly reason: string | null;
}

export interface Reconciliation {
  /** In the source's order of mailboxes. */
  readonly accounts: readonly MailboxAccount[];
  readonly totals: Omit<MailboxAccount, 'mailbox'>;
  /** Empty exactly when every message found is where it should be. */
  readonly differences: readonly Difference[];
}
