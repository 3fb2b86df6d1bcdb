import type { Connection } from './database.ts';

const CHUNK_BYTES = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** Length of the header with the first blank line, or all bytes where there is none. Bare LF ends a line too. */
export const headerLength = (bytes: Buffer): number => {
  let lineStart = 0;
  for (;;) {
    const lineEnd = bytes.indexOf(LF, lineStart);
    if (lineEnd === -1) return bytes.length;
    const isBlank = lineEnd === lineStart || (lineEnd === lineStart + 1 && bytes[lineStart] === CR);
    lineStart = lineEnd + 1;
    if (isBlank) return lineStart;
  }
};

/** The bytes of messages, untouched (SPEC K1). */
export class Bodies {
  readonly #add;
  readonly #addChunk;
  readonly #chunk;
  readonly #loose;
  readonly #remove;
  /** Counts by body: what is being sent to a client is not removed under it. */
  readonly #holders = new Map<number, number>();
  /** What was read last: a message is often looked at several times in a row. */
  #latest: { readonly bodyId: number; readonly position: number; readonly bytes: Buffer } | null = null;
  /** A sweep has found loose bodies that are held. */
  #hasLeftBehind = false;

  constructor(connection: Connection) {
    this.#add = connection.prepare<[string, number, number]>('INSERT INTO bodies (sha256, size_bytes, header_bytes) VALUES (?, ?, ?)');
    this.#addChunk = connection.prepare<[number, number, Buffer]>('INSERT INTO body_chunks VALUES (?, ?, ?)');
    this.#chunk = connection.prepare<[number, number], Buffer>('SELECT bytes FROM body_chunks WHERE body_id = ? AND position = ?').pluck();
    this.#loose = connection.prepare<[], number>('SELECT body_id FROM loose_bodies').pluck();
    this.#remove = connection.prepare<[number]>('DELETE FROM bodies WHERE id = ?');
  }

  /** To be called inside a transaction that also adds a message for it. */
  add(bytes: Buffer, sha256: string): number {
    const bodyId = Number(this.#add.run(sha256, bytes.length, headerLength(bytes)).lastInsertRowid);
    for (let position = 0; position * CHUNK_BYTES < bytes.length; position += 1) {
      this.#addChunk.run(bodyId, position, bytes.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES));
    }
    return bodyId;
  }

  /** Bytes `from` (inclusive) to `to` (exclusive), in pieces of at most 1 MiB, which nobody may change. */
  *read(bodyId: number, from: number, to: number): Generator<Buffer, void, undefined> {
    for (let position = Math.floor(from / CHUNK_BYTES); position * CHUNK_BYTES < to; position += 1) {
      const start = position * CHUNK_BYTES;
      const chunk = this.#chunkAt(bodyId, position);
      yield chunk.subarray(Math.max(from - start, 0), Math.min(to - start, chunk.length));
    }
  }

  #chunkAt(bodyId: number, position: number): Buffer {
    if (this.#latest?.bodyId === bodyId && this.#latest.position === position) return this.#latest.bytes;
    const bytes = this.#chunk.get(bodyId, position);
    if (!bytes) throw new Error(`body ${bodyId} lacks its chunk ${position}`);
    this.#latest = { bodyId, position, bytes };
    return bytes;
  }

  /** Keeps bodies readable, even if their messages are expunged, until the function it gives is called. */
  hold(bodyIds: readonly number[]): () => void {
    for (const bodyId of bodyIds) this.#holders.set(bodyId, (this.#holders.get(bodyId) ?? 0) + 1);
    return () => {
      for (const bodyId of bodyIds) {
        const others = (this.#holders.get(bodyId) ?? 1) - 1;
        if (others > 0) this.#holders.set(bodyId, others);
        else this.#holders.delete(bodyId);
      }
      if (this.#hasLeftBehind) this.sweep();
    };
  }

  /** Removes bodies that have no message and no holder. */
  sweep(): void {
    this.#hasLeftBehind = false;
    this.#latest = null;
    for (const bodyId of this.#loose.all()) {
      if (this.#holders.has(bodyId)) this.#hasLeftBehind = true;
      else this.#remove.run(bodyId);
    }
  }
}
