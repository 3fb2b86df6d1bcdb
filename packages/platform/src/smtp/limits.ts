/** Bounds on what a client may make the SMTP server hold or wait for. */
export interface SmtpLimits {
  /** One message. */
  readonly messageBytes: number;
  /** Without a byte from the client; RFC 5321 §4.5.3.2 asks for 5 minutes. */
  readonly idleMs: number;
  readonly connections: number;
  /** Commands before the log-in, and unknown ones. */
  readonly commandsBeforeLogIn: number;
}

export const DEFAULT_SMTP_LIMITS: SmtpLimits = {
  messageBytes: 150 * 1024 * 1024,
  idleMs: 5 * 60_000,
  connections: 500,
  commandsBeforeLogIn: 20,
};
