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
}
