/** Bounds on what a client may make the IMAP server hold or wait for. */
export interface ImapLimits {
  /** One message, and the largest literal of APPEND. */
  readonly messageBytes: number;
  /** One command without its literals. */
  readonly lineBytes: number;
  /** All literals of one command that is no APPEND. */
  readonly literalBytes: number;
  /** From connecting to a successful log-in. */
  readonly logInMs: number;
  /** Without a byte in either direction; RFC 3501 §5.4 asks for at least 30 minutes. */
  readonly idleMs: number;
  readonly connections: number;
  /** Failed log-ins after which the connection is closed. */
  readonly failedLogIns: number;
}

export const DEFAULT_IMAP_LIMITS: ImapLimits = {
  messageBytes: 150 * 1024 * 1024,
  lineBytes: 64 * 1024,
  literalBytes: 64 * 1024,
  logInMs: 60_000,
  idleMs: 30 * 60_000,
  connections: 500,
  failedLogIns: 3,
};
