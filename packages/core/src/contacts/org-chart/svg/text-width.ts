const ELLIPSIS = '…';
const WIDE = /^[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\p{Extended_Pictographic}]/u;
const NARROW = /^[ijlIftr.,:;!|'"`()[\]{}/ -]/;
const BROAD = /^[mwMW@%—…]/;
const CAPITAL = /^\p{Lu}/u;

const graphemes = new Intl.Segmenter('ko', { granularity: 'grapheme' });

/** In em, on the wide side, as in bold: no font is known, and what is too wide for its box runs out of it. */
const graphemeWidth = (grapheme: string): number => {
  if (WIDE.test(grapheme)) return 1;
  if (NARROW.test(grapheme)) return 0.42;
  if (BROAD.test(grapheme)) return 1.05;
  return CAPITAL.test(grapheme) ? 0.8 : 0.69;
};

/** The width of a text in a font of the given size. */
export const textWidth = (text: string, fontSize: number): number => {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width * fontSize;
};

/** The text, or as much of it as fits with an ellipsis. */
export const fitText = (text: string, fontSize: number, width: number): string => {
  const limit = width / fontSize;
  const withEllipsis = limit - graphemeWidth(ELLIPSIS);
  let used = 0;
  let fitting = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > limit) return `${text.slice(0, fitting).trimEnd()}${ELLIPSIS}`;
    if (used <= withEllipsis) fitting = index + segment.length;
  }
  return text;
};
