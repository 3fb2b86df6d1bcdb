export type { Mailbox, MailboxPath, SpecialUse, UidValidity } from '../mail/mailbox.ts';
export { SPECIAL_USES } from '../mail/mailbox.ts';
export type { Message } from '../mail/message.ts';
export type { FilterReason, MessageFilter } from '../mail/message-filter.ts';
export type { Locator, MessageRef, Uid } from '../mail/message-ref.ts';
export type { MessageText } from '../mail/message-text.ts';
export { NOTICE_KINDS, type Notice, type NoticeCode } from '../mail/notice.ts';
export { type Period, readPeriod } from '../mail/period.ts';
