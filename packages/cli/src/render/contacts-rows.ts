import type { ContactField, FieldLoss, RejectedRow } from '@mailferry/core/contacts';
import type { Texts } from '../texts.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { textTable } from './table.ts';

const INDENT = 4;
const SHOWN_MAX = 20;

/** Row and column, as a person finds them in a spreadsheet. */
export const placeText = ({ row, column }: Pick<RejectedRow, 'row' | 'column'>, texts: Texts): string =>
  column === null ? texts.text('row.line', { row }) : texts.text('row.line-column', { row, column: printable(column) });

/** Why a row was not taken. */
export const rejectedText = (rejected: Pick<RejectedRow, 'row' | 'column' | 'reason'>, texts: Texts): string => {
  const reason = texts.text(`row.${rejected.reason}`);
  return `${placeText(rejected, texts)}: ${reason} [${rejected.reason}]`;
};

/** A field in words, with its label where it says which one. */
export const fieldText = (field: ContactField, label: string, texts: Texts): string =>
  label === ''
    ? texts.text(`field.${field}`)
    : texts.text('field.labelled', { field: texts.text(`field.${field}`), label: printable(label) });

/** Lines of a list with its heading, cut after some. */
export const listLines = (heading: string, items: readonly string[], total: number, texts: Texts, columns: number): string[] => {
  if (total === 0) return [];
  const shown = items.slice(0, SHOWN_MAX);
  return [
    heading,
    ...shown.flatMap((item) => wrapToWidth(`  ${item}`, columns, INDENT)),
    ...(total > shown.length ? [`  ${texts.text('report.more', { count: total - shown.length })}`] : []),
  ];
};

/** The first rows of many. */
export const rowsText = (rows: readonly number[], total: number): string => [...rows, ...(total > rows.length ? ['…'] : [])].join(', ');

/** What a format could not hold, as a table; nothing without losses. */
export const lossLines = (losses: readonly FieldLoss[], texts: Texts): string[] => {
  if (losses.length === 0) return [];
  const heading = [texts.text('column.field'), texts.text('column.contacts'), texts.text('column.why'), texts.text('column.rows')];
  const rows = losses
    .slice(0, SHOWN_MAX)
    .map((loss) => [
      fieldText(loss.field, loss.label, texts),
      texts.number(loss.contacts),
      texts.text(`loss.${loss.reason}`),
      rowsText(loss.rows, loss.contacts),
    ]);
  return [
    texts.text('contacts.lost-heading', { count: losses.length }),
    ...textTable([heading, ...rows]).map((line) => `  ${line}`),
    ...(losses.length > SHOWN_MAX ? [`  ${texts.text('report.more', { count: losses.length - SHOWN_MAX })}`] : []),
  ];
};
