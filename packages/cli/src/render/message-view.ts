import type { EntryText } from '@mailferry/core/operations';
import type { Texts } from '../texts.ts';
import { printable, printableLines } from './display-width.ts';
import { timeFormat } from './listing-text.ts';
import { labelledLines } from './table.ts';

/** A message to be read: its main header fields, and its text. Nothing in it is obeyed by a terminal. */
export const messageLines = ({ text }: EntryText, texts: Texts, timeZone: string): string[] => {
  const { from, to, cc, date, subject, attachments, isWhole } = text;
  const named = attachments.map((name) => name || texts.text('listing.unnamed'));
  const fields: readonly (readonly [string, string])[] = [
    [texts.text('column.from'), from],
    [texts.text('column.to'), to],
    [texts.text('column.cc'), cc],
    [texts.text('column.date'), date ? timeFormat(timeZone).format(date) : ''],
    [texts.text('column.subject'), subject],
    [texts.text('column.attachments'), named.join(', ')],
  ];
  const shown = fields.filter(([, value]) => value !== '').map(([label, value]) => [label, printable(value)] as const);
  return [
    ...(shown.length > 0 ? [...labelledLines(shown), ''] : []),
    ...printableLines(text.text.trimEnd()),
    ...(isWhole ? [] : ['', texts.text('listing.in-part')]),
  ];
};

/** All header fields, decoded. */
export const headerLines = ({ headers }: EntryText): string[] => headers.map(({ name, text }) => printable(`${name}: ${text}`));
