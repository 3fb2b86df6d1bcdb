import type { PreparedBody } from './prepare-body.ts';

/** Prepared bodies on their way between threads, where a Buffer becomes a plain array of bytes. */
export type PreparedBatch = readonly (Omit<PreparedBody, 'data'> & { readonly data: Uint8Array })[];

/** The same bytes with memory of their own, which can be given away to another thread. */
export const ownBuffer = (bytes: Buffer): Uint8Array => {
  const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return isWhole ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
};
