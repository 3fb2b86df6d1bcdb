import { HashBag } from './hash-bag.ts';
import type { Difference, DifferenceCode, MailboxAccount, Reconciliation } from './reconciliation.ts';

/** A message as the ledger traces it. */
export interface TracedMessage {
  readonly locator: number | string;
  readonly entryName: string | null;
  readonly sha256: string | null;
  /** The reason code of a failed one. */
  readonly code: string | null;
}

type LedgerState = 'discovered' | 'stored' | 'uploaded' | 'filtered' | 'failed' | 'vanished' | 'duplicate';

/** One mailbox of the source, as the ledger knows it. */
export interface ReconciledMailbox {
  readonly path: string;
  /** What the source listed in this run; null when it was not asked. */
  readonly sourceCount: number | null;
  /** The ErrorCode that kept the mailbox from being read; else null. */
  readonly unread: string | null;
  readonly counts: Readonly<Record<LedgerState, number>>;
  messages(state: LedgerState): Iterable<TracedMessage>;
  /** The mailbox at the target that it went to; null for none. Several may share one. */
  readonly targetMailbox: string | null;
}

/** A message as a manifest has it. */
interface ManifestMessage {
  readonly mailbox: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** One part of the archive, as the ledger knows it and as its manifest does; both in the order of its entries. */
export interface ReconciledPart {
  readonly recorded: Iterable<TracedMessage & { readonly mailbox: string; readonly sha256: string }>;
  /** Empty for a part that was not sealed. */
  readonly found: AsyncIterable<ManifestMessage>;
}

export interface ReconcileInput {
  readonly mailboxes: readonly ReconciledMailbox[];
  readonly parts: Iterable<ReconciledPart>;
  /** What the target holds, by its own listing; null without a target. */
  readonly target: ((targetMailbox: string) => AsyncIterable<{ readonly sha256: string }>) | null;
}

interface ArchiveShare {
  count: number;
  bytes: number;
}

const keyOf = (mailbox: string, sha256: string): string => `${sha256} ${mailbox}`;

const difference = (mailbox: string, code: DifferenceCode, message: TracedMessage | null, reason: string | null = null): Difference => ({
  mailbox,
  code,
  locator: message?.locator ?? null,
  entryName: message?.entryName ?? null,
  sha256: message?.sha256 ?? null,
  reason,
});

/** Holds the ledger against the manifests: every message in a part is in its manifest, and the other way round. */
const compareArchive = async ({ parts }: ReconcileInput): Promise<{ shares: Map<string, ArchiveShare>; differences: Difference[] }> => {
  const shares = new Map<string, ArchiveShare>();
  const differences: Difference[] = [];
  for (const { recorded, found } of parts) {
    const unmatched = new HashBag();
    const missing: (TracedMessage & { mailbox: string; sha256: string })[] = [];
    const rows = recorded[Symbol.iterator]();
    for await (const { mailbox, sha256, sizeBytes } of found) {
      const share = shares.get(mailbox) ?? { count: 0, bytes: 0 };
      shares.set(mailbox, { count: share.count + 1, bytes: share.bytes + sizeBytes });
      // Side by side, so that only what is out of its place takes memory.
      const row = rows.next();
      if (!row.done && row.value.mailbox === mailbox && row.value.sha256 === sha256) continue;
      unmatched.add(keyOf(mailbox, sha256));
      if (!row.done) missing.push(row.value);
    }
    for (let row = rows.next(); !row.done; row = rows.next()) missing.push(row.value);
    for (const message of missing)
      if (!unmatched.take(keyOf(message.mailbox, message.sha256)))
        differences.push(difference(message.mailbox, 'missing-in-archive', message));
    for (const key of unmatched.rest()) {
      const message = { locator: 0, entryName: null, sha256: key.slice(0, 64), code: null };
      differences.push({ ...difference(key.slice(65), 'unexpected-in-archive', message), locator: null });
    }
  }
  return { shares, differences };
};

/** Holds the ledger against the target's own listing: every uploaded message's bytes are there, as often as they were sent. */
const compareTarget = async (input: ReconcileInput): Promise<{ counts: Map<string, number>; differences: Difference[] }> => {
  const counts = new Map<string, number>();
  const differences: Difference[] = [];
  if (!input.target) return { counts, differences };
  for (const [targetMailbox, mailboxes] of Map.groupBy(input.mailboxes, (mailbox) => mailbox.targetMailbox)) {
    if (targetMailbox === null) continue;
    const bag = new HashBag();
    let count = 0;
    for await (const { sha256 } of input.target(targetMailbox)) {
      bag.add(sha256);
      count += 1;
    }
    counts.set(targetMailbox, count);
    for (const mailbox of mailboxes) {
      for (const message of mailbox.messages('uploaded')) {
        if (message.sha256 === null || !bag.take(message.sha256)) differences.push(difference(mailbox.path, 'missing-at-target', message));
      }
    }
  }
  return { counts, differences };
};

/** What the ledger alone can tell: messages that are not at their end. */
const openEnds = (mailbox: ReconciledMailbox, hasTarget: boolean): Difference[] => {
  const differences: Difference[] = [];
  for (const message of mailbox.messages('discovered')) differences.push(difference(mailbox.path, 'open-in-ledger', message));
  for (const message of mailbox.messages('failed')) differences.push(difference(mailbox.path, 'failed', message, message.code));
  if (hasTarget) for (const message of mailbox.messages('stored')) differences.push(difference(mailbox.path, 'not-uploaded', message));
  if (mailbox.unread !== null) differences.push(difference(mailbox.path, 'mailbox-unread', null, mailbox.unread));
  // With the vanished ones: a message may have gone since it was listed.
  const knownCount = Object.values(mailbox.counts).reduce((sum, count) => sum + count, 0);
  if ((mailbox.sourceCount ?? 0) > knownCount) differences.push(difference(mailbox.path, 'source-count', null));
  return differences;
};

const sum = (accounts: readonly MailboxAccount[], field: Exclude<keyof MailboxAccount, 'mailbox'>): number =>
  accounts.reduce((total, account) => total + (account[field] ?? 0), 0);

const sumUp = (accounts: readonly MailboxAccount[], atTarget: number | null): Reconciliation['totals'] => ({
  source: accounts.every((account) => account.source === null) ? null : sum(accounts, 'source'),
  discovered: sum(accounts, 'discovered'),
  stored: sum(accounts, 'stored'),
  uploaded: sum(accounts, 'uploaded'),
  filtered: sum(accounts, 'filtered'),
  failed: sum(accounts, 'failed'),
  vanished: sum(accounts, 'vanished'),
  duplicates: sum(accounts, 'duplicates'),
  archive: sum(accounts, 'archive'),
  archiveBytes: sum(accounts, 'archiveBytes'),
  // Several mailboxes may share one at the target.
  target: atTarget,
});

/**
 * Holds source, ledger, archive and target against each other, by counts and by SHA-256,
 * and names every message that is not where it should be.
 */
export const reconcile = async (input: ReconcileInput): Promise<Reconciliation> => {
  const archive = await compareArchive(input);
  const target = await compareTarget(input);
  const accounts = input.mailboxes.map((mailbox): MailboxAccount => {
    const { duplicate, ...counts } = mailbox.counts;
    const share = archive.shares.get(mailbox.path);
    const atTarget = mailbox.targetMailbox === null ? 0 : (target.counts.get(mailbox.targetMailbox) ?? 0);
    return {
      mailbox: mailbox.path,
      source: mailbox.sourceCount,
      ...counts,
      duplicates: duplicate,
      archive: share?.count ?? 0,
      archiveBytes: share?.bytes ?? 0,
      target: input.target ? atTarget : null,
    };
  });
  const atTarget = input.target ? target.counts.values().reduce((total, count) => total + count, 0) : null;
  return {
    accounts,
    totals: sumUp(accounts, atTarget),
    differences: [
      ...input.mailboxes.flatMap((mailbox) => openEnds(mailbox, input.target !== null)),
      ...archive.differences,
      ...target.differences,
    ],
  };
};
