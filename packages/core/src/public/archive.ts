export { isRecipient, readIdentities, readRecipients } from '../archive/age.ts';
export { ArchiveReader, type ArchiveReaderOptions } from '../archive/archive-reader.ts';
export type { ArchivedContent, ArchivedMailbox, ArchivedMessage } from '../archive/archived-message.ts';
export type { Damage, DamageCode } from '../archive/damage.ts';
export { type Disk, type DiskFile, nodeDisk, type WrittenFile } from '../archive/disk.ts';
export type { PartSummary } from '../archive/part-summary.ts';
export { keyFingerprint, newSigningKey, openSigner, readPublicKey, type Signer } from '../archive/signing-key.ts';
export type { EntryRefusal, RefusedEntry, ZipOddity } from '../archive/validate-zip.ts';
