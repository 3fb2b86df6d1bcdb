/** What the platform refuses on purpose. Codes are permanent: they are the `error.code` of the HTTP API. */
export type PlatformErrorCode =
  | 'account-not-set-up'
  | 'account-unknown'
  | 'auth-refused'
  | 'auth-required'
  | 'body-too-large'
  | 'content-already-received'
  | 'content-mismatch'
  | 'content-superseded'
  | 'directory-in-use'
  | 'directory-unreadable'
  | 'flag-invalid'
  | 'idempotency-conflict'
  | 'mailbox-exists'
  | 'mailbox-missing'
  | 'mailbox-name-invalid'
  | 'mailbox-protected'
  | 'manifest-invalid'
  | 'message-empty'
  | 'over-quota'
  | 'upload-missing'
  | 'zip-too-large';

/** A refusal. `message` is English and goes to the client as it stands, so it holds no secret. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: PlatformErrorCode;

  constructor(code: PlatformErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
