import type { Brand } from './brand.ts';
import type { MailboxPath, UidValidity } from './mailbox.ts';

/** RFC 9051 §2.3.1.1: 1 to 4,294,967,295. */
export type Uid = Brand<number, 'Uid'>;

/**
 * What finds a message inside one generation of its mailbox: an IMAP UID, a byte
 * offset in an mbox, or a POP3 UIDL / file name.
 */
export type Locator = number | string;

/** Where a message is at its source. Together with the source's identity, the key of the ledger. */
export interface MessageRef {
  readonly mailbox: MailboxPath;
  /** 0 where the source has no such notion (POP3, mbox, files). */
  readonly uidValidity: UidValidity;
  readonly locator: Locator;
}
