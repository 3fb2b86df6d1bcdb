import { z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { PlatformErrorCode } from '../platform-error.ts';

/** Codes that only HTTP knows, beside those of the platform. */
export type ProblemCode = PlatformErrorCode | 'internal' | 'request-invalid' | 'route-missing';

export const STATUS_BY_CODE: Readonly<Record<ProblemCode, ContentfulStatusCode>> = {
  'account-not-set-up': 403,
  'account-protected': 409,
  'account-suspended': 403,
  'account-unknown': 404,
  'address-invalid': 400,
  'address-not-allowed': 403,
  'address-outside': 422,
  'address-taken': 409,
  'auth-refused': 401,
  'auth-required': 401,
  'backup-expired': 410,
  'backup-limit': 409,
  'backup-missing': 404,
  'backup-not-ready': 409,
  'blocked-hours': 403,
  'body-too-large': 413,
  'confirmation-required': 409,
  'contact-missing': 404,
  'content-already-received': 409,
  'content-mismatch': 422,
  'content-superseded': 409,
  'csv-invalid': 422,
  'department-exists': 409,
  'department-missing': 404,
  'department-not-empty': 409,
  'directory-in-use': 500,
  'directory-unreadable': 500,
  'domain-unknown': 422,
  'external-fetch-missing': 404,
  'external-fetch-running': 409,
  'flag-invalid': 422,
  'forbidden': 403,
  'forward-missing': 404,
  'host-not-allowed': 403,
  'host-unknown': 422,
  'idempotency-conflict': 409,
  'imap-off': 403,
  'internal': 500,
  'mail-clients-off': 403,
  'mailbox-copy-missing': 404,
  'mailbox-exists': 409,
  'mailbox-missing': 404,
  'mailbox-name-invalid': 400,
  'mailbox-limit': 409,
  'mailbox-protected': 409,
  'mailbox-too-large': 413,
  'mailing-address-missing': 404,
  'manifest-invalid': 422,
  'message-empty': 422,
  'message-missing': 404,
  'migration-closed': 403,
  'migration-missing': 404,
  'name-invalid': 400,
  'not-encodable': 422,
  'one-time-code-required': 401,
  'over-quota': 507,
  'password-weak': 422,
  'policy-invalid': 400,
  'pop3-smtp-off': 403,
  'range-invalid': 416,
  'request-invalid': 400,
  'request-incomplete': 400,
  'route-missing': 404,
  'sending-limit': 429,
  'too-many-forwards': 409,
  'too-many-log-ins': 429,
  'too-many-recipients': 422,
  'too-many-rows': 422,
  'upload-missing': 404,
  'web-blocked': 403,
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
