import type { CheckContactsReport, CheckedRow } from '@mailferry/core/contacts';
import type { Texts } from '../texts.ts';
import { detectionRows } from './contacts-detection.ts';
import { rejectedText } from './contacts-rows.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { labelledLines } from './table.ts';

const INDENT = 4;

/** One row that is not in order. */
export const checkedRowLines = (row: CheckedRow, texts: Texts, columns: number): string[] => {
  if (row.kind === 'rejected') return wrapToWidth(rejectedText(row, texts), columns, INDENT);
  const place = texts.text('row.line', { row: row.row });
  const reason = texts.text('row.duplicate', { email: printable(row.email), firstRow: row.firstRow });
  return wrapToWidth(`${place}: ${reason} [duplicate]`, columns, INDENT);
};

/** What the file is, and how many of its rows can be imported. */
export const checkSummaryLines = (report: CheckContactsReport, texts: Texts, columns: number): string[] => {
  const { rows, contacts, rejected, duplicates, imports } = report;
  const final =
    rejected + duplicates > 0
      ? texts.text('final.contacts-checked-bad', { contacts, rejected, duplicates })
      : texts.text('final.contacts-checked', { contacts });
  return [
    ...labelledLines(
      [
        ...detectionRows(report, texts),
        [texts.text('contacts.read'), texts.text('contacts.rows', { count: rows })],
        [texts.text('contacts.imports'), texts.number(imports)],
      ],
      columns,
    ),
    '',
    ...wrapToWidth(final, columns, 0),
  ];
};
