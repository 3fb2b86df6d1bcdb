import { z } from 'zod';
import { MailferryError } from '../errors.ts';
import { readLines } from './read-lines.ts';

/** Goes up when a program that knows the earlier form could misread the new one. */
export const MANIFEST_FORMAT = 1;

/** The longest line: one message with all its flags. */
const MAX_LINE_BYTES = 1024 * 1024;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().nonnegative();

const partRecord = z.object({
  kind: z.literal('part'),
  format: z.literal(MANIFEST_FORMAT),
  part: z.string(),
  sizeBytes: bytes,
  sha256,
  entries: bytes,
  source: z.string(),
});

const mailboxRecord = z.object({
  kind: z.literal('mailbox'),
  path: z.string(),
  delimiter: z.string().nullable(),
  specialUse: z.string().nullable(),
  folder: z.string(),
});

const messageRecord = z.object({
  kind: z.literal('message'),
  name: z.string(),
  sha256,
  sizeBytes: bytes,
  mailbox: z.string(),
  uidValidity: bytes,
  uid: z.union([z.int(), z.string()]),
  internalDate: z.iso.datetime().nullable(),
  flags: z.array(z.string()),
  messageId: z.string().nullable(),
});

/** The part as a whole: the first line. */
type PartRecord = z.infer<typeof partRecord>;
/** A mailbox that the part has messages of, with its very name. */
export type MailboxRecord = z.infer<typeof mailboxRecord>;
/** One message, in the order of the part's entries. */
export type MessageRecord = z.infer<typeof messageRecord>;
export type ManifestRecord = PartRecord | MailboxRecord | MessageRecord;

const record = z.discriminatedUnion('kind', [partRecord, mailboxRecord, messageRecord]);

/** The lines of a manifest, as they are written. */
export function* encodeManifest(records: Iterable<ManifestRecord>): Iterable<string> {
  for (const one of records) yield `${JSON.stringify(one)}\n`;
}

/** Reads a manifest line by line. Errors: `manifest-invalid`. */
export async function* readManifest(path: string): AsyncGenerator<ManifestRecord> {
  let line = 0;
  const invalid = (reason: string, cause?: unknown) => new MailferryError('manifest-invalid', { path, line, reason }, { cause });
  try {
    for await (const text of readLines(path, MAX_LINE_BYTES, () => invalid('the line is too long'))) {
      line += 1;
      yield parseLine(text, invalid);
    }
  } catch (error) {
    throw error instanceof MailferryError ? error : invalid(error instanceof Error ? error.message : String(error), error);
  }
}

const parseLine = (text: string, invalid: (reason: string, cause?: unknown) => MailferryError): ManifestRecord => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid('it is no JSON', cause);
  }
  const parsed = record.safeParse(value);
  if (!parsed.success) throw invalid('it has another form', parsed.error);
  return parsed.data;
};
