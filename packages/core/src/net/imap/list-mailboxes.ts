import { type Mailbox, type MailboxPath, SPECIAL_USES, type SpecialUse } from '../../mail/mailbox.ts';
import { decodeMailboxName } from '../../mail/mailbox-name.ts';
import type { ImapConnection } from './imap-connection.ts';
import type { ListedName } from './list-response.ts';

/** A mailbox with the bytes that commands call it by, a character for each. */
export interface NamedMailbox {
  readonly mailbox: Mailbox;
  readonly rawName: string;
}

const INBOX = 'INBOX';

/** INBOX is so in any case, and nothing else is (RFC 9051 §5.1). */
const isInbox = (rawName: string): boolean => rawName.toUpperCase() === INBOX;

const specialUseOf = (attributes: readonly string[]): SpecialUse | null =>
  SPECIAL_USES.find((use) => attributes.some((attribute) => attribute.toLowerCase() === use.toLowerCase())) ?? null;

const isSelectable = (attributes: readonly string[]): boolean =>
  !attributes.some((attribute) => /^\\(noselect|nonexistent)$/i.test(attribute));

/**
 * Every mailbox that the account has, subscribed or not, in the server's order, each once. Of several names that read the same,
 * the first by its bytes is called so and the others get a number behind it, whatever the server's order.
 * Errors: `server-refused`, `protocol-violation`.
 */
export const listMailboxes = async (connection: ImapConnection): Promise<NamedMailbox[]> => {
  let listed = await connection.list('*');
  for (const prefix of await connection.personalPrefixes()) {
    if (!listed.some(({ rawName }) => rawName.startsWith(prefix))) listed = listed.concat(await connection.list(`${prefix}*`));
  }
  if (listed.length === 0) throw connection.violation('LIST gave no mailbox');
  const byKey = Map.groupBy(listed, ({ rawName }) => (isInbox(rawName) ? INBOX : rawName));
  const paths = distinctPaths([...byKey.keys()]);
  return Array.from(byKey, ([key, mentions]) => ({
    rawName: mentions[0]?.rawName ?? key,
    mailbox: toMailbox((paths.get(key) ?? key) as MailboxPath, mentions),
  }));
};

/** What all mentions of a mailbox say together: one that can be opened by any of them is worth a try. */
const toMailbox = (path: MailboxPath, mentions: readonly ListedName[]): Mailbox => ({
  path,
  delimiter: mentions[0]?.delimiter ?? null,
  specialUse: specialUseOf(mentions.flatMap(({ attributes }) => attributes)) ?? (path === INBOX ? '\\Inbox' : null),
  selectable: mentions.some(({ attributes }) => isSelectable(attributes)),
});

/** The path of each name, no two the same. */
const distinctPaths = (rawNames: readonly string[]): Map<string, string> => {
  const byPath = Map.groupBy(rawNames.toSorted(), decodeMailboxName);
  const used = new Set(byPath.keys());
  const paths = new Map<string, string>();
  for (const [path, [first = path, ...others]] of byPath) {
    paths.set(first, path);
    let number = 2;
    for (const rawName of others) {
      while (used.has(`${path} (${number})`)) number += 1;
      const numbered = `${path} (${number})`;
      used.add(numbered);
      paths.set(rawName, numbered);
    }
  }
  return paths;
};
