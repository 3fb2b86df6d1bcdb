/** Gives access tokens for OAuth 2.0 (RFC 6749 §1.4). */
export interface TokenSource {
  /**
   * A token to log in with now. With `refused`, the token that the server just refused, a new one is made.
   * Errors: `token-refused`, `token-failed`, `cancelled`.
   */
  token(signal: AbortSignal, refused?: string): Promise<string>;
}

/** How an account proves who it is. */
export type Credential =
  | { readonly kind: 'password'; readonly password: string }
  /** SASL XOAUTH2 or OAUTHBEARER (RFC 7628). */
  | { readonly kind: 'oauth2'; readonly tokens: TokenSource };
