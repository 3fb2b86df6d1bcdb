import type { OpenAPIHono } from '@hono/zod-openapi';
import type { BackupDesk } from '../backups/backup-desk.ts';
import type { ExternalFetcher } from '../external-fetch/external-fetcher.ts';
import type { MailboxCopier } from '../mailbox-copy/mailbox-copier.ts';
import type { Office } from '../office/office.ts';
import type { Account } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { UploadIntake } from '../uploads/upload-intake.ts';
import type { UploadLimits } from '../uploads/upload-limits.ts';
import type { WallClock } from '../wall-clock.ts';

/** What the routes work with. */
export interface HttpContext {
  readonly store: Store;
  readonly office: Office;
  readonly intake: UploadIntake;
  readonly limits: UploadLimits;
  readonly backups: BackupDesk;
  readonly copier: MailboxCopier;
  readonly fetcher: ExternalFetcher;
  readonly clock: WallClock;
  readonly now: () => Date;
  /** Takes errors that no answer foresees. */
  readonly onError: (error: unknown) => void;
}

/** Behind the log-in, `account` is there. */
export interface HttpEnv {
  Variables: { account: Account; token: string };
}

export type HttpApp = OpenAPIHono<HttpEnv>;
