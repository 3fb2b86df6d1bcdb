import { z } from '@hono/zod-openapi';
import type { SpecialUse } from '@mailferry/core/mail';
import { DELIMITER } from '../store/mailbox-path.ts';
import type { StoredMailbox } from '../store/mailboxes.ts';
import { ENTRY_FAILURE_CODES, UPLOAD_STATES, type Upload, type UploadEntry } from '../store/uploads.ts';

const SPECIAL_USES = [
  '\\All',
  '\\Archive',
  '\\Drafts',
  '\\Flagged',
  '\\Important',
  '\\Junk',
  '\\Sent',
  '\\Trash',
] as const satisfies SpecialUse[];

export const SPECIAL_USE = z.enum(SPECIAL_USES);
export const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How many rows a page has. */
export const PAGE_LIMIT = z.coerce.number().int().min(1).max(5000).default(1000);

export const MAILBOX = z
  .object({
    id: z.string(),
    path: z.string(),
    delimiter: z.literal(DELIMITER),
    specialUse: z.string().nullable(),
    uidValidity: z.number().int(),
    messageCount: z.number().int(),
    sizeBytes: z.number().int(),
  })
  .openapi('Mailbox');

export const mailboxView = (mailbox: StoredMailbox): z.infer<typeof MAILBOX> => ({
  id: String(mailbox.id),
  path: mailbox.path,
  delimiter: DELIMITER,
  specialUse: mailbox.specialUse,
  uidValidity: mailbox.uidValidity,
  messageCount: mailbox.messageCount,
  sizeBytes: mailbox.sizeBytes,
});

export const UPLOAD = z
  .object({
    id: z.string(),
    state: z.enum(UPLOAD_STATES),
    mailboxId: z.string(),
    fileName: z.string(),
    sizeBytes: z.number().int(),
    total: z.number().int().openapi({ description: 'Entries that are no directories; 0 until the ZIP was opened' }),
    succeeded: z.number().int(),
    failed: z.number().int(),
    reason: z.string().nullable().openapi({ description: 'Why the whole upload failed' }),
    createdAt: z.iso.datetime(),
  })
  .openapi('Upload');

export const uploadView = (upload: Upload): z.infer<typeof UPLOAD> => ({
  id: upload.id,
  state: upload.state,
  mailboxId: String(upload.mailboxId),
  fileName: upload.fileName,
  sizeBytes: upload.sizeBytes,
  total: upload.total,
  succeeded: upload.succeeded,
  failed: upload.failed,
  reason: upload.reason,
  createdAt: upload.createdAt.toISOString(),
});

export const ENTRY = z
  .object({
    index: z.number().int().openapi({ description: "Place in the ZIP's central directory, from 0" }),
    name: z.string(),
    state: z.enum(['stored', 'failed']),
    code: z.enum(ENTRY_FAILURE_CODES).nullable(),
    reason: z.string().nullable(),
    uid: z.number().int().nullable(),
    sha256: z.string().nullable(),
    sizeBytes: z.number().int().nullable(),
  })
  .openapi('UploadEntry');

export const entryView = (entry: UploadEntry): z.infer<typeof ENTRY> => ({
  code: null,
  reason: null,
  uid: null,
  sha256: null,
  sizeBytes: null,
  ...entry,
});
