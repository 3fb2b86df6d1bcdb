import { z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { PlatformErrorCode } from '../platform-error.ts';

/** Codes that only HTTP knows, beside those of the platform. */
export type ProblemCode = PlatformErrorCode | 'internal' | 'request-invalid' | 'route-missing';

export const STATUS_BY_CODE: Readonly<Record<ProblemCode, ContentfulStatusCode>> = {
  'account-not-set-up': 403,
  'account-unknown': 404,
  'auth-refused': 401,
  'auth-required': 401,
  'body-too-large': 413,
  'content-already-received': 409,
  'content-mismatch': 422,
  'content-superseded': 409,
  'directory-in-use': 500,
  'directory-unreadable': 500,
  'flag-invalid': 422,
  'idempotency-conflict': 409,
  'internal': 500,
  'mailbox-exists': 409,
  'mailbox-missing': 404,
  'mailbox-name-invalid': 400,
  'mailbox-protected': 409,
  'manifest-invalid': 422,
  'message-empty': 422,
  'over-quota': 507,
  'request-invalid': 400,
  'route-missing': 404,
  'upload-missing': 404,
  'zip-too-large': 413,
};

const PROBLEM = z
  .object({ error: z.object({ code: z.string().openapi({ example: 'mailbox-missing' }), message: z.string() }) })
  .openapi('Problem');

export type Problem = z.infer<typeof PROBLEM>;

export const problem = (code: ProblemCode, message: string): Problem => ({ error: { code, message } });

/** The error answers of a route in the OpenAPI document. */
export const problems = (descriptions: Readonly<Record<number, string>>) =>
  Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { 'application/json': { schema: PROBLEM } } },
    ]),
  );
