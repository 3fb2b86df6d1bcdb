import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMailferryError, throwIfCancelled } from '../errors.ts';
import type { Intent, Outcome, RestoreJournal } from '../ledger/restore-journal.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import { readHeaders } from '../mail/message-headers.ts';
import type { AppendTarget, MailboxState } from '../target/append-target.ts';

export interface ResolveOptions {
  readonly target: AppendTarget;
  readonly journal: RestoreJournal;
  /** At the target. */
  readonly mailbox: MailboxPath;
  readonly signal: AbortSignal;
}

/** A message that came into the mailbox since, and that nothing is known of. */
interface Candidate {
  readonly uid: number;
  readonly sizeBytes: number;
}

interface Looked {
  readonly sha256: string;
  readonly messageId: string | null;
}

/** Where headers are looked for. */
const HEAD_BYTES = 64 * 1024;
/** What a server may add: a few header fields, and line ends. */
const GROWTH_BYTES = 16 * 1024;
const GROWTH_RATIO = 1 / 16;
/** A server may still be at work on what it got before the connection broke: it is asked when nothing came in for so long. */
const QUIET_MS = 1500;
const MAX_LOOKS = 40;

/**
 * Finds out what became of messages that were sent and not answered: what came into the mailbox since is compared by SHA-256 and, for
 * servers that change what they store, by Message-ID; one for one. What did not arrive is free to be sent again; what can't be told is
 * `uncertain`. Every outcome is recorded. Errors: those of the target, with nothing recorded.
 */
export const resolveIntents = async (options: ResolveOptions): Promise<Outcome[]> => {
  const { journal, mailbox } = options;
  const open = journal.open(mailbox);
  if (open.length === 0) return [];
  const state = await quietState(options);
  const outcomes = open.every((intent) => intent.uidValidity === state.uidValidity)
    ? await new Comparison(options, open, state).run()
    : open.map((intent) => concluded(intent, 'uncertain'));
  journal.conclude(outcomes);
  return outcomes;
};

const concluded = ({ part, name }: Intent, state: 'unsent' | 'uncertain'): Outcome => ({ part, name, state });

const quietState = async ({ target, mailbox, signal }: ResolveOptions): Promise<MailboxState> => {
  let state = await target.stateOf(mailbox, signal);
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    await sleep(QUIET_MS, undefined, { signal }).catch(() => throwIfCancelled(signal));
    const { uidNext } = state;
    state = await target.stateOf(mailbox, signal);
    if (state.uidNext === uidNext) break;
  }
  return state;
};

/** What was sent to a mailbox without an answer against what came into it since. */
class Comparison {
  readonly #options: ResolveOptions;
  readonly #open: readonly Intent[];
  readonly #state: MailboxState;
  /** What of the candidates nobody was found for yet. */
  readonly #candidates = new Map<number, Candidate>();
  readonly #looked = new Map<number, Looked | null>();

  constructor(options: ResolveOptions, open: readonly Intent[], state: MailboxState) {
    this.#options = options;
    this.#open = open;
    this.#state = state;
  }

  async run(): Promise<Outcome[]> {
    const { target, journal, mailbox, signal } = this.#options;
    const first = Math.min(...this.#open.map(({ uidNext }) => uidNext));
    const listed = await target.messagesFrom(mailbox, first, signal);
    const known = journal.known(mailbox, this.#state.uidValidity, first);
    for (const [uid, sizeBytes] of listed) if (!known.has(uid)) this.#candidates.set(uid, { uid, sizeBytes });

    const outcomes: Outcome[] = [];
    // Messages that were answered without a UID are among the candidates too, and come first.
    const [claims, open] = [await this.#match(this.#rivals(first)), await this.#match(this.#open, outcomes)];
    await this.#matchChanged(claims);
    const changes = changesMessages(listed, known);
    const left = await this.#matchChanged(open, { outcomes, changes });

    // A UID that was given out and belongs to nobody any more may have been that of a message which its owner has moved since.
    const end = listed.keys().reduce((highest, uid) => Math.max(highest, uid + 1), this.#state.uidNext);
    const gone = end - first - listed.size - [...known.keys()].filter((uid) => !listed.has(uid)).length;
    const isUntold = (intent: Intent): boolean => gone > 0 || this.#mayBeThere(intent, changes);
    return [...outcomes, ...left.map((intent) => concluded(intent, isUntold(intent) ? 'uncertain' : 'unsent'))];
  }

  #rivals(first: number): Intent[] {
    const rivals = this.#open.flatMap((intent) => this.#options.journal.answeredWithoutUid(intent, first));
    return [...new Map(rivals.map((rival) => [`${rival.part}/${rival.name}`, rival])).values()];
  }

  /** Takes for each intent a candidate with the same bytes; gives back those without one. */
  async #match(intents: readonly Intent[], outcomes: Outcome[] = []): Promise<Intent[]> {
    const unmatched: Intent[] = [];
    for (const intent of intents) {
      const { part, name, sizeBytes, sha256 } = intent;
      const uid = await this.#take(
        (candidate) => candidate.sizeBytes === sizeBytes,
        (found) => found.sha256 === sha256,
      );
      if (uid === null) unmatched.push(intent);
      else outcomes.push({ part, name, state: 'restored', uid });
    }
    return unmatched;
  }

  /**
   * The same for servers that change messages or lie about their size, only now, so that a message as it was sent is never taken for a
   * changed one. Another message can have the same Message-ID: unless the server is known to change messages, it is no proof.
   */
  async #matchChanged(
    intents: readonly Intent[],
    { outcomes, changes }: { outcomes: Outcome[]; changes: boolean | null } = { outcomes: [], changes: true },
  ): Promise<Intent[]> {
    const unmatched: Intent[] = [];
    for (const intent of intents) {
      const { part, name, sha256, messageId } = intent;
      const isNear = (candidate: Candidate): boolean => isNearIn(candidate, intent);
      let uid = await this.#take(isNear, (found) => found.sha256 === sha256);
      let isCertain = uid !== null;
      if (uid === null && messageId !== null && changes !== false) {
        uid = await this.#take(isNear, (found) => found.messageId === messageId);
        isCertain = changes === true;
      }
      if (uid === null) unmatched.push(intent);
      else outcomes.push(isCertain ? { part, name, state: 'restored', uid } : concluded(intent, 'uncertain'));
    }
    return unmatched;
  }

  /** Whether one of the candidates that are left could be this message for all that is known. */
  #mayBeThere(intent: Intent, changes: boolean | null): boolean {
    return [...this.#candidates.values()].some((candidate) => {
      if (!isNearIn(candidate, intent)) return false;
      const found = this.#looked.get(candidate.uid);
      return found === null || (changes !== false && intent.messageId === null && found?.messageId === null);
    });
  }

  /** Takes the first candidate that is one; null where none is. */
  async #take(isLikely: (candidate: Candidate) => boolean, isSame: (found: Looked) => boolean): Promise<number | null> {
    for (const candidate of this.#candidates.values()) {
      if (!isLikely(candidate)) continue;
      const found = await this.#lookAt(candidate);
      if (!found || !isSame(found)) continue;
      this.#candidates.delete(candidate.uid);
      return candidate.uid;
    }
    return null;
  }

  async #lookAt(candidate: Candidate): Promise<Looked | null> {
    const known = this.#looked.get(candidate.uid);
    const looked = known === undefined ? await look(this.#options, candidate) : known;
    this.#looked.set(candidate.uid, looked);
    return looked;
  }
}

const isNearIn = (candidate: Candidate, { sizeBytes }: Intent): boolean =>
  Math.abs(candidate.sizeBytes - sizeBytes) <= GROWTH_BYTES + sizeBytes * GROWTH_RATIO;

/** Whether the target stores messages otherwise than they were sent, by those that are known; null where none is. */
const changesMessages = (listed: ReadonlyMap<number, number>, known: ReadonlyMap<number, number>): boolean | null => {
  const both = [...known].filter(([uid]) => listed.has(uid));
  return both.length === 0 ? null : both.some(([uid, sizeBytes]) => listed.get(uid) !== sizeBytes);
};

/** Null for a message that the server lists and does not hand over. */
const look = async ({ target, mailbox, signal }: ResolveOptions, { uid, sizeBytes }: Candidate): Promise<Looked | null> => {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let headBytes = 0;
  try {
    for await (const piece of target.read(mailbox, uid, sizeBytes + GROWTH_BYTES, signal)) {
      hash.update(piece);
      if (headBytes < HEAD_BYTES) head.push(Buffer.from(piece));
      headBytes += piece.length;
    }
  } catch (error) {
    if (isMailferryError(error, 'message-withheld')) return null;
    throw error;
  }
  return { sha256: hash.digest('hex'), messageId: readHeaders(Buffer.concat(head)).messageId };
};
