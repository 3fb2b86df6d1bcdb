import { z } from 'zod';

const TIME_OF_DAY = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** What the super administrator decides for the whole office. Every default is the manuals'. */
export const OFFICE_POLICY = z.strictObject({
  /** The plan has the POP3/SMTP option; without it the switch stays off (SPEC P6). */
  pop3SmtpInPlan: z.boolean().default(true),
  /** POP3 and SMTP for all users (SPEC P1, P2). */
  pop3Smtp: z.boolean().default(false),
  /** IMAP for all users. */
  imap: z.boolean().default(true),
  /** The server keeps mail, whatever DELE says (SPEC P4). */
  retention: z.boolean().default(false),
  /** IMAP shows the newest that many messages of a mailbox; null shows all (SPEC P9). */
  imapViewCap: z.int().min(1).nullable().default(null),
  /** Of an account that is made without one; null is unlimited (SPEC A2). */
  defaultQuotaBytes: z
    .int()
    .min(0)
    .nullable()
    .default(20 * 1024 * 1024),
  /** SPEC A10. */
  passwordMinLength: z.int().min(1).max(128).default(4),
  /** How many of the four kinds a password needs: lower case, capitals, digits, others (SPEC A10). */
  passwordMinKinds: z.int().min(1).max(4).default(1),
  /** SPEC X1. */
  messagesPerDay: z.int().min(0).default(500),
  recipientsPerMessage: z.int().min(1).default(100),
  /** Addresses and networks that web log-ins may come from; empty allows all (SPEC A11). */
  webAllowedAddresses: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .max(100)
    .default([]),
  /** Web log-ins are refused from the first minute to the last, both included; it may span midnight (SPEC A11). */
  webBlockedHours: z.strictObject({ from: TIME_OF_DAY, to: TIME_OF_DAY }).nullable().default(null),
  /** How long a backup request is being prepared, at least (SPEC B4). Up to 3 days. */
  backupPreparationMs: z
    .int()
    .min(0)
    .max(3 * 24 * 60 * 60 * 1000)
    .default(0),
});

export type OfficePolicy = Readonly<z.infer<typeof OFFICE_POLICY>>;

/** Features that would leak while POP3 and SMTP are on (SPEC P5). */
export const unavailableFeatures = ({ pop3Smtp }: OfficePolicy): readonly ('secret-mail' | 'approval-mail')[] =>
  pop3Smtp ? ['secret-mail', 'approval-mail'] : [];
