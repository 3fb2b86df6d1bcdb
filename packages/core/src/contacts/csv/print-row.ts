const QUOTE = 0x22;
const COMMA = 0x2c;
const SPACE = 0x20;

/** Delimiters, quotes, line ends, and white space at either end, which some programs cut off. */
const needsQuotes = (cell: string): boolean => {
  const last = cell.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const code = cell.charCodeAt(index);
    if (code === COMMA || code === QUOTE || code === 0x0a || code === 0x0d) return true;
  }
  // Wider blanks than these are rare enough to be asked for only where the first or last character may be one.
  const isBlank = (code: number): boolean => code <= SPACE || (code >= 0x80 && String.fromCharCode(code).trim() === '');
  return isBlank(cell.charCodeAt(0)) || isBlank(cell.charCodeAt(last));
};

/** A row as RFC 4180 §2 has it: commas, CR LF, quotes where they are needed. One empty cell is quoted, so that it is no empty line. */
export const printRow = (cells: readonly string[]): string => {
  if (cells.length === 1 && cells[0] === '') return '""\r\n';
  const printed = new Array<string>(cells.length);
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index] ?? '';
    printed[index] = cell !== '' && needsQuotes(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }
  return `${printed.join(',')}\r\n`;
};
