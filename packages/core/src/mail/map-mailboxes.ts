import { type Mailbox, type MailboxPath, mailboxLevels, type SpecialUse } from './mailbox.ts';
import { withSpecialUses } from './special-use.ts';

/** A mailbox of the source, and the one that stands for it at the target. */
export interface MappedMailbox {
  readonly from: Mailbox;
  readonly path: MailboxPath;
  /** False where it has to be made. */
  readonly exists: boolean;
}

export interface TargetMailboxes {
  readonly mailboxes: readonly Mailbox[];
  readonly delimiter: string | null;
  /** What new names begin with: `INBOX.`, or nothing. */
  readonly prefix: string;
  /** Everything goes below this mailbox, in the target's own form; null puts it at the top. */
  readonly under: string | null;
}

const INBOX = 'INBOX';
/** What shows messages of other mailboxes takes none. */
const VIEWS: ReadonlySet<SpecialUse | null> = new Set(['\\All', '\\Flagged', '\\Important']);
/** What stands in a level for what it can't have. */
const STAND_IN = '_';

const isInbox = (path: string): boolean => path.toUpperCase() === INBOX;

/**
 * The mailbox at the target for each one of the source, no two the same: INBOX for INBOX, the one of the same special use
 * (RFC 6154, else by name), else the same levels in the target's form, below what stands for the ones above. `settled` are those of
 * earlier runs, which stay.
 */
export const mapMailboxes = (
  sources: readonly Mailbox[],
  target: TargetMailboxes,
  settled: ReadonlyMap<MailboxPath, MailboxPath>,
): MappedMailbox[] => {
  const existing = new Set<string>(target.mailboxes.map(({ path }) => path));
  const taken = new Set<string>(settled.values());
  const mapped = new Map<Mailbox, string>();
  const take = (from: Mailbox, path: string): void => {
    mapped.set(from, path);
    taken.add(path);
  };
  const named = withSpecialUses(sources);
  for (const from of named) {
    const before = settled.get(from.path);
    if (before !== undefined) mapped.set(from, before);
  }
  if (target.under === null) takeByUse(named, target, mapped, taken, take);
  const prefix = commonPrefix(named);
  const byPath = new Map<string, Mailbox>(named.map((from) => [from.path, from]));
  // Those above first.
  for (const from of named.toSorted((a, b) => mailboxLevels(a).length - mailboxLevels(b).length)) {
    if (mapped.has(from)) continue;
    const above = nearestAbove(from, byPath);
    const base = above && mapped.get(above.mailbox);
    const name = base === undefined ? nameFor(from, prefix, target) : nameBelow(base, above?.below ?? [], target);
    take(from, freeName(name, taken, target));
  }
  return named.map((from) => {
    const path = (mapped.get(from) ?? from.path) as MailboxPath;
    return { from, path, exists: existing.has(path) };
  });
};

const takeByUse = (
  named: readonly Mailbox[],
  target: TargetMailboxes,
  mapped: ReadonlyMap<Mailbox, string>,
  taken: ReadonlySet<string>,
  take: (from: Mailbox, path: string) => void,
): void => {
  const byUse = new Map<SpecialUse, string>();
  for (const { specialUse, path, selectable } of withSpecialUses(target.mailboxes))
    if (specialUse !== null && !VIEWS.has(specialUse) && selectable && !byUse.has(specialUse)) byUse.set(specialUse, path);
  byUse.set('\\Inbox', INBOX);
  for (const from of named) {
    const path = isInbox(from.path) ? INBOX : from.specialUse === null ? undefined : byUse.get(from.specialUse);
    if (path !== undefined && !mapped.has(from) && !taken.has(path)) take(from, path);
  }
};

/** The levels in front of everything but INBOX, as servers of the `INBOX.` kind have it: they are a form, not a name. */
const commonPrefix = (sources: readonly Mailbox[]): boolean => {
  const others = sources.filter(({ path }) => !isInbox(path));
  return others.length > 0 && others.every((mailbox) => mailboxLevels(mailbox).length > 1 && isInbox(mailboxLevels(mailbox)[0] ?? ''));
};

/** The nearest mailbox above, and the levels that lie between. What is below INBOX is there by form. */
const nearestAbove = (from: Mailbox, byPath: ReadonlyMap<string, Mailbox>): { mailbox: Mailbox; below: string[] } | undefined => {
  const levels = mailboxLevels(from);
  for (let count = levels.length - 1; count > 0; count -= 1) {
    const mailbox = byPath.get(levels.slice(0, count).join(from.delimiter ?? ''));
    if (mailbox && !isInbox(mailbox.path)) return { mailbox, below: levels.slice(count) };
  }
  return undefined;
};

const nameBelow = (base: string, levels: readonly string[], { delimiter }: TargetMailboxes): string =>
  [base, ...levels.map((level) => levelFor(level, delimiter))].join(delimiter ?? STAND_IN);

const nameFor = (from: Mailbox, hasPrefix: boolean, { delimiter, prefix, under }: TargetMailboxes): string => {
  const levels = mailboxLevels(from).slice(hasPrefix && !isInbox(from.path) ? 1 : 0);
  const name = levels.map((level) => levelFor(level, delimiter)).join(delimiter ?? STAND_IN);
  if (under !== null) return `${under}${delimiter ?? STAND_IN}${name}`;
  return name.startsWith(prefix) ? name : `${prefix}${name}`;
};

/** A level that the target can hold. */
const levelFor = (level: string, delimiter: string | null): string => {
  const text = [...level].map((character) => (character === delimiter || isControl(character) ? STAND_IN : character)).join('');
  return text === '' || /^[.]{1,2}$/.test(text) ? STAND_IN.repeat(Math.max(1, text.length)) : text;
};

const isControl = (character: string): boolean => character < ' ' || (character >= '\x7f' && character < '\xa0');

/** The name, or the next one with a number that no other mailbox of the source has. */
const freeName = (name: string, taken: ReadonlySet<string>, { mailboxes }: TargetMailboxes): string => {
  const isFree = (path: string): boolean => !taken.has(path) && !(isInbox(path) && path !== INBOX) && !isTakenUse(path, mailboxes);
  if (isFree(name) && !isInbox(name)) return name;
  for (let number = 2; ; number += 1) if (isFree(`${name} (${number})`)) return `${name} (${number})`;
};

/** A mailbox that only holds others can't take messages. */
const isTakenUse = (path: string, mailboxes: readonly Mailbox[]): boolean =>
  mailboxes.some((mailbox) => mailbox.path === path && !mailbox.selectable);
