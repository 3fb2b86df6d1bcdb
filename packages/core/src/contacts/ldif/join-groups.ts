import type { ContactRow, RejectedRow } from '../contact-format.ts';
import { isRejected } from '../contact-format.ts';
import { displayName } from '../display-name.ts';
import { nameKey } from './distinguished-name.ts';
import type { LdifRecord } from './ldif-record.ts';

export type LdifRow = RejectedRow | (ContactRow & { readonly record: LdifRecord });

/** What is held back until the end of the file. */
const MAX_HELD_ROWS = 10_000;
const MAX_HELD_BYTES = 16 * 1024 * 1024;

const sizeOf = (row: LdifRow): number => (isRejected(row) ? 0 : row.record.sizeBytes);

/** The names of the groups that each member is in, by the key of its distinguished name. */
const groupsByMember = (rows: readonly LdifRow[]): Map<string, Set<string>> => {
  const groups = new Map<string, Set<string>>();
  for (const row of rows) {
    if (isRejected(row)) continue;
    const name = displayName(row.contact);
    for (const member of name === '' ? [] : row.record.members) {
      const key = nameKey(member);
      const names = groups.get(key);
      if (names) names.add(name);
      else groups.set(key, new Set([name]));
    }
  }
  return groups;
};

const withGroups = (rows: readonly LdifRow[]): readonly LdifRow[] => {
  const byMember = groupsByMember(rows);
  if (byMember.size === 0) return rows;
  return rows.map((row) => {
    const groups = isRejected(row) ? undefined : byMember.get(nameKey(row.record.dn));
    if (isRejected(row) || groups === undefined) return row;
    return { ...row, contact: { ...row.contact, groups: [...new Set([...row.contact.groups, ...groups])] } };
  });
};

/**
 * Gives the members of groups their groups. A group may come after its members, so a file is held back to its end, if that comes
 * within 10,000 rows and 16 MiB. In a larger one members have the groups that their own entries tell of, as directories write them;
 * who is in the other groups stands in the entries of the groups, there as here.
 */
export async function* joinGroups(batches: AsyncIterable<LdifRow[]>): AsyncGenerator<readonly LdifRow[]> {
  let held: LdifRow[] | null = [];
  let sizeBytes = 0;
  for await (const batch of batches) {
    if (held === null) {
      yield batch;
      continue;
    }
    held.push(...batch);
    sizeBytes += batch.reduce((sum, row) => sum + sizeOf(row), 0);
    if (held.length <= MAX_HELD_ROWS && sizeBytes <= MAX_HELD_BYTES) continue;
    yield held;
    held = null;
  }
  if (held !== null && held.length > 0) yield withGroups(held);
}
