import { z } from 'zod';
import { encodeLines, type JsonLinesFile, readJsonLines } from './json-lines.ts';
import { MerkleTree } from './merkle-tree.ts';

/** Goes up when a program that knows the earlier form could misread the new one. */
export const MANIFEST_FORMAT = 2;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().nonnegative();

const partRecord = z.object({
  kind: z.literal('part'),
  format: z.literal(MANIFEST_FORMAT),
  part: z.string(),
  sizeBytes: bytes,
  sha256,
  entries: bytes,
  merkleRoot: sha256,
  previous: sha256.nullable(),
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
export type PartRecord = z.infer<typeof partRecord>;
/** A mailbox that the part has messages of, with its very name. */
export type MailboxRecord = z.infer<typeof mailboxRecord>;
/** One message, in the order of the part's entries. */
export type MessageRecord = z.infer<typeof messageRecord>;
export type ManifestRecord = PartRecord | MailboxRecord | MessageRecord;

const record = z.discriminatedUnion('kind', [partRecord, mailboxRecord, messageRecord]);

/** The Merkle root over a part's messages: each line, without its line feed, is a leaf. */
export const merkleRootOf = (messages: Iterable<MessageRecord>): string => {
  const tree = new MerkleTree();
  for (const message of messages) tree.add(JSON.stringify(message));
  return tree.root();
};

/** The lines of a manifest, as they are written. */
export const encodeManifest = (records: Iterable<ManifestRecord>): Iterable<string> => encodeLines(records);

/** Reads a manifest line by line. Errors: `manifest-invalid`, those of the content. */
export async function* readManifest(file: JsonLinesFile): AsyncGenerator<ManifestRecord> {
  for await (const { record } of readManifestLines(file)) yield record;
}

/** The same with the lines themselves, of which the Merkle root is made. */
export const readManifestLines = (file: JsonLinesFile) => readJsonLines(file, record);
