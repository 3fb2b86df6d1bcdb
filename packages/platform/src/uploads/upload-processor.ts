import { PlatformError } from '../platform-error.ts';
import type { Store } from '../store/store.ts';
import type { Upload, UploadEntry } from '../store/uploads.ts';
import type { Spool } from './spool.ts';
import type { UploadLimits } from './upload-limits.ts';
import { readZip, surveyZip, UnusableZip, type ZipEntry } from './zip-entries.ts';

const RETRY_MS = 5000;

export interface UploadProcessorOptions {
  readonly store: Store;
  readonly spool: Spool;
  readonly limits: UploadLimits;
  readonly now: () => Date;
  /** Takes errors that are no fault of the upload; it is tried again. */
  readonly onError: (error: unknown) => void;
}

/**
 * Stores the messages of received uploads, one upload after the other. The messages of a batch, the answers
 * for them and the upload's progress are one transaction: whenever it is killed, it goes on behind the last
 * batch without doubling or losing one.
 */
export class UploadProcessor {
  readonly #options: UploadProcessorOptions;
  readonly #waiting: string[] = [];
  readonly #retries = new Set<NodeJS.Timeout>();
  #running: Promise<void> | null = null;
  #isStopped = false;

  constructor(options: UploadProcessorOptions) {
    this.#options = options;
  }

  /** To be called when the upload's state is `processing`. */
  enqueue(uploadId: string): void {
    if (this.#isStopped) return;
    this.#waiting.push(uploadId);
    this.#running ??= this.#run();
  }

  /** Resolves when no upload is being stored, nor waits for it. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Stops behind the current batch. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const retry of this.#retries) clearTimeout(retry);
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let id = this.#waiting.shift(); id !== undefined && !this.#isStopped; id = this.#waiting.shift()) {
      try {
        await this.#process(id);
      } catch (error) {
        this.#options.onError(error);
        this.#retryLater(id);
      }
    }
    this.#running = null;
  }

  #retryLater(id: string): void {
    const retry = setTimeout(() => {
      this.#retries.delete(retry);
      this.enqueue(id);
    }, RETRY_MS);
    this.#retries.add(retry.unref());
  }

  async #process(id: string): Promise<void> {
    const { store, spool } = this.#options;
    const upload = store.uploads.find(id);
    if (upload?.state !== 'processing') return;
    try {
      await this.#storeEntries(upload);
    } catch (error) {
      const reason = failureOf(error);
      if (reason === null) throw error;
      store.uploads.finish(id, reason);
    }
    if (!this.#isStopped) await spool.remove(id);
  }

  async #storeEntries(upload: Upload): Promise<void> {
    const { store, spool, limits } = this.#options;
    const path = spool.pathOf(upload.id);
    store.uploads.setTotal(upload.id, await surveyZip(path, limits));
    let batch: ZipEntry[] = [];
    let batchBytes = 0;
    for await (const entry of readZip(path, upload.nextIndex, limits.messageBytes)) {
      if (this.#isStopped) return;
      batch.push(entry);
      batchBytes += Buffer.isBuffer(entry.content) ? entry.content.length : 0;
      if (batch.length < limits.batchMessages && batchBytes < limits.batchBytes) continue;
      store.writes.run(() => this.#commit(upload, batch, entry.index + 1));
      batch = [];
      batchBytes = 0;
    }
    store.writes.run(() => {
      this.#commit(upload, batch, (batch.at(-1)?.index ?? upload.nextIndex) + 1);
      store.uploads.finish(upload.id, null);
    });
  }

  #commit(upload: Upload, batch: readonly ZipEntry[], nextIndex: number): void {
    const answers = batch.map((entry) => this.#answer(upload, entry));
    this.#options.store.uploads.answer(upload.id, answers, nextIndex);
  }

  #answer(upload: Upload, { index, name, content }: ZipEntry): UploadEntry {
    if (!Buffer.isBuffer(content)) return { index, name, state: 'failed', ...content };
    const { store, now } = this.#options;
    const line = store.uploads.manifestLine(upload.id, name);
    try {
      const message = { bytes: content, flags: line?.flags ?? [], internalDate: line?.internalDate ?? now() };
      return { index, name, state: 'stored', sizeBytes: content.length, ...store.messages.append(upload.mailboxId, message) };
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'over-quota') throw error;
      return { index, name, state: 'failed', code: 'over-quota', reason: error.message };
    }
  }
}

/** Why the upload has failed for good; null for what may pass. */
const failureOf = (error: unknown): string | null => {
  if (error instanceof UnusableZip) return error.message;
  if (error instanceof PlatformError && error.code === 'mailbox-missing') return 'The mailbox was deleted';
  return null;
};
