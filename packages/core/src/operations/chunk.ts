import type { PendingMessage } from '../ledger/message-records.ts';

/** What one fetch asks for: enough to make round trips cheap, little enough to be lost without grief. */
const CHUNK_MESSAGES = 500;
const CHUNK_BYTES = 32 * 1024 * 1024;

/** Cuts a mailbox's open messages into what single fetches ask for, in order. */
export function* toChunks(pending: Iterable<PendingMessage>): Iterable<PendingMessage[]> {
  let chunk: PendingMessage[] = [];
  let chunkBytes = 0;
  for (const message of pending) {
    if (chunk.length > 0 && (chunk.length === CHUNK_MESSAGES || chunkBytes + message.sizeBytes > CHUNK_BYTES)) {
      yield chunk;
      chunk = [];
      chunkBytes = 0;
    }
    chunk.push(message);
    chunkBytes += message.sizeBytes;
  }
  if (chunk.length > 0) yield chunk;
}
