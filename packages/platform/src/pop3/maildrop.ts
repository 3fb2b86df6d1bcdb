import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '../store/store.ts';

/** Mailboxes that a session has open as its maildrop: each has at most one, RFC 1939 §4. */
export type MaildropLocks = Set<number>;

/** A message by its number in the session. */
export interface ListedMessage {
  /** From 1. */
  readonly number: number;
  readonly uid: number;
  readonly sizeBytes: number;
}

const PAGE = 1000;

const readListing = async (store: Store, mailboxId: number): Promise<ListedMessage[]> => {
  const listed: ListedMessage[] = [];
  for (;;) {
    const page = store.messages.page(mailboxId, listed.at(-1)?.uid ?? 0, PAGE);
    for (const { uid, sizeBytes } of page) listed.push({ number: listed.length + 1, uid, sizeBytes });
    if (page.length < PAGE) return listed;
    await nextTurn();
  }
};

/**
 * A mailbox as one POP3 session sees it: numbers and sizes hold from the log-in to the end, whatever other sessions do.
 * Nothing is deleted before `update`.
 */
export class Maildrop {
  readonly mailboxId: number;
  readonly #store: Store;
  readonly #locks: MaildropLocks;
  readonly #uidValidity: number;
  readonly #listed: readonly ListedMessage[];
  readonly #deleted = new Set<number>();

  private constructor(
    store: Store,
    locks: MaildropLocks,
    mailbox: { readonly id: number; readonly uidValidity: number },
    listed: readonly ListedMessage[],
  ) {
    this.#store = store;
    this.#locks = locks;
    this.mailboxId = mailbox.id;
    this.#uidValidity = mailbox.uidValidity;
    this.#listed = listed;
  }

  /** Locks and reads the account's INBOX; null if another session has it. The caller closes it. */
  static async open(store: Store, locks: MaildropLocks, accountId: number): Promise<Maildrop | null> {
    const mailbox = store.mailboxes.open(accountId, 'INBOX');
    if (locks.has(mailbox.id)) return null;
    locks.add(mailbox.id);
    try {
      return new Maildrop(store, locks, mailbox, await readListing(store, mailbox.id));
    } catch (error) {
      locks.delete(mailbox.id);
      throw error;
    }
  }

  /** By number; null if there is none or it is marked as deleted. */
  find(number: number): ListedMessage | null {
    return this.#deleted.has(number) ? null : (this.#listed[number - 1] ?? null);
  }

  /** Those not marked as deleted, by number. */
  *messages(): Generator<ListedMessage, void, undefined> {
    for (const message of this.#listed) if (!this.#deleted.has(message.number)) yield message;
  }

  /** Of those not marked as deleted. */
  total(): { count: number; sizeBytes: number } {
    let count = 0;
    let sizeBytes = 0;
    for (const message of this.messages()) {
      count += 1;
      sizeBytes += message.sizeBytes;
    }
    return { count, sizeBytes };
  }

  /** The same in every session, and never given to another message. RFC 1939 §7. */
  uniqueId({ uid }: ListedMessage): string {
    return `${this.#uidValidity}.${uid}`;
  }

  markDeleted(number: number): void {
    this.#deleted.add(number);
  }

  unmarkAll(): void {
    this.#deleted.clear();
  }

  /** Deletes what is marked, all of it or nothing. */
  deleteMarked(): void {
    const uids = [...this.#deleted].flatMap((number) => this.#listed[number - 1]?.uid ?? []);
    if (uids.length > 0) this.#store.messages.expunge(this.mailboxId, uids);
  }

  /** Gives the mailbox free for another session. */
  close(): void {
    this.#locks.delete(this.mailboxId);
  }
}
