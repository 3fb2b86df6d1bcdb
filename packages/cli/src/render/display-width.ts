// Columns that a terminal gives to a text. Unicode Annex 11 (East Asian Width), in the ranges that mail uses.

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;
// Escape sequences and changes of writing direction from a hostile server must not reach the terminal.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Co}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const TAB_AS_SPACES = '    ';

const widthOf = (character: string): number => (ZERO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

export const displayWidth = (text: string): number => {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
};

/** Shortens `text` to at most `columns`, with `…` at its end where something was cut off. */
export const cutToWidth = (text: string, columns: number): string => {
  if (displayWidth(text) <= columns) return text;
  let cut = '';
  let width = 1;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    cut += character;
  }
  return columns > 0 ? `${cut}…` : '';
};

/**
 * The lines of `text`, each at most `columns` wide, broken at spaces only: a longer word has a line of its own.
 * All lines but the first begin with `indent` spaces.
 */
export const wrapToWidth = (text: string, columns: number, indent: number): string[] => {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  // Spaces at the beginning belong to the first word.
  for (const word of text.split(/(?<=\S) /)) {
    const wordWidth = displayWidth(word);
    if (line !== '' && width + 1 + wordWidth > columns) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
      width = indent + wordWidth;
    } else {
      width += (line === '' ? 0 : 1) + wordWidth;
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
};

/** Text from a server or a file, safe to write to a terminal: every control character becomes U+FFFD. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '\ufffd');

/** The same for text of several lines: they stay lines, and tabs become spaces. */
export const printableLines = (text: string): string[] =>
  text.split(/\r?\n/).map((line) => printable(line.replaceAll('\t', TAB_AS_SPACES)));
