import { z } from 'zod';
import { en } from './messages/en.ts';
import { optionInvalid } from './option-invalid.ts';
import type { PlainKey, Texts } from './texts.ts';

/** Option values as yargs leaves them (strings, or arrays where one was repeated) are checked here; an issue's message is a PlainKey. */
export const key = <Key extends PlainKey>(name: Key): Key => name;

export const single = z.string({ error: key('reason.given-twice') }).min(1, key('reason.empty'));
export const flag = z.boolean().default(false);

export const wholeNumber = (min: number, max: number, reason: PlainKey) =>
  single.refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, { error: reason }).transform(Number);

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  'b': 1,
  'kb': 1e3,
  'mb': 1e6,
  'gb': 1e9,
  'kib': 2 ** 10,
  'mib': 2 ** 20,
  'gib': 2 ** 30,
};
const PART_BYTES_MIN = 64 * 1024;
/** SPEC B2. */
const PART_BYTES_MAX = 4 * 1024 ** 3;
/** Mail programs show a quota, and some need one. */
const SERVED_QUOTA_BYTES = 10e9;
const UPLOAD_PART_BYTES_MAX = 1_999_999_999;

/** `500MB`, `4GiB`, `1000000`: bytes. */
const sizeBytes = single.transform((text, context) => {
  const [, digits, unit] = /^(\d{1,15}(?:\.\d{1,3})?)\s?([a-z]*)$/i.exec(text) ?? [];
  const factor = SIZE_UNITS[unit?.toLowerCase() ?? '?'];
  if (digits !== undefined && factor !== undefined) return Math.floor(Number(digits) * factor);
  context.addIssue({ code: 'custom', message: key('reason.size-unreadable') });
  return z.NEVER;
});

/** Parts stay below 4 GiB, so that the usual way to say so, `4GiB`, means the largest one. */
const partBytes = sizeBytes
  .refine((bytes) => bytes >= PART_BYTES_MIN, { error: key('reason.size-too-small') })
  .refine((bytes) => bytes <= PART_BYTES_MAX, { error: key('reason.size-too-large') })
  .transform((bytes) => Math.min(bytes, PART_BYTES_MAX - 1));

const fingerprint = single.refine((text) => /^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i.test(text), { error: key('reason.fingerprint') });

const tokenOptions = {
  'oauth2-token-command': single.optional(),
  'oauth2-provider': single.optional(),
  'oauth2-client-id': single.optional(),
  'oauth2-client-secret-file': single.optional(),
  'oauth2-refresh-token-file': single.optional(),
};

const sourceOptions = {
  'from': single,
  'provider': single.optional(),
  'way': z.enum(['imap', 'pop3'], { error: key('reason.way') }).optional(),
  'connections': wholeNumber(1, 16, 'reason.connections').optional(),
  'compress': flag,
  'mbox-format': z.enum(['mboxo', 'mboxrd', 'mboxcl', 'mboxcl2'], { error: key('reason.mbox-format') }).optional(),
  'allow-insecure': flag,
  'from-ca-file': single.optional(),
  'from-fingerprint': fingerprint.optional(),
  'from-password-file': single.optional(),
  'from-password-env': single.optional(),
  'from-master-user': single.optional(),
  'from-master-separator': single.default('*'),
  ...tokenOptions,
};
export const several = z.array(single).default([]);
const filterOptions = {
  'include': several,
  'exclude': several,
  'period': single.optional(),
  'time-zone': single.optional(),
  'larger-than': sizeBytes.optional(),
  'smaller-than': sizeBytes.optional(),
  'with-flag': several,
  'without-flag': several,
};
const goOnOptions = { 'rebind': flag, 'delete-after-pull': flag, 'sign-key': single.optional(), 'dry-run': flag };
export const targetOptions = {
  'to': single,
  'to-password-file': single.optional(),
  'to-password-env': single.optional(),
  'to-ca-file': single.optional(),
  'to-code-command': single.optional(),
  'allow-insecure': flag,
};

export const migrateOptions = z.object({
  ...sourceOptions,
  ...filterOptions,
  ...targetOptions,
  ...goOnOptions,
  archive: single,
  yes: flag,
});
export const backupOptions = z
  .object({
    ...sourceOptions,
    ...filterOptions,
    ...goOnOptions,
    'yes': flag,
    'out': single,
    'for-upload': flag,
    'part-size': partBytes.optional(),
    'encrypt-to': several,
    'recipients-file': single.optional(),
  })
  .refine((options) => !options['for-upload'] || (options['encrypt-to'].length === 0 && options['recipients-file'] === undefined), {
    path: ['encrypt-to'],
    error: key('reason.encrypted-upload'),
  })
  .refine((options) => !options['for-upload'] || (options['part-size'] ?? 0) <= UPLOAD_PART_BYTES_MAX, {
    path: ['part-size'],
    error: key('reason.size-not-for-upload'),
  });
export const uploadOptions = z.object({ ...targetOptions, path: single, mailbox: single.optional(), yes: flag });
export const restoreOptions = z.object({
  ...filterOptions,
  ...tokenOptions,
  'path': single,
  'to': single,
  'to-password-file': single.optional(),
  'to-password-env': single.optional(),
  'to-ca-file': single.optional(),
  'to-fingerprint': fingerprint.optional(),
  'to-master-user': single.optional(),
  'to-master-separator': single.default('*'),
  'allow-insecure': flag,
  'connections': wholeNumber(1, 16, 'reason.connections').optional(),
  'under': single.optional(),
  'as-listed': flag,
  'send-uncertain': flag,
  'journal': single.optional(),
  'identity': single.optional(),
  'dry-run': flag,
  'yes': flag,
});
export const probeOptions = z.object(sourceOptions);
export const providersOptions = z.object({ id: single.optional() });
export const verifyOptions = z.object({
  'path': single,
  'key-file': single.optional(),
  'identity': single.optional(),
  'head': single
    .regex(/^[0-9a-f]{64}$/i, key('reason.head'))
    .toLowerCase()
    .optional(),
});
const inArchive = { 'path': single, 'identity': single.optional(), 'time-zone': single.optional() };
export const lsOptions = z.object({ ...inArchive, mailbox: single.optional(), messages: flag });
export const catOptions = z
  .object({ ...inArchive, id: single, text: flag, headers: flag, out: single.optional() })
  .refine(({ text, headers, out }) => [text, headers, out !== undefined].filter(Boolean).length < 2, {
    path: ['out'],
    error: key('reason.one-form'),
  });
export const searchOptions = z.object({
  ...inArchive,
  'words': several,
  'from': single.optional(),
  'to': single.optional(),
  'subject': single.optional(),
  'mailbox': several,
  'period': single.optional(),
  'has-attachment': flag,
});
export const indexOptions = z.object({ ...inArchive, out: single });
export const keyOptions = z.object({ path: single });

const DAY_MS = 24 * 60 * 60 * 1000;
const DURATION_DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30.44, y: 365.25 };

/** `30d`, `8w`, `6m` and `2y`: milliseconds. */
const durationMs = single.transform((text, context) => {
  const [, digits, unit = ''] = /^(\d{1,5})([dwmy])$/i.exec(text) ?? [];
  const days = DURATION_DAYS[unit.toLowerCase()];
  if (digits !== undefined && days !== undefined) return Number(digits) * days * DAY_MS;
  context.addIssue({ code: 'custom', message: key('reason.duration') });
  return z.NEVER;
});

const uploadPartBytes = partBytes.refine((bytes) => bytes <= UPLOAD_PART_BYTES_MAX, { error: key('reason.size-not-for-upload') });

export const repackOptions = z.object({
  'path': single,
  'out': single,
  'by': z.enum(['mailbox', 'year', 'month'], { error: key('reason.by') }).default('mailbox'),
  'part-size': uploadPartBytes.optional(),
  'identity': single.optional(),
  'sign-key': single.optional(),
});
export const repairOptions = z.object({ path: single, out: single, identity: single.optional() });
export const drillOptions = z.object({
  path: single,
  sample: wholeNumber(1, 999_999_999, 'reason.count').optional(),
  identity: single.optional(),
});

export const pruneOptions = z
  .object({
    'path': single,
    'keep-last': wholeNumber(1, 999_999_999, 'reason.count').optional(),
    'keep-within': durationMs.optional(),
    'identity': single.optional(),
    'dry-run': flag,
    'yes': flag,
  })
  .refine((options) => options['keep-last'] !== undefined || options['keep-within'] !== undefined, {
    path: ['keep-last'],
    error: key('reason.keep-missing'),
  });
export const serveOptions = z.object({
  'imap-port': wholeNumber(0, 65_535, 'reason.port').default(0),
  'pop3-port': wholeNumber(0, 65_535, 'reason.port').optional(),
  'smtp-port': wholeNumber(0, 65_535, 'reason.port').optional(),
  'http-port': wholeNumber(0, 65_535, 'reason.port').default(0),
  'host': single.default('127.0.0.1'),
  'data': single.optional(),
  'account': z.array(single).default([]),
  'password-file': single.optional(),
  'super-admin': single.optional(),
  'quota': z.union([z.literal('unlimited').transform(() => null), sizeBytes]).default(SERVED_QUOTA_BYTES),
  'profile': z.enum(['hiworks', 'mailplug', 'ecount', 'whois'], { error: key('reason.profile') }).optional(),
  'tls-cert': single.optional(),
  'tls-key': single.optional(),
  'time-zone': single.optional(),
});

export type ServeOptions = z.output<typeof serveOptions>;
export type SearchOptions = z.output<typeof searchOptions>;
export type SourceOptions = z.output<typeof probeOptions>;
export type FilterOptions = Pick<z.output<typeof migrateOptions>, keyof typeof filterOptions>;
export type TokenOptions = Pick<SourceOptions, keyof typeof tokenOptions>;
export type ImapTargetOptions = z.output<typeof restoreOptions>;
export type TargetOptions = z.output<typeof migrateOptions> | z.output<typeof uploadOptions>;

const POSITIONALS: Readonly<Record<string, string>> = {
  path: '<path>',
  id: '[id]',
  words: '[words..]',
  more: '[more..]',
  format: '[format]',
};

const isKey = (text: string): text is PlainKey => Object.hasOwn(en, text);

/** The checked options. Throws `option-invalid` with the first thing that is wrong. */
export const readOptions = <Schema extends z.ZodType>(schema: Schema, args: unknown, texts: Texts): z.output<Schema> => {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? '');
  const reason = issue && isKey(issue.message) ? texts.text(issue.message) : (issue?.message ?? '');
  throw optionInvalid(POSITIONALS[name] ?? `--${name}`, reason);
};
