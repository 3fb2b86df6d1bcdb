import iconv from 'iconv-lite';
import type { ContactFormat, ContactWriter, WriterOptions } from '../contact-format.ts';
import { contactFromEntry } from './contact-from-entry.ts';
import { entryFromContact } from './entry-from-contact.ts';
import { joinGroups, type LdifRow } from './join-groups.ts';
import { LdifRecord } from './ldif-record.ts';
import { parseEntry } from './parse-entry.ts';
import { printEntry } from './print-entry.ts';
import { type RawEntry, splitEntries } from './split-entries.ts';

const BYTE_ORDER_MARK = Buffer.from('\ufeff', 'utf8');
/** What a batch may hold: rows, and bytes of the file. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 4 * 1024 * 1024;

const isWide = (encoding: string): boolean => /^(?:utf|ucs)-?(?:16|32|2)/i.test(encoding);

/** UTF-16 becomes UTF-8, in which lines can be told apart by bytes; the mark at the start goes. */
async function* asByteText(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = isWide(encoding) ? iconv.getDecoder(encoding) : null;
  let isStart = true;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const text = decoder === null ? bytes : Buffer.from(decoder.write(bytes), 'utf8');
    const hasMark = isStart && text.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    if (text.length > 0) isStart = false;
    yield hasMark ? text.subarray(BYTE_ORDER_MARK.length) : text;
  }
  yield Buffer.from(decoder?.end() ?? '', 'utf8');
}

const readEntry = ({ line, bytes }: RawEntry, row: number, encoding: string): LdifRow | null => {
  if (bytes === null) return { row, line, column: null, reason: 'too-large' };
  const entry = parseEntry(bytes, encoding);
  if (entry === null) return null;
  if ('reason' in entry) return { row, line, ...entry };
  return { row, contact: contactFromEntry(entry), record: new LdifRecord(entry, bytes) };
};

async function* readRows(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<LdifRow[]> {
  const byteEncoding = isWide(encoding) ? 'utf8' : encoding;
  let rows: LdifRow[] = [];
  let sizeBytes = 0;
  let row = 1;
  for await (const entries of splitEntries(asByteText(chunks, encoding))) {
    for (const entry of entries) {
      const read = readEntry(entry, row, byteEncoding);
      if (read === null) continue;
      row += 1;
      rows.push(read);
      sizeBytes += entry.bytes?.length ?? 0;
      if (rows.length < BATCH_ROWS && sizeBytes < BATCH_BYTES) continue;
      yield rows;
      rows = [];
      sizeBytes = 0;
    }
  }
  if (rows.length > 0) yield rows;
}

const createWriter = ({ withNationalId }: WriterOptions): ContactWriter => ({
  head: '',
  needed: null,
  print(contact) {
    const entry = entryFromContact(contact, withNationalId);
    return { text: printEntry(entry), held: contactFromEntry(entry) };
  },
  printRecord: (record) => (record instanceof LdifRecord ? record.text(withNationalId) : null),
});

/**
 * LDIF (RFC 2849) as Thunderbird writes address books and as directory servers write persons. Each entry is a row, groups too: their
 * members are other fields. See `joinGroups` for the groups of members.
 */
export const LDIF_FORMAT: ContactFormat = {
  id: 'ldif',
  family: 'ldif',
  requires: [],
  fileExtension: '.ldif',
  read: (chunks, { encoding }) => joinGroups(readRows(chunks, encoding)),
  createWriter,
};
