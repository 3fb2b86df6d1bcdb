import type { Mailbox, MailboxPath, SpecialUse } from '../../mail/mailbox.ts';
import { SPECIAL_USES } from '../../mail/mailbox.ts';
import { decodeMailboxName } from '../../mail/mailbox-name.ts';
import type { ImapConnection, ListedName } from './imap-connection.ts';

/** A mailbox with the bytes that commands call it by, a character for each. */
export interface NamedMailbox {
  readonly mailbox: Mailbox;
  readonly rawName: string;
}

const INBOX = 'INBOX';

const specialUseOf = (attributes: readonly string[]): SpecialUse | null =>
  SPECIAL_USES.find((use) => attributes.some((attribute) => attribute.toLowerCase() === use.toLowerCase())) ?? null;

const isSelectable = (attributes: readonly string[]): boolean =>
  !attributes.some((attribute) => /^\\(noselect|nonexistent)$/i.test(attribute));

/** INBOX is so in any case, and nothing else is (RFC 9051 §5.1). */
const pathOf = (rawName: string): string => (rawName.toUpperCase() === INBOX ? INBOX : decodeMailboxName(rawName));

/**
 * Every mailbox that the account has, subscribed or not, in the server's order, each once. Two names that read the same
 * get a number behind the later one, so that none is taken for the other.
 */
export const listMailboxes = async (connection: ImapConnection): Promise<NamedMailbox[]> => {
  const listed = await connection.list('*');
  for (const prefix of await connection.personalPrefixes()) {
    if (!listed.some(({ rawName }) => rawName.startsWith(prefix))) listed.push(...(await connection.list(`${prefix}*`)));
  }
  if (listed.length === 0) throw connection.violation('LIST gave no mailbox');
  const byRawName = new Map<string, ListedName>();
  for (const name of listed) if (!byRawName.has(name.rawName)) byRawName.set(name.rawName, name);
  const paths = new Set<string>();
  return Array.from(byRawName.values(), ({ rawName, delimiter, attributes }) => {
    const path = unused(paths, pathOf(rawName));
    paths.add(path);
    const isInbox = path === INBOX;
    const specialUse = specialUseOf(attributes) ?? (isInbox ? '\\Inbox' : null);
    return { rawName, mailbox: { path: path as MailboxPath, delimiter, specialUse, selectable: isSelectable(attributes) } };
  });
};

const unused = (taken: ReadonlySet<string>, path: string): string => {
  let candidate = path;
  for (let i = 2; taken.has(candidate); i += 1) candidate = `${path} (${i})`;
  return candidate;
};
