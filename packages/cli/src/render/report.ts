import { keyFingerprint } from '@mailferry/core/archive';
import type { BackupReport, MigrationReport, UploadReport, VerifyReport } from '@mailferry/core/operations';
import { EXIT_CODES, exitCodeOfReport, isContactsReport, type Report, type TransferReport } from '../exit-code.ts';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { contactsText } from './contacts-text.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { drillText } from './drill-text.ts';
import { keyText } from './key-text.ts';
import { noticeLines } from './notices.ts';
import { planText } from './plan-text.ts';
import { probeText } from './probe-text.ts';
import { findProblems, problemLines } from './problems.ts';
import { providersText } from './providers-text.ts';
import { pruneText } from './prune-text.ts';
import { bytesText } from './quantities.ts';
import { reconciliationTable } from './reconciliation-table.ts';
import { repairText } from './repair-text.ts';
import { restoreText } from './restore-text.ts';
import { labelledLines } from './table.ts';
import { zipText } from './zip-text.ts';

type Row = readonly [label: string, value: string];

const fetchedRows = (report: BackupReport | MigrationReport, texts: Texts): Row[] => [
  [
    texts.text('report.fetched'),
    texts.text('report.fetched-value', { messages: report.fetchedMessages, bytes: bytesText(report.fetchedBytes) }),
  ],
  [texts.text('report.sealed'), texts.number(report.sealedParts.length)],
  ...(report.removedMessages > 0 ? [[texts.text('report.removed'), texts.number(report.removedMessages)] as const] : []),
];

const uploadedRows = (report: UploadReport | MigrationReport, texts: Texts): Row[] => [
  [texts.text('report.uploaded'), texts.text('report.uploaded-value', { messages: report.uploadedMessages, parts: report.uploadedParts })],
];

const headRows = (head: string | null, texts: Texts): Row[] => (head === null ? [] : [[texts.text('report.head'), head]]);

const checkedText = (report: VerifyReport, texts: Texts): string =>
  texts.text('report.checked-value', { entries: report.entryCount, parts: report.partCount, bytes: bytesText(report.sizeBytes) });

const summaryRows = (report: TransferReport | VerifyReport, texts: Texts): Row[] => {
  switch (report.kind) {
    case 'backup':
      return [
        ...fetchedRows(report, texts),
        ...(report.vanishedMessages > 0
          ? [[texts.text('report.vanished'), texts.text('report.vanished-value', { count: report.vanishedMessages })] as const]
          : []),
        [texts.text('report.archive'), printable(report.directory)],
        ...headRows(report.head, texts),
      ];
    case 'repack':
      return [
        [
          texts.text('report.repacked'),
          texts.text('report.fetched-value', { messages: report.repackedMessages, bytes: bytesText(report.repackedBytes) }),
        ],
        [texts.text('report.sealed'), texts.number(report.sealedParts.length)],
        [texts.text('report.from'), printable(report.from)],
        [texts.text('report.archive'), printable(report.directory)],
      ];
    case 'migrate':
      return [
        ...fetchedRows(report, texts),
        ...uploadedRows(report, texts),
        [texts.text('report.archive'), printable(report.directory)],
        [texts.text('report.target'), printable(report.target)],
      ];
    case 'upload':
      return [...uploadedRows(report, texts), [texts.text('report.target'), printable(report.target)]];
    case 'verify':
      return [
        [texts.text('report.checked'), checkedText(report, texts)],
        [texts.text('report.archive'), printable(report.path)],
        ...headRows(report.head, texts),
        ...(report.signedBy === null ? [] : [[texts.text('report.signed-by'), keyFingerprint(report.signedBy)] as const]),
      ];
  }
};

const verifySentence = (report: VerifyReport, texts: Texts): string => {
  if (report.damages.length > 0) return texts.text('final.verify-damaged', { count: report.damages.length });
  if (!report.isOpened) return texts.text('final.verify-not-opened');
  return texts.text(report.partCount === 0 ? 'final.verify-empty' : 'final.verify');
};

const incompleteSentence = (report: TransferReport, count: number, texts: Texts): string =>
  exitCodeOfReport(report) === EXIT_CODES.partial
    ? texts.text('final.failed', { count })
    : `${texts.text('final.different', { count })} ${texts.text('final.again')}`;

const idle = (report: TransferReport): boolean => (report.kind === 'repack' ? report.repackedMessages === 0 : isIdleTransfer(report));

const isIdleTransfer = (report: Exclude<TransferReport, { kind: 'repack' }>): boolean =>
  (report.kind === 'upload' || report.fetchedMessages === 0) && (report.kind === 'backup' || report.uploadedMessages === 0);

const completeSentence = (report: TransferReport, texts: Texts): string => {
  const archived = report.reconciliation?.totals.archive ?? 0;
  switch (report.kind) {
    case 'backup':
    case 'repack':
      return texts.text('final.backup', { archived });
    case 'migrate':
      return texts.text('final.migrate', { archived, uploaded: report.reconciliation.totals.uploaded });
    case 'upload':
      return report.reconciliation === null
        ? texts.text('final.upload-zip', { uploaded: report.uploadedMessages })
        : texts.text('final.upload', { uploaded: report.reconciliation.totals.uploaded });
  }
};

/** The one plain sentence at the end: what a reader in a hurry has to know. */
const finalSentence = (report: TransferReport | VerifyReport, problemCount: number, texts: Texts): string => {
  if (report.kind === 'verify') return verifySentence(report, texts);
  if (exitCodeOfReport(report) !== EXIT_CODES.done) return incompleteSentence(report, problemCount, texts);
  const sentence = completeSentence(report, texts);
  return idle(report) ? `${texts.text('final.nothing')} ${sentence}` : sentence;
};

const sectionsOf = (report: Report, texts: Texts, secrets: Secrets, columns: number): string[][] => {
  if (isContactsReport(report)) return contactsText(report, texts, columns);
  if (report.kind === 'probe') return probeText(report, texts, columns);
  if (report.kind === 'plan') return planText(report, texts, columns);
  if (report.kind === 'zip') return zipText(report, texts, columns);
  if (report.kind === 'repair') return repairText(report, texts, secrets, columns);
  if (report.kind === 'drill') return drillText(report, texts, secrets, columns);
  if (report.kind === 'prune') return pruneText(report, texts, columns);
  if (report.kind === 'restore') return restoreText(report, texts, secrets, columns);
  if (report.kind === 'key') return keyText(report, texts, columns);
  if (report.kind === 'providers') return providersText(report, texts, columns);
  const problems = findProblems(report, texts, secrets);
  const reconciliation = report.kind === 'verify' ? null : report.reconciliation;
  const notices = report.kind === 'verify' || report.kind === 'upload' ? [] : report.notices;
  return [
    reconciliation === null ? [] : reconciliationTable(reconciliation, texts, columns),
    labelledLines(summaryRows(report, texts), columns),
    noticeLines(notices, texts, columns),
    problemLines(problems, texts, columns),
    wrapToWidth(finalSentence(report, problems.length, texts), columns, 0),
  ];
};

/** A report in words: what happened, where every message is, what is wrong, and one last sentence. */
export const reportText = (report: Report, texts: Texts, secrets: Secrets, columns: number): string =>
  `${sectionsOf(report, texts, secrets, columns)
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
