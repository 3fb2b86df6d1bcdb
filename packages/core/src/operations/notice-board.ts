import type { MailboxPath } from '../mail/mailbox.ts';
import type { Notice } from '../mail/notice.ts';

/** Collects what people should know of a run; each thing once. */
export class NoticeBoard {
  readonly #notices = new Map<string, Notice>();
  readonly #otherSizes = new Map<MailboxPath, number>();

  add(notice: Notice): void {
    this.#notices.set(JSON.stringify(notice), notice);
  }

  /** Counts a message that had another size than announced. */
  countOtherSize(mailbox: MailboxPath): void {
    this.#otherSizes.set(mailbox, (this.#otherSizes.get(mailbox) ?? 0) + 1);
  }

  all(): Notice[] {
    const sizes = Array.from(this.#otherSizes, ([mailbox, count]): Notice => ({ code: 'size-differs', details: { mailbox, count } }));
    return [...this.#notices.values(), ...sizes];
  }
}
