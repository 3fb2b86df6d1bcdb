import type { ClientStream } from '../net/client-stream.ts';
import type { MailboxChange } from '../store/changes.ts';
import { SYSTEM_FLAGS } from '../store/flags.ts';
import type { Store } from '../store/store.ts';
import { ImapSyntaxError } from './grammar/imap-syntax-error.ts';
import type { SequenceSet } from './grammar/sequence-set.ts';
import type { Session } from './session.ts';

interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** Sorted, without overlaps. */
const merge = (ranges: readonly IndexRange[]): IndexRange[] => {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
};

/** Beyond that many names of flags no more are introduced: each time all of them are told. */
const MAX_FLAG_NAMES = 1000;

/**
 * A session's view of the mailbox it has selected: message numbers hold until the client is told of a
 * change, whatever other sessions do. RFC 3501 §5.5, §7.4.1.
 */
export class SelectedMailbox {
  readonly mailboxId: number;
  readonly isReadOnly: boolean;
  /** Messages with UIDs below are no part of the view. */
  readonly firstShownUid: number;
  readonly #store: Store;
  readonly #recent = new Set<number>();
  readonly #untoldArrivals: number[] = [];
  readonly #untoldExpunged = new Set<number>();
  readonly #untoldFlags = new Set<number>();
  readonly #flagNames: Set<string>;
  readonly #unsubscribe: () => void;
  #uids: number[];
  #onChange: (() => void) | null = null;

  constructor(store: Store, mailboxId: number, isReadOnly: boolean, firstShownUid: number) {
    this.#store = store;
    this.mailboxId = mailboxId;
    this.isReadOnly = isReadOnly;
    this.firstShownUid = firstShownUid;
    this.#flagNames = new Set([...SYSTEM_FLAGS, ...store.messages.flagsInUse(mailboxId)]);
    this.#uids = store.messages.uidsFrom(mailboxId, firstShownUid);
    this.#unsubscribe = store.changes.subscribe(mailboxId, (change) => this.#note(change));
    this.#claimRecent(this.#uids);
  }

  get size(): number {
    return this.#uids.length;
  }

  get recentCount(): number {
    return this.#recent.size;
  }

  isRecent(uid: number): boolean {
    return this.#recent.has(uid);
  }

  uidAt(number: number): number {
    const uid = this.#uids[number - 1];
    if (uid === undefined) throw new RangeError(`no message ${number}`);
    return uid;
  }

  numberOf(uid: number): number | null {
    const index = this.#firstIndexFrom(uid);
    return this.#uids[index] === uid ? index + 1 : null;
  }

  /** Flags of a message with `\Recent`, as the client is to see them. */
  shownFlags(uid: number, flags: readonly string[]): string {
    return (this.isRecent(uid) ? ['\\Recent', ...flags] : flags).join(' ');
  }

  /** The names of all flags here, and whether the client may make up more, RFC 3501 §7.2.6, §7.1. */
  flagLines(): string[] {
    const names = [...this.#flagNames].join(' ');
    return [`FLAGS (${names})`, `OK [PERMANENTFLAGS (${this.isReadOnly ? '' : `${names} \\*`})] Flags that stay`];
  }

  /** Tells the names of flags before the client sees the first message that has them. */
  introduceFlags(stream: ClientStream, flags: readonly string[]): Promise<void> | undefined {
    if (this.#flagNames.size > MAX_FLAG_NAMES || flags.every((flag) => this.#flagNames.has(flag))) return undefined;
    for (const flag of flags) this.#flagNames.add(flag);
    return stream.write(
      this.flagLines()
        .map((line) => `* ${line}\r\n`)
        .join(''),
    );
  }

  /**
   * UIDs of the view that the set names, ascending, each once.
   * @throws ImapSyntaxError for a message number that is not there, unless `ignoresMissing`
   */
  resolve(set: SequenceSet, areUids: boolean, { ignoresMissing = false } = {}): number[] {
    const ranges = set.flatMap((range) => (areUids ? this.#rangeOfUids(range) : this.#rangeOfNumbers(range, ignoresMissing)) ?? []);
    return merge(ranges).flatMap(({ from, to }) => this.#uids.slice(from, to + 1));
  }

  /** All UIDs of the view. */
  uids(): readonly number[] {
    return this.#uids;
  }

  /** UIDs of what EXPUNGE would remove. */
  uidsDeleted(): number[] {
    return this.#store.messages.uidsWithFlag(this.mailboxId, '\\Deleted').filter((uid) => uid >= this.firstShownUid);
  }

  /** Resolves at the next change by another session, at once if there is one untold. */
  nextChange(): Promise<void> {
    if (this.#untoldArrivals.length + this.#untoldExpunged.size + this.#untoldFlags.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onChange = resolve;
    });
  }

  /** Writes the untold changes; removals only where the command allows message numbers to move. */
  async tell({ stream, enabled }: Session, withExpunged: boolean): Promise<void> {
    if (withExpunged) await this.#tellExpunged(stream);
    await this.#tellArrivals(stream);
    await this.#tellFlags(stream, enabled.has('CONDSTORE'));
  }

  close(): void {
    this.#unsubscribe();
    this.#onChange?.();
  }

  #note({ kind, uids, origin }: MailboxChange): void {
    if (origin === this) return;
    if (kind === 'appended') for (const uid of uids) this.#untoldArrivals.push(uid);
    else for (const uid of uids) (kind === 'expunged' ? this.#untoldExpunged : this.#untoldFlags).add(uid);
    this.#onChange?.();
    this.#onChange = null;
  }

  async #tellExpunged(stream: ClientStream): Promise<void> {
    if (this.#untoldExpunged.size === 0) return;
    const gone = new Set(this.#untoldExpunged);
    this.#untoldExpunged.clear();
    const numbers = [...gone].flatMap((uid) => this.numberOf(uid) ?? []).toSorted((a, b) => b - a);
    this.#uids = this.#uids.filter((uid) => !gone.has(uid));
    for (const uid of gone) {
      this.#recent.delete(uid);
      this.#untoldFlags.delete(uid);
    }
    this.#untoldArrivals.splice(0, this.#untoldArrivals.length, ...this.#untoldArrivals.filter((uid) => !gone.has(uid)));
    for (const number of numbers) await stream.write(`* ${number} EXPUNGE\r\n`);
  }

  async #tellArrivals(stream: ClientStream): Promise<void> {
    if (this.#untoldArrivals.length === 0) return;
    const arrived = this.#untoldArrivals.splice(0);
    for (const uid of arrived) this.#uids.push(uid);
    this.#claimRecent(arrived);
    await stream.write(`* ${this.size} EXISTS\r\n* ${this.recentCount} RECENT\r\n`);
  }

  async #tellFlags(stream: ClientStream, withModseq: boolean): Promise<void> {
    const changed = [...this.#untoldFlags];
    this.#untoldFlags.clear();
    for (const uid of changed) {
      const number = this.numberOf(uid);
      const message = number && this.#store.messages.find(this.mailboxId, uid);
      if (!message) continue;
      await this.introduceFlags(stream, message.flags);
      const modseq = withModseq ? ` MODSEQ (${message.modseq})` : '';
      await stream.write(`* ${number} FETCH (UID ${uid} FLAGS (${this.shownFlags(uid, message.flags)})${modseq})\r\n`);
    }
  }

  /** EXAMINE shows what is recent and leaves it so for the next session. */
  #claimRecent(uids: readonly number[]): void {
    const { mailboxes } = this.#store;
    const from = this.isReadOnly ? (mailboxes.byId(this.mailboxId)?.recentFrom ?? 0) : mailboxes.takeRecent(this.mailboxId);
    for (const uid of uids) if (uid >= from) this.#recent.add(uid);
  }

  #rangeOfNumbers({ from, to }: IndexRange, ignoresMissing: boolean): IndexRange | null {
    const [first, last] = [from, to].map((number) => (number === Number.POSITIVE_INFINITY ? this.size : number)).toSorted((a, b) => a - b);
    // `*` in an empty mailbox names nothing.
    if (first === undefined || last === undefined || first === 0) return null;
    if (last > this.size && !ignoresMissing) throw new ImapSyntaxError(`There is no message ${last}`);
    return first > this.size ? null : { from: first - 1, to: Math.min(last, this.size) - 1 };
  }

  #rangeOfUids({ from, to }: IndexRange): IndexRange | null {
    const largest = this.#uids.at(-1);
    if (largest === undefined) return null;
    const [first, last] = [Math.min(from, largest), Math.min(to, largest)];
    // RFC 3501 §6.4.8: `n:*` holds the last message even if n is beyond it; `n:m` does not.
    if (from > largest && to !== Number.POSITIVE_INFINITY) return null;
    const range = { from: this.#firstIndexFrom(first), to: this.#firstIndexFrom(last + 1) - 1 };
    return range.from <= range.to ? range : null;
  }

  /** Index of the first UID that is not below `uid`. */
  #firstIndexFrom(uid: number): number {
    let low = 0;
    let high = this.#uids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#uids[middle] ?? 0) < uid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
