import type { ArchiveReader } from '../archive/archive-reader.ts';
import type { ArchivedMessage } from '../archive/archived-message.ts';
import { isMailferryError, MailferryError } from '../errors.ts';
import type { EntryKey, Intent, Outcome, RestoreJournal } from '../ledger/restore-journal.ts';
import type { AppendAnswer, AppendedMessage, AppendTarget, MailboxState } from '../target/append-target.ts';
import { messageDate } from './message-date.ts';
import type { NoticeBoard } from './notice-board.ts';
import { Patience } from './patience.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { FailedMessage, RestoredMailbox } from './report.ts';
import { resolveIntents } from './resolve-intents.ts';
import { fewerFlags, isRecent, TakenFlags } from './restore-flags.ts';
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

/** What of a batch is still to be sent, and how often its first message broke the connection in a row. */
interface Rest {
  readonly left: readonly Item[];
  readonly breaks: number;
}

type Appended = AppendedMessage<ArchivedMessage>;
type Answer = AppendAnswer<ArchivedMessage>;

/** Answers that are recorded together. */
const RECORDED_TOGETHER = 64;
/** How often a message is sent that breaks the connection, alone but for the first time; silence takes longer to be sure of. */
const MAX_BREAKS = { 'connection-lost': 3, 'connection-stalled': 2 };
/** Where more such messages follow each other it isn't for the messages. */
const MAX_BREAKERS = 2;
/** Where so many messages were refused with fewer flags too it isn't for the flags. */
const MAX_USELESS = 3;

/** One mailbox of the archive on its way into one of the target. */
export class MailboxRestore {
  readonly failed: FailedMessage[] = [];
  readonly #options: MailboxRestoreOptions;
  #batch: Item[] = [];
  #batchBytes = 0;
  #sending: Promise<void> = Promise.resolve();
  /** Before anything of this run went in. */
  #state: MailboxState | null = null;
  /** What no message that is sent from now on can have a lower UID than; null where the target has to be asked. */
  #uidNext: number | null = null;
  #takenFlags = new TakenFlags(null);
  #uselessTries = 0;
  #breakersInARow = 0;
  /** Why the target takes no more for this mailbox. */
  #refusal: MailferryError | null;
  #restored = 0;
  /** Sizes of the messages that were taken in this run, by UID. */
  readonly #sizes = new Map<number, number>();
  #withoutUid = 0;

  constructor(options: MailboxRestoreOptions) {
    this.#options = options;
    this.#refusal = options.planned.refusal;
  }

  /** Whether a message is still to be sent; `failed` tells of one that can't be. */
  isPending(message: ArchivedMessage): boolean {
    const { journal, planned, sendUncertain } = this.#options;
    const state = journal.stateOf(message);
    if (state === 'restored') return false;
    const isUncertain = state === 'uncertain' && !sendUncertain;
    const error = isUncertain ? new MailferryError('append-uncertain', { mailbox: planned.path }) : this.#refusal;
    if (error) this.fail(message, error);
    return error === null;
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
    const { planned, patience, target, notices, signal } = this.#options;
    const { from, path, messages, restoredBefore } = planned;
    const counts = { mailbox: from.path, target: path, messages, restoredBefore, restored: this.#restored, failed: this.failed.length };
    if (planned.refusal) {
      const { code, details } = planned.refusal;
      // Where no message tells of it, the mailbox does.
      if (messages === 0) this.failed.push({ mailbox: from.path, locator: null, entryName: null, code, details });
      return { ...counts, missing: 0, atTarget: null };
    }
    try {
      const listed = await patience.keepTrying(() => this.#listed(), signal);
      const known = [...this.#sizes.keys()].filter((uid) => listed.has(uid)).length;
      // Of a message without a UID (no UIDPLUS) only the count can be held against what is listed.
      const missing = this.#sizes.size - known + Math.max(0, this.#withoutUid - (listed.size - known));
      const changed = [...this.#sizes].filter(([uid, sizeBytes]) => listed.has(uid) && listed.get(uid) !== sizeBytes).length;
      if (changed > 0) notices.add({ code: 'target-changed', details: { mailbox: path, count: changed } });
      const { messageCount } = await patience.keepTrying(() => target.stateOf(path, signal), signal);
      return { ...counts, missing, atTarget: messageCount };
    } catch (error) {
      if (!isMailferryError(error) || error.scope !== 'mailbox') throw error;
      return { ...counts, missing: this.#restored, atTarget: null };
    }
  }

  /** What came into the mailbox since the first message of this run. */
  async #listed(): Promise<ReadonlyMap<number, number>> {
    const { planned, target, signal } = this.#options;
    return this.#state ? target.messagesFrom(planned.path, this.#state.uidNext, signal) : new Map();
  }

  async #send(items: readonly Item[]): Promise<void> {
    let rest: Rest = { left: items, breaks: 0 };
    for (let tries = 0; rest.left.length > 0; tries += 1) {
      const { left, breaks } = rest;
      // What broke the connection is sent alone: it may be the message.
      const together = breaks > 0 ? left.slice(0, 1) : left;
      try {
        await this.#open();
        if (this.#refusal) return this.#refuse(left, this.#refusal);
        await this.#sendOnce(tries > 0 ? together.map((item) => this.#again(item)) : together);
        rest = { left: left.slice(together.length), breaks: 0 };
        this.#breakersInARow = 0;
      } catch (error) {
        rest = await this.#recover(error, rest);
      }
    }
  }

  /** What is still to be sent after an error. Errors: one that can't be waited out. */
  async #recover(error: unknown, { left, breaks }: Rest): Promise<Rest> {
    const { patience, signal } = this.#options;
    const [head, ...others] = left;
    if (!head || !isMailferryError(error)) throw error;
    if (error.code === 'entry-damaged') {
      // Only what streams can turn out to be damaged, and it is sent alone. Its literal was never complete: the server can't have it.
      this.#giveUp(head.message, error);
      return { left: others, breaks: 0 };
    }
    if (error.scope === 'mailbox') {
      this.#refusal = error;
      return { left, breaks };
    }
    const limit = error.code === 'connection-lost' || error.code === 'connection-stalled' ? MAX_BREAKS[error.code] : null;
    const isEnough = limit !== null && breaks + 1 >= limit;
    if (isEnough && this.#breakersInARow >= MAX_BREAKERS) throw error;
    if (!isEnough) await patience.waitOut(error, signal);
    const still = await this.#unanswered(left);
    if (limit === null || still[0] !== head) return { left: still, breaks: 0 };
    if (!isEnough || this.#refusal) return { left: still, breaks: breaks + 1 };
    this.#breakersInARow += 1;
    this.#giveUp(head.message, new MailferryError('append-broke-connection', { reason: error.message }));
    return { left: still.slice(1), breaks: 1 };
  }

  /** What was sent without an answer stays recorded so: the next run asks for it. */
  #refuse(items: readonly Item[], error: MailferryError): void {
    for (const { message } of items) this.fail(message, error);
  }

  /** It isn't at the target, and not sent again in this run. */
  #giveUp(message: ArchivedMessage, error: MailferryError): void {
    this.#conclude([{ ...keyOf(message), state: 'failed' }]);
    this.fail(message, error);
  }

  /** Learns what the mailbox is like before anything goes in, and its next UID where the answers don't tell. */
  async #open(): Promise<void> {
    const { target, planned, progress, signal } = this.#options;
    if (this.#uidNext !== null || this.#refusal) return;
    // With a patience of its own: that the target answers this is no sign that sending gets anywhere.
    const patience = new Patience(progress);
    const state = await patience.keepTrying(() => target.stateOf(planned.path, signal), signal);
    if (!this.#state) this.#takenFlags = new TakenFlags(await patience.keepTrying(() => target.keptFlags(planned.path, signal), signal));
    this.#state ??= state;
    this.#uidNext = state.uidNext;
    if (state.uidValidity !== this.#state.uidValidity) this.#refusal = new MailferryError('mailbox-replaced', { mailbox: planned.path });
  }

  /** After a break: what of it did not arrive. */
  async #unanswered(items: readonly Item[]): Promise<readonly Item[]> {
    const { target, journal, planned, progress, signal } = this.#options;
    this.#uidNext = null;
    const patience = new Patience(progress);
    let outcomes: Outcome[];
    try {
      outcomes = await patience.keepTrying(() => resolveIntents({ target, journal, mailbox: planned.path, signal }), signal);
    } catch (error) {
      if (!isMailferryError(error) || error.scope !== 'mailbox') throw error;
      this.#refusal = error;
      return items;
    }
    const byName = new Map(outcomes.map((outcome) => [nameOf(outcome), outcome]));
    const left: Item[] = [];
    for (const item of items) {
      const outcome = byName.get(nameOf(item.message));
      if (outcome?.state === 'restored') this.#count(this.#prepareMessage(item), outcome.uid);
      else if (outcome?.state === 'uncertain') this.fail(item.message, new MailferryError('append-uncertain', { mailbox: planned.path }));
      else if (this.isPending(item.message)) left.push(item);
    }
    return left;
  }

  /** A body that streams can be used once. */
  #again({ message, body }: Item): Item {
    if (Buffer.isBuffer(body)) return { message, body };
    const { reader } = this.#options;
    const read = async function* (): AsyncGenerator<Buffer> {
      for await (const content of reader.contents(message.part, [message])) {
        if (content.kind === 'damaged') throw content.error;
        if (Buffer.isBuffer(content.body)) yield content.body;
        else yield* content.body;
      }
    };
    return { message, body: read() };
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
    const byKey = new Map(sent.map((message) => [message.key, message]));
    const refused: Extract<Answer, { kind: 'refused' }>[] = [];
    let outcomes: Outcome[] = [];
    let uidNext = this.#uidNext;
    const record = (): void => {
      this.#conclude(outcomes);
      outcomes = [];
    };
    try {
      for await (const answer of target.append(planned.path, sent, signal)) {
        patience.succeeded();
        const message = byKey.get(answer.key);
        if (answer.kind === 'refused') refused.push(answer);
        else if (message) {
          outcomes.push({ ...keyOf(answer.key), state: 'restored', uid: answer.uid });
          uidNext = uidNext === null || answer.uid === null ? null : Math.max(uidNext, answer.uid + 1);
          this.#count(message, answer.uid);
        }
        if (outcomes.length >= RECORDED_TOGETHER) record();
      }
    } finally {
      record();
      this.#uidNext = uidNext;
    }
    return refused;
  }

  /** A message that was refused with its flags may be taken without one of its keywords, without any, or without all flags. */
  async #sendWithLess(message: Appended | undefined, error: MailferryError): Promise<void> {
    if (!message) return;
    const isWorthIt = error.code === 'append-refused' && this.#uselessTries < MAX_USELESS;
    for (const flags of isWorthIt ? fewerFlags(message.flags) : []) {
      const { body } = this.#again({ message: message.key, body: message.body });
      if ((await this.#append([{ ...message, flags, body }])).length > 0) continue;
      this.#takenFlags.learn(message.flags, flags);
      this.#uselessTries = 0;
      return;
    }
    this.#uselessTries += 1;
    this.#giveUp(message.key, error);
  }

  #prepareMessage({ message, body }: Item): Appended {
    return {
      ...{ key: message, flags: this.#takenFlags.of(message.flags), internalDate: message.internalDate ?? messageDate(message) },
      ...{ sizeBytes: message.sizeBytes, body },
    };
  }

  #intent({ part, name, sha256, sizeBytes, messageId }: ArchivedMessage): Intent {
    const { uidValidity = 0, uidNext = 1 } = this.#state ?? {};
    const { path: mailbox } = this.#options.planned;
    return { part, name, sha256, sizeBytes, messageId, mailbox, uidValidity, uidNext: this.#uidNext ?? uidNext };
  }

  #conclude(outcomes: readonly Outcome[]): void {
    if (outcomes.length > 0) this.#options.journal.conclude(outcomes);
  }

  /** A message that the target took as it was sent. */
  #count({ key: { mailbox, flags, internalDate }, body, ...sent }: Appended, uid: number | null): void {
    const { notices, progress, planned } = this.#options;
    this.#restored += 1;
    if (uid === null) this.#withoutUid += 1;
    else this.#sizes.set(uid, sent.sizeBytes);
    for (const flag of flags) if (!isRecent(flag) && !sent.flags.includes(flag)) notices.count('flag-dropped', planned.path, { flag });
    if (!internalDate) notices.count(sent.internalDate ? 'date-from-header' : 'date-missing', mailbox);
    // Many servers take NUL for the end of a string, or put another byte in its place (RFC 9051 §4.3).
    if (Buffer.isBuffer(body) && body.includes(0)) notices.count('nul-bytes', planned.path);
    progress.advance(1, sent.sizeBytes, mailbox);
  }
}

const keyOf = ({ part, name }: ArchivedMessage) => ({ part, name });
const nameOf = ({ part, name }: EntryKey): string => `${part}/${name}`;
