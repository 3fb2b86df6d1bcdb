/** What the platform refuses on purpose. Codes are permanent: they are the `error.code` of the HTTP API. */
export type PlatformErrorCode =
  | 'account-not-set-up'
  | 'account-protected'
  | 'account-suspended'
  | 'account-unknown'
  | 'address-invalid'
  | 'address-not-allowed'
  | 'address-outside'
  | 'address-taken'
  | 'auth-refused'
  | 'auth-required'
  | 'backup-expired'
  | 'backup-limit'
  | 'backup-missing'
  | 'backup-not-ready'
  | 'blocked-hours'
  | 'body-too-large'
  | 'confirmation-required'
  | 'content-already-received'
  | 'content-mismatch'
  | 'content-superseded'
  | 'department-exists'
  | 'department-missing'
  | 'department-not-empty'
  | 'directory-in-use'
  | 'directory-unreadable'
  | 'domain-unknown'
  | 'external-fetch-missing'
  | 'external-fetch-running'
  | 'flag-invalid'
  | 'forbidden'
  | 'forward-missing'
  | 'host-not-allowed'
  | 'host-unknown'
  | 'idempotency-conflict'
  | 'imap-off'
  | 'mail-clients-off'
  | 'mailbox-copy-missing'
  | 'mailbox-exists'
  | 'mailbox-limit'
  | 'mailbox-missing'
  | 'mailbox-name-invalid'
  | 'mailbox-protected'
  | 'mailbox-too-large'
  | 'mailing-address-missing'
  | 'manifest-invalid'
  | 'message-empty'
  | 'message-missing'
  | 'name-invalid'
  | 'one-time-code-required'
  | 'over-quota'
  | 'password-weak'
  | 'policy-invalid'
  | 'pop3-smtp-off'
  | 'range-invalid'
  | 'sending-limit'
  | 'too-many-forwards'
  | 'too-many-log-ins'
  | 'too-many-recipients'
  | 'upload-missing'
  | 'web-blocked'
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
