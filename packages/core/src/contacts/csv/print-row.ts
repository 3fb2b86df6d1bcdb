const NEEDS_QUOTES = /[",\r\n]/;

const printCell = (cell: string): string =>
  cell !== '' && (NEEDS_QUOTES.test(cell) || cell.trim().length < cell.length) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** A row as RFC 4180 §2 has it: commas, CR LF, quotes where they are needed. One empty cell is quoted, so that it is no empty line. */
export const printRow = (cells: readonly string[]): string => {
  if (cells.length === 1 && cells[0] === '') return '""\r\n';
  let line = printCell(cells[0] ?? '');
  for (let index = 1; index < cells.length; index += 1) line += `,${printCell(cells[index] ?? '')}`;
  return `${line}\r\n`;
};
