import type { SearchHit, SearchReport } from '@mailferry/core/operations';
import type { Secrets } from '../secrets.ts';
import type { Texts } from '../texts.ts';
import { cutToWidth, printable } from './display-width.ts';
import { problemLines, unreadProblem } from './problems.ts';

/** A message that was found: where it is, whose it is and what it is about, and the line that was found in its text. */
export const hitLines = (hit: SearchHit, texts: Texts, times: Intl.DateTimeFormat, columns: number): string[] => {
  const { id, date, mailbox, from, subject, line } = hit;
  const time = date ? times.format(date) : texts.text('listing.no-date');
  const lines = [`${id}  ${time}  ${mailbox}`, `  ${from === '' ? '' : `${from}  `}${subject}`, ...(line === '' ? [] : [`  ${line}`])];
  return [...lines.map((one) => cutToWidth(printable(one), columns)), ''];
};

/** What came of a search as a whole. */
export const searchLines = (report: SearchReport, texts: Texts, secrets: Secrets, columns: number): string[] => {
  const { found, searched, readInPart, unread, unreadEntries } = report;
  const problems = unreadEntries.map((entry) => unreadProblem(entry, texts, secrets));
  return [
    ...problemLines(problems, texts, columns),
    ...(problems.length > 0 ? [''] : []),
    texts.text('final.found', { found, searched }),
    ...(readInPart > 0 ? [texts.text('final.in-part', { messages: readInPart })] : []),
    ...(unread > 0 ? [texts.text('final.unread', { unread })] : []),
  ];
};
