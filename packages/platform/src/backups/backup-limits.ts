/** Bounds on the parts of a backup. */
export interface BackupLimits {
  /** No part has more bytes (SPEC B2). */
  readonly partBytes: number;
  /** No part has more entries: the writer keeps a record of each in memory until the part's end. */
  readonly partMessages: number;
}

export const DEFAULT_BACKUP_LIMITS: BackupLimits = { partBytes: 4 * 1024 ** 3, partMessages: 10_000 };

/** Requests of an account that wait, are being prepared or can be downloaded (SPEC B6). */
export const MAX_BACKUPS = 5;
