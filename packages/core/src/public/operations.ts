export { type BackupOptions, backup } from '../operations/backup.ts';
export { type MigrateOptions, migrate } from '../operations/migrate.ts';
export { type PlannedMailbox, type PlanOptions, type PlanReport, planBackup } from '../operations/plan-backup.ts';
export { type ProbedMailbox, type ProbeOptions, type ProbeReport, probe } from '../operations/probe.ts';
export type { OnProgress, Phase, Progress } from '../operations/progress.ts';
export type {
  BackupReport,
  FailedMessage,
  MigrationReport,
  RestoredMailbox,
  RestoreReport,
  UploadReport,
  VerifyReport,
} from '../operations/report.ts';
export { type RestoreOptions, restore } from '../operations/restore.ts';
export { type UploadOptions, upload } from '../operations/upload.ts';
export { type UploadZipOptions, uploadZip } from '../operations/upload-zip.ts';
export { type VerifyOptions, verify } from '../operations/verify.ts';
