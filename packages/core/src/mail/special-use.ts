import { type Mailbox, mailboxLevels, type SpecialUse } from './mailbox.ts';
import { comparableName, USE_OF_NAME, VIEW_NAMES } from './special-use-names.ts';

type Named = Pick<Mailbox, 'path' | 'delimiter'>;

/** The name to compare, of a mailbox at the top or right below the inbox; null of any other, which is its owner's. */
const topName = (mailbox: Named): string | null => {
  const levels = mailboxLevels(mailbox);
  const [first = '', second] = levels;
  const name = levels.length === 1 ? first : levels.length === 2 && first.toUpperCase() === 'INBOX' ? second : undefined;
  return name === undefined ? null : comparableName(name);
};

const isInbox = ({ path }: Named): boolean => path.toUpperCase() === 'INBOX';

/**
 * Fills in what mailboxes are for by their names, where the source says nothing (SPEC K6). What the source says wins: a use
 * that it gives to one mailbox is not given to another by name, and none is given twice by name.
 */
export const withSpecialUses = <Found extends Mailbox>(mailboxes: readonly Found[]): Found[] => {
  const taken = new Set(mailboxes.map(({ specialUse }) => specialUse));
  const give = (mailbox: Found, use: SpecialUse | undefined): Found => {
    if (use === undefined || mailbox.specialUse !== null || !mailbox.selectable || taken.has(use)) return mailbox;
    taken.add(use);
    return { ...mailbox, specialUse: use };
  };
  // INBOX first, so that no other name for an inbox takes its place.
  return mailboxes
    .map((mailbox) => give(mailbox, isInbox(mailbox) ? '\\Inbox' : undefined))
    .map((mailbox) => give(mailbox, USE_OF_NAME.get(topName(mailbox) ?? '')));
};

/**
 * How a mailbox relates to the others (SPEC K6). `view`: the source itself says that it shows what others hold.
 * `likely-view`: Gmail's All Mail, and what only a name makes a view: it goes last, and what no other mailbox held is taken from it.
 */
export const standingOf = (mailbox: Pick<Mailbox, 'path' | 'delimiter' | 'specialUse'>): 'mailbox' | 'view' | 'likely-view' => {
  if (mailbox.specialUse === '\\All' || VIEW_NAMES.has(topName(mailbox) ?? '')) return 'likely-view';
  return mailbox.specialUse === '\\Flagged' || mailbox.specialUse === '\\Important' ? 'view' : 'mailbox';
};
