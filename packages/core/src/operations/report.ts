import type { Damage } from '../archive/damage.ts';
import type { PartSummary } from '../archive/part-summary.ts';
import type { RefusedEntry, ZipOddity } from '../archive/validate-zip.ts';
import type { ErrorCode } from '../errors.ts';
import type { Notice } from '../mail/notice.ts';
import type { Reconciliation } from '../reconcile/reconciliation.ts';

/** One message that did not get where it should, with its stable reason code. */
export interface FailedMessage {
  readonly mailbox: string;
  /** UID, UIDL or offset at the source; null for an entry of a ZIP that was given by hand. */
  readonly locator: number | string | null;
  /** Its entry in the archive, where it got that far. */
  readonly entryName: string | null;
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;
}

export interface BackupReport {
  readonly kind: 'backup';
  readonly directory: string;
  readonly mailboxCount: number;
  /** Messages that this run fetched and stored, and their bytes. */
  readonly fetchedMessages: number;
  readonly fetchedBytes: number;
  /** Parts that this run sealed. */
  readonly sealedParts: readonly PartSummary[];
  /** The whole archive after this run. */
  readonly storedMessages: number;
  /** Of these, what the source listed once and doesn't any more. Kept, and recorded in the archive. */
  readonly vanishedMessages: number;
  /** Stands for the whole chain; null without a part. */
  readonly head: string | null;
  readonly failed: readonly FailedMessage[];
  /** Messages that this run deleted at the source, as asked. */
  readonly removedMessages: number;
  readonly notices: readonly Notice[];
  readonly reconciliation: Reconciliation;
}

export interface UploadReport {
  readonly kind: 'upload';
  readonly target: string;
  /** Messages that the target took in this run. */
  readonly uploadedMessages: number;
  readonly uploadedParts: number;
  readonly failed: readonly FailedMessage[];
  /** Null for a ZIP that was given by hand: there is no ledger to hold the target against. */
  readonly reconciliation: Reconciliation | null;
}

export interface MigrationReport {
  readonly kind: 'migrate';
  readonly directory: string;
  readonly target: string;
  readonly mailboxCount: number;
  readonly fetchedMessages: number;
  readonly fetchedBytes: number;
  readonly uploadedMessages: number;
  readonly uploadedParts: number;
  readonly sealedParts: readonly PartSummary[];
  readonly failed: readonly FailedMessage[];
  /** Messages that this run deleted at the source, as asked. */
  readonly removedMessages: number;
  readonly notices: readonly Notice[];
  readonly reconciliation: Reconciliation;
}

export interface VerifyReport {
  readonly kind: 'verify';
  readonly path: string;
  readonly partCount: number;
  readonly entryCount: number;
  readonly sizeBytes: number;
  /** SHA-256 that stands for the whole chain: kept elsewhere, it shows later that nothing of it was taken away. Null without a part. */
  readonly head: string | null;
  /** The public key that signed the chain, 32 bytes in base64; null for none. */
  readonly signedBy: string | null;
  /** False for an encrypted archive that was not opened: its messages were not looked at. */
  readonly isOpened: boolean;
  readonly damages: readonly Damage[];
}

/** What became of one mailbox of an archive. */
export interface RestoredMailbox {
  readonly mailbox: string;
  /** The one that stands for it at the target. */
  readonly target: string;
  /** Messages that were wanted. */
  readonly messages: number;
  /** Of these, what an earlier run restored. */
  readonly restoredBefore: number;
  readonly restored: number;
  readonly failed: number;
  /** Taken by the target in this run, and not listed by it afterwards. */
  readonly missing: number;
  /** All that the target's mailbox holds afterwards; null in a dry run. */
  readonly atTarget: number | null;
}

export interface RestoreReport {
  readonly kind: 'restore';
  readonly directory: string;
  readonly target: string;
  readonly isDryRun: boolean;
  /** Messages that were wanted, and the bytes of those that an earlier run did not restore. */
  readonly messages: number;
  readonly bytes: number;
  readonly mailboxes: readonly RestoredMailbox[];
  readonly failed: readonly FailedMessage[];
  readonly notices: readonly Notice[];
}

export interface RepackReport {
  readonly kind: 'repack';
  readonly from: string;
  readonly directory: string;
  /** In this run. */
  readonly repackedMessages: number;
  readonly repackedBytes: number;
  readonly sealedParts: readonly PartSummary[];
  /** The whole result. */
  readonly storedMessages: number;
  /** What is damaged, or fits into no part. */
  readonly failed: readonly FailedMessage[];
  readonly notices: readonly Notice[];
  readonly reconciliation: Reconciliation;
}

/** Something that a repair did not find whole. */
export interface LostPiece {
  /** File name of the part, or of the manifest or listing that could not be read to its end. */
  readonly part: string;
  /** Null where it is not known which message it was. */
  readonly entryName: string | null;
  /** Where it lies in the part; null for what isn't there at all. */
  readonly byteOffset: number | null;
  readonly bytes: number | null;
  /** In English. */
  readonly reason: string;
}

export interface RepairReport {
  readonly kind: 'repair';
  readonly from: string;
  readonly directory: string;
  /** Messages of the new archive. */
  readonly recoveredMessages: number;
  readonly sealedParts: readonly PartSummary[];
  /** Empty when everything came over. */
  readonly lost: readonly LostPiece[];
  readonly failed: readonly FailedMessage[];
  readonly notices: readonly Notice[];
  readonly reconciliation: Reconciliation;
}

/** A single ZIP of EML files, looked at entry by entry. */
export interface ZipReport {
  readonly kind: 'zip';
  readonly path: string;
  readonly sizeBytes: number;
  /** Messages that are whole. */
  readonly accepted: number;
  /** Entries that are no message that is whole, with the reason. */
  readonly refused: readonly RefusedEntry[];
  /** What is odd about the ZIP, though it can be used. */
  readonly oddities: readonly ZipOddity[];
  /** Why nothing of it can be trusted, in English; null when its entries could be looked at. */
  readonly invalid: string | null;
}
