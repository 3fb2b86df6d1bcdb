import { z } from 'zod';
import { encodeLines, type JsonLinesFile, readJsonLines } from './json-lines.ts';

/** Goes up when a program that knows the earlier form could misread the new one. */
const LISTING_FORMAT = 1;

const listingRecord = z.object({ kind: z.literal('listing'), format: z.literal(LISTING_FORMAT), source: z.string() });

const mailboxRecord = z.object({
  kind: z.literal('mailbox'),
  path: z.string(),
  delimiter: z.string().nullable(),
  specialUse: z.string().nullable(),
  folder: z.string(),
  selectable: z.boolean(),
});

const vanishedRecord = z.object({
  kind: z.literal('vanished'),
  part: z.string(),
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const record = z.discriminatedUnion('kind', [listingRecord, mailboxRecord, vanishedRecord]);

/** A mailbox of the source, also one without a message. */
export type ListedMailbox = Omit<z.infer<typeof mailboxRecord>, 'kind'>;
/** A message of a part that the source listed once, and does no more. */
type VanishedMessage = Omit<z.infer<typeof vanishedRecord>, 'kind'>;

export interface Listing {
  /** The source's identity. */
  readonly source: string;
  readonly mailboxes: Iterable<ListedMailbox>;
  readonly vanished: Iterable<VanishedMessage>;
}

/** The lines of a listing: what the source held when it was last asked, as far as the parts don't tell. */
export function* encodeListing({ source, mailboxes, vanished }: Listing): Iterable<string> {
  yield* encodeLines([{ kind: 'listing', format: LISTING_FORMAT, source }]);
  for (const { path, delimiter, specialUse, folder, selectable } of mailboxes)
    yield* encodeLines([{ kind: 'mailbox', path, delimiter, specialUse, folder, selectable }]);
  for (const { part, name, sha256 } of vanished) yield* encodeLines([{ kind: 'vanished', part, name, sha256 }]);
}

/** Reads a listing line by line. Errors: `manifest-invalid`, those of the content. */
export async function* readListing(file: JsonLinesFile): AsyncGenerator<z.infer<typeof record>> {
  for await (const { record: one } of readJsonLines(file, record)) yield one;
}
