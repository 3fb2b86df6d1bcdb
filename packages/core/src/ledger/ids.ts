import type { Brand } from '../mail/brand.ts';

/** Row numbers of one ledger; they mean nothing outside it. */
export type MailboxId = Brand<number, 'MailboxId'>;
export type MessageId = Brand<number, 'MessageId'>;
export type PartNumber = Brand<number, 'PartNumber'>;
