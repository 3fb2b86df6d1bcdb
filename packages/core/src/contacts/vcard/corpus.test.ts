import { createReadStream, existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingFacts } from '../contact-facts.ts';
import { type ContactRow, isRejected, type ReadRow } from '../contact-format.ts';
import { readLabel } from './labels.ts';
import type { Card, Property } from './property.ts';
import { readParts, readText } from './value-text.ts';
import { VCARD_FORMATS } from './vcard-formats.ts';

const CORPUS = resolve(import.meta.dirname, '../../../../../../shared/corpus');
const FILES = existsSync(CORPUS) ? globSync('**/*.vcf', { cwd: CORPUS }).sort() : [];
const OPTIONS = { isRaw: false, withNationalId: false };

/** Cards in a card without an AGENT: what stands around them is in no card. */
const NESTED = 'v21_nest.vcf';
const BOTH_ENDS = [
  { line: 1, reason: 'damaged' },
  { line: 12, reason: 'damaged' },
];

/** Older phones write values in their own charset and say so; the files themselves are UTF-8. */
const read = async (bytes: AsyncIterable<Uint8Array>): Promise<ReadRow[]> => {
  const [format] = VCARD_FORMATS;
  const rows: ReadRow[] = [];
  for await (const batch of format?.read(bytes, { encoding: 'utf-8' }) ?? []) rows.push(...batch);
  return rows;
};

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const contactRows = (rows: readonly ReadRow[]): ContactRow[] => rows.filter((row): row is ContactRow => !isRejected(row));

const cardOf = (row: ContactRow): Card => row.record as Card;

const textsOf = (value: unknown): string[] => {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsOf);
  return typeof value === 'string' ? [value] : [];
};

/** Whether a contact has every part of a property; schemes of URIs are in other fields. */
const isIn = ({ name, value }: Property, { contact, record }: ContactRow): boolean => {
  const held = textsOf(contact);
  if (name === 'X-ABLabel') return held.includes(readLabel(value));
  const version = (record as Card).version;
  const parts = [value, readText(value, version), ...readParts(value, ';', version).flatMap((part) => part.split(','))];
  const isHeld = (part: string): boolean => held.some((text) => text.includes(part.trim()) || text.includes(part.replace(/^\w+:/, '')));
  return parts.slice(0, 2).some(isHeld) || parts.slice(2).every(isHeld);
};

describe.skipIf(FILES.length === 0)('cards of other programs', () => {
  it('are 58 files', () => {
    expect(FILES).toHaveLength(58);
  });

  it.each(FILES)('%s', async (file) => {
    const path = resolve(CORPUS, file);
    const rows = await read(createReadStream(path, { highWaterMark: 61 }));
    const cards = readFileSync(path, 'latin1').match(/^BEGIN:VCARD/gim)?.length ?? 0;
    const rejected = rows.filter(isRejected);
    expect(rows).toHaveLength(cards + (file.endsWith(NESTED) ? 1 : 0));
    expect(rejected.map(({ line, reason }) => ({ line, reason }))).toEqual(file.endsWith(NESTED) ? BOTH_ENDS : []);
    for (const row of contactRows(rows)) {
      expect(cardOf(row).properties.filter((property) => !isIn(property, row))).toEqual([]);
      for (const format of VCARD_FORMATS) {
        const writer = format.createWriter(OPTIONS);
        const { text, held } = writer.print(row.contact);
        expect(missingFacts(row.contact, held)).toEqual([]);
        expect(contactRows(await read(once(text))).map(({ contact }) => contact)).toEqual([held]);
        const passed = writer.printRecord(row.record);
        expect(passed === null).toBe(format.id !== `vcard-${cardOf(row).version}`);
        if (passed === null) continue;
        const again = contactRows(await read(once(passed)));
        expect(again.map(({ contact, record }) => ({ contact, record }))).toEqual([{ contact: row.contact, record: row.record }]);
      }
    }
  });
});
