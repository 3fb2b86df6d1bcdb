import { join } from 'node:path';
import { hashFile } from '../archive/hash-file.ts';
import { MailferryError, throwIfCancelled } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SealedPart } from '../ledger/part-records.ts';
import type { MailSource } from '../source/mail-source.ts';
import type { SourceView } from './account-for.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { ProgressMeter } from './progress-meter.ts';

export interface RemoveOptions {
  readonly source: MailSource;
  readonly ledger: Ledger;
  readonly directory: string;
  /** What this run saw: only where it could look is anything deleted. */
  readonly view: SourceView;
  readonly progress: ProgressMeter;
  readonly notices: NoticeBoard;
  readonly signal: AbortSignal;
}

/** Errors: `option-invalid` for a source that deletes nothing. */
export const checkCanRemove = (source: MailSource): void => {
  if (source.remove) return;
  throw new MailferryError('option-invalid', { option: 'removeAfter', reason: 'only a POP3 source can delete what was pulled' });
};

/**
 * Deletes at the source what it still lists and what sealed parts hold, after each part was read once more and found
 * as the ledger knows it (SPEC P11). What stays is told as a notice. Gives back how many messages were deleted.
 */
export const removePulled = async ({ source, ledger, directory, view, progress, notices, signal }: RemoveOptions): Promise<number> => {
  const mailboxes = new Map(ledger.mailboxes.all().map((mailbox) => [mailbox.id, mailbox]));
  progress.begin('removing');
  let removedCount = 0;
  for (const part of ledger.parts.sealed()) {
    const listed = ledger.messages.listedInPart(part.number);
    if (listed.length === 0) continue;
    const isSound = await isAsSealed(directory, part, signal);
    for (const [mailboxId, messages] of Map.groupBy(listed, (message) => message.mailboxId)) {
      const mailbox = mailboxes.get(mailboxId);
      if (!mailbox || !view.listed.has(mailbox.path)) continue;
      for (const [uidValidity, group] of Map.groupBy(messages, (message) => message.uidValidity)) {
        const locators = group.map(({ locator }) => locator);
        const removed = isSound ? await source.remove?.(mailbox, uidValidity, locators, signal) : [];
        const count = removed?.length ?? 0;
        const reason = isSound ? 'the source keeps them' : `${part.fileName} is not as it was sealed`;
        if (count < locators.length)
          notices.add({ code: 'not-removed', details: { mailbox: mailbox.path, count: locators.length - count, reason } });
        removedCount += count;
        progress.advance(count, 0, mailbox.path);
      }
    }
  }
  return removedCount;
};

const isAsSealed = async (directory: string, part: SealedPart, signal: AbortSignal): Promise<boolean> => {
  const sha256 = await hashFile(join(directory, part.fileName), signal).catch(() => null);
  throwIfCancelled(signal);
  return sha256 === part.sha256;
};
