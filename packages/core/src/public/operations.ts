export { type BackupOptions, backup } from '../operations/backup.ts';
export { type CheckZipOptions, checkZip } from '../operations/check-zip.ts';
export {
  type CheckContactsOptions,
  type CheckContactsReport,
  type CheckedRow,
  checkContacts,
  IMPORT_ROWS,
} from '../operations/contacts/check-contacts.ts';
export { OUTPUT_ENCODINGS, type OutputEncoding } from '../operations/contacts/contact-encoder.ts';
export type { ContactReading } from '../operations/contacts/contact-source.ts';
export type { FieldLoss, RejectionCount } from '../operations/contacts/contact-tally.ts';
export { contactTemplate } from '../operations/contacts/contact-template.ts';
export {
  type ContactWriting,
  type ConvertContactsOptions,
  type ConvertContactsReport,
  convertContacts,
} from '../operations/contacts/convert-contacts.ts';
export { type DedupeContactsOptions, type DedupeContactsReport, dedupeContacts } from '../operations/contacts/dedupe-contacts.ts';
export { type DetectContactsReport, detectContacts } from '../operations/contacts/detect-contacts.ts';
export {
  type DownloadContactsOptions,
  type DownloadContactsReport,
  downloadContacts,
} from '../operations/contacts/download-contacts.ts';
export { type DrawOrgChartOptions, drawOrgChart, type OrgChartReport } from '../operations/contacts/draw-org-chart.ts';
export { DUPLICATE_RULES, type DuplicateRule } from '../operations/contacts/duplicate-groups.ts';
export { type UploadContactsOptions, type UploadContactsReport, uploadContacts } from '../operations/contacts/upload-contacts.ts';
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
