import { setImmediate } from 'node:timers/promises';
import { BackgroundWork } from '../background-work.ts';
import { PlatformError } from '../platform-error.ts';
import type { Account } from '../store/accounts.ts';
import type { MailboxCopy, MailboxCopyStep } from '../store/mailbox-copies.ts';
import { DELIMITER, storedPath } from '../store/mailbox-path.ts';
import type { StoredMailbox } from '../store/mailboxes.ts';
import type { Store } from '../store/store.ts';

/** Messages that are copied at once; other work gets its turn between. */
const BATCH = 500;

/**
 * Copies the mailbox tree of one account into a folder of another (SPEC M13). The mailboxes are made when it is asked for; the messages
 * of a batch and the progress are one transaction, so whenever it is cut short, it goes on without doubling or losing one. Bodies are shared.
 */
export class MailboxCopier {
  readonly work: BackgroundWork<MailboxCopy>;
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
    this.work = new BackgroundWork(
      () => store.mailboxCopies.nextRunning(),
      (copy) => this.#copyOrFail(copy),
    );
  }

  /**
   * Begins a copy of what is there now. The folder must not be there yet: a second copy needs another one, and so doubles nothing unasked.
   * @throws PlatformError `account-not-set-up`, `mailbox-exists`, `mailbox-name-invalid`, `over-quota`, `mailbox-limit`
   */
  begin(from: Account, to: Account, folder: string): MailboxCopy {
    const { accounts, mailboxes, mailboxCopies, writes } = this.#store;
    if (!to.setUp) throw new PlatformError('account-not-set-up', 'Mail can be moved in only after the account was set up');
    const copy = writes.run(() => {
      const root = storedPath(folder);
      if (mailboxes.find(to.id, root))
        throw new PlatformError('mailbox-exists', `${to.user} has a mailbox ${root} already; name another one`);
      const sources = mailboxes.list(from.id).filter(({ selectable }) => selectable);
      const sizeBytes = sources.reduce((sum, source) => sum + source.sizeBytes, 0);
      if (to.quotaBytes !== null && accounts.usage(to.id).bytes + sizeBytes > to.quotaBytes) {
        throw new PlatformError('over-quota', `The copy has ${sizeBytes} bytes, more than ${to.user} has left of ${to.quotaBytes}`);
      }
      const steps = sources.map((source) => this.#stepFor(source, to.id, root));
      const total = sources.reduce((sum, source) => sum + source.messageCount, 0);
      return mailboxCopies.create({ fromUser: from.user, toUser: to.user, folder: root, total }, steps);
    });
    this.work.start();
    return copy;
  }

  #stepFor(source: StoredMailbox, targetAccountId: number, root: string): MailboxCopyStep {
    const path = root + DELIMITER + source.path;
    const { mailboxes } = this.#store;
    // One above another may have been made with it.
    const target = mailboxes.find(targetAccountId, path) ?? mailboxes.create(targetAccountId, path);
    mailboxes.subscribe(targetAccountId, path);
    return { sourceMailboxId: source.id, targetMailboxId: target.id, afterUid: 0, lastUid: source.uidNext - 1 };
  }

  async #copyOrFail({ id }: MailboxCopy): Promise<void> {
    const { mailboxCopies } = this.#store;
    try {
      for (let step = mailboxCopies.nextStep(id); step && !this.work.isStopped; step = mailboxCopies.nextStep(id)) {
        this.#copyBatch(id, step);
        await setImmediate();
      }
      if (!this.work.isStopped) mailboxCopies.finish(id, null);
    } catch (error) {
      if (!(error instanceof PlatformError)) this.#onError(error);
      mailboxCopies.finish(id, error instanceof PlatformError ? error.message : 'The platform could not write it');
    }
  }

  #copyBatch(id: string, step: MailboxCopyStep): void {
    const { mailboxCopies, messages, writes } = this.#store;
    writes.run(() => {
      const uids = messages
        .page(step.sourceMailboxId, step.afterUid, BATCH)
        .map(({ uid }) => uid)
        .filter((uid) => uid <= step.lastUid);
      const last = uids.at(-1);
      if (last === undefined) {
        mailboxCopies.dropStep(id, step);
        return;
      }
      messages.copy(step.sourceMailboxId, uids, step.targetMailboxId);
      mailboxCopies.moveOn(id, step, last, uids.length);
    });
  }
}
