import type { Brand } from './brand.ts';

/** The decoded path of a mailbox as its server names it, with the server's own delimiter. */
export type MailboxPath = Brand<string, 'MailboxPath'>;

/** Changes when a mailbox was made anew under an old name: UIDs then mean other messages. RFC 9051 §2.3.1.1. */
export type UidValidity = Brand<number, 'UidValidity'>;

/** RFC 6154 §2. */
export const SPECIAL_USES = [
  '\\All',
  '\\Archive',
  '\\Drafts',
  '\\Flagged',
  '\\Important',
  '\\Inbox',
  '\\Junk',
  '\\Sent',
  '\\Trash',
] as const;
export type SpecialUse = (typeof SPECIAL_USES)[number];

/** The special use that a text names; null for any other text. */
export const readSpecialUse = (text: string | null): SpecialUse | null => SPECIAL_USES.find((use) => use === text) ?? null;

export interface Mailbox {
  readonly path: MailboxPath;
  /** The hierarchy delimiter, or null where names are flat. */
  readonly delimiter: string | null;
  readonly specialUse: SpecialUse | null;
  /** False for a name that only holds children (\Noselect, \NonExistent). */
  readonly selectable: boolean;
}

/** The levels of a mailbox path, outermost first. */
export const mailboxLevels = (mailbox: Pick<Mailbox, 'path' | 'delimiter'>): string[] =>
  mailbox.delimiter ? mailbox.path.split(mailbox.delimiter) : [mailbox.path];
