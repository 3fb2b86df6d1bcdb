export type { FetchOutcome, ListedMessage, MailSource, MessageListing } from '../source/mail-source.ts';
export { openSource, type SourceAddress } from '../source/open-source.ts';
