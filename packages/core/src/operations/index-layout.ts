import type { MailboxPath } from '../mail/mailbox.ts';

/** One page of a mailbox: which messages stand on it, by their number in the archive, in order. */
export interface LaidOutPage {
  readonly fileName: string;
  readonly messages: readonly number[];
}

const PAGE_MESSAGES = 500;
const MAILBOX_DIGITS = 4;

/** The only names of files that an index has beside the first one's. */
export const PAGE_NAME = /^mailbox-\d{4,}-\d+\.html$/;

/** Finds out on which page each message stands: 500 of a mailbox on each, the newest first, those without a date last. */
export class IndexLayout {
  readonly #byMailbox = new Map<MailboxPath, number[]>();
  readonly #times: number[] = [];

  /** Takes the messages one after the other; the first one has number 0. */
  add(mailbox: MailboxPath, date: Date | null): void {
    const numbers = this.#byMailbox.get(mailbox) ?? [];
    this.#byMailbox.set(mailbox, numbers);
    numbers.push(this.#times.length);
    this.#times.push(date ? date.getTime() : Number.NEGATIVE_INFINITY);
  }

  get messageCount(): number {
    return this.#times.length;
  }

  /** The pages of a mailbox, of which `order` says the how manyth it is: one at least. */
  pages(mailbox: MailboxPath, order: number): LaidOutPage[] {
    const timeOf = (number: number): number => this.#times[number] ?? 0;
    const compare = (a: number, b: number): number => (timeOf(a) === timeOf(b) ? a - b : timeOf(b) - timeOf(a));
    const sorted = (this.#byMailbox.get(mailbox) ?? []).toSorted(compare);
    const name = `mailbox-${String(order + 1).padStart(MAILBOX_DIGITS, '0')}`;
    return Array.from({ length: Math.max(1, Math.ceil(sorted.length / PAGE_MESSAGES)) }, (_, at) => ({
      fileName: `${name}-${at + 1}.html`,
      messages: sorted.slice(at * PAGE_MESSAGES, (at + 1) * PAGE_MESSAGES),
    }));
  }
}
