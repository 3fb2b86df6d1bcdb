/** Longer texts tell a reader no more, and a file of hostile ones must not grow without end. In UTF-16 units. */
const MAX_LENGTH = 500;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** What XML 1.0 §2.2 has no place for, and other control characters. */
const FORBIDDEN = /[\p{Cc}\ufffe\uffff]/gu;
/** Marks that would turn round the text after them (UAX 9). */
const DIRECTION_MARKS = /[\u202a-\u202e\u2066-\u2069]/g;

/** A text on one line as it can be shown: no control characters, no half of a surrogate pair. Long ones are cut. */
export const plainLine = (text: string): string =>
  text.slice(0, MAX_LENGTH).toWellFormed().replace(DIRECTION_MARKS, '').replace(/\s+/g, ' ').trim().replace(FORBIDDEN, '\ufffd');

/** Text for SVG, in an element or an attribute. */
export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
