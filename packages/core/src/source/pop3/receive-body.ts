import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MailferryError } from '../../errors.ts';

/** A message that came whole. */
export interface Received {
  readonly sizeBytes: number;
  /** In memory of its own, or read from a file that nobody else sees; to be read to its end, or given up with `discard`. */
  readonly body: Buffer | AsyncIterable<Buffer>;
  discard(): Promise<void>;
}

export interface ReceiveLimits {
  /** What is bigger is kept in a file until its end is known: POP3 doesn't say how long a message is. */
  readonly memoryBytes: number;
  /** No message is bigger. */
  readonly messageLimitBytes: number;
}

const READ_BYTES = 256 * 1024;

/** Takes a body in to its end. Errors: those of the pieces, that of `tooLarge`, `disk-full`, `disk-failed`. */
export const receiveBody = async (
  pieces: AsyncIterable<Buffer>,
  { memoryBytes, messageLimitBytes }: ReceiveLimits,
  tooLarge: () => Error,
): Promise<Received> => {
  const head: Buffer[] = [];
  let sizeBytes = 0;
  let spool: Spool | undefined;
  try {
    for await (const piece of pieces) {
      sizeBytes += piece.length;
      if (sizeBytes > messageLimitBytes) throw tooLarge();
      if (!spool && sizeBytes > memoryBytes) {
        spool = await Spool.make();
        for (const early of head.splice(0)) await spool.write(early);
      }
      if (spool) await spool.write(piece);
      else head.push(piece);
    }
  } catch (error) {
    await spool?.close();
    throw error;
  }
  if (spool) return { sizeBytes, body: spool.read(), discard: spool.close.bind(spool) };
  const body = Buffer.allocUnsafeSlow(sizeBytes);
  let filled = 0;
  for (const piece of head) filled += piece.copy(body, filled);
  return { sizeBytes, body, discard: async () => undefined };
};

/** A file without a name: it is gone with the process. */
class Spool {
  readonly #handle: FileHandle;
  readonly #path: string;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  static async make(): Promise<Spool> {
    const path = join(tmpdir(), `mailferry-${randomUUID()}`);
    try {
      const handle = await open(path, 'wx+', 0o600);
      await unlink(path);
      return new Spool(handle, path);
    } catch (error) {
      throw toDiskError(error, path);
    }
  }

  async write(piece: Buffer): Promise<void> {
    try {
      await this.#handle.appendFile(piece);
    } catch (error) {
      throw toDiskError(error, this.#path);
    }
  }

  async *read(): AsyncGenerator<Buffer> {
    try {
      for (let at = 0; ; ) {
        const { bytesRead, buffer } = await this.#handle.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}

const toDiskError = (error: unknown, path: string): MailferryError => {
  const { code, message }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  if (code === 'ENOSPC') return new MailferryError('disk-full', { path }, { cause: error });
  return new MailferryError('disk-failed', { path, reason: message }, { cause: error });
};
