import type { PlannedMailbox, PlanReport } from '@mailferry/core/operations';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { noticeLines } from './notices.ts';
import { bytesText } from './quantities.ts';
import { numberTable } from './table.ts';

type Counts = Omit<PlannedMailbox, 'path' | 'unread'>;

const total = (mailboxes: readonly Counts[], count: (mailbox: Counts) => number): number =>
  mailboxes.reduce((sum, mailbox) => sum + count(mailbox), 0);

/** What a dry run found: a row for each mailbox, and what a real run would fetch. */
export const planText = ({ mailboxes, messages, bytes, notices }: PlanReport, texts: Texts, columns: number): string[][] => {
  const row = (label: string, counts: Counts): string[] => [
    label,
    texts.number(counts.listed),
    texts.number(counts.archived),
    texts.number(counts.filtered),
    texts.number(counts.messages),
    bytesText(counts.bytes),
  ];
  const heading = (['mailbox', 'listed', 'archive', 'filtered', 'to-fetch', 'size'] as const).map((column) =>
    texts.text(`column.${column}`),
  );
  const label = ({ path, unread }: PlannedMailbox): string => printable(unread === null ? path : `${path} [${unread}]`);
  const totals = {
    listed: total(mailboxes, ({ listed }) => listed),
    archived: total(mailboxes, ({ archived }) => archived),
    filtered: total(mailboxes, ({ filtered }) => filtered),
    messages,
    bytes,
  };
  const sentence = messages === 0 ? texts.text('final.plan-nothing') : texts.text('final.plan', { messages, bytes: bytesText(bytes) });
  return [
    numberTable([heading, ...mailboxes.map((mailbox) => row(label(mailbox), mailbox)), row(texts.text('column.totals'), totals)], columns),
    noticeLines(notices, texts, columns),
    wrapToWidth(sentence, columns, 0),
  ];
};
