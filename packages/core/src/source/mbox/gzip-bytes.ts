import { createGunzip, type Gunzip } from 'node:zlib';
import type { FileBytes, FileStamp } from './file-bytes.ts';

/** Small, for deflate makes at most 1,032 bytes of one: what a piece becomes is held in memory. */
const PIECE_BYTES = 16 * 1024;

/**
 * The decompressed bytes of a gzip file. Reading goes forward from where it stands; to go back means to begin anew. What comes before a
 * cut or broken place is read as far as zlib gives it, the same each time.
 */
export class GzipBytes implements FileBytes {
  readonly #compressed: FileBytes;
  readonly #piece = Buffer.alloc(PIECE_BYTES);
  #gunzip: Gunzip | null = null;
  /** When the stream is through, or broke. */
  #closed: Promise<void> = Promise.resolve();
  #compressedAt = 0;
  /** Decompressed and not yet read. */
  #ready: Buffer[] = [];
  #readyAt = 0;
  #isAtEnd = false;
  #failure: Error | null = null;

  constructor(compressed: FileBytes) {
    this.#compressed = compressed;
  }

  get stamp(): FileStamp {
    return this.#compressed.stamp;
  }

  get damage(): string | null {
    return this.#failure ? `the gzip file is cut or broken (${this.#failure.message})` : null;
  }

  async read(into: Buffer, at: number): Promise<number> {
    if (!this.#gunzip || at < this.#readyAt) this.#begin();
    let filled = 0;
    for (;;) {
      filled += this.#take(into, at, filled);
      if (filled === into.length || this.#isAtEnd) return filled;
      await this.#decompress();
    }
  }

  async close(): Promise<void> {
    this.#gunzip?.destroy();
    await this.#compressed.close();
  }

  /** Moves what is ready and wanted into `into`, and drops what comes before. */
  #take(into: Buffer, at: number, filled: number): number {
    let taken = 0;
    for (let first = this.#ready[0]; first && filled + taken < into.length; first = this.#ready[0]) {
      const skipped = Math.min(first.length, Math.max(0, at + filled + taken - this.#readyAt));
      const copied = first.copy(into, filled + taken, skipped);
      taken += copied;
      this.#readyAt += skipped + copied;
      const rest = first.subarray(skipped + copied);
      if (rest.length > 0) this.#ready[0] = rest;
      else this.#ready.shift();
    }
    return taken;
  }

  #begin(): void {
    this.#gunzip?.destroy();
    const gunzip = createGunzip();
    gunzip.on('data', (bytes: Buffer) => this.#ready.push(bytes));
    gunzip.on('error', (error) => {
      this.#failure = error;
    });
    this.#closed = new Promise((resolve) => gunzip.once('close', resolve));
    this.#gunzip = gunzip;
    this.#compressedAt = 0;
    this.#ready = [];
    this.#readyAt = 0;
    this.#isAtEnd = false;
    this.#failure = null;
  }

  /** Puts one compressed piece through, and waits until all that comes of it is ready. */
  async #decompress(): Promise<void> {
    const gunzip = this.#gunzip;
    if (!gunzip) return;
    const length = await this.#compressed.read(this.#piece, this.#compressedAt);
    this.#compressedAt += length;
    const isThrough = new Promise<void>((resolve) => {
      if (length > 0) gunzip.write(Buffer.from(this.#piece.subarray(0, length)), () => resolve());
      else gunzip.once('end', resolve).end();
    });
    // A stream that broke neither ends nor takes what is written.
    await Promise.race([isThrough, this.#closed]);
    if (length === 0 || this.#failure) this.#isAtEnd = true;
  }
}
