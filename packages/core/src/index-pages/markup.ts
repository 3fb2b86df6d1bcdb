/** HTML that is safe to put into a page as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = string | number | Markup | readonly Markup[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Attributes stand in double quotes everywhere. */
const SPECIAL = /[&<>"]/g;
/** Control characters but tab and line feed, and what would turn the direction of the text around it. */
const UNFIT = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Noncharacter_Code_Point}]/gu;
const isKept = (character: string): boolean => character === '\t' || character === '\n';

/** Text of whatever origin as HTML: nothing in it is mark-up, and nothing in it acts on the text beside it. */
const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(UNFIT, (character) => (isKept(character) ? character : '\ufffd'))
    .replace(SPECIAL, (character) => ESCAPES[character] ?? '');

const pieceText = (piece: Piece): string => {
  if (piece instanceof Markup) return piece.text;
  return typeof piece === 'object' ? piece.map(({ text }) => text).join('') : escapeText(String(piece));
};

/** Mark-up with texts in it, which are escaped. */
export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  new Markup(strings.map((string, at) => (at < pieces.length ? string + pieceText(pieces[at] ?? '') : string)).join(''));
