import { z } from 'zod';

/** What the platform's HTTP API answers, as far as Mailferry relies on it. See the platform's /openapi.json. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();

export const errorAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
export const sessionAnswer = z.object({ token: z.string().min(1) });
export const accountAnswer = z.object({ setUp: z.boolean() });

const mailbox = z.object({
  id: z.string(),
  path: z.string(),
  delimiter: z.string(),
  specialUse: z.string().nullable(),
  messageCount: count,
});
export type PlatformMailbox = z.infer<typeof mailbox>;
export const mailboxAnswer = mailbox;
export const mailboxesAnswer = z.object({ mailboxes: z.array(mailbox) });

export const messagesAnswer = z.object({ messages: z.array(z.object({ sha256, sizeBytes: count })), next: z.int().nullable() });

export const uploadAnswer = z.object({
  id: z.string(),
  state: z.enum(['awaiting-content', 'processing', 'complete', 'failed']),
  total: count.nullable(),
  succeeded: count,
  failed: count,
  reason: z.string().nullable(),
});
export type PlatformUpload = z.infer<typeof uploadAnswer>;

export const entriesAnswer = z.object({
  entries: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['stored', 'failed']),
      code: z.string().nullable(),
      reason: z.string().nullable(),
      sha256: sha256.nullable(),
    }),
  ),
  next: z.int().nullable(),
});

const rejectedRows = z.array(z.object({ row: count, column: z.string().nullable(), reason: z.string() }));
export const importAnswer = z.object({ imported: count, rejected: rejectedRows });
export const orgChartAnswer = z.object({ placed: count, rejected: rejectedRows });
export const exportReportAnswer = z.object({ contacts: count, lost: z.array(z.object({ field: z.string(), contacts: count })) });
