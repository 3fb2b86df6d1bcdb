import type { ResponseSegments } from './fetch-response.ts';

/** A mailbox as LIST names it. */
export interface ListedName {
  /** The bytes that commands call it by, a character for each. */
  readonly rawName: string;
  readonly delimiter: string | null;
  readonly attributes: readonly string[];
}

/** Attributes, of which no mailbox has that many, and delimiter. RFC 9051 §9, mailbox-list; some servers write `""` for NIL. */
const HEAD = /^\* LIST +\(([^)]{0,4096})\) +(?:NIL|"((?:[^"\\]|\\.)?)") +/i;
const QUOTED = /^"((?:[^"\\]|\\.)*)" *(?:\(.*)?$/;
const LITERAL_MARK = /^~?$/;
/** What RFC 5258 §6 lets follow a name, as in `("CHILDINFO" ("SUBSCRIBED"))`. */
const EXTENSION_START = / \("?[\w-]+"? \(/;
const EXTENSION_END = /\)\) *$/;

/** Takes the backslashes out of what stood in quotes. */
const unescapeQuoted = (text: string): string => text.replace(/\\(.)/gs, '$1');

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
  const end = EXTENSION_END.test(text) ? text.search(EXTENSION_START) : -1;
  return text.slice(0, end < 0 ? undefined : end).trimEnd() || null;
};

/** A quoted string may be cut off: to look for its end from each quote on would take for ever. */
const NAMESPACE_TOKEN = /"((?:[^"\\]|\\.)*)(?:"|\\?$)|[()]|NIL/gi;

/** The prefixes of the account's own mailboxes in a NAMESPACE answer (RFC 2342 §5); none in any other text. */
export const parsePersonalPrefixes = (text: string): string[] => {
  const [, namespaces = ''] = /^\* NAMESPACE +(.*)$/is.exec(text) ?? [];
  const prefixes: string[] = [];
  let depth = 0;
  let opened = false;
  for (const [token, quoted] of namespaces.matchAll(NAMESPACE_TOKEN)) {
    // The first of each inner list; what follows it is the delimiter and extensions, which may hold lists of their own.
    if (opened && depth === 2 && quoted) prefixes.push(unescapeQuoted(quoted));
    opened = token === '(';
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (depth === 0) break;
  }
  return prefixes;
};
