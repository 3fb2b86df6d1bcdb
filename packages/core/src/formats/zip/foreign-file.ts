import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { MailferryError, throwIfCancelled } from '../../errors.ts';

const WINDOW_BYTES = 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

const reasonOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  return `it can't be read (${code ?? String(error)})`;
};

/** A ZIP that someone else made, open for reading at any place. Every read is bounded, and none is ever written. */
export class ForeignFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #handle: FileHandle;
  readonly #signal: AbortSignal;

  private constructor(path: string, sizeBytes: number, handle: FileHandle, signal: AbortSignal) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.#handle = handle;
    this.#signal = signal;
  }

  /** Errors: `zip-too-large` at `limitBytes` or more, before anything is read; `zip-invalid`. The caller closes. */
  static async open(path: string, limitBytes: number, signal: AbortSignal): Promise<ForeignFile> {
    try {
      const found = await stat(path);
      if (!found.isFile()) throw new MailferryError('zip-invalid', { path, reason: 'it is not a file' });
      if (found.size >= limitBytes) throw new MailferryError('zip-too-large', { path, sizeBytes: found.size });
      // Should the file have become a pipe meanwhile, opening it doesn't wait for a writer.
      return new ForeignFile(path, found.size, await open(path, constants.O_RDONLY | constants.O_NONBLOCK), signal);
    } catch (error) {
      if (error instanceof MailferryError) throw error;
      throw new MailferryError('zip-invalid', { path, reason: reasonOf(error) }, { cause: error });
    }
  }

  /** The error for a file that can't be used as a whole. */
  refusal(reason: string): MailferryError {
    return new MailferryError('zip-invalid', { path: this.path, reason });
  }

  /** Exactly `count` bytes, in memory of their own. */
  async readAt(byteOffset: number, count: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(count);
    let filled = 0;
    while (filled < count) {
      this.checkAborted();
      const { bytesRead } = await this.#read(buffer, filled, byteOffset + filled);
      if (bytesRead === 0) throw this.refusal('it became shorter while it was read');
      filled += bytesRead;
    }
    return buffer;
  }

  /** `count` bytes, piece by piece. */
  async *pieces(byteOffset: number, count: number): AsyncGenerator<Buffer> {
    for (let done = 0; done < count; done += PIECE_BYTES) yield await this.readAt(byteOffset + done, Math.min(PIECE_BYTES, count - done));
  }

  checkAborted(): void {
    throwIfCancelled(this.#signal);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #read(buffer: Buffer, from: number, position: number): Promise<{ bytesRead: number }> {
    try {
      return await this.#handle.read(buffer, from, buffer.length - from, position);
    } catch (error) {
      throw new MailferryError('zip-invalid', { path: this.path, reason: reasonOf(error) }, { cause: error });
    }
  }
}

/**
 * Reads ahead as long as it goes forward. A step back reads just what was asked for, so that no order of
 * entries makes it read more than the file twice over.
 */
export class ForwardReader {
  readonly #file: ForeignFile;
  #window: Buffer = Buffer.alloc(0);
  #windowOffset = 0;

  constructor(file: ForeignFile) {
    this.#file = file;
  }

  /** Exactly `count` bytes; the caller has made sure that the file has them. They stay as they are. */
  async read(byteOffset: number, count: number): Promise<Buffer> {
    const windowEnd = this.#windowOffset + this.#window.length;
    if (byteOffset < this.#windowOffset) return this.#file.readAt(byteOffset, count);
    if (byteOffset + count > windowEnd) {
      const ahead = Math.min(Math.max(count, WINDOW_BYTES), this.#file.sizeBytes - byteOffset);
      this.#window = await this.#file.readAt(byteOffset, ahead);
      this.#windowOffset = byteOffset;
    }
    const from = byteOffset - this.#windowOffset;
    return this.#window.subarray(from, from + count);
  }
}
