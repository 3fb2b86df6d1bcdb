import { CONTACT_FORMATS, DUPLICATE_RULES, OUTPUT_ENCODINGS } from '@mailferry/core/contacts';
import { z } from 'zod';
import { flag, key, several, single, targetOptions, wholeNumber } from './options.ts';

/** Options of `mailferry contacts`: apart, because the table of formats stands behind them. */
const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t' } as const;
const contactFormat = z.enum([...CONTACT_FORMATS.keys()], { error: key('reason.contact-format') });
const readingOptions = {
  from: contactFormat.optional(),
  encoding: single.optional(),
  delimiter: z
    .enum(['comma', 'semicolon', 'tab'], { error: key('reason.delimiter') })
    .transform((name) => DELIMITERS[name])
    .optional(),
  map: z.array(single.regex(/^.+=[^=]+$/, key('reason.map'))).default([]),
};
const outputEncoding = z.enum(OUTPUT_ENCODINGS, { error: key('reason.output-encoding') }).default('utf-8');
const writingOptions = {
  'to': contactFormat.optional(),
  'output-encoding': outputEncoding,
  'raw': flag,
  'national-id': flag,
  'incomplete': z.enum(['reject', 'keep'], { error: key('reason.incomplete') }).optional(),
  'details': single.optional(),
  'overwrite': flag,
};
export const contactsReadOptions = z.object({ ...readingOptions, path: single });
export const contactsWriteOptions = z.object({
  ...readingOptions,
  ...writingOptions,
  path: single,
  more: several,
  out: single,
  rows: wholeNumber(1, 1_000_000, 'reason.rows').optional(),
});
export const contactsDedupeOptions = contactsWriteOptions.extend({
  out: single.optional(),
  by: z.enum(DUPLICATE_RULES, { error: key('reason.by.contacts') }).default('email'),
});
export const contactsTemplateOptions = z.object({
  'format': contactFormat.optional(),
  'out': single.optional(),
  'output-encoding': outputEncoding,
  'overwrite': flag,
});
export const contactsUploadOptions = z.object({ ...readingOptions, ...targetOptions, path: single, shared: flag });
export const contactsDownloadOptions = z.object({
  ...writingOptions,
  'from': single,
  'from-ca-file': single.optional(),
  'from-code-command': single.optional(),
  'from-password-file': single.optional(),
  'from-password-env': single.optional(),
  'allow-insecure': flag,
  'shared': flag,
  'form': z.enum(['ecount', 'outlook'], { error: key('reason.form') }).default('ecount'),
  'out': single,
});
export const contactsOrgChartOptions = z.object({
  ...readingOptions,
  'path': single,
  'out': single,
  'with-members': flag,
  'overwrite': flag,
});

export type ContactsReadOptions = z.output<typeof contactsReadOptions>;
export type ContactsWriteOptions = z.output<typeof contactsWriteOptions>;
