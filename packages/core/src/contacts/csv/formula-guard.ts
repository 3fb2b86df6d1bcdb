/** What a spreadsheet takes for the start of a formula (SPEC C11), in full width too, and the control characters that it skips. */
const RISKY = /^'*[=+\-@\t\r＝＋－＠]/;
const GUARDED = /^'+[=+\-@\t\r＝＋－＠]/;

const APOSTROPHE = 0x27;
const FULL_WIDTH = 0xff00;

/** Most cells begin with none of these, and need no closer look. */
const mayBeRisky = (cell: string): boolean => {
  const code = cell.charCodeAt(0);
  return (code < 0x41 && (code < 0x30 || code > 0x3c)) || code > FULL_WIDTH;
};

/** The cell with an apostrophe in front, where a spreadsheet would run it. */
export const guardFormula = (cell: string): string => (mayBeRisky(cell) && RISKY.test(cell) ? `'${cell}` : cell);

/** Undoes `guardFormula` exactly. */
export const unguardFormula = (cell: string): string => (cell.charCodeAt(0) === APOSTROPHE && GUARDED.test(cell) ? cell.slice(1) : cell);
