import { createHash } from 'node:crypto';
import type { Intent, Outcome, RestoreJournal } from '../ledger/restore-journal.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import { readHeaders } from '../mail/message-headers.ts';
import type { AppendTarget } from '../target/append-target.ts';

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
/** A server may add a few header fields. */
const GROWTH_BYTES = 16 * 1024;

/**
 * Finds out what became of messages that were sent and not answered: what came into the mailbox since is compared by size, by SHA-256,
 * and, for servers that change what they store, by Message-ID; one for one. What did not arrive is free to be sent again; what can't be
 * told is `uncertain`. Every outcome is recorded.
 */
export const resolveIntents = async (options: ResolveOptions): Promise<Outcome[]> => {
  const { target, journal, mailbox, signal } = options;
  const open = journal.open(mailbox);
  if (open.length === 0) return [];
  const { uidValidity } = await target.stateOf(mailbox, signal);
  const outcomes = open.every((intent) => intent.uidValidity === uidValidity)
    ? await compare(options, open, uidValidity)
    : open.map(({ part, name }): Outcome => ({ part, name, state: 'uncertain' }));
  journal.conclude(outcomes);
  return outcomes;
};

const compare = async (options: ResolveOptions, open: readonly Intent[], uidValidity: number): Promise<Outcome[]> => {
  const { target, journal, mailbox, signal } = options;
  const first = Math.min(...open.map(({ uidNext }) => uidNext));
  const candidates: Candidate[] = [];
  for (const [uid, sizeBytes] of await target.messagesFrom(mailbox, first, signal))
    if (!journal.isKnown(mailbox, uidValidity, uid)) candidates.push({ uid, sizeBytes });
  const looked = new Map<number, Looked>();
  const lookAt = async ({ uid, sizeBytes }: Candidate): Promise<Looked> => {
    const known = looked.get(uid) ?? (await look(options, uid, sizeBytes));
    looked.set(uid, known);
    return known;
  };
  const taken = new Set<number>();
  const find = async (isLikely: (candidate: Candidate) => boolean, isSame: (found: Looked) => boolean): Promise<number | null> => {
    for (const candidate of candidates) {
      if (taken.has(candidate.uid) || !isLikely(candidate) || !isSame(await lookAt(candidate))) continue;
      taken.add(candidate.uid);
      return candidate.uid;
    }
    return null;
  };
  const outcomes: Outcome[] = [];
  const unmatched: Intent[] = [];
  for (const intent of open) {
    const { part, name, sizeBytes, sha256 } = intent;
    const uid = await find(
      (candidate) => candidate.sizeBytes === sizeBytes,
      (found) => found.sha256 === sha256,
    );
    if (uid === null) unmatched.push(intent);
    else outcomes.push({ part, name, state: 'restored', uid });
  }
  // Only now, so that a message as it was sent is never taken for a changed one.
  for (const intent of unmatched) {
    const { part, name, sizeBytes, messageId } = intent;
    const isNear = (candidate: Candidate): boolean => Math.abs(candidate.sizeBytes - sizeBytes) <= GROWTH_BYTES;
    const uid = messageId === null ? null : await find(isNear, (found) => found.messageId === messageId);
    if (uid !== null) outcomes.push({ part, name, state: 'restored', uid });
    else {
      const isUntold = messageId === null && candidates.some((candidate) => !taken.has(candidate.uid) && isNear(candidate));
      outcomes.push({ part, name, state: isUntold ? 'uncertain' : 'unsent' });
    }
  }
  return outcomes;
};

const look = async ({ target, mailbox, signal }: ResolveOptions, uid: number, sizeBytes: number): Promise<Looked> => {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let headBytes = 0;
  for await (const piece of target.read(mailbox, uid, sizeBytes + GROWTH_BYTES, signal)) {
    hash.update(piece);
    if (headBytes < HEAD_BYTES) head.push(Buffer.from(piece));
    headBytes += piece.length;
  }
  return { sha256: hash.digest('hex'), messageId: readHeaders(Buffer.concat(head)).messageId };
};
