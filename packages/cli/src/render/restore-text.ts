import type { RestoredMailbox, RestoreReport } from '@mailferry/core/operations';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { noticeLines } from './notices.ts';
import { failedProblems, problemLines } from './problems.ts';
import { bytesText } from './quantities.ts';
import { labelledLines, numberTable } from './table.ts';

type Counts = Omit<RestoredMailbox, 'mailbox' | 'target'>;

const total = (mailboxes: readonly Counts[], count: (mailbox: Counts) => number): number =>
  mailboxes.reduce((sum, mailbox) => sum + count(mailbox), 0);

const mailboxTable = ({ mailboxes, isDryRun }: RestoreReport, texts: Texts, columns: number): string[] => {
  const row = (label: string, counts: Counts): string[] => [
    label,
    texts.number(counts.messages),
    texts.number(counts.restoredBefore),
    ...(isDryRun
      ? [texts.number(counts.messages - counts.restoredBefore)]
      : [counts.restored, counts.failed, counts.missing, counts.atTarget ?? 0].map((count) => texts.number(count))),
  ];
  const names = isDryRun ? (['to-restore'] as const) : (['restored', 'failed', 'missing', 'at-target'] as const);
  const heading = (['mailbox', 'archive', 'restored-before', ...names] as const).map((column) => texts.text(`column.${column}`));
  const totals: Counts = {
    messages: total(mailboxes, ({ messages }) => messages),
    restoredBefore: total(mailboxes, ({ restoredBefore }) => restoredBefore),
    restored: total(mailboxes, ({ restored }) => restored),
    failed: total(mailboxes, ({ failed }) => failed),
    missing: total(mailboxes, ({ missing }) => missing),
    atTarget: total(mailboxes, ({ atTarget }) => atTarget ?? 0),
  };
  const label = ({ mailbox, target }: RestoredMailbox): string => printable(mailbox === target ? mailbox : `${mailbox} → ${target}`);
  return numberTable(
    [heading, ...mailboxes.map((mailbox) => row(label(mailbox), mailbox)), row(texts.text('column.totals'), totals)],
    columns,
  );
};

const sentence = (report: RestoreReport, texts: Texts): string => {
  const { isDryRun, failed, mailboxes, messages, bytes } = report;
  const before = total(mailboxes, ({ restoredBefore }) => restoredBefore);
  if (isDryRun) return texts.text('final.restore-dry-run', { messages: messages - before, bytes: bytesText(bytes) });
  const missing = total(mailboxes, (mailbox) => mailbox.missing);
  if (missing > 0) return texts.text('final.restore-missing', { count: missing });
  if (failed.length > 0) return texts.text('final.failed', { count: failed.length });
  return texts.text('final.restore', { count: messages });
};

/** What a restore did: a row for each mailbox, what failed, and one last sentence. */
export const restoreText = (report: RestoreReport, texts: Texts, secrets: Secrets, columns: number): string[][] => [
  mailboxTable(report, texts, columns),
  labelledLines(
    [
      [texts.text('report.archive'), printable(report.directory)],
      [texts.text('report.target'), printable(report.target)],
    ],
    columns,
  ),
  noticeLines(
    report.notices.filter(({ code }) => code !== 'mailbox-renamed'),
    texts,
    columns,
  ),
  problemLines(failedProblems(report.failed, texts, secrets), texts, columns),
  wrapToWidth(sentence(report, texts), columns, 0),
];
