import { decodeAs, decodeUnlabelled } from './charset.ts';
import { decodeHeaderText } from './header-text.ts';

/** A field of a value and parameters: `Content-Type`, `Content-Disposition`. */
export interface ParameterizedField {
  /** In lower case. */
  readonly value: string;
  /** The text of a parameter, decoded; null where there is none. */
  parameter(name: string): string | null;
}

/** Quoted, or up to the next semicolon: blanks in names of files are often left unquoted. */
const PARAMETER = /;\s*([^\s=;]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.){0,2000})"|([^;]*))/g;
/** RFC 2231 §3 and §4: `name`, `name*`, `name*0`, `name*0*`. */
const CONTINUED = /^(.*?)(?:\*(\d{1,3}))?(\*)?$/;
const CHARSET_PREFIX = /^([^']{0,40})'[^']{0,40}'/;

interface Piece {
  readonly section: number;
  readonly isEncoded: boolean;
  readonly text: string;
}

const percentDecoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** What a parameter says, of one or several pieces. */
const decodePieces = (pieces: readonly Piece[], hint: () => string | null): string => {
  const inOrder = pieces.toSorted((a, b) => a.section - b.section);
  const isEncoded = inOrder.some((piece) => piece.isEncoded);
  const [, charset = ''] = (isEncoded && CHARSET_PREFIX.exec(inOrder[0]?.text ?? '')) || [];
  const raw = inOrder.map((piece, at) => {
    const text = at === 0 && isEncoded ? piece.text.replace(CHARSET_PREFIX, '') : piece.text;
    return piece.isEncoded ? percentDecoded(text) : text;
  });
  if (!isEncoded) return decodeHeaderText(raw.join(''), hint);
  const bytes = Buffer.from(raw.join(''), 'latin1');
  return decodeAs(bytes, charset) ?? decodeUnlabelled(bytes, hint);
};

/**
 * Reads a field's value and parameters (RFC 2045 §5.1), parameters in pieces and charsets too (RFC 2231), and the encoded words and
 * raw bytes that mail programs put there (SPEC K4). `field` is unfolded, a character for each byte. Never throws.
 */
export const readParameters = (field: string, hint: () => string | null): ParameterizedField => {
  const pieces = new Map<string, Piece[]>();
  for (const [, key = '', quoted, plain = ''] of field.matchAll(PARAMETER)) {
    const [, name = '', section, star] = CONTINUED.exec(key.toLowerCase()) ?? [];
    const text = quoted === undefined ? plain.trim() : quoted.replace(/\\(["\\])/g, '$1');
    pieces.set(name, [...(pieces.get(name) ?? []), { section: Number(section ?? -1), isEncoded: star !== undefined, text }]);
  }
  return {
    value: (field.split(';', 1)[0] ?? '').trim().toLowerCase(),
    parameter: (name) => {
      const found = pieces.get(name);
      return found ? decodePieces(found, hint) : null;
    },
  };
};
