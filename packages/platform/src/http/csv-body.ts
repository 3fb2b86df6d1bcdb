import { z } from '@hono/zod-openapi';
import { CSV_ENCODINGS, type CsvTable, readCsv } from '../address-book/csv-table.ts';
import { ROW_REASONS } from '../address-book/import-contacts.ts';
import { PlatformError } from '../platform-error.ts';

const MAX_CSV_BYTES = 16 * 1024 * 1024;
const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t' } as const;

/** How a file is to be read; what is left out is found out. */
export const CSV_QUERY = {
  encoding: z.enum(CSV_ENCODINGS).optional().openapi({ description: 'Default: by the byte order mark, else UTF-8, else CP949' }),
  delimiter: z.enum(['comma', 'semicolon', 'tab']).optional().openapi({ description: 'Default: the most frequent in the header row' }),
};

/** The `request` part of a route that takes a CSV file. */
export const csvBody = {
  body: { required: true, content: { 'text/csv': { schema: z.string().openapi({ format: 'binary' }) } } },
} as const;

export const REJECTED_ROW = z
  .object({
    row: z.number().int().openapi({ description: 'The header row is 1' }),
    column: z.string().nullable().openapi({ description: 'Null if the file lacks it' }),
    reason: z.enum(ROW_REASONS),
  })
  .openapi('RejectedRow');

/** @throws PlatformError `body-too-large` */
const readBody = async (request: Request): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of request.body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_CSV_BYTES) throw new PlatformError('body-too-large', `A file has at most ${MAX_CSV_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};

/** @throws PlatformError `body-too-large`, `csv-invalid`, `too-many-rows` */
export const readCsvBody = async (
  request: Request,
  { encoding, delimiter }: { encoding?: (typeof CSV_ENCODINGS)[number] | undefined; delimiter?: keyof typeof DELIMITERS | undefined },
): Promise<CsvTable> => readCsv(await readBody(request), { encoding, delimiter: delimiter && DELIMITERS[delimiter] });
