import { PlatformError } from '../platform-error.ts';
import type { Backup, BackupPart, BackupRequest } from '../store/backups.ts';
import type { Store } from '../store/store.ts';
import type { BackupFolder } from './backup-folder.ts';
import { MAX_BACKUPS } from './backup-limits.ts';
import type { BackupPreparer } from './backup-preparer.ts';

const TICK_MS = 30_000;

export interface BackupDeskOptions {
  readonly store: Store;
  readonly folder: BackupFolder;
  readonly preparer: BackupPreparer;
  /** How long a request waits before it is prepared, at least. */
  readonly delayMs: () => number;
  readonly onError: (error: unknown) => void;
}

/** Takes requests for backups and gives their parts out. Whatever it is asked, it first lets the time pass that the clock says. */
export class BackupDesk {
  readonly #options: BackupDeskOptions;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | null = null;

  constructor(options: BackupDeskOptions) {
    this.#options = options;
  }

  /** To be called once, and `stop` at the end. */
  async open(): Promise<void> {
    await this.#options.folder.make();
    await this.recheck();
    await this.#clean();
    await this.#tidy();
    this.#timer = setInterval(() => {
      this.#ticking = this.#tidy()
        .then(() => this.#clean())
        .catch(this.#options.onError);
    }, TICK_MS).unref();
  }

  /** To be called when the store went back to an earlier state: what was `ready` then may have lost its files since. */
  async recheck(): Promise<void> {
    const { store, folder } = this.#options;
    for (const backup of store.backups.inState('ready')) {
      if (!(await folder.hasAll(backup))) store.backups.fail(backup.id, 'Its files are gone; ask for it again');
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
  }

  /** @throws PlatformError `backup-limit` */
  async request(accountId: number, wanted: BackupRequest): Promise<Backup> {
    const { store, delayMs, preparer } = this.#options;
    await this.#tidy();
    const occupied = store.backups.list(accountId).filter(({ state }) => state !== 'failed' && state !== 'expired').length;
    if (occupied >= MAX_BACKUPS) {
      throw new PlatformError('backup-limit', `An account has at most ${MAX_BACKUPS} backup requests; delete one first`);
    }
    const backup = store.backups.create(accountId, wanted, delayMs());
    preparer.work.start();
    return backup;
  }

  /** By age. */
  async list(accountId: number): Promise<Backup[]> {
    await this.#tidy();
    return this.#options.store.backups.list(accountId);
  }

  /** @throws PlatformError `backup-missing` */
  async find(accountId: number, id: string): Promise<Backup> {
    await this.#tidy();
    return this.#options.store.backups.open(accountId, id);
  }

  /** @throws PlatformError `backup-missing`, `backup-not-ready`, `backup-expired` */
  async findPart(accountId: number, id: string, number: number): Promise<{ backup: Backup; part: BackupPart }> {
    const backup = await this.find(accountId, id);
    const { state, parts } = backup;
    if (state === 'expired') throw new PlatformError('backup-expired', 'The time to download it is over');
    if (state !== 'ready') throw new PlatformError('backup-not-ready', `It is ${state}`);
    const part = parts.find((one) => one.number === number);
    if (!part) throw new PlatformError('backup-missing', 'The backup has no such part');
    return { backup, part };
  }

  /** Bytes `from` to `to`, both included. */
  readPart(id: string, number: number, from: number, to: number): AsyncIterable<Buffer> {
    return this.#options.folder.read(id, number, from, to);
  }

  /** With its parts; one that is being prepared is given up. @throws PlatformError `backup-missing` */
  async delete(accountId: number, id: string): Promise<void> {
    const { store, folder } = this.#options;
    await this.#tidy();
    store.backups.open(accountId, id);
    store.backups.delete(id);
    await folder.remove(id);
  }

  async #tidy(): Promise<void> {
    const { store, preparer } = this.#options;
    const hasAged = store.backups.age();
    preparer.work.start();
    if (hasAged) await this.#clean();
  }

  /** Removes the files of requests that are no more, those of deleted accounts among them. */
  async #clean(): Promise<void> {
    const { store, folder } = this.#options;
    await folder.keepOnly((id) => {
      const state = store.backups.find(id)?.state;
      return state === 'preparing' || state === 'ready';
    });
  }
}
