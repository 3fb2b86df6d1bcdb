import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nodeDisk } from '@mailferry/core/archive';
import { type ReadEntryOptions, readEntry, readEntryText } from '@mailferry/core/operations';
import { readIdentity } from '../archive-keys.ts';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { optionInvalid } from '../option-invalid.ts';
import { catOptions, readOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { printableLines } from '../render/display-width.ts';
import { jsonText } from '../render/json.ts';
import { headerLines, messageLines } from '../render/message-view.ts';
import type { StreamContext } from '../stream-context.ts';
import { readTimeZone } from '../time-zone.ts';

export const runCat = async (args: unknown, context: StreamContext): Promise<ExitCode> => {
  const { texts, output, signal, json } = context;
  const options = readOptions(catOptions, args, texts);
  const timeZone = readTimeZone(options['time-zone'], texts);
  const entry = { directory: resolve(options.path), id: options.id, identities: await readIdentity(options), signal };
  if (json) await output.write(await entryJson(entry));
  else if (options.text) await output.lines(messageLines(await readEntryText(entry), texts, timeZone));
  else if (options.headers) await output.lines(headerLines(await readEntryText(entry)));
  else if (options.out === undefined) await readEntry(entry, ({ body }) => writeBytes(inPieces(body), output));
  else await saveEntry(entry, resolve(options.out), context);
  return EXIT_CODES.done;
};

const entryJson = async (entry: ReadEntryOptions): Promise<string> => {
  const { message, text, headers } = await readEntryText(entry);
  const { otherForms: _, ...shown } = text;
  return jsonText({ kind: 'message', message, ...shown, headers }, EXIT_CODES.done);
};

async function* inPieces(body: Buffer | AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (Buffer.isBuffer(body)) yield body;
  else yield* body;
}

/** The very bytes; a terminal, which would obey some of them, gets only what it can show. */
const writeBytes = async (pieces: AsyncIterable<Buffer>, output: Output): Promise<void> => {
  const decoder = new TextDecoder();
  for await (const piece of pieces)
    await output.write(output.isTerminal ? printableLines(decoder.decode(piece, { stream: true })).join('\n') : piece);
};

/** What was damaged doesn't stay: the file is there whole, or not at all. */
const saveEntry = async (entry: ReadEntryOptions, path: string, { texts }: StreamContext): Promise<void> => {
  if (existsSync(path)) throw optionInvalid('--out', texts.text('reason.file-present'));
  try {
    await readEntry(entry, ({ body }) => nodeDisk.replace(path, inPieces(body)));
  } catch (error) {
    await rm(`${path}.new`, { force: true });
    throw error;
  }
};
