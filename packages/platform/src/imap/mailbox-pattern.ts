import { DELIMITER } from '../store/mailbox-path.ts';

/** Wildcards in a row do what one of them does: `*` if it is among them. */
export const simplifyPattern = (pattern: string): string => pattern.replace(/[*%]{2,}/g, (run) => (run.includes('*') ? '*' : '%'));

/**
 * `*` matches anything, `%` anything but the delimiter, RFC 3501 §6.3.8. `reached[i]` says that the
 * pattern's first `i` characters match so far: time grows with the product of the lengths, whatever the pattern. A simplified one
 * is at most twice as long as a name that it can match.
 */
const matches = (pattern: string, name: string): boolean => {
  if (pattern.length > 2 * name.length + 1) return false;
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

/** Whether the name of a mailbox is what a LIST pattern asks for; INBOX in any case, RFC 3501 §5.1. */
export const matchesMailbox = (pattern: string, path: string): boolean =>
  matches(pattern, path) || (path === 'INBOX' && matches(pattern.toUpperCase(), path));
