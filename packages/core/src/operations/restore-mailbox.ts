import type { ArchiveReader } from '../archive/archive-reader.ts';
import type { ArchivedMessage } from '../archive/archived-message.ts';
import { isMailferryError, MailferryError } from '../errors.ts';
import type { Intent, Outcome, RestoreJournal } from '../ledger/restore-journal.ts';
import { readHeaders } from '../mail/message-headers.ts';
import type { AppendAnswer, AppendedMessage, AppendTarget, MailboxState } from '../target/append-target.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Patience } from './patience.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { FailedMessage, RestoredMailbox } from './report.ts';
import { resolveIntents } from './resolve-intents.ts';
import type { PlannedMailbox } from './restore-plan.ts';

export interface MailboxRestoreOptions {
  readonly planned: PlannedMailbox;
  readonly reader: ArchiveReader;
  readonly target: AppendTarget;
  readonly journal: RestoreJournal;
  readonly progress: ProgressMeter;
  readonly patience: Patience;
  readonly notices: NoticeBoard;
  /** Sends again what may have arrived. */
  readonly sendUncertain: boolean;
  readonly signal: AbortSignal;
}

type Body = Buffer | AsyncIterable<Buffer>;

interface Item {
  readonly message: ArchivedMessage;
  readonly body: Body;
}

type Appended = AppendedMessage<ArchivedMessage>;
type Answer = AppendAnswer<ArchivedMessage>;

/** Answers that are recorded together. */
const RECORDED_TOGETHER = 64;
/** RFC 9051 §2.3.2, without `\Recent`, which is the server's. */
const SYSTEM_FLAGS = new Set(['\\seen', '\\answered', '\\flagged', '\\deleted', '\\draft']);

const isSystemFlag = (flag: string): boolean => SYSTEM_FLAGS.has(flag.toLowerCase());

/** One mailbox of the archive on its way into one of the target. */
export class MailboxRestore {
  readonly failed: FailedMessage[] = [];
  readonly #options: MailboxRestoreOptions;
  #batch: Item[] = [];
  #batchBytes = 0;
  #sending: Promise<void> = Promise.resolve();
  #state: MailboxState | null = null;
  #keptFlags: ReadonlySet<string> | null = null;
  #restored = 0;
  /** Sizes of the messages that were taken in this run, by UID. */
  readonly #sizes = new Map<number, number>();
  #withoutUid = 0;

  constructor(options: MailboxRestoreOptions) {
    this.#options = options;
  }

  /** Asks what became of messages that an earlier run sent without an answer. */
  async prepare(): Promise<void> {
    const { journal, planned, patience, target, signal } = this.#options;
    if (!journal.openMailboxes().includes(planned.path)) return;
    const outcomes = await patience.keepTrying(() => resolveIntents({ target, journal, mailbox: planned.path, signal }), signal);
    for (const outcome of outcomes) if (outcome.state === 'restored') this.#restored += 1;
  }

  /** False for what was restored, or may have been. */
  isPending(message: ArchivedMessage): boolean {
    const state = this.#options.journal.stateOf(message);
    if (state === 'uncertain' && this.#options.sendUncertain) return true;
    if (state === 'uncertain') this.fail(message, new MailferryError('append-uncertain', { mailbox: this.#options.planned.path }));
    return state === null;
  }

  fail({ mailbox, uid, name, sizeBytes }: ArchivedMessage, { code, details }: MailferryError): void {
    this.failed.push({ mailbox, locator: uid, entryName: name, code, details });
    this.#options.progress.advance(1, sizeBytes, mailbox);
  }

  /** Puts a message into the batch; gives back how much is in it. */
  add(message: ArchivedMessage, body: Buffer): { readonly count: number; readonly bytes: number } {
    this.#batch.push({ message, body });
    this.#batchBytes += body.length;
    return { count: this.#batch.length, bytes: this.#batchBytes };
  }

  takeBatch(): readonly Item[] {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    return batch;
  }

  /** Sends messages after those that were given before, until each has an answer. Errors: what ends the run. */
  send(items: readonly Item[]): Promise<void> {
    // One batch after the other, so that what came into the mailbox since an intent can be told.
    this.#sending = this.#sending.then(() => this.#send(items));
    return this.#sending;
  }

  /** What the target lists of the messages that it took (SPEC U7). */
  async prove(): Promise<RestoredMailbox> {
    const { planned, patience, target, signal } = this.#options;
    const { from, path, messages, restoredBefore } = planned;
    const listed = this.#state
      ? await patience.keepTrying(() => target.messagesFrom(path, this.#state?.uidNext ?? 1, signal), signal)
      : new Map<number, number>();
    const known = [...this.#sizes.keys()].filter((uid) => listed.has(uid)).length;
    // Of a message without a UID (no UIDPLUS) only the count can be held against what is listed.
    const missing = this.#sizes.size - known + Math.max(0, this.#withoutUid - (listed.size - known));
    const changed = [...this.#sizes].filter(([uid, sizeBytes]) => listed.has(uid) && listed.get(uid) !== sizeBytes).length;
    if (changed > 0) this.#options.notices.add({ code: 'target-changed', details: { mailbox: path, count: changed } });
    const { messageCount } = await patience.keepTrying(() => target.stateOf(path, signal), signal);
    return {
      ...{ mailbox: from.path, target: path, messages, restoredBefore },
      ...{ restored: this.#restored, failed: this.failed.length, missing, atTarget: messageCount },
    };
  }

  async #send(items: readonly Item[]): Promise<void> {
    const { patience, signal } = this.#options;
    let left = items;
    let tries = 0;
    while (left.length > 0) {
      try {
        await this.#open();
        await this.#sendOnce(await this.#bodies(left, tries));
        return;
      } catch (error) {
        if (isMailferryError(error, 'entry-damaged')) {
          // Its literal was never complete: the server can't have it.
          const [item] = left;
          if (item) this.#conclude([{ ...keyOf(item.message), state: 'failed' }]);
          if (item) this.fail(item.message, error);
          return;
        }
        await patience.waitOut(error, signal);
        tries += 1;
        left = await this.#unanswered(left);
      }
    }
  }

  /** Learns once what the mailbox is like before anything of this run goes in. */
  async #open(): Promise<void> {
    const { target, planned, signal } = this.#options;
    if (this.#state) return;
    const state = await target.stateOf(planned.path, signal);
    this.#keptFlags = await target.keptFlags(planned.path, signal);
    this.#state = state;
  }

  /** After a break: what of it did not arrive. */
  async #unanswered(items: readonly Item[]): Promise<Item[]> {
    const { target, journal, planned, patience, signal } = this.#options;
    const outcomes = await patience.keepTrying(() => resolveIntents({ target, journal, mailbox: planned.path, signal }), signal);
    const byName = new Map(outcomes.map((outcome) => [`${outcome.part}/${outcome.name}`, outcome]));
    const left: Item[] = [];
    for (const item of items) {
      const outcome = byName.get(`${item.message.part}/${item.message.name}`);
      if (outcome?.state === 'restored') this.#count(item.message, outcome.uid);
      else if (this.isPending(item.message)) left.push(item);
    }
    return left;
  }

  /** A body that streamed is used up after the first try. */
  async #bodies(items: readonly Item[], tries: number): Promise<readonly Item[]> {
    const [first] = items;
    if (tries === 0 || !first || Buffer.isBuffer(first.body)) return items;
    const { reader } = this.#options;
    const body = async function* (): AsyncGenerator<Buffer> {
      for await (const content of reader.contents(first.message.part, [first.message])) {
        if (content.kind === 'damaged') throw content.error;
        if (Buffer.isBuffer(content.body)) yield content.body;
        else yield* content.body;
      }
    };
    return [{ message: first.message, body: body() }];
  }

  /** Records the intent, sends, and records the answers. */
  async #sendOnce(items: readonly Item[]): Promise<void> {
    const sent = items.map((item) => this.#prepareMessage(item));
    this.#options.journal.intend(sent.map(({ key }) => this.#intent(key)));
    const refused = await this.#append(sent);
    const byKey = new Map(sent.map((message) => [message.key, message]));
    for (const { key, error } of refused) await this.#sendWithLess(byKey.get(key), error);
  }

  /** Sends messages and records what was taken; gives back what was refused. */
  async #append(sent: readonly Appended[]): Promise<Extract<Answer, { kind: 'refused' }>[]> {
    const { target, planned, patience, signal } = this.#options;
    const refused: Extract<Answer, { kind: 'refused' }>[] = [];
    let outcomes: Outcome[] = [];
    const record = (): void => {
      this.#conclude(outcomes);
      outcomes = [];
    };
    try {
      for await (const answer of target.append(planned.path, sent, signal)) {
        patience.succeeded();
        if (answer.kind === 'refused') refused.push(answer);
        else {
          outcomes.push({ ...keyOf(answer.key), state: 'restored', uid: answer.uid });
          this.#count(answer.key, answer.uid);
        }
        if (outcomes.length >= RECORDED_TOGETHER) record();
      }
    } finally {
      record();
    }
    return refused;
  }

  /** A message that was refused with its flags may be taken without keywords, or without any. */
  async #sendWithLess(message: Appended | undefined, error: MailferryError): Promise<void> {
    if (!message) return;
    const isWorthIt = error.code === 'append-refused' && Buffer.isBuffer(message.body);
    const less = [message.flags.filter(isSystemFlag), []].filter((flags, i, all) => flags.length < (all[i - 1] ?? message.flags).length);
    for (const flags of isWorthIt ? less : []) {
      if ((await this.#append([{ ...message, flags }])).length > 0) continue;
      this.#noteDropped(message.flags.filter((flag) => !flags.includes(flag)));
      return;
    }
    this.#conclude([{ ...keyOf(message.key), state: 'failed' }]);
    this.fail(message.key, error);
  }

  #prepareMessage({ message, body }: Item): Appended {
    const flags = message.flags.filter((flag) => flag.toLowerCase() !== '\\recent');
    const kept = flags.filter((flag) => this.#keptFlags?.has(flag.toLowerCase()) ?? (isSystemFlag(flag) || !flag.startsWith('\\')));
    // Many servers take NUL for the end of a string, or put another byte in its place (RFC 9051 §4.3).
    if (Buffer.isBuffer(body) && body.includes(0)) this.#options.notices.count('nul-bytes', this.#options.planned.path);
    if (kept.length < flags.length) this.#noteDropped(flags.filter((flag) => !kept.includes(flag)));
    return { key: message, flags: kept, internalDate: this.#dateOf(message, body), sizeBytes: message.sizeBytes, body };
  }

  /** The source's date; where it had none, what the message says of itself. */
  #dateOf({ internalDate, mailbox }: ArchivedMessage, body: Body): Date | null {
    if (internalDate) return internalDate;
    const own = Buffer.isBuffer(body) ? readHeaders(body).date : null;
    this.#options.notices.count(own ? 'date-from-header' : 'date-missing', mailbox);
    return own;
  }

  #noteDropped(flags: readonly string[]): void {
    for (const flag of flags) this.#options.notices.count('flag-dropped', this.#options.planned.path, { flag });
  }

  #intent({ part, name, sha256, sizeBytes, messageId }: ArchivedMessage): Intent {
    const { uidValidity = 0, uidNext = 1 } = this.#state ?? {};
    return { part, name, sha256, sizeBytes, messageId, mailbox: this.#options.planned.path, uidValidity, uidNext };
  }

  #conclude(outcomes: readonly Outcome[]): void {
    if (outcomes.length > 0) this.#options.journal.conclude(outcomes);
  }

  #count({ sizeBytes, mailbox }: ArchivedMessage, uid: number | null): void {
    this.#restored += 1;
    if (uid === null) this.#withoutUid += 1;
    else this.#sizes.set(uid, sizeBytes);
    this.#options.progress.advance(1, sizeBytes, mailbox);
  }
}

const keyOf = ({ part, name }: ArchivedMessage) => ({ part, name });
