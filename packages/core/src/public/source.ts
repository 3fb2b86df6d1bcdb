export type { Credential, TokenSource } from '../net/credential.ts';
export type {
  FetchOutcome,
  ListedMessage,
  ListingPoint,
  ListingWish,
  MailSource,
  MessageListing,
  SourceFacts,
} from '../source/mail-source.ts';
export { guessSource } from '../source/guess-source.ts';
export { openSource, type SourceAddress } from '../source/open-source.ts';
