import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { validateZip } from '../archive/validate-zip.ts';
import { MailferryError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerMailbox } from '../ledger/mailbox-records.ts';
import type { SealedPart } from '../ledger/part-records.ts';
import type { RecordedAnswer } from '../ledger/upload-records.ts';
import type { UploadTarget } from '../target/upload-target.ts';
import type { ProgressMeter } from './progress-meter.ts';

export interface SendOptions {
  readonly directory: string;
  readonly ledger: Ledger;
  readonly target: UploadTarget;
  readonly progress: ProgressMeter | null;
  readonly signal: AbortSignal;
}

const ANSWERS_PER_COMMIT = 500;

/** The same part for the same mailbox of the same target always has this key, so that sending it again doubles nothing. */
export const idempotencyKey = (target: UploadTarget, targetMailbox: string, sha256: string): string =>
  createHash('sha256').update(`${target.identity}\n${targetMailbox}\n${sha256}`).digest('hex');

/**
 * Sends one sealed part and records the target's answer for every message: validate, journal the
 * intent, send, journal the answers. Gives back how many messages the target took.
 */
export const sendPart = async ({ directory, ledger, target, progress, signal }: SendOptions, part: SealedPart): Promise<number> => {
  const source = ledger.mailboxes.all().find((mailbox) => mailbox.id === part.mailboxId);
  if (!source) throw new MailferryError('zip-mixed-mailboxes', { path: join(directory, part.fileName) });
  const path = join(directory, part.fileName);
  await validateZip(path, { signal });
  const mailbox = await mapMailbox(ledger, target, source, signal);
  const key = ledger.uploads.intend(part.number, idempotencyKey(target, mailbox.id, part.sha256));
  const { fileName, sizeBytes, sha256 } = part;
  const zip = { path, fileName, sizeBytes, sha256, mailbox, idempotencyKey: key, entries: ledger.messages.ofPart(part.number) };
  let sentBytes = 0;
  const onSent = (bytes: number): void => {
    progress?.advance(0, bytes - sentBytes, fileName);
    sentBytes = bytes;
  };
  let taken = 0;
  let answers: RecordedAnswer[] = [];
  const record = (): void => {
    ledger.uploads.answer(part.number, answers);
    taken += answers.filter((answer) => answer.kind === 'stored').length;
    progress?.advance(answers.length, 0);
    answers = [];
  };
  for await (const answer of target.upload(zip, onSent, signal)) {
    if (answers.push(answer) >= ANSWERS_PER_COMMIT) record();
  }
  record();
  const silent = ledger.uploads.openEntries(part.number);
  ledger.uploads.answer(
    part.number,
    silent.map((name) => ({ name, kind: 'failed', error: new MailferryError('upload-entry-unanswered', {}) })),
  );
  ledger.uploads.complete(part.number);
  return taken;
};

/** Finds or makes the target's mailbox for a mailbox of the source, and records which it is. */
export const mapMailbox = async (ledger: Ledger, target: UploadTarget, mailbox: LedgerMailbox, signal: AbortSignal) => {
  const mapped = await target.ensureMailbox(mailbox, signal);
  if (mailbox.targetMailbox !== mapped.id) ledger.mailboxes.assignTarget(mailbox.id, mapped.id);
  return mapped;
};
