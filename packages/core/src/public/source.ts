export type { Credential, TokenSource } from '../net/credential.ts';
export { type RefreshOptions, refreshTokens } from '../net/oauth2/refresh-tokens.ts';
export { type TokenCommandOptions, tokenCommand } from '../net/oauth2/token-command.ts';
export { guessSource } from '../source/guess-source.ts';
export type {
  FetchOutcome,
  ListedMessage,
  ListingPoint,
  ListingWish,
  MailSource,
  MessageListing,
  SourceFacts,
} from '../source/mail-source.ts';
export { openSource, type SourceAddress } from '../source/open-source.ts';
