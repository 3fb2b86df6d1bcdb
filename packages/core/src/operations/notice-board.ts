import type { MailboxPath } from '../mail/mailbox.ts';
import type { Notice, NoticeCode } from '../mail/notice.ts';

/** Collects what people should know of a run; each thing once. */
export class NoticeBoard {
  readonly #notices = new Map<string, Notice>();
  readonly #otherSizes = new Map<MailboxPath, number>();
  readonly #lostFlags = new Map<MailboxPath, number>();

  add(notice: Notice): void {
    this.#notices.set(JSON.stringify(notice), notice);
  }

  /** Counts a message that had another size than announced. */
  countOtherSize(mailbox: MailboxPath): void {
    countIn(this.#otherSizes, mailbox);
  }

  /** Counts a message of which not all flags could be kept. */
  countLostFlags(mailbox: MailboxPath): void {
    countIn(this.#lostFlags, mailbox);
  }

  all(): Notice[] {
    const counted = (code: NoticeCode, counts: ReadonlyMap<MailboxPath, number>) =>
      Array.from(counts, ([mailbox, count]): Notice => ({ code, details: { mailbox, count } }));
    return [...this.#notices.values(), ...counted('size-differs', this.#otherSizes), ...counted('flags-left-out', this.#lostFlags)];
  }
}

const countIn = (counts: Map<MailboxPath, number>, mailbox: MailboxPath): void => {
  counts.set(mailbox, (counts.get(mailbox) ?? 0) + 1);
};
