import { DELIMITER, pathsAbove } from '../../store/mailbox-path.ts';
import type { StoredMailbox } from '../../store/mailboxes.ts';
import { type ListCommand, type ListSelection, NO_SELECTION, readListCommand, readLsubPattern } from '../grammar/list-options.ts';
import { matchesMailbox } from '../mailbox-pattern.ts';
import { loggedIn, ok, type Session, shownMailbox } from '../session.ts';
import { writeStatus } from './status.ts';

/** A name that LIST may tell, RFC 5258. */
interface ListedName {
  readonly path: string;
  /** Null for a name without a mailbox: of a subscription, or above one. */
  readonly mailbox: StoredMailbox | null;
  readonly isSubscribed: boolean;
}

interface Listing {
  readonly names: readonly ListedName[];
  /** Paths of mailboxes that have others below them. */
  readonly parents: ReadonlySet<string>;
}

/** All names of the account: its mailboxes, what it is subscribed to, and what is above these. By path. */
const listNames = ({ store }: Session, accountId: number): Listing => {
  const mailboxes = new Map(store.mailboxes.list(accountId).map((mailbox) => [mailbox.path, mailbox]));
  const subscribed = new Set(store.mailboxes.subscriptions(accountId));
  const paths = new Set([...mailboxes.keys(), ...subscribed, ...[...subscribed].flatMap(pathsAbove)]);
  const names = [...paths].toSorted().map((path) => ({ path, mailbox: mailboxes.get(path) ?? null, isSubscribed: subscribed.has(path) }));
  return { names, parents: new Set([...mailboxes.keys()].flatMap(pathsAbove)) };
};

const isSelectedBy = ({ isSubscribed, hasSpecialUse }: ListSelection, name: ListedName): boolean => {
  if (!isSubscribed && name.mailbox === null) return false;
  return (!isSubscribed || name.isSubscribed) && (!hasSpecialUse || (name.mailbox?.specialUse ?? null) !== null);
};

/** RFC 3348, RFC 5258 §4, RFC 6154. */
const attributesOf = ({ path, mailbox, isSubscribed }: ListedName, parents: ReadonlySet<string>, showsSubscribed: boolean): string =>
  [
    ...(mailbox === null ? ['\\NonExistent'] : mailbox.selectable ? [] : ['\\Noselect']),
    parents.has(path) ? '\\HasChildren' : '\\HasNoChildren',
    ...(showsSubscribed && isSubscribed ? ['\\Subscribed'] : []),
    ...(mailbox?.specialUse ? [mailbox.specialUse] : []),
  ].join(' ');

/** RFC 5258 §3.5: what was selected below the name. */
const childInfo = ({ isSubscribed, hasSpecialUse }: ListSelection): string =>
  ` ("CHILDINFO" (${[...(isSubscribed ? ['"SUBSCRIBED"'] : []), ...(hasSpecialUse ? ['"SPECIAL-USE"'] : [])].join(' ')}))`;

const writeList = async (session: Session, accountId: number, { selection, patterns, returning }: ListCommand): Promise<void> => {
  const { names, parents } = listNames(session, accountId);
  const chosen = selection ?? NO_SELECTION;
  const isNamed = ({ path }: ListedName): boolean => patterns.some((pattern) => matchesMailbox(pattern, path));
  const selected = names.filter((name) => isSelectedBy(chosen, name));
  const named = new Set(selected.filter(isNamed));
  const above = new Set(chosen.isRecursive ? selected.flatMap(({ path }) => pathsAbove(path)) : []);
  // RFC 5258 §3.5: what is above is told where something below it is not.
  const aboveUnnamed = new Set(selected.filter((name) => !named.has(name)).flatMap(({ path }) => pathsAbove(path)));
  const showsSubscribed = chosen.isSubscribed || returning.subscribed;
  for (const name of names) {
    const { path, mailbox } = name;
    const isNamedAbove = above.has(path) && aboveUnnamed.has(path) && isNamed(name);
    if (!named.has(name) && !isNamedAbove) continue;
    const extended = above.has(path) ? childInfo(chosen) : '';
    const attributes = attributesOf(name, parents, showsSubscribed);
    await session.stream.write(`* LIST (${attributes}) "${DELIMITER}" ${shownMailbox(session, path)}${extended}\r\n`);
    if (returning.status.length > 0 && mailbox?.selectable && named.has(name)) await writeStatus(session, mailbox, returning.status);
  }
};

/** RFC 3501 §6.3.8, RFC 5258, RFC 5819. */
export const list = loggedIn(async (session, cursor, account) => {
  const command = readListCommand(cursor);
  if (command.selection === null && command.patterns[0] === '') {
    await session.stream.write(`* LIST (\\Noselect) "${DELIMITER}" ""\r\n`);
    return ok('That is the delimiter');
  }
  await writeList(session, account.id, command);
  return ok('Listed');
});

/** RFC 3501 §6.3.9: a name above a subscribed one stands in for it where only the former matches. */
export const lsub = loggedIn(async (session, cursor, account) => {
  const pattern = readLsubPattern(cursor);
  if (pattern === null) return ok('Listed');
  const subscribed = session.store.mailboxes.subscriptions(account.id);
  const matching = subscribed.filter((path) => matchesMailbox(pattern, path));
  const standIns = subscribed
    .filter((path) => !matchesMailbox(pattern, path))
    .flatMap(pathsAbove)
    .filter((path) => matchesMailbox(pattern, path) && !matching.includes(path));
  const write = (attributes: string, path: string): Promise<void> | undefined =>
    session.stream.write(`* LSUB (${attributes}) "${DELIMITER}" ${shownMailbox(session, path)}\r\n`);
  for (const path of matching) await write('', path);
  for (const path of new Set(standIns)) await write('\\Noselect', path);
  return ok('Listed');
});
