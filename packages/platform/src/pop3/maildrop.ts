import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '../store/store.ts';

/** A message by its number in the session. */
export interface ListedMessage {
  /** From 1. */
  readonly number: number;
  readonly uid: number;
  readonly sizeBytes: number;
  /** Length of the header with the blank line that ends it. */
  readonly headerBytes: number;
  readonly bodyId: number;
}

const PAGE = 1000;

/**
 * A mailbox as one POP3 session sees it: numbers, sizes and messages hold from the log-in to the end, whatever other
 * sessions do. That is what RFC 1939 §4 wants a lock for, and needs none: several sessions may be there at once.
 */
export class Maildrop {
  readonly mailboxId: number;
  readonly #store: Store;
  readonly #uidValidity: number;
  readonly #listed: readonly ListedMessage[];
  readonly #release: () => void;
  readonly #deleted = new Set<number>();

  private constructor(
    store: Store,
    mailbox: { readonly id: number; readonly uidValidity: number },
    listed: readonly ListedMessage[],
    release: () => void,
  ) {
    this.#store = store;
    this.mailboxId = mailbox.id;
    this.#uidValidity = mailbox.uidValidity;
    this.#listed = listed;
    this.#release = release;
  }

  /** Reads the account's INBOX. The caller closes it. */
  static async open(store: Store, accountId: number): Promise<Maildrop> {
    const mailbox = store.mailboxes.open(accountId, 'INBOX');
    const releases: (() => void)[] = [];
    const listed: ListedMessage[] = [];
    const release = () => {
      for (const one of releases) one();
    };
    for (;;) {
      const page = store.messages.page(mailbox.id, listed.at(-1)?.uid ?? 0, PAGE);
      releases.push(store.messages.bodies.hold(page.map(({ bodyId }) => bodyId)));
      for (const { uid, sizeBytes, headerBytes, bodyId } of page) {
        listed.push({ number: listed.length + 1, uid, sizeBytes, headerBytes, bodyId });
      }
      if (page.length < PAGE) return new Maildrop(store, mailbox, listed, release);
      await nextTurn();
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

  /** Messages that were deleted meanwhile may go now. */
  close(): void {
    this.#release();
  }
}
