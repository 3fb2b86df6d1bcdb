import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ContactFormat, CsvHead, ReadOptions, ReadRow } from '../../contacts/contact-format.ts';
import { CONTACT_FORMATS } from '../../contacts/contact-formats.ts';
import { type DetectedFormat, detectFormat } from '../../contacts/detect-format.ts';
import { type DetectedEncoding, detectEncoding } from '../../contacts/text-encoding.ts';
import { MailferryError, throwIfCancelled } from '../../errors.ts';

/** How a file is to be read; what is left out is found out (SPEC C10). */
export interface ContactReading {
  /** Id of a format. */
  readonly from?: string | undefined;
  /** A name that iconv-lite knows. */
  readonly encoding?: string | undefined;
  /** One character. */
  readonly delimiter?: string | undefined;
  /** Fields by the headers of their columns, or the other form's headers (SPEC C8). */
  readonly map?: ReadonlyMap<string, string> | undefined;
}

/** An address book in a file, and how it is read. */
export interface ContactSource {
  readonly path: string;
  readonly sizeBytes: number;
  readonly format: ContactFormat;
  readonly detected: DetectedFormat;
  readonly encoding: DetectedEncoding;
  /** CSV only. */
  readonly head: CsvHead | null;
  /** `onBytes` is told how many bytes were read since the last time. */
  rows(onBytes?: (bytes: number) => void): AsyncIterable<readonly ReadRow[]>;
}

const READ_BYTES = 64 * 1024;
/** Rows of smaller pieces are gone before the next ones come: that is what keeps the memory flat. */
const PIECE_BYTES = 32 * 1024;

/** The id of a format, checked. @throws MailferryError `option-invalid` */
export const contactFormat = (id: string, option: string): ContactFormat => {
  const format = CONTACT_FORMATS.get(id);
  if (!format) throw new MailferryError('option-invalid', { option, reason: `one of ${[...CONTACT_FORMATS.keys()].join(', ')}` });
  return format;
};

const sizeOf = async (path: string): Promise<number> => {
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch (cause) {
    throw new MailferryError('contacts-not-text', { path, reason: 'it can not be opened' }, { cause });
  }
  throw new MailferryError('contacts-not-text', { path, reason: 'it is no file' });
};

async function* readBytes(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: READ_BYTES, signal });
  } catch (cause) {
    throwIfCancelled(signal);
    throw new MailferryError('contacts-not-text', { path, reason: 'it can not be read' }, { cause });
  }
}

async function* counted(bytes: AsyncIterable<Buffer>, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const block of bytes) {
    for (let at = 0; at < block.length; at += PIECE_BYTES) {
      const piece = block.subarray(at, at + PIECE_BYTES);
      onBytes(piece.length);
      yield piece;
    }
  }
}

/**
 * Opens an address book: decides its encoding and format, once for the whole file.
 * @throws MailferryError `contacts-not-text`, `contacts-format-unknown`, `contacts-unreadable`, `contacts-encoding-unknown`,
 * `contact-field-unknown`, `contact-column-missing`, `option-invalid`
 */
export const openContacts = async (path: string, reading: ContactReading, signal: AbortSignal): Promise<ContactSource> => {
  if (reading.delimiter !== undefined && !/^[^"\r\n]$/.test(reading.delimiter)) {
    throw new MailferryError('option-invalid', { option: '--delimiter', reason: 'one character, no quote and no line end' });
  }
  const sizeBytes = await sizeOf(path);
  const told = reading.from === undefined ? undefined : contactFormat(reading.from, '--from').id;
  const bytes = (): AsyncIterable<Buffer> => readBytes(path, signal);
  const encoding = await detectEncoding(bytes, reading.encoding);
  const options: ReadOptions = {
    encoding: encoding.encoding,
    isDamaged: encoding.damagedLines > 0 || encoding.reason === 'told',
    delimiter: reading.delimiter,
    map: reading.map,
  };
  const detected = await detectFormat(path, bytes(), told, options);
  const format = contactFormat(detected.format, '--from');
  const head = (await format.readHead?.(bytes(), options)) ?? null;
  const rows = (onBytes: (bytes: number) => void = () => undefined) => format.read(counted(bytes(), onBytes), options);
  return { path, sizeBytes, format, detected, encoding, head, rows };
};
