import type { EntryRefusal } from '@mailferry/core/archive';
import type {
  ConvertContactsReport,
  DedupeContactsReport,
  DetectContactsReport,
  DownloadContactsReport,
  OrgChartReport,
  UploadContactsReport,
} from '@mailferry/core/contacts';
import type { ErrorCode } from '@mailferry/core/errors';
import type {
  BackupReport,
  DrillReport,
  MigrationReport,
  PlanReport,
  ProbeReport,
  PruneReport,
  RepackReport,
  RepairReport,
  RestoreReport,
  UploadReport,
  VerifyReport,
  ZipReport,
} from '@mailferry/core/operations';
import type { DifferenceCode } from '@mailferry/core/reconcile';
import type { KeyReport } from './commands/key-new.ts';
import type { ProvidersReport } from './commands/providers.ts';

/** What a run tells the shell. Scripts hold on to these numbers. */
export const EXIT_CODES = {
  done: 0,
  fatal: 1,
  usage: 2,
  partial: 3,
  different: 4,
  authentication: 5,
  locked: 6,
  cancelled: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Of a run of `mailferry contacts`. */
export type ContactsReport =
  | ConvertContactsReport
  | DedupeContactsReport
  | DetectContactsReport
  | DownloadContactsReport
  | OrgChartReport
  | UploadContactsReport;
/** Of a run that moved messages. */
export type TransferReport = BackupReport | MigrationReport | RepackReport | UploadReport;
export type Report =
  | TransferReport
  | ContactsReport
  | VerifyReport
  | PlanReport
  | ProbeReport
  | PruneReport
  | RestoreReport
  | DrillReport
  | RepairReport
  | ZipReport
  | KeyReport
  | ProvidersReport;

const ERROR_EXIT_CODES: Partial<Record<ErrorCode, ExitCode>> = {
  'option-invalid': EXIT_CODES.usage,
  'consent-missing': EXIT_CODES.usage,
  'auth-refused': EXIT_CODES.authentication,
  'auth-unsupported': EXIT_CODES.authentication,
  'one-time-code-missing': EXIT_CODES.authentication,
  'token-refused': EXIT_CODES.authentication,
  'archive-locked': EXIT_CODES.locked,
  'cancelled': EXIT_CODES.cancelled,
};

export const exitCodeOfError = (code: ErrorCode): ExitCode => ERROR_EXIT_CODES[code] ?? EXIT_CODES.fatal;

/** Differences that the run itself has a reason for: something failed. */
const EXPLAINED: ReadonlySet<DifferenceCode> = new Set(['failed', 'mailbox-unread']);

/** What is no mail, or empty, is no damage (SPEC U3). */
const HARMLESS: ReadonlySet<EntryRefusal> = new Set(['not-eml', 'resource-fork', 'empty']);

export const isSoundZip = ({ invalid, refused }: ZipReport): boolean => invalid === null && refused.every(({ code }) => HARMLESS.has(code));

/** What the target took and doesn't list outweighs what it didn't take. */
const exitCodeOfRestore = ({ mailboxes, failed }: RestoreReport): ExitCode => {
  if (mailboxes.some(({ missing }) => missing > 0)) return EXIT_CODES.different;
  return failed.length > 0 ? EXIT_CODES.partial : EXIT_CODES.done;
};

const CONTACTS_KINDS: ReadonlySet<string> = new Set<ContactsReport['kind']>([
  ...(['contacts-converted', 'contacts-deduped', 'contacts-detected', 'contacts-downloaded'] as const),
  ...(['contacts-uploaded', 'org-chart-drawn'] as const),
]);
export const isContactsReport = (report: Report): report is ContactsReport => CONTACTS_KINDS.has(report.kind);

/** What a format can't hold is told, and is no failure; rows that were not taken are one. */
const exitCodeOfContacts = (report: ContactsReport): ExitCode => {
  const partialIf = (isPartial: boolean): ExitCode => (isPartial ? EXIT_CODES.partial : EXIT_CODES.done);
  switch (report.kind) {
    case 'contacts-detected':
      return EXIT_CODES.done;
    case 'contacts-converted':
      return partialIf(report.rejected > 0);
    case 'contacts-deduped':
      return partialIf((report.written?.rejected ?? report.rejected) > 0);
    case 'contacts-downloaded':
      return partialIf(report.written.rejected > 0);
    case 'org-chart-drawn':
      return partialIf(report.rejected.length + report.problems.length > 0);
    case 'contacts-uploaded':
      return report.missing.length > 0 ? EXIT_CODES.different : partialIf(report.rejected + report.refused > 0);
  }
};

/** A difference without a known reason outweighs failures: nobody was told of it yet. */
export const exitCodeOfReport = (report: Report): ExitCode => {
  if (isContactsReport(report)) return exitCodeOfContacts(report);
  if (report.kind === 'zip') return isSoundZip(report) ? EXIT_CODES.done : EXIT_CODES.different;
  if (report.kind === 'restore') return exitCodeOfRestore(report);
  if (report.kind === 'repair') return report.lost.length + report.failed.length > 0 ? EXIT_CODES.partial : EXIT_CODES.done;
  if (report.kind === 'drill') return report.differences.length + report.failed.length > 0 ? EXIT_CODES.different : EXIT_CODES.done;
  if (report.kind === 'verify') return report.damages.length > 0 ? EXIT_CODES.different : EXIT_CODES.done;
  if (report.kind === 'providers' || report.kind === 'key' || report.kind === 'prune') return EXIT_CODES.done;
  if (report.kind === 'probe' || report.kind === 'plan')
    return report.mailboxes.some(({ unread }) => unread !== null) ? EXIT_CODES.partial : EXIT_CODES.done;
  const differences = report.reconciliation?.differences ?? [];
  if (differences.some(({ code }) => !EXPLAINED.has(code))) return EXIT_CODES.different;
  return report.failed.length > 0 || differences.length > 0 ? EXIT_CODES.partial : EXIT_CODES.done;
};
