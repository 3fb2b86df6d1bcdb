import type { Notice, NoticeCode } from '../mail/notice.ts';

/** Collects what people should know of a run; each thing once. */
export class NoticeBoard {
  readonly #notices = new Map<string, Notice>();
  readonly #counts = new Map<string, { readonly notice: Notice; count: number }>();

  add(notice: Notice): void {
    this.#notices.set(JSON.stringify(notice), notice);
  }

  /** Counts a message of a mailbox that this is to be said of; `details` tell one count from another. */
  count(code: NoticeCode, mailbox: string, details: Notice['details'] = {}): void {
    const notice: Notice = { code, details: { mailbox, ...details } };
    const key = JSON.stringify(notice);
    const counted = this.#counts.get(key) ?? { notice, count: 0 };
    counted.count += 1;
    this.#counts.set(key, counted);
  }

  all(): Notice[] {
    const counted = Array.from(
      this.#counts.values(),
      ({ notice: { code, details }, count }): Notice => ({ code, details: { ...details, count } }),
    );
    return [...this.#notices.values(), ...counted];
  }
}
