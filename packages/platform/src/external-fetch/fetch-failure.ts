/** Why a fetch as a whole ended early. Permanent. */
export const FETCH_FAILURE_CODES = [
  'connection-failed',
  'connection-lost',
  'interrupted',
  'log-in-refused',
  'mailbox-missing',
  'no-unique-ids',
  'protocol-violated',
  'timed-out',
  'tls-refused',
  'internal',
] as const;
export type FetchFailureCode = (typeof FETCH_FAILURE_CODES)[number];

/** The fetch ends; what was stored stays. The message holds nothing that the other server said, so no secret that it repeats. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
  readonly code: FetchFailureCode;

  constructor(code: FetchFailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
