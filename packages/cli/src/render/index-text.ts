import type { IndexReport } from '@mailferry/core/operations';
import type { Texts } from '../texts.ts';
import { printable } from './display-width.ts';
import { labelledLines } from './table.ts';

/** What an index holds, and where it begins. */
export const indexLines = (report: IndexReport, texts: Texts, columns: number): string[] => {
  const { mailboxes, messages, pages, startFile, readInPart, unread } = report;
  const rows = [
    [texts.text('index.mailboxes'), texts.number(mailboxes)],
    [texts.text('index.messages'), texts.number(messages)],
    [texts.text('index.pages'), texts.number(pages)],
    [texts.text('index.start'), printable(startFile)],
  ] as const;
  return [
    ...labelledLines(rows, columns),
    '',
    ...(readInPart > 0 ? [texts.text('final.in-part', { messages: readInPart })] : []),
    ...(unread > 0 ? [texts.text('final.unread', { unread })] : []),
    texts.text('final.index'),
  ];
};
