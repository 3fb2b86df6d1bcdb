/** What happened to the messages of one mailbox, told after it was committed. UIDs ascend. */
export interface MailboxChange {
  readonly mailboxId: number;
  readonly kind: 'appended' | 'expunged' | 'flagged';
  readonly uids: readonly number[];
  /** Who did it, to spare them the echo of their own flag changes. */
  readonly origin: object | null;
}

type Listener = (change: MailboxChange) => void;

/** Tells the sessions that have a mailbox selected about its changes. */
export class Changes {
  readonly #listeners = new Map<number, Set<Listener>>();

  /** Returns the function that ends the subscription. */
  subscribe(mailboxId: number, listener: Listener): () => void {
    const listeners = this.#listeners.get(mailboxId) ?? new Set();
    this.#listeners.set(mailboxId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(mailboxId);
    };
  }

  tell(change: MailboxChange): void {
    for (const listener of this.#listeners.get(change.mailboxId) ?? []) listener(change);
  }
}
