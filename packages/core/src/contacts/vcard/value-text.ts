import type { VcardVersion } from './property.ts';

const isEscaped = (text: string, at: number): boolean => {
  let before = at;
  while (text[before - 1] === '\\') before -= 1;
  return (at - before) % 2 === 1;
};

/** What is beyond stays in the last part. */
const MAX_PARTS = 10_000;

/** Cuts at each separator that no backslash stands before. The parts keep their escapes. */
const splitUnescaped = (text: string, separator: string): string[] => {
  const hasEscapes = text.includes('\\');
  const parts: string[] = [];
  let start = 0;
  for (let at = text.indexOf(separator); at >= 0 && parts.length < MAX_PARTS; at = text.indexOf(separator, at + 1)) {
    if (hasEscapes && isEscaped(text, at)) continue;
    parts.push(text.slice(start, at));
    start = at + 1;
  }
  parts.push(text.slice(start));
  return parts;
};

/** RFC 6350 §3.4, RFC 2426 §4; programs escape colons and quotes as well. A backslash before anything else is one. */
const unescapeText = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\([\\,;:"nN])/g, (_, escaped: string) => (escaped === 'n' || escaped === 'N' ? '\n' : escaped))
    : text;

/** Line breaks are `\n` in every value that a reader gives. */
const oneKindOfBreak = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

const escapeWith = (text: string, special: RegExp): string => oneKindOfBreak(text).replace(special, '\\$&').replace(/\n/g, '\\n');

/** The value of a text property, as it is meant. 2.1 has no escapes in it. */
export const readText = (value: string, version: VcardVersion): string => (version === '2.1' ? value : unescapeText(value));

/** In 4.0 a semicolon that divides nothing needs no backslash (RFC 6350 §3.4), and some readers leave it there. */
export const writeText = (text: string, version: VcardVersion): string => {
  if (version === '2.1') return oneKindOfBreak(text);
  return escapeWith(text, version === '3.0' ? /[\\,;]/g : /[\\,]/g);
};

/** What nothing divides: a URI should have no escapes, but many programs write them, and not all that is called a URI is one. */
export const writeUndivided = (text: string, version: VcardVersion): string =>
  version === '2.1' ? oneKindOfBreak(text) : escapeWith(text, /\\/g);

/** In 2.1 only what divides a value is escaped. */
const unescapePart = (part: string, version: VcardVersion): string =>
  version === '2.1' ? part.replace(/\\([\\;,:])/g, '$1') : unescapeText(part);

const writePart = (part: string, separator: ';' | ',', version: VcardVersion): string => {
  if (version !== '2.1') return escapeWith(part, /[\\,;]/g);
  return oneKindOfBreak(part).replace(separator === ';' ? /[\\;]/g : /[\\,]/g, '\\$&');
};

/** The components of N, ADR, ORG … (`;`) or the items of a list (`,`). */
export const readParts = (value: string, separator: ';' | ',', version: VcardVersion): string[] =>
  splitUnescaped(value, separator).map((part) => unescapePart(part, version));

export const writeParts = (parts: readonly string[], separator: ';' | ',', version: VcardVersion): string =>
  parts.map((part) => writePart(part, separator, version)).join(separator);

/** Components as one text without escapes. */
export const plainParts = (parts: readonly string[]): string => {
  const last = parts.findLastIndex((part) => part !== '');
  return parts.slice(0, last + 1).join(';');
};
