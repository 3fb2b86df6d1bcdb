/** Bounds on what a client may make the SMTP server hold or wait for. */
export interface SmtpLimits {
  /** One message. */
  readonly messageBytes: number;
  /** All messages that are on their way in. */
  readonly heldBytes: number;
  /** From connecting to a successful log-in. */
  readonly logInMs: number;
  /** Without a byte from the client; RFC 5321 §4.5.3.2 asks for 5 minutes. */
  readonly idleMs: number;
  readonly connections: number;
  /** Commands before the log-in, and unknown ones. */
  readonly commandsBeforeLogIn: number;
}

export const DEFAULT_SMTP_LIMITS: SmtpLimits = {
  messageBytes: 150 * 1024 * 1024,
  heldBytes: 512 * 1024 * 1024,
  logInMs: 60_000,
  idleMs: 5 * 60_000,
  connections: 500,
  commandsBeforeLogIn: 20,
};
