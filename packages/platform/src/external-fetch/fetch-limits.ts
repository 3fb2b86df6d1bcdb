/** Bounds on what a fetch takes in from a server that may be hostile. */
export interface FetchLimits {
  /** A message of so many bytes is skipped (SPEC X2). */
  readonly messageBytes: number;
  /** No fetch takes more in all (SPEC X2). */
  readonly totalBytes: number;
  /** Messages that a server may list. */
  readonly messages: number;
  /** Without a byte from the server. */
  readonly idleMs: number;
  readonly totalMs: number;
}

export const DEFAULT_FETCH_LIMITS: FetchLimits = {
  messageBytes: 5 * 2 ** 20,
  totalBytes: 2 ** 30,
  messages: 200_000,
  idleMs: 60_000,
  totalMs: 6 * 60 * 60 * 1000,
};
