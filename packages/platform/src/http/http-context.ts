import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Account } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { UploadIntake } from '../uploads/upload-intake.ts';
import type { UploadLimits } from '../uploads/upload-limits.ts';

/** What the routes work with. */
export interface HttpContext {
  readonly store: Store;
  readonly intake: UploadIntake;
  readonly limits: UploadLimits;
  /** Before a failed log-in is answered. */
  readonly failedLogInMs: number;
  /** Takes errors that no answer foresees. */
  readonly onError: (error: unknown) => void;
}

/** Behind the log-in, `account` is there. */
export interface HttpEnv {
  Variables: { account: Account };
}

export type HttpApp = OpenAPIHono<HttpEnv>;
