import { cutToWidth, displayWidth, wrapToWidth } from './display-width.ts';

const GAP = '  ';
const FIRST_COLUMN_MIN = 12;
const VALUE_MIN = 20;

const pad = (text: string, width: number, side: 'left' | 'right'): string => {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return side === 'left' ? text + space : space + text;
};

const columnWidths = (rows: readonly (readonly string[])[]): number[] => {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, displayWidth(cell));
  }
  return widths;
};

/**
 * Lines of a table whose first column is text and whose others are numbers.
 * The first row is the heading, the last one the totals, each set off by a rule.
 * The first column gives way when the lines would be longer than `columns`.
 */
export const numberTable = (rows: readonly (readonly string[])[], columns: number): string[] => {
  const [first = 0, ...others] = columnWidths(rows);
  const numbersWidth = others.reduce((sum, width) => sum + GAP.length + width, 0);
  const firstWidth = Math.min(first, Math.max(FIRST_COLUMN_MIN, columns - numbersWidth));
  const lines = rows.map(([label = '', ...cells]) =>
    [pad(cutToWidth(label, firstWidth), firstWidth, 'left'), ...cells.map((cell, at) => pad(cell, others[at] ?? 0, 'right'))].join(GAP),
  );
  const rule = '─'.repeat(firstWidth + numbersWidth);
  return [...lines.slice(0, 1), rule, ...lines.slice(1, -1), ...(lines.length > 2 ? [rule] : []), ...lines.slice(-1)];
};

/** Lines of a table of texts, with a rule below its first row, the heading. */
export const textTable = (rows: readonly (readonly string[])[]): string[] => {
  const widths = columnWidths(rows);
  const lines = rows.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0, 'left'))
      .join(GAP)
      .trimEnd(),
  );
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + GAP.length + width, -GAP.length));
  return [...lines.slice(0, 1), rule, ...lines.slice(1)];
};

/** Lines of `label  value`, with the values below each other; values longer than the rest of `columns` go on below. */
export const labelledLines = (rows: readonly (readonly [label: string, value: string])[], columns = Number.POSITIVE_INFINITY): string[] => {
  const width = Math.max(...rows.map(([label]) => displayWidth(label)));
  const room = Math.max(VALUE_MIN, columns - width - GAP.length);
  return rows.flatMap(([label, value]) =>
    wrapToWidth(value, room, 0).map((line, at) => `${pad(at === 0 ? label : '', width, 'left')}${GAP}${line}`),
  );
};
