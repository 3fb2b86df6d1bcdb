import { DELIMITER, pathsAbove } from '../../store/mailbox-path.ts';
import type { StoredMailbox } from '../../store/mailboxes.ts';
import type { Cursor } from '../grammar/cursor.ts';
import { ImapSyntaxError } from '../grammar/imap-syntax-error.ts';
import { quoteMailbox } from '../grammar/quote.ts';
import { loggedIn, ok } from '../session.ts';

const MAX_PATTERN_LENGTH = 2000;

/**
 * `*` matches anything, `%` anything but the delimiter, RFC 3501 §6.3.8. Time grows with the product
 * of the lengths, whatever the pattern: `reached[i]` says that the pattern's first `i` characters match so far.
 */
const matches = (pattern: string, name: string): boolean => {
  const isWild = (index: number): boolean => pattern[index] === '*' || pattern[index] === '%';
  let reached = new Array<boolean>(pattern.length + 1).fill(false);
  reached[0] = true;
  for (let i = 0; i < pattern.length && isWild(i); i += 1) reached[i + 1] = true;
  for (const character of name.split('')) {
    const next = new Array<boolean>(pattern.length + 1).fill(false);
    for (let i = 0; i < pattern.length; i += 1) {
      const passesWild = pattern[i] === '*' || (pattern[i] === '%' && character !== DELIMITER);
      // A wildcard may go on eating, or have been empty before this one; a plain character has to be equal.
      if (isWild(i)) next[i + 1] = (next[i] ?? false) || (passesWild && (reached[i + 1] ?? false));
      else next[i + 1] = pattern[i] === character && (reached[i] ?? false);
    }
    reached = next;
  }
  return reached[pattern.length] ?? false;
};

const matchesMailbox = (pattern: string, path: string): boolean =>
  matches(pattern, path) || (path === 'INBOX' && matches(pattern.toUpperCase(), path));

/** Reference and pattern, joined. */
const readPattern = (cursor: Cursor): string => {
  cursor.space();
  const reference = cursor.mailboxName();
  cursor.space();
  const pattern = cursor.mailboxPattern();
  cursor.end();
  if (pattern === '') return '';
  if (reference.length + pattern.length > MAX_PATTERN_LENGTH) throw new ImapSyntaxError('The pattern is too long');
  return (reference + pattern).replace(/\*[*%]+|[*%]+\*/g, '*');
};

/** RFC 3348, RFC 6154. */
const attributesOf = (mailbox: StoredMailbox, parents: ReadonlySet<string>): string =>
  [
    ...(mailbox.selectable ? [] : ['\\Noselect']),
    parents.has(mailbox.path) ? '\\HasChildren' : '\\HasNoChildren',
    ...(mailbox.specialUse ? [mailbox.specialUse] : []),
  ].join(' ');

/** RFC 3501 §6.3.8. */
export const list = loggedIn(async ({ store, stream }, cursor, account) => {
  const pattern = readPattern(cursor);
  if (pattern === '') {
    await stream.write(`* LIST (\\Noselect) "${DELIMITER}" ""\r\n`);
    return ok('That is the delimiter');
  }
  const mailboxes = store.mailboxes.list(account.id);
  const parents = new Set(mailboxes.flatMap(({ path }) => pathsAbove(path)));
  for (const mailbox of mailboxes) {
    if (!matchesMailbox(pattern, mailbox.path)) continue;
    await stream.write(`* LIST (${attributesOf(mailbox, parents)}) "${DELIMITER}" ${quoteMailbox(mailbox.path)}\r\n`);
  }
  return ok('Listed');
});

/** RFC 3501 §6.3.9: a name above a subscribed one stands in for it where only the former matches. */
export const lsub = loggedIn(async ({ store, stream }, cursor, account) => {
  const pattern = readPattern(cursor);
  const subscribed = store.mailboxes.subscriptions(account.id);
  const matching = subscribed.filter((path) => matchesMailbox(pattern, path));
  const standIns = subscribed
    .filter((path) => !matchesMailbox(pattern, path))
    .flatMap(pathsAbove)
    .filter((path) => matchesMailbox(pattern, path) && !matching.includes(path));
  for (const path of matching) await stream.write(`* LSUB () "${DELIMITER}" ${quoteMailbox(path)}\r\n`);
  for (const path of new Set(standIns)) await stream.write(`* LSUB (\\Noselect) "${DELIMITER}" ${quoteMailbox(path)}\r\n`);
  return ok('Listed');
});
