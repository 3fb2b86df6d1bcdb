import { BackgroundWork } from '../background-work.ts';
import type { Office } from '../office/office.ts';
import { PlatformError } from '../platform-error.ts';
import type { Backup, BackupPart } from '../store/backups.ts';
import type { Store } from '../store/store.ts';
import type { WallClock } from '../wall-clock.ts';
import type { BackupFolder } from './backup-folder.ts';
import type { BackupLimits } from './backup-limits.ts';
import { type HeldMessages, holdBackupMessages } from './backup-messages.ts';
import { EntryTooLarge, partsOf } from './parts-of.ts';
import { readyNotice } from './ready-notice.ts';
import { type ZipEntry, zipOf } from './zip-of.ts';

export interface BackupPreparerOptions {
  readonly store: Store;
  readonly office: Office;
  readonly folder: BackupFolder;
  readonly limits: BackupLimits;
  readonly clock: WallClock;
  readonly now: () => Date;
  /** Takes errors that are no fault of the request; it fails. */
  readonly onError: (error: unknown) => void;
}

/** The request was deleted, or the platform stops. */
class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/**
 * Makes the parts of backups that are due, one backup after the other. Its messages are those that are there when it begins. Parts are
 * durable before the request is `ready`; one that was cut short is begun anew.
 */
export class BackupPreparer {
  readonly work: BackgroundWork<Backup>;
  readonly #options: BackupPreparerOptions;

  constructor(options: BackupPreparerOptions) {
    this.#options = options;
    this.work = new BackgroundWork(
      () => options.store.backups.nextDue(),
      (backup) => this.#prepareOrFail(backup),
    );
  }

  async #prepareOrFail(backup: Backup): Promise<void> {
    const { store, onError } = this.#options;
    try {
      await this.#prepare(backup);
    } catch (error) {
      if (error instanceof Abandoned) return;
      const reason = failureOf(error);
      if (reason === null) onError(error);
      store.backups.fail(backup.id, reason ?? 'The platform could not write it; ask for it again');
    }
  }

  async #prepare(backup: Backup): Promise<void> {
    const { store, folder, clock } = this.#options;
    store.backups.startPreparing(backup.id);
    const held = holdBackupMessages(store, clock, backup);
    let isReady = false;
    try {
      await folder.remove(backup.id);
      const parts = await this.#writeParts(backup.id, held);
      isReady = this.#finish(backup, parts, held.sizeBytes);
    } finally {
      held.release();
      if (!isReady) await folder.remove(backup.id);
    }
  }

  async #writeParts(id: string, held: HeldMessages): Promise<BackupPart[]> {
    const { folder, limits } = this.#options;
    const parts: BackupPart[] = [];
    for (const entries of partsOf(held.entries, limits)) {
      const number = parts.length + 1;
      let messageCount = 0;
      const counted = Iterator.from(this.#whileWanted(id, entries)).map((entry) => {
        messageCount += 1;
        return entry;
      });
      const { sizeBytes, sha256 } = await folder.write(id, number, zipOf(counted));
      if (sizeBytes > limits.partBytes) throw new Error(`part ${number} has ${sizeBytes} bytes, more than a part may have`);
      parts.push({ number, sizeBytes, sha256, messageCount });
    }
    const written = parts.reduce((sum, { messageCount }) => sum + messageCount, 0);
    if (written !== held.count) throw new Error(`${written} of ${held.count} messages were written`);
    return parts;
  }

  *#whileWanted(id: string, entries: Iterable<ZipEntry>): Generator<ZipEntry, void, undefined> {
    for (const entry of entries) {
      if (this.work.isStopped || this.#options.store.backups.find(id) === null) throw new Abandoned();
      yield entry;
    }
  }

  /** The notice is there exactly if the backup is ready, unless the account can't take mail. */
  #finish({ id, accountId }: Backup, parts: readonly BackupPart[], contentBytes: number): boolean {
    const { store } = this.#options;
    return store.writes.run(() => {
      const isReady = store.backups.finish(id, parts, contentBytes);
      if (isReady) this.#notify(accountId, id);
      return isReady;
    });
  }

  #notify(accountId: number, id: string): void {
    const { store, office, clock, now } = this.#options;
    const account = store.accounts.byId(accountId);
    const backup = store.backups.find(id);
    if (!account || !backup) return;
    const bytes = readyNotice(account.user, backup, clock, now());
    try {
      office.deliveries.deliver({ from: '', recipients: [{ address: account.user, accountIds: [accountId] }], bytes });
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
    }
  }
}

/** What the owner is told; null for what he can't know about. */
const failureOf = (error: unknown): string | null => {
  if (error instanceof EntryTooLarge) return error.message;
  if (error instanceof PlatformError && error.code === 'mailbox-missing') return error.message;
  return null;
};
