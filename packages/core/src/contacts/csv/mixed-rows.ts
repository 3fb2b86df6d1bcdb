interface SplitRow {
  readonly cells: readonly string[];
  readonly isMalformed: boolean;
}

const ANY_BREAK = /[\r\n]/;
const LINE_BREAK = /\r\n|\r|\n/;

const hasLineBreak = (cell: string): boolean => cell !== '' && ANY_BREAK.test(cell);

/** Where the cell stands in quotes, at `from` or behind it; -1 if it does not. */
const quotedAt = (cell: string, text: string, from: number): number => text.indexOf(`"${cell.replaceAll('"', '""')}"`, from);

/**
 * Splits a row at line breaks that stand in no quotes: those of a file whose lines end in more than one way. Nearly every row has
 * none and comes back as it is. `from` is where in `text` to look for the quotes; the rows of a text are asked for in their order.
 */
export const splitMixedRow = (
  cells: readonly string[],
  text: string,
  from: number,
): { readonly rows: readonly SplitRow[]; readonly from: number } => {
  if (!cells.some(hasLineBreak)) return { rows: [{ cells, isMalformed: false }], from };
  const rows: { cells: string[]; isMalformed: boolean }[] = [{ cells: [], isMalformed: false }];
  let at = from;
  for (const cell of cells) {
    const quoted = hasLineBreak(cell) ? quotedAt(cell, text, at) : -1;
    if (quoted >= 0) at = quoted + 1;
    const [first = '', ...others] = hasLineBreak(cell) && quoted < 0 ? cell.split(LINE_BREAK) : [cell];
    rows.at(-1)?.cells.push(first);
    // What begins with a quote behind such a break was cut at the delimiters inside it.
    for (const other of others) rows.push({ cells: [other], isMalformed: other.startsWith('"') });
  }
  // A line end that is not the file's stands behind its last row too.
  const last = rows.at(-1);
  if (rows.length > 1 && last?.cells.length === 1 && last.cells[0] === '') rows.pop();
  return { rows, from: at };
};
