import type { ReadOptions, ReadRow, RejectedRow } from '../contact-format.ts';
import { decodeText } from '../text-encoding.ts';
import { CardCutter, type CardLimits, type CardLines } from './card-cutter.ts';
import { type Line, LineCutter } from './line-cutter.ts';
import { type PropertyLimits, readCard } from './read-card.ts';
import { toContact } from './to-contact.ts';

const CARD_LIMIT_BYTES = 32 * 1024 * 1024;
const CARD_LIMITS: CardLimits = { cardBytes: CARD_LIMIT_BYTES, lines: 500_000, depth: 8 };
const PROPERTY_LIMITS: PropertyLimits = { properties: 10_000, headBytes: 1024 * 1024 };
const BATCH_ROWS = 256;
const BATCH_BYTES = 4 * 1024 * 1024;
/** Where one byte is not one character of ASCII. */
const WIDE = /^(?:utf-?16|utf-?32|ucs-?[24])/i;

/** The bytes of the file, or of its UTF-8 form where its encoding has bytes of ASCII that are none. One character for each. */
async function* binaryText(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  if (WIDE.test(encoding)) for await (const text of decodeText(bytes, encoding)) yield Buffer.from(text).toString('latin1');
  else for await (const chunk of bytes) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
}

const rowOf = (card: CardLines | RejectedRow, encoding: string): ReadRow => {
  if ('reason' in card) return card;
  const record = readCard(card, encoding, PROPERTY_LIMITS);
  return 'reason' in record ? record : { row: card.row, contact: toContact(record), record };
};

/** The cards of a file of any version, one row each: groups are cards too. Nothing stops at a card that can't be read. */
export async function* readVcards(bytes: AsyncIterable<Uint8Array>, { encoding }: ReadOptions): AsyncGenerator<readonly ReadRow[]> {
  const lineCutter = new LineCutter(CARD_LIMIT_BYTES);
  const cardCutter = new CardCutter(CARD_LIMITS);
  const textEncoding = WIDE.test(encoding) ? 'utf-8' : encoding;
  let batch: ReadRow[] = [];
  let batchBytes = 0;
  function* batches(lines: Line[]): Generator<readonly ReadRow[]> {
    for (const card of cardCutter.cut(lines)) {
      batch.push(rowOf(card, textEncoding));
      batchBytes += 'reason' in card ? 0 : card.sizeBytes;
      if (batch.length < BATCH_ROWS && batchBytes < BATCH_BYTES) continue;
      yield batch;
      batch = [];
      batchBytes = 0;
    }
  }
  for await (const text of binaryText(bytes, encoding)) yield* batches(lineCutter.cut(text));
  yield* batches(lineCutter.end());
  batch.push(...cardCutter.end());
  if (batch.length > 0) yield batch;
}
