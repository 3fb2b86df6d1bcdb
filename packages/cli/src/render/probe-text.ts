import type { ProbedMailbox, ProbeReport } from '@mailferry/core/operations';
import type { Texts } from '../texts.ts';
import { printable } from './display-width.ts';
import { noticeLines } from './notices.ts';
import { bytesText, durationText } from './quantities.ts';
import { labelledLines, numberTable } from './table.ts';

const mailboxTable = (report: ProbeReport, texts: Texts, columns: number): string[] => {
  const row = (label: string, { messages, bytes, largestBytes }: Pick<ProbedMailbox, 'messages' | 'bytes' | 'largestBytes'>): string[] => [
    label,
    texts.number(messages),
    bytesText(bytes),
    bytesText(largestBytes),
  ];
  const heading = [texts.text('column.mailbox'), texts.text('column.messages'), texts.text('column.size'), texts.text('column.largest')];
  const label = ({ path, specialUse, unread }: ProbedMailbox): string => {
    const use = specialUse === '\\Inbox' ? null : specialUse;
    return printable([path, use, unread && `[${unread}]`].filter((piece) => piece !== null).join(' '));
  };
  return numberTable(
    [heading, ...report.mailboxes.map((mailbox) => row(label(mailbox), mailbox)), row(texts.text('column.totals'), report)],
    columns,
  );
};

/** What a probe saw, in words: mailboxes, the server, and how long the whole would take. */
export const probeText = (report: ProbeReport, texts: Texts, columns: number): string[][] => {
  const { facts, sample, estimatedSeconds, notices } = report;
  const rows: [string, string][] = [
    [texts.text('probe.source'), printable(report.source)],
    [texts.text('probe.protocol'), `${facts.protocol}, ${texts.text(`probe.security.${facts.security}`)}`],
  ];
  if (facts.capabilities.length > 0) rows.push([texts.text('probe.capabilities'), printable(facts.capabilities.join(' '))]);
  if (sample && estimatedSeconds !== null) {
    const rate = bytesText(sample.bytes / Math.max(sample.seconds, 0.001));
    rows.push([texts.text('probe.estimate'), texts.text('probe.estimate-value', { time: durationText(estimatedSeconds), rate })]);
  }
  return [
    mailboxTable(report, texts, columns),
    labelledLines(rows, columns),
    noticeLines(notices, texts, columns),
    [texts.text('final.probe')],
  ];
};
