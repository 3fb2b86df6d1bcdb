import { z } from '@hono/zod-openapi';
import { type Account, ROLES } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';

const QUOTA = z.number().int().min(0).nullable().openapi({ description: 'Bytes; null means unlimited' });

/** The settings that a request may name; what it leaves out stays as it is, or has its default. */
export const ACCOUNT_SETTINGS = z.strictObject({
  name: z.string().max(200).optional(),
  role: z.enum(ROLES).optional(),
  setUp: z.boolean().optional().openapi({ description: 'Mail can be moved in only when true' }),
  quotaBytes: QUOTA.optional(),
  suspended: z.boolean().optional(),
  mailClients: z.boolean().optional().openapi({ description: 'False refuses POP3, IMAP and SMTP' }),
  pop3Smtp: z.boolean().optional().openapi({ description: "The user's own switch, which counts while the office's is on" }),
  webBlockedUntil: z.iso.datetime().nullable().optional().openapi({ description: 'Temporary block of web log-ins' }),
  departmentId: z.number().int().nullable().optional(),
  rank: z.string().max(100).optional(),
});

export const ACCOUNT = z
  .object({
    user: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    setUp: z.boolean(),
    quotaBytes: QUOTA,
    usedBytes: z.number().int(),
    messageCount: z.number().int(),
    suspended: z.boolean(),
    mailClients: z.boolean(),
    pop3Smtp: z.boolean(),
    pop3SmtpException: z.boolean(),
    hasOneTimeCode: z.boolean(),
    webBlockedUntil: z.iso.datetime().nullable(),
    departmentId: z.number().int().nullable(),
    rank: z.string(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Account');

export const accountView = (store: Store, account: Account): z.infer<typeof ACCOUNT> => {
  const { bytes, messages } = store.accounts.usage(account.id);
  const { id: _, webBlockedUntil, createdAt, ...shown } = account;
  return {
    ...shown,
    usedBytes: bytes,
    messageCount: messages,
    webBlockedUntil: webBlockedUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
};
