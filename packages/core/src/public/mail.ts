export type { Mailbox, MailboxPath, SpecialUse, UidValidity } from '../mail/mailbox.ts';
export { SPECIAL_USES } from '../mail/mailbox.ts';
export type { Message } from '../mail/message.ts';
export type { Locator, MessageRef, Uid } from '../mail/message-ref.ts';
