import { readFile } from 'node:fs/promises';
import { MailferryError } from '../errors.ts';

/** What files that are encrypted with age end in (age-encryption.org/v1). */
export const AGE_SUFFIX = '.age';

/** Loaded where it is needed: it takes as long as all the rest. */
const age = () => import('age-encryption');

const IDENTITY = /^AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]+$/;
const RECIPIENT = /^age1[a-z0-9]+$/;

/** Streams read ahead: each block gets memory of its own. */
async function* copies(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const block of content) yield Uint8Array.from(block);
}

const toStream = (content: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> => ReadableStream.from(copies(content));

/** Lines of a file without comments and blanks. */
const readKeyLines = async (path: string, pattern: RegExp): Promise<string[]> => {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MailferryError('key-unreadable', { path }, { cause });
  });
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0 || !lines.every((line) => pattern.test(line))) throw new MailferryError('key-unreadable', { path });
  return lines;
};

/** The identities (`AGE-SECRET-KEY-1…`) of a file as `age-keygen` writes it. Errors: `key-unreadable`. */
export const readIdentities = (path: string): Promise<string[]> => readKeyLines(path, IDENTITY);

/** The recipients (`age1…`) of a file, one a line. Errors: `key-unreadable`. */
export const readRecipients = (path: string): Promise<string[]> => readKeyLines(path, RECIPIENT);

/** True for what `encrypting` takes. */
export const isRecipient = async (text: string): Promise<boolean> => {
  if (!RECIPIENT.test(text)) return false;
  const { Encrypter } = await age();
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
};

/** The content encrypted for all of the recipients, in flat memory. */
export async function* encrypting(content: AsyncIterable<Uint8Array>, recipients: readonly string[]): AsyncGenerator<Uint8Array> {
  const { Encrypter } = await age();
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  yield* await encrypter.encrypt(toStream(content));
}

/**
 * The content of an encrypted file, in flat memory; every piece is authentic when it comes out.
 * Errors: `identity-missing` when none of them opens it, `decryption-failed` where it was changed or cut off.
 */
export async function* decrypting(
  content: AsyncIterable<Uint8Array>,
  path: string,
  identities: readonly string[],
): AsyncGenerator<Uint8Array> {
  const { Decrypter } = await age();
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    yield* await decrypter.decrypt(toStream(content));
  } catch (cause) {
    if (cause instanceof MailferryError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (/no identity matched/i.test(reason)) throw new MailferryError('identity-missing', { path }, { cause });
    throw new MailferryError('decryption-failed', { path, reason }, { cause });
  }
}
