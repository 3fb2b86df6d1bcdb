export { type BackupOptions, backup } from '../operations/backup.ts';
export { type CheckZipOptions, checkZip } from '../operations/check-zip.ts';
export { type DrillDifference, type DrillOptions, type DrillReport, type DrillStage, drill } from '../operations/drill.ts';
export { type IndexOptions, type IndexReport, indexArchive } from '../operations/index-archive.ts';
export {
  type ListedEntry,
  type ListMessagesOptions,
  listMailboxes,
  listMessages,
  type MailboxContents,
  type MailboxesReport,
  type MessagesReport,
} from '../operations/list-archive.ts';
export { type MigrateOptions, migrate } from '../operations/migrate.ts';
export { type PlannedMailbox, type PlanOptions, type PlanReport, planBackup } from '../operations/plan-backup.ts';
export { type ProbedMailbox, type ProbeOptions, type ProbeReport, probe } from '../operations/probe.ts';
export type { OnProgress, Phase, Progress } from '../operations/progress.ts';
export { type PrunedArchive, type PruneOptions, type PruneReport, type PruneVerdict, prune } from '../operations/prune.ts';
export { type EntryText, type ReadEntry, type ReadEntryOptions, readEntry, readEntryText } from '../operations/read-entry.ts';
export { type RepackOptions, repack } from '../operations/repack.ts';
export { type RepairOptions, repair } from '../operations/repair.ts';
export type {
  BackupReport,
  FailedMessage,
  LostPiece,
  MigrationReport,
  RepackReport,
  RepairReport,
  RestoredMailbox,
  RestoreReport,
  UploadReport,
  VerifyReport,
  ZipReport,
} from '../operations/report.ts';
export { type RestoreOptions, restore } from '../operations/restore.ts';
export {
  type SearchHit,
  type SearchOptions,
  type SearchQuery,
  type SearchReport,
  searchArchive,
  type UnreadEntry,
} from '../operations/search-archive.ts';
export { type UploadOptions, upload } from '../operations/upload.ts';
export { type UploadZipOptions, uploadZip } from '../operations/upload-zip.ts';
export { type VerifyOptions, verify } from '../operations/verify.ts';
