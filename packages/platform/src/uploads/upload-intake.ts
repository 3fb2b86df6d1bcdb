import { PlatformError } from '../platform-error.ts';
import type { Store } from '../store/store.ts';
import type { Upload } from '../store/uploads.ts';
import { readManifest } from './manifest-lines.ts';
import type { Spool } from './spool.ts';
import type { UploadLimits } from './upload-limits.ts';
import type { UploadProcessor } from './upload-processor.ts';

interface Receiving {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** Takes the content and the manifest of uploads in, and hands received ones to the processor. */
export class UploadIntake {
  readonly #store: Store;
  readonly #spool: Spool;
  readonly #processor: UploadProcessor;
  readonly #limits: UploadLimits;
  readonly #receiving = new Map<string, Receiving>();

  constructor(store: Store, spool: Spool, processor: UploadProcessor, limits: UploadLimits) {
    this.#store = store;
    this.#spool = spool;
    this.#processor = processor;
    this.#limits = limits;
  }

  /**
   * Takes the ZIP. A content that is still being received for the same upload is dropped: the client that
   * sends again has lost the first connection.
   * @returns false if the content was received before
   * @throws PlatformError `content-mismatch`, `content-superseded`
   */
  async receiveContent(upload: Upload, content: AsyncIterable<Uint8Array>): Promise<boolean> {
    const abort = new AbortController();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const earlier = this.#receiving.get(upload.id);
    this.#receiving.set(upload.id, { abort, ended });
    try {
      earlier?.abort.abort();
      await earlier?.ended;
      if (this.#store.uploads.open(upload.accountId, upload.id).state !== 'awaiting-content') {
        await drain(content, upload.sizeBytes);
        return false;
      }
      await this.#spool.receive(upload.id, untilAborted(content, abort.signal), upload);
      this.#store.uploads.startProcessing(upload.id);
      this.#processor.enqueue(upload.id);
      return true;
    } finally {
      if (this.#receiving.get(upload.id)?.ended === ended) this.#receiving.delete(upload.id);
      end();
    }
  }

  /** Replaces the upload's manifest as a whole. @throws PlatformError `content-already-received`, `manifest-invalid`, `body-too-large` */
  async receiveManifest(upload: Upload, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { uploads } = this.#store;
    this.#refuseIfReceived(upload);
    const generation = uploads.startManifest(upload.id);
    for await (const lines of readManifest(unbroken(content), this.#limits)) uploads.addManifestLines(upload.id, generation, lines);
    this.#refuseIfReceived(upload);
    uploads.acceptManifest(upload.id, generation);
  }

  #refuseIfReceived({ accountId, id }: Upload): void {
    if (this.#store.uploads.open(accountId, id).state === 'awaiting-content') return;
    throw new PlatformError('content-already-received', 'The manifest comes before the content, which is here already');
  }
}

/** A body that breaks off is one that does not match what was announced. */
async function* unbroken(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* content;
  } catch (cause) {
    throw new PlatformError('content-mismatch', 'The content broke off', { cause });
  }
}

async function* untilAborted(content: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const superseded = new PlatformError('content-superseded', 'The same content is being sent again');
  if (signal.aborted) throw superseded;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(superseded), { once: true });
  });
  // Awaited only together with a piece.
  aborted.catch(() => {});
  const pieces = unbroken(content)[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await Promise.race([pieces.next(), aborted]);
    if (done) return;
    yield value;
  }
}

/** Lets a client finish what it is sending, so that it gets to read the answer. */
const drain = async (content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> => {
  let bytes = 0;
  for await (const piece of unbroken(content)) {
    bytes += piece.length;
    if (bytes > maxBytes) return;
  }
};
