/** Bounds on what a client may make the POP3 server hold or wait for. */
export interface Pop3Limits {
  /** One command; RFC 2449 §4 asks for at least 255. */
  readonly lineBytes: number;
  /** From connecting to a successful log-in. */
  readonly logInMs: number;
  /** Without a byte in either direction; RFC 1939 §3 asks for at least 10 minutes. */
  readonly idleMs: number;
  readonly connections: number;
  /** Failed log-ins after which the connection is closed. */
  readonly failedLogIns: number;
}

export const DEFAULT_POP3_LIMITS: Pop3Limits = {
  lineBytes: 512,
  logInMs: 60_000,
  idleMs: 10 * 60_000,
  connections: 500,
  failedLogIns: 3,
};
