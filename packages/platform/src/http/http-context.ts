import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Office } from '../office/office.ts';
import type { Account } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { UploadIntake } from '../uploads/upload-intake.ts';
import type { UploadLimits } from '../uploads/upload-limits.ts';

/** What the routes work with. */
export interface HttpContext {
  readonly store: Store;
  readonly office: Office;
  readonly intake: UploadIntake;
  readonly limits: UploadLimits;
  /** Takes errors that no answer foresees. */
  readonly onError: (error: unknown) => void;
}

/** Behind the log-in, `account` is there. */
export interface HttpEnv {
  Variables: { account: Account; token: string };
}

export type HttpApp = OpenAPIHono<HttpEnv>;
