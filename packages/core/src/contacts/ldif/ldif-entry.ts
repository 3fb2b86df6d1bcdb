/** One value of an entry. An attribute with several values stands several times. */
export interface LdifAttribute {
  /** With its options, in the spelling of the source: `cn;lang-ko`. */
  readonly name: string;
  /** Bytes only where they are no text. */
  readonly value: string | Buffer;
  /** The value stands elsewhere, and this is its URL (`attr:< url`, RFC 2849). It is never followed. */
  readonly isUrl: boolean;
}

/** An entry of an LDIF file (RFC 2849): a content record, or a change record that adds one. */
export interface LdifEntry {
  readonly dn: string;
  readonly attributes: readonly LdifAttribute[];
}

/** In bytes of the file, with its folds and comments. */
export const MAX_ENTRY_BYTES = 32 * 1024 * 1024;
/** As folded; 32 MiB in Base64 are 450,000 lines of 76. */
export const MAX_ENTRY_LINES = 1_000_000;
export const MAX_ENTRY_ATTRIBUTES = 100_000;

/** An attribute type with its options (RFC 4512 §2.5); `_` is no part of it, but Mozilla's. */
export const ATTRIBUTE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:;[A-Za-z0-9._-]+)*$/;
