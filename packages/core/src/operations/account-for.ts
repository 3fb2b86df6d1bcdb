import { join } from 'node:path';
import { AGE_SUFFIX } from '../archive/age.ts';
import type { ErrorCode } from '../errors.ts';
import { readManifest } from '../formats/manifest.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { MESSAGE_STATES } from '../ledger/message-state.ts';
import type { MailboxPath } from '../mail/mailbox.ts';
import { type ReconciledPart, reconcile } from '../reconcile/reconcile.ts';
import type { Reconciliation } from '../reconcile/reconciliation.ts';
import type { UploadTarget } from '../target/upload-target.ts';
import { WORK_FOLDER } from './archive-folder.ts';
import type { FailedMessage } from './report.ts';

/** What this run learnt of the source's mailboxes. */
export interface SourceView {
  /** How many messages each listed mailbox has. */
  readonly listed: ReadonlyMap<MailboxPath, number>;
  /** Why each other one could not be read. */
  readonly unread: ReadonlyMap<MailboxPath, ErrorCode>;
}

const NO_COUNTS = Object.fromEntries(MESSAGE_STATES.map((state) => [state, 0])) as Record<(typeof MESSAGE_STATES)[number], number>;

export interface AccountForOptions {
  readonly directory: string;
  readonly ledger: Ledger;
  /** Null when the source was not asked in this run. */
  readonly source: SourceView | null;
  readonly target: UploadTarget | null;
  readonly signal: AbortSignal;
}

async function* manifestMessages(path: string) {
  for await (const record of readManifest({ path })) if (record.kind === 'message') yield record;
}

/** The manifest in the clear: that of an encrypted archive stays beside the ledger. */
const readablePath = (directory: string, manifestName: string): string =>
  manifestName.endsWith(AGE_SUFFIX)
    ? join(directory, WORK_FOLDER, manifestName.slice(0, -AGE_SUFFIX.length))
    : join(directory, manifestName);

/** The sealed parts with their manifests, and the open ones, which have none. */
function* archivedParts(directory: string, ledger: Ledger): Iterable<ReconciledPart> {
  for (const { number, manifestName } of ledger.parts.sealed())
    yield { recorded: ledger.messages.tracesOfPart(number), found: manifestMessages(readablePath(directory, manifestName)) };
  for (const { number } of ledger.parts.open()) yield { recorded: ledger.messages.tracesOfPart(number), found: (async function* () {})() };
}

/** Holds source, ledger, manifests and target against each other (SPEC B9, U7). */
export const accountFor = async ({ directory, ledger, source, target, signal }: AccountForOptions): Promise<Reconciliation> => {
  const counts = ledger.messages.counts();
  const atTarget = new Map(target ? (await target.listMailboxes(signal)).map((mailbox) => [mailbox.id, mailbox]) : []);
  const listTarget = async function* (id: string) {
    const mailbox = atTarget.get(id);
    if (target && mailbox) yield* target.listMessages(mailbox, signal);
  };
  return reconcile({
    mailboxes: ledger.mailboxes.all().flatMap((mailbox) => {
      if (!mailbox.selectable && !counts.has(mailbox.id)) return [];
      return {
        path: mailbox.path,
        sourceCount: source?.listed.get(mailbox.path) ?? null,
        unread: source?.unread.get(mailbox.path) ?? null,
        counts: counts.get(mailbox.id) ?? NO_COUNTS,
        messages: (state) => ledger.messages.inState(mailbox.id, state),
        targetMailbox: mailbox.targetMailbox,
      };
    }),
    parts: archivedParts(directory, ledger),
    target: target && listTarget,
  });
};

/** The failed messages of a ledger, as reports list them. */
export const failedMessages = (ledger: Ledger): FailedMessage[] =>
  ledger.messages.failed().map(({ mailbox, locator, entryName, code, details }) => ({ mailbox, locator, entryName, code, details }));
