import { createReadStream } from 'node:fs';
import type { z } from 'zod';
import { MailferryError } from '../errors.ts';
import { readLines } from './read-lines.ts';

/** The longest line: one message with all its flags. */
const MAX_LINE_BYTES = 1024 * 1024;

/** A file of JSON Lines: where it is, and its bytes where they are not simply those of the file. */
export interface JsonLinesFile {
  readonly path: string;
  /** Default: what stands in the file. */
  readonly content?: AsyncIterable<Uint8Array>;
}

/** One line, as it is and as it was read. */
export interface JsonLine<Record> {
  /** Without its line feed. */
  readonly line: string;
  readonly record: Record;
}

/** Records as lines. */
export function* encodeLines(records: Iterable<object>): Iterable<string> {
  for (const one of records) yield `${JSON.stringify(one)}\n`;
}

/** Reads records line by line. Errors: `manifest-invalid`, and what `content` throws of ours. */
export async function* readJsonLines<Schema extends z.ZodType>(
  { path, content }: JsonLinesFile,
  schema: Schema,
): AsyncGenerator<JsonLine<z.infer<Schema>>> {
  let lineNumber = 0;
  const invalid = (reason: string, cause?: unknown) =>
    new MailferryError('manifest-invalid', { path, line: lineNumber, reason }, { cause });
  const parse = (line: string): z.infer<Schema> => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw invalid('it is no JSON', cause);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw invalid('it has another form', parsed.error);
    return parsed.data;
  };
  try {
    for await (const line of readLines(content ?? createReadStream(path), MAX_LINE_BYTES, () => invalid('the line is too long'))) {
      lineNumber += 1;
      yield { line, record: parse(line) };
    }
  } catch (error) {
    throw error instanceof MailferryError ? error : invalid(error instanceof Error ? error.message : String(error), error);
  }
}
