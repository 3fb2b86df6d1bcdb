import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode } from '../errors.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import type { MessageFilter } from '../mail/message-filter.ts';
import type { Notice } from '../mail/notice.ts';
import type { MailSource } from '../source/mail-source.ts';
import { LEDGER_PATH, openLedger } from './archive-folder.ts';
import { listSource, type SourceViewSoFar } from './list-source.ts';
import { NoticeBoard } from './notice-board.ts';
import { Patience } from './patience.ts';
import type { OnProgress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';

/** What a run would do with one mailbox. */
export interface PlannedMailbox {
  readonly path: MailboxPath;
  /** What the source lists. */
  readonly listed: number;
  /** What the archive holds of it, also of what the source doesn't list any more. */
  readonly archived: number;
  /** What would be fetched, as the source announces it. */
  readonly messages: number;
  readonly bytes: number;
  /** Left out by the filter, as far as the listing tells. */
  readonly filtered: number;
  /** Why it could not be read; else null. */
  readonly unread: ErrorCode | null;
}

export interface PlanReport {
  readonly kind: 'plan';
  readonly of: 'backup' | 'migrate';
  readonly directory: string;
  readonly mailboxes: readonly PlannedMailbox[];
  /** What would be fetched in all. */
  readonly messages: number;
  readonly bytes: number;
  readonly notices: readonly Notice[];
}

export interface PlanOptions {
  readonly of: PlanReport['of'];
  readonly source: MailSource;
  /** Where the archive is, or would be. */
  readonly directory: string;
  readonly filter?: MessageFilter;
  readonly rebind?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Finds out what a backup or a migration would fetch, and writes nothing: the source is listed into a copy of the ledger that is
 * thrown away. An archive that is there is locked meanwhile. Errors: those of the source, `archive-locked`, `ledger-*`, `cancelled`.
 */
export const planBackup = async (options: PlanOptions): Promise<PlanReport> => {
  const scratch = await mkdtemp(join(tmpdir(), 'mailferry-plan-'));
  const present = existsSync(join(options.directory, LEDGER_PATH)) ? openLedger(options.directory) : null;
  try {
    const path = join(scratch, 'ledger.sqlite');
    present?.copyTo(path);
    const ledger = new Ledger(path);
    try {
      return await plan(options, ledger);
    } finally {
      ledger.close();
    }
  } finally {
    present?.close();
    await rm(scratch, { recursive: true, force: true });
  }
};

const plan = async (
  { of, source, directory, filter = {}, rebind = false, onProgress, signal }: PlanOptions,
  ledger: Ledger,
): Promise<PlanReport> => {
  const progress = new ProgressMeter(onProgress);
  const notices = new NoticeBoard();
  const view: SourceViewSoFar = { listed: new Map(), unread: new Map() };
  if (!rebind) ledger.expect({ source: source.identity });
  const onConnected = (): void => (rebind ? ledger.rebind(source.identity) : undefined);
  await listSource({ source, ledger, filter, progress, patience: new Patience(progress), notices, onConnected, signal }, view);
  const counts = ledger.messages.counts();
  const mailboxes = ledger.mailboxes
    .all()
    .filter(({ selectable, path }) => selectable && (view.listed.has(path) || view.unread.has(path)))
    .map(({ id, path }): PlannedMailbox => {
      const { stored = 0, uploaded = 0, filtered = 0 } = counts.get(id) ?? {};
      const unread = view.unread.get(path) ?? null;
      return {
        path,
        listed: view.listed.get(path) ?? 0,
        archived: stored + uploaded,
        ...ledger.messages.pendingTotals(id),
        filtered,
        unread,
      };
    });
  const sum = (count: (mailbox: PlannedMailbox) => number): number => mailboxes.reduce((total, mailbox) => total + count(mailbox), 0);
  return {
    ...{ kind: 'plan', of, directory, mailboxes, notices: notices.all() },
    messages: sum(({ messages }) => messages),
    bytes: sum(({ bytes }) => bytes),
  };
};
