import type { CheckedEntry } from './check-content.ts';
import type { PreparedBody } from './prepare-body.ts';

/** Between threads a Buffer becomes a plain array of bytes. */
type Sent<Body extends { readonly data: Buffer }> = Omit<Body, 'data'> & { readonly data: Uint8Array };

export type Job =
  | { readonly kind: 'prepare'; readonly bodies: readonly Uint8Array[] }
  | { readonly kind: 'check'; readonly entries: readonly CheckedEntry[]; readonly contents: readonly Uint8Array[] };

/** One result for each body or entry, in their order. */
export type Answer =
  | { readonly kind: 'prepare'; readonly prepared: readonly Sent<PreparedBody>[] }
  | { readonly kind: 'check'; readonly faults: readonly (string | undefined)[] };

/** The same bytes with memory of their own, which can be given away to another thread. */
export const ownBuffer = (bytes: Buffer): Uint8Array => {
  const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return isWhole ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
};

/** A view of the same memory. */
export const toBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
