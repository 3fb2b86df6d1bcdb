import { cutToWidth, displayWidth } from './display-width.ts';

const GAP = '  ';
const FIRST_COLUMN_MIN = 12;

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

/** Lines of `label  value`, with the values below each other. */
export const labelledLines = (rows: readonly (readonly [label: string, value: string])[]): string[] => {
  const width = Math.max(...rows.map(([label]) => displayWidth(label)));
  return rows.map(([label, value]) => `${pad(label, width, 'left')}${GAP}${value}`);
};
