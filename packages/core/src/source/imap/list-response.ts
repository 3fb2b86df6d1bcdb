import type { ResponseSegments } from './fetch-response.ts';

/** A mailbox as LIST names it. */
export interface ListedName {
  /** The bytes that commands call it by, a character for each. */
  readonly rawName: string;
  readonly delimiter: string | null;
  readonly attributes: readonly string[];
}

/** Attributes and delimiter. RFC 9051 §9, mailbox-list; some servers quote nothing where they mean NIL. */
const HEAD = /^\* LIST +\(([^)]*)\) +(?:NIL|"((?:[^"\\]|\\.)?)") +/i;
const QUOTED = /^"((?:[^"\\]|\\.)*)" *(?:\(.*)?$/;
const LITERAL_MARK = /^~?$/;
/** What RFC 5258 §6 lets follow a name, as in `("CHILDINFO" ("SUBSCRIBED"))`. */
const EXTENSION = / \("?[\w-]+"? \(.*\)\) *$/;

/** Takes the backslashes out of what stood in quotes. */
export const unescapeQuoted = (text: string): string => text.replace(/\\(.)/gs, '$1');

export const isListAnswer = (text: string): boolean => /^\* LIST\b/i.test(text);

/** Reads a LIST answer, however its name is written: quoted, as a literal, or bare. Null for anything malformed. */
export const parseListAnswer = (segments: ResponseSegments): ListedName | null => {
  const [text, literal] = segments;
  const head = typeof text === 'string' ? HEAD.exec(text) : null;
  if (!head) return null;
  const rawName = readName(head.input.slice(head[0].length), literal);
  if (rawName === null) return null;
  const [, attributes = '', delimiter = ''] = head;
  return { rawName, delimiter: unescapeQuoted(delimiter) || null, attributes: attributes.split(' ').filter(Boolean) };
};

const readName = (text: string, literal: ResponseSegments[number] | undefined): string | null => {
  if (Buffer.isBuffer(literal) && LITERAL_MARK.test(text)) return literal.toString('latin1');
  if (text.startsWith('"')) {
    const quoted = QUOTED.exec(text)?.[1];
    return quoted === undefined ? null : unescapeQuoted(quoted);
  }
  // Bare names have no blanks by the book, but with some servers.
  return text.replace(EXTENSION, '').trimEnd() || null;
};
