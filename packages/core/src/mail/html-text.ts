import { decodeEntities } from './html-entities.ts';

/** What these hold is no text. */
const HIDDEN = new Set(['script', 'style', 'template', 'title']);
/** A line ends before and behind these. */
const BLOCKS = new Set(
  'address article aside blockquote body br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);
const CELLS = new Set(['td', 'th']);
const TAG_NAME = /^<\/?([a-z][a-z0-9]{0,20})/i;

/** Where the element that holds no text ends; with the HTML when it isn't closed. */
const hiddenEnd = (html: string, lower: string, from: number, name: string): number => {
  const at = lower.indexOf(`</${name}`, from);
  if (at < 0) return html.length;
  const end = html.indexOf('>', at);
  return end < 0 ? html.length : end + 1;
};

/** The mark-up that begins at `at`: what takes its place in the text, and where it ends. Null where it is none. */
const readMarkup = (html: string, lower: string, at: number): { readonly text: string; readonly end: number } | null => {
  if (lower.startsWith('<!--', at)) {
    const end = html.indexOf('-->', at + 4);
    return { text: '', end: end < 0 ? html.length : end + 3 };
  }
  const next = html[at + 1] ?? '';
  const name = TAG_NAME.exec(lower.slice(at, at + 24))?.[1];
  if (name === undefined && next !== '!' && next !== '?') return null;
  const close = html.indexOf('>', at);
  const end = close < 0 ? html.length : close + 1;
  if (name === undefined) return { text: '', end };
  if (HIDDEN.has(name) && next !== '/' && html[end - 2] !== '/') return { text: '', end: hiddenEnd(html, lower, end, name) };
  return { text: BLOCKS.has(name) ? '\n' : CELLS.has(name) ? '\t' : '', end };
};

/** Not more than one blank line on end, no blanks at the ends of lines. */
const tidy = (text: string): string =>
  text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/**
 * The text of HTML, to be read or searched: without mark-up, scripts, styles and comments, its blocks on lines of their own.
 * Takes time in proportion to its length, whatever the HTML; never throws.
 */
export const htmlText = (html: string): string => {
  // Of the same length as `html`, which toLowerCase() is not always.
  const lower = html.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const pieces: string[] = [];
  let from = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    const markup = readMarkup(html, lower, at);
    if (!markup) {
      at += 1;
      continue;
    }
    pieces.push(decodeEntities(html.slice(from, at).replace(/\s+/g, ' ')), markup.text);
    at = markup.end;
    from = markup.end;
  }
  pieces.push(decodeEntities(html.slice(from).replace(/\s+/g, ' ')));
  return tidy(pieces.join(''));
};
