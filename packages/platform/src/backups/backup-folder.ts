import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurableFile } from '../durable-file.ts';
import type { Backup } from '../store/backups.ts';

/** The folder that holds the parts of all backups. */
export class BackupFolder {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async make(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
  }

  /** Durable on return; of a failure nothing stays. */
  write(backupId: string, number: number, content: AsyncIterable<Buffer>): Promise<{ sizeBytes: number; sha256: string }> {
    return writeDurableFile(this.#pathOf(backupId, number), async (file) => {
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const piece of content) {
        hash.update(piece);
        sizeBytes += piece.length;
        await file.writeFile(piece);
      }
      return { sizeBytes, sha256: hash.digest('hex') };
    });
  }

  /** Bytes `from` to `to`, both included. The file is opened with the first piece. */
  async *read(backupId: string, number: number, from: number, to: number): AsyncGenerator<Buffer, void, undefined> {
    yield* createReadStream(this.#pathOf(backupId, number), { start: from, end: to });
  }

  async hasAll({ id, parts }: Backup): Promise<boolean> {
    const found = await Promise.allSettled(parts.map(({ number }) => access(this.#pathOf(id, number))));
    return found.every(({ status }) => status === 'fulfilled');
  }

  async remove(backupId: string): Promise<void> {
    await this.#removeWhere((id) => id === backupId);
  }

  /** Removes what belongs to no backup of which that is wanted. */
  async keepOnly(isWanted: (backupId: string) => boolean): Promise<void> {
    await this.#removeWhere((id) => !isWanted(id));
  }

  async #removeWhere(isStray: (backupId: string) => boolean): Promise<void> {
    const names = await readdir(this.#directory);
    const stray = names.filter((name) => isStray(name.slice(0, name.indexOf('.'))));
    await Promise.all(stray.map((name) => rm(join(this.#directory, name), { force: true })));
  }

  #pathOf(backupId: string, number: number): string {
    return join(this.#directory, `${backupId}.${number}.zip`);
  }
}
