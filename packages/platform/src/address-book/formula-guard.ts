/** Spreadsheets take a cell that begins with these for a formula (SPEC C11). */
const RISKY = /^'*[=+\-@]/;
const GUARDED = /^'+[=+\-@]/;

/** The cell with an apostrophe in front, where a spreadsheet would run it. */
export const guardFormula = (cell: string): string => (RISKY.test(cell) ? `'${cell}` : cell);

/** Undoes `guardFormula` exactly. */
export const unguardFormula = (cell: string): string => (GUARDED.test(cell) ? cell.slice(1) : cell);
