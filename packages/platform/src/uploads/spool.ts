import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurableFile } from '../durable-file.ts';
import { PlatformError } from '../platform-error.ts';

interface Announced {
  readonly sizeBytes: number;
  readonly sha256: string;
}

const ZIP = '.zip';

const mismatch = (reason: string, cause?: unknown): PlatformError => new PlatformError('content-mismatch', reason, { cause });

/** Writes what comes, never more than was announced. @throws PlatformError `content-mismatch` */
const writeChecked = async (file: FileHandle, content: AsyncIterable<Uint8Array>, announced: Announced): Promise<void> => {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of content) {
    sizeBytes += chunk.length;
    if (sizeBytes > announced.sizeBytes) throw mismatch(`The content is longer than the ${announced.sizeBytes} bytes announced`);
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  if (sizeBytes < announced.sizeBytes) throw mismatch(`The content has ${sizeBytes} bytes, ${announced.sizeBytes} were announced`);
  if (hash.digest('hex') !== announced.sha256) throw mismatch('The content has another SHA-256 than announced');
};

/** The folder that holds the ZIPs of uploads until they are processed. */
export class Spool {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  pathOf(uploadId: string): string {
    return join(this.#directory, uploadId + ZIP);
  }

  /** Takes a ZIP in; on return it is durable under its path. Of a failure nothing stays. @throws PlatformError `content-mismatch` */
  async receive(uploadId: string, content: AsyncIterable<Uint8Array>, announced: Announced): Promise<void> {
    await writeDurableFile(this.pathOf(uploadId), (file) => writeChecked(file, content, announced));
  }

  async remove(uploadId: string): Promise<void> {
    await rm(this.pathOf(uploadId), { force: true });
  }

  /** Makes the folder and clears it of what belongs to none of these uploads. */
  async prepare(keptUploadIds: readonly string[]): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const kept = new Set(keptUploadIds.map((id) => id + ZIP));
    const stray = (await readdir(this.#directory)).filter((name) => !kept.has(name));
    await Promise.all(stray.map((name) => rm(join(this.#directory, name), { force: true })));
  }
}
