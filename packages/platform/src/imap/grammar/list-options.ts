import { simplifyPattern } from '../mailbox-pattern.ts';
import type { Cursor } from './cursor.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';
import { readStatusItems, type StatusItem } from './status-items.ts';

/** What of the mailboxes to list, RFC 5258 §3.1, RFC 6154 §2. */
export interface ListSelection {
  readonly isSubscribed: boolean;
  readonly hasSpecialUse: boolean;
  /** Names above what is selected are told too. */
  readonly isRecursive: boolean;
}

/** What to tell of each, RFC 5258 §3.2, RFC 5819. Children and special use are told unasked. */
interface ListReturn {
  readonly subscribed: boolean;
  /** Empty where no STATUS is asked for. */
  readonly status: readonly StatusItem[];
}

export interface ListCommand {
  /** Null for the basic form of RFC 3501 §6.3.8. */
  readonly selection: ListSelection | null;
  readonly patterns: readonly string[];
  readonly returning: ListReturn;
}

const MAX_PATTERNS = 100;
/** Of all patterns together: the time to match grows with it. */
const MAX_PATTERN_LENGTH = 2000;
const SELECTION_OPTIONS = new Set(['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE']);
/** Every mailbox. */
export const NO_SELECTION: ListSelection = { isSubscribed: false, hasSpecialUse: false, isRecursive: false };

const readSelection = (cursor: Cursor): ListSelection => {
  const options = new Set(cursor.list(() => cursor.word()));
  for (const option of options) if (!SELECTION_OPTIONS.has(option)) throw new ImapSyntaxError(`${option} selects nothing`);
  const selection = {
    isSubscribed: options.has('SUBSCRIBED'),
    hasSpecialUse: options.has('SPECIAL-USE'),
    isRecursive: options.has('RECURSIVEMATCH'),
  };
  if (selection.isRecursive && !selection.isSubscribed && !selection.hasSpecialUse) {
    throw new ImapSyntaxError('RECURSIVEMATCH needs another option beside it');
  }
  return selection;
};

const readReturnOption = (cursor: Cursor): Partial<ListReturn> => {
  const option = cursor.word();
  if (option === 'STATUS') {
    cursor.space();
    return { status: readStatusItems(cursor) };
  }
  if (option === 'SUBSCRIBED') return { subscribed: true };
  if (option === 'CHILDREN' || option === 'SPECIAL-USE') return {};
  throw new ImapSyntaxError(`${option} is nothing that LIST returns`);
};

const readReturn = (cursor: Cursor): ListReturn => {
  const options = cursor.list(() => readReturnOption(cursor));
  return Object.assign({ subscribed: false, status: [] }, ...options);
};

/** Reference and pattern, joined; wildcards in a row are one. Null for what matches no name. */
const joinPattern = (reference: string, pattern: string | null): string | null => {
  if (pattern === null) return null;
  return pattern === '' ? '' : simplifyPattern(reference + pattern);
};

/** The arguments of LIST, from the space before them to the end: RFC 3501 §6.3.8, RFC 5258 §6. */
export const readListCommand = (cursor: Cursor): ListCommand => {
  cursor.space();
  const selection = cursor.peek() === '(' ? readSelection(cursor) : null;
  if (selection) cursor.space();
  const reference = cursor.mailboxName();
  cursor.space();
  const isMany = cursor.peek() === '(';
  const given = isMany ? cursor.list(() => cursor.mailboxPattern()) : [cursor.mailboxPattern()];
  if (given.length === 0 || given.length > MAX_PATTERNS) throw new ImapSyntaxError(`LIST takes 1 to ${MAX_PATTERNS} patterns`);
  const hasReturn = cursor.accept(' RETURN ');
  const returning = hasReturn ? readReturn(cursor) : { subscribed: false, status: [] };
  cursor.end();
  const isExtended = selection !== null || isMany || hasReturn;
  const patterns = [...new Set(given.flatMap((pattern) => joinPattern(reference, pattern) ?? []))];
  if (patterns.join('').length > MAX_PATTERN_LENGTH) throw new ImapSyntaxError('The patterns are too long');
  return { selection: isExtended ? (selection ?? NO_SELECTION) : null, patterns, returning };
};

/** The arguments of LSUB, RFC 3501 §6.3.9: the joined pattern, null for one that matches no name. */
export const readLsubPattern = (cursor: Cursor): string | null => {
  cursor.space();
  const reference = cursor.mailboxName();
  cursor.space();
  const pattern = cursor.mailboxPattern();
  cursor.end();
  const joined = joinPattern(reference, pattern);
  if (joined !== null && joined.length > MAX_PATTERN_LENGTH) throw new ImapSyntaxError('The pattern is too long');
  return joined;
};
