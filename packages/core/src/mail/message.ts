import type { MessageRef } from './message-ref.ts';

/**
 * One message as its source holds it. The bytes are never changed (SPEC K1).
 *
 * A big message comes as a stream, which has to be read to its end, or aborted with the
 * fetch, before the next message is asked for. It yields exactly `sizeBytes` bytes or throws.
 */
export interface Message {
  readonly ref: MessageRef;
  /** System flags (`\Seen`) and keywords, in the source's order, without `\Recent`. */
  readonly flags: readonly string[];
  /** To the second; null where the source has none. */
  readonly internalDate: Date | null;
  /** Exact length of `body` in bytes. */
  readonly sizeBytes: number;
  readonly body: Buffer | AsyncIterable<Buffer>;
  /** The same bytes as the ZIP has them that they come from; only beside a body that is a Buffer. */
  readonly packed?: PackedBody;
}

/** A message's bytes as they stand in a ZIP: as they are, or deflated. */
export interface PackedBody {
  readonly method: 'store' | 'deflate';
  readonly data: Buffer;
  /** Of the message, lower-case hex, as whoever read it has found it. */
  readonly sha256: string;
}
