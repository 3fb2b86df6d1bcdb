import { nodeDisk } from '../../archive/disk.ts';
import type { Contact } from '../../contacts/contact.ts';
import { isRejected, type RejectedRow } from '../../contacts/contact-format.ts';
import { isSecretField } from '../../contacts/contact-losses.ts';
import { displayName } from '../../contacts/display-name.ts';
import { MergeConflicts } from '../../contacts/merge-conflicts.ts';
import { mergeContacts } from '../../contacts/merge-contacts.ts';
import { throwIfCancelled } from '../../errors.ts';
import { ProgressMeter } from '../progress-meter.ts';
import type { ContactSource } from './contact-source.ts';
import { type RejectionCount, RejectionTally } from './contact-tally.ts';
import type { Conflict, ConvertContactsOptions, ConvertContactsReport, Edit } from './conversion-report.ts';
import { openSources, writeContacts } from './convert-contacts.ts';
import { DuplicateGroups, type DuplicateRule, duplicateKeys } from './duplicate-groups.ts';

export interface DedupeContactsOptions extends Omit<ConvertContactsOptions, 'out'> {
  readonly by: DuplicateRule;
  /** Replaced if it is there; null only tells what would be done. */
  readonly out: string | null;
}

/** A row of one of several files. */
interface RowPlace {
  readonly path: string;
  readonly row: number;
}

/** Contacts that become one. */
interface MergedGroup {
  readonly name: string;
  readonly email: string;
  readonly rows: readonly RowPlace[];
  /** What one of them says and the merged contact doesn't, because the first one says something else. */
  readonly conflicts: readonly Conflict[];
}

export interface DedupeContactsReport {
  readonly kind: 'contacts-deduped';
  readonly by: DuplicateRule;
  /** Groups of contacts that are one. */
  readonly groups: number;
  /** The first 1,000. */
  readonly merged: readonly MergedGroup[];
  /** Contacts that go up in another one. */
  readonly joined: number;
  readonly conflicts: number;
  /** Rows that could not be read; they are in no group. */
  readonly rejected: number;
  readonly rejections: readonly RejectionCount[];
  /** What was written; null if it was to be told only. */
  readonly written: ConvertContactsReport | null;
}

const MAX_LISTED = 1000;
const HIDDEN = '***';

/** A contact of a group. */
interface Member extends RowPlace {
  readonly contact: Contact;
}

async function* contactsOf(
  sources: readonly ContactSource[],
  onBatch: (bytes: number, rows: number) => void,
  onRejected: (row: RejectedRow) => void = () => undefined,
): AsyncGenerator<Member> {
  for (const source of sources) {
    let bytes = 0;
    for await (const batch of source.rows((count) => (bytes += count))) {
      onBatch(bytes, batch.length);
      bytes = 0;
      for (const read of batch) {
        if (isRejected(read)) onRejected(read);
        else yield { path: source.path, row: read.row, contact: read.contact };
      }
    }
  }
}

const describe = (members: readonly Member[], contact: Contact): MergedGroup => {
  const merged = new MergeConflicts(contact);
  const conflicts = members.flatMap(({ path, row, contact: own }) =>
    merged
      .of(own)
      .map((fact) => ({ path, row, ...fact, value: fact.field === 'other' && isSecretField(fact.label) ? HIDDEN : fact.value })),
  );
  return {
    name: displayName(contact),
    email: contact.emails[0]?.address ?? '',
    rows: members.map(({ path, row }) => ({ path, row })),
    conflicts,
  };
};

/**
 * Makes one contact of those that stand for the same person. Reads the files three times, and keeps the keys of all contacts and the
 * contacts of groups in memory. Errors: those of `convertContacts`.
 */
export const dedupeContacts = async ({ by, out, ...options }: DedupeContactsOptions): Promise<DedupeContactsReport> => {
  const { signal, disk = nodeDisk } = options;
  const sources = await openSources(options);
  const progress = new ProgressMeter(options.onProgress);
  progress.begin('checking', { bytes: 2 * sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) });
  const onBatch = (bytes: number, rows: number): void => {
    throwIfCancelled(signal);
    progress.advance(rows, bytes);
  };
  const groups = new DuplicateGroups();
  const rejections = new RejectionTally();
  for await (const { contact } of contactsOf(sources, onBatch, (row) => rejections.add(row))) groups.add(duplicateKeys(contact, by));
  const several = groups.several();
  const members = new Map<number, Member[]>([...several.keys()].map((root) => [root, []]));
  let index = 0;
  for await (const member of contactsOf(sources, onBatch)) {
    members.get(groups.groupOf(index))?.push(member);
    index += 1;
  }
  const merged = new Map(Array.from(members, ([root, list]) => [root, mergeContacts(list.map(({ contact }) => contact))]));
  const described = new Map(Array.from(members, ([root, list]) => [root, describe(list, merged.get(root) ?? mergeContacts([]))]));
  const all = [...described.values()];
  let at = -1;
  const edit: Edit = () => {
    at += 1;
    const root = groups.groupOf(at);
    const contact = merged.get(root);
    if (!contact) return 'keep';
    return root === at ? { contact, conflicts: described.get(root)?.conflicts ?? [] } : 'skip';
  };
  const restart = (): Edit => {
    at = -1;
    return edit;
  };
  const written = out === null ? null : await writeContacts({ ...options, out, disk }, sources, restart);
  return {
    kind: 'contacts-deduped',
    by,
    groups: several.size,
    merged: all.slice(0, MAX_LISTED),
    joined: all.reduce((sum, { rows }) => sum + rows.length - 1, 0),
    conflicts: all.reduce((sum, { conflicts }) => sum + conflicts.length, 0),
    rejected: rejections.total,
    rejections: rejections.list(),
    written,
  };
};
