import { type ErrorCode, MailferryError } from '../errors.ts';
import type { Mailbox, MailboxPath, SpecialUse } from '../mail/mailbox.ts';
import type { Notice } from '../mail/notice.ts';
import { withSpecialUses } from '../mail/special-use.ts';
import type { ListedMessage, MailSource, MessageListing, SourceFacts } from '../source/mail-source.ts';
import { NoticeBoard } from './notice-board.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';

/** One mailbox as a probe saw it. */
export interface ProbedMailbox {
  readonly path: MailboxPath;
  readonly specialUse: SpecialUse | null;
  readonly messages: number;
  readonly bytes: number;
  readonly largestBytes: number;
  /** Why it could not be read; else null. */
  readonly unread: ErrorCode | null;
}

export interface ProbeReport {
  readonly kind: 'probe';
  readonly source: string;
  readonly facts: SourceFacts;
  readonly mailboxes: readonly ProbedMailbox[];
  readonly messages: number;
  readonly bytes: number;
  readonly largestBytes: number;
  /** How fast a few messages came; null when there were none. */
  readonly sample: { readonly messages: number; readonly bytes: number; readonly seconds: number } | null;
  /** How long the whole would take at that pace; null without a sample. */
  readonly estimatedSeconds: number | null;
  readonly notices: readonly Notice[];
}

export interface ProbeOptions {
  readonly source: MailSource;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/** What is fetched to learn the pace: small mail first in line, at most so much of it. */
const SAMPLE_MESSAGES = 50;
const SAMPLE_BYTES = 4 * 1024 * 1024;

/**
 * Connects, logs in, lists every mailbox, and fetches a few messages to learn the pace. Nothing is kept, and
 * nothing is changed. Errors: those of the source, `cancelled`.
 */
export const probe = async ({ source, onProgress, signal }: ProbeOptions): Promise<ProbeReport> => {
  const progress = new ProgressMeter(onProgress);
  progress.begin('connecting');
  const found = withSpecialUses(await source.listMailboxes(signal));
  progress.begin('listing', { messages: 0 });
  const notices = new NoticeBoard();
  const mailboxes: ProbedMailbox[] = [];
  let candidate: SampleCandidate | undefined;
  for (const mailbox of found) {
    if (!mailbox.selectable) continue;
    const { probed, listing } = await probeMailbox(source, mailbox, signal);
    mailboxes.push(probed);
    for (const notice of listing?.notices ?? []) notices.add(notice);
    if (listing && listing.totalCount > (candidate?.listing.totalCount ?? 0)) candidate = { mailbox, listing };
    progress.advance(probed.messages, 0, mailbox.path);
  }
  const sample = candidate ? await takeSample(source, candidate, signal) : null;
  const messages = mailboxes.reduce((sum, one) => sum + one.messages, 0);
  const bytes = mailboxes.reduce((sum, one) => sum + one.bytes, 0);
  return {
    kind: 'probe',
    source: source.identity,
    facts: source.facts(),
    mailboxes,
    messages,
    bytes,
    largestBytes: mailboxes.reduce((largest, one) => Math.max(largest, one.largestBytes), 0),
    sample,
    estimatedSeconds: sample && estimate(sample, messages, bytes),
    notices: notices.all(),
  };
};

interface SampleCandidate {
  readonly mailbox: Mailbox;
  readonly listing: MessageListing;
}

const probeMailbox = async (
  source: MailSource,
  mailbox: Mailbox,
  signal: AbortSignal,
): Promise<{ probed: ProbedMailbox; listing: MessageListing | null }> => {
  const { path, specialUse } = mailbox;
  try {
    const listing = await source.listMessages(mailbox, { since: null, mayBeDelta: false, withDetails: false }, signal);
    let bytes = 0;
    let largestBytes = 0;
    for (const { sizeBytes } of listing.messages) {
      bytes += sizeBytes;
      largestBytes = Math.max(largestBytes, sizeBytes);
    }
    return { probed: { path, specialUse, messages: listing.totalCount, bytes, largestBytes, unread: null }, listing };
  } catch (error) {
    if (!(error instanceof MailferryError) || error.scope !== 'mailbox') throw error;
    return { probed: { path, specialUse, messages: 0, bytes: 0, largestBytes: 0, unread: error.code }, listing: null };
  }
};

/** Fetches from the middle of the mailbox on, so that neither the oldest nor the newest mail alone decides. */
const takeSample = async (
  source: MailSource,
  { mailbox, listing }: SampleCandidate,
  signal: AbortSignal,
): Promise<ProbeReport['sample']> => {
  const wanted: ListedMessage[] = [];
  let wantedBytes = 0;
  for (const message of Iterator.from(listing.messages).drop(Math.floor(listing.totalCount / 2))) {
    if (wanted.length === SAMPLE_MESSAGES || wantedBytes + message.sizeBytes > SAMPLE_BYTES) break;
    wanted.push(message);
    wantedBytes += message.sizeBytes;
  }
  const startedMs = performance.now();
  let [messages, bytes] = [0, 0];
  for await (const outcome of source.fetch(mailbox, listing.uidValidity, wanted, signal)) {
    if (outcome.kind !== 'message') continue;
    const { body, sizeBytes } = outcome.message;
    if (!Buffer.isBuffer(body)) for await (const _ of body);
    messages += 1;
    bytes += sizeBytes;
  }
  return messages === 0 ? null : { messages, bytes, seconds: (performance.now() - startedMs) / 1000 };
};

/** The slower of two guesses: so many messages, or so many bytes, at the pace of the sample. */
const estimate = (sample: { messages: number; bytes: number; seconds: number }, messages: number, bytes: number): number =>
  Math.ceil(sample.seconds * Math.max(messages / sample.messages, bytes / Math.max(sample.bytes, 1)));
