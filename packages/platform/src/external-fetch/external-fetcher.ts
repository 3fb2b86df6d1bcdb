import { PlatformError } from '../platform-error.ts';
import type { ExternalFetch, SkipCode } from '../store/external-fetches.ts';
import type { Store } from '../store/store.ts';
import { FetchFailure } from './fetch-failure.ts';
import type { FetchLimits } from './fetch-limits.ts';
import { type ListedMessage, type Pop3Account, Pop3Source } from './pop3-source.ts';
import { allowedAddress } from './public-address.ts';

const MAX_RUNNING = 20;

export interface ExternalFetcherOptions {
  readonly store: Store;
  readonly limits: FetchLimits;
  /** Hosts that may be fetched from although their addresses are not public. */
  readonly allowedHosts: readonly string[];
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
}

/**
 * Pulls mail from POP3 servers elsewhere into accounts, once for each request (SPEC X2). A message and the note that the account has it
 * are one transaction, so no request, however it ended, makes a later one fetch a message twice. Nothing is deleted at the source.
 */
export class ExternalFetcher {
  readonly #options: ExternalFetcherOptions;
  readonly #running = new Map<number, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(options: ExternalFetcherOptions) {
    this.#options = options;
  }

  /** To be called before the first fetch: those that a crash cut short can't go on, as their passwords are gone. */
  closeInterrupted(): void {
    const { externalFetches } = this.#options.store;
    const failure = new FetchFailure('interrupted', 'The platform was stopped; ask for it again');
    for (const { id } of externalFetches.running()) externalFetches.finish(id, failure);
  }

  /** Begins to fetch. @throws PlatformError `external-fetch-running`, `host-not-allowed`, `host-unknown` */
  async begin(accountId: number, mailboxId: number, account: Pop3Account): Promise<ExternalFetch> {
    const { store, allowedHosts } = this.#options;
    const address = await allowedAddress(account.host, allowedHosts);
    if (this.#running.has(accountId) || this.#running.size >= MAX_RUNNING) {
      throw new PlatformError('external-fetch-running', 'Another fetch is running; wait for its end');
    }
    const fetch = store.externalFetches.create(accountId, { mailboxId, host: account.host, port: account.port, user: account.user });
    const ended = this.#fetchOrFail(fetch, account, address).finally(() => this.#running.delete(accountId));
    this.#running.set(accountId, ended);
    return fetch;
  }

  /** Resolves when nothing is being fetched. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async stop(): Promise<void> {
    this.#stop.abort(new FetchFailure('interrupted', 'The platform was stopped; ask for it again'));
    await this.idle();
  }

  async #fetchOrFail(fetch: ExternalFetch, account: Pop3Account, address: string): Promise<void> {
    const { store, limits, onError } = this.#options;
    const { signal: timedOut, cancel } = expiry(limits.totalMs);
    const signal = AbortSignal.any([this.#stop.signal, timedOut]);
    try {
      const source = await Pop3Source.logIn(account, address, limits, signal);
      try {
        await this.#fetchAll(fetch, source);
      } finally {
        source.close();
      }
      store.externalFetches.finish(fetch.id, null);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'internal') onError(error);
      store.externalFetches.finish(fetch.id, failure);
    } finally {
      cancel();
    }
  }

  async #fetchAll(fetch: ExternalFetch, source: Pop3Source): Promise<void> {
    const { externalFetches } = this.#options.store;
    const listed = await source.list();
    const unknown = listed.filter(({ uniqueId }) => !externalFetches.knows(fetch, uniqueId));
    externalFetches.setFound(fetch.id, listed.length, listed.length - unknown.length);
    let fetchedBytes = 0;
    for (const message of unknown) {
      const taken = await this.#take(fetch, source, message, fetchedBytes);
      if (typeof taken === 'number') fetchedBytes += taken;
      else externalFetches.noteSkipped(fetch.id, { ...message, code: taken });
    }
  }

  /** How many bytes were stored, or why none. */
  async #take(fetch: ExternalFetch, source: Pop3Source, message: ListedMessage, fetchedBytes: number): Promise<number | SkipCode> {
    const { limits } = this.#options;
    if (message.sizeBytes >= limits.messageBytes) return 'too-large';
    if (fetchedBytes + message.sizeBytes > limits.totalBytes) return 'total-limit';
    const bytes = await source.retrieve(message);
    if (bytes === undefined) return 'not-given';
    if (bytes === null) return 'too-large';
    if (fetchedBytes + bytes.length > limits.totalBytes) return 'total-limit';
    return this.#store(fetch, message, bytes);
  }

  #store(fetch: ExternalFetch, { uniqueId }: ListedMessage, bytes: Buffer): number | SkipCode {
    const { store, now } = this.#options;
    try {
      return store.writes.run(() => {
        store.messages.append(fetch.mailboxId, { bytes, flags: [], internalDate: now() });
        store.externalFetches.noteFetched(fetch, uniqueId, bytes.length);
        return bytes.length;
      });
    } catch (error) {
      if (error instanceof PlatformError && error.code === 'over-quota') return 'over-quota';
      if (error instanceof PlatformError && error.code === 'message-empty') return 'empty';
      throw error;
    }
  }
}

const expiry = (ms: number): { signal: AbortSignal; cancel: () => void } => {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new FetchFailure('timed-out', 'The fetch took too long')), ms);
  return { signal: abort.signal, cancel: () => clearTimeout(timer) };
};

const failureOf = (error: unknown): FetchFailure => {
  if (error instanceof FetchFailure) return error;
  if (error instanceof PlatformError && error.code === 'mailbox-missing') return new FetchFailure('mailbox-missing', error.message);
  return new FetchFailure('internal', 'The platform could not store it', { cause: error });
};
