import type { HeaderField } from './header.ts';
import type { ParameterizedValue } from './parameters.ts';

/** Offsets into the message, `to` exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A part of a message, or the message itself, as RFC 2045 cuts it. */
export interface MimePart {
  /** With the blank line that ends it. */
  readonly header: Span;
  /** Without the line end that belongs to the boundary behind it. */
  readonly body: Span;
  /** Line ends in the body. */
  readonly lines: number;
  readonly fields: readonly HeaderField[];
  readonly contentType: ParameterizedValue;
  /** In capitals, as `MULTIPART`. */
  readonly type: string;
  /** In capitals. */
  readonly subtype: string;
  /** Of a multipart, at least one. */
  readonly parts: readonly MimePart[];
  /** Of a `message/rfc822`, the message in it; null where an encoding or a limit hides that. */
  readonly message: MimePart | null;
}

/** Of a Content-Type, as they were written; null for what is none. */
export const splitType = ({ value }: ParameterizedValue): readonly [type: string, subtype: string] | null => {
  const [, type, subtype] = /^([^\s/]+)\s*\/\s*([^\s/]+)$/.exec(value) ?? [];
  return type === undefined || subtype === undefined ? null : [type, subtype];
};

/** Whether BODYSTRUCTURE shows what is in it, RFC 3501 §7.4.2. */
export const isMessage = ({ type, subtype }: Pick<MimePart, 'type' | 'subtype'>): boolean => type === 'MESSAGE' && subtype === 'RFC822';
