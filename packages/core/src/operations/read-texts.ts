import type { ArchiveReader } from '../archive/archive-reader.ts';
import type { ArchivedContent, ArchivedMessage } from '../archive/archived-message.ts';
import { isMailferryError, type MailferryError } from '../errors.ts';
import { type MessageText, readMessageText } from '../mail/message-text.ts';

/** A message of an archive as a reader sees it, or why it can't be read. */
export type ArchivedText =
  | { readonly kind: 'read'; readonly message: ArchivedMessage; readonly text: MessageText }
  | { readonly kind: 'unread'; readonly message: ArchivedMessage; readonly error: MailferryError };

/** Of a bigger message only the beginning is looked at. */
const MESSAGE_LIMIT_BYTES = 8 * 1024 * 1024;

/** Reads a message's bytes to their end, as they have to be, and gives the first of them. */
export const beginningOf = async (body: Buffer | AsyncIterable<Buffer>): Promise<Buffer> => {
  if (Buffer.isBuffer(body)) return body;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    if (length < MESSAGE_LIMIT_BYTES) pieces.push(piece);
    length += piece.length;
  }
  return Buffer.concat(pieces).subarray(0, MESSAGE_LIMIT_BYTES);
};

const readContent = async (content: ArchivedContent): Promise<ArchivedText> => {
  const { message } = content;
  if (content.kind === 'damaged') return { kind: 'unread', message, error: content.error };
  try {
    const beginning = await beginningOf(content.body);
    const text = readMessageText(beginning);
    return { kind: 'read', message, text: { ...text, isWhole: text.isWhole && beginning.length === message.sizeBytes } };
  } catch (error) {
    if (isMailferryError(error, 'entry-damaged')) return { kind: 'unread', message, error };
    throw error;
  }
};

/** The error, where it puts one part out of reach and not the others. */
const partError = (error: unknown): MailferryError => {
  if (isMailferryError(error, 'zip-invalid', 'decryption-failed')) return error;
  throw error;
};

async function* readPart(reader: ArchiveReader, part: string, wants: (message: ArchivedMessage) => boolean): AsyncGenerator<ArchivedText> {
  const wanted = async function* () {
    for await (const message of reader.messages(part)) if (wants(message)) yield message;
  };
  let told = 0;
  try {
    for await (const content of reader.contents(part, wanted())) {
      yield await readContent(content);
      told += 1;
    }
  } catch (error) {
    const reason = partError(error);
    for await (const message of wanted()) {
      if (told <= 0) yield { kind: 'unread', message, error: reason };
      told -= 1;
    }
  }
}

/**
 * Reads the messages that are wanted, part by part in the order of the archive. Each of them is told exactly once: what can't be
 * read with its reason. Holds one message at a time. Errors: those of `ArchiveReader`, but for what is wrong with one part.
 */
export async function* readTexts(
  reader: ArchiveReader,
  wants: (message: ArchivedMessage) => boolean = () => true,
): AsyncGenerator<ArchivedText> {
  for (const part of reader.parts) yield* readPart(reader, part, wants);
}
