/** Bounds on what an upload may make the platform hold or write. */
export interface UploadLimits {
  /** SPEC U2: a ZIP of that size is refused. */
  readonly zipBytes: number;
  /** One message. */
  readonly messageBytes: number;
  /** Records in the central directory of one ZIP. */
  readonly entries: number;
  /** What one ZIP says that it unpacks to. */
  readonly unpackedBytes: number;
  readonly manifestBytes: number;
  readonly manifestLineBytes: number;
  /** Messages, and bytes of messages, that are committed at once. */
  readonly batchMessages: number;
  readonly batchBytes: number;
}

export const DEFAULT_UPLOAD_LIMITS: UploadLimits = {
  zipBytes: 2 ** 31,
  messageBytes: 150 * 1024 * 1024,
  entries: 1_000_000,
  unpackedBytes: 64 * 1024 ** 3,
  manifestBytes: 512 * 1024 * 1024,
  manifestLineBytes: 64 * 1024,
  batchMessages: 100,
  batchBytes: 8 * 1024 * 1024,
};
