import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contact, emptyAddress, emptyContact, emptyEmail, emptyOrganization, PHONE_LABELS } from '../contact.ts';
import { missingFacts } from '../contact-facts.ts';
import { isRejected, type ReadRow } from '../contact-format.ts';
import { VCARD_FORMATS } from './vcard-formats.ts';

const OPTIONS = { isRaw: false, withNationalId: false };
const SPECIAL = [
  '"',
  '\\',
  ';',
  ',',
  ':',
  '=',
  '^',
  '\n',
  '\r\n',
  ' ',
  '\t',
  '\0',
  '\u2028',
  '\u0085',
  '😀',
  '\u202e',
  'ا',
  '똠방각하',
  '\u00a0',
  '\\n',
  'END:VCARD',
];

/** Texts of the kind that break formats. */
const text = (maxLength = 12) =>
  fc
    .array(fc.oneof(fc.constantFrom(...SPECIAL), fc.string({ maxLength: 4, unit: 'grapheme' })), { maxLength })
    .map((parts) => parts.join(''));

/** A label that a person typed: one line. */
const label = fc.oneof(
  fc.constantFrom('', ...PHONE_LABELS),
  text(4).map((typed) => typed.replace(/[\r\n]/g, ' ')),
);

const record = <Value extends object>(empty: Value, parts: { readonly [Key in keyof Value]?: fc.Arbitrary<Value[Key]> }) =>
  fc.record(parts as { [Key in keyof Value]: fc.Arbitrary<Value[Key]> }).map((given) => ({ ...empty, ...given }));

const texts = <Value extends object>(empty: Value): { [Key in keyof Value]: fc.Arbitrary<Value[Key]> } =>
  Object.fromEntries(Object.keys(empty).map((key) => [key, fc.oneof({ weight: 2, arbitrary: fc.constant('') }, text())])) as {
    [Key in keyof Value]: fc.Arbitrary<Value[Key]>;
  };

const list = <Value>(item: fc.Arbitrary<Value>) => fc.array(item, { maxLength: 3 });

const isPrimary = fc.constant(false);
const { label: _label, isPrimary: _isPrimary, ...addressParts } = emptyAddress('');
/** The name of a field of another format: its line breaks are no part of it. */
const fieldName = text(4)
  .map((name) => name.replace(/[\r\n]/g, ' '))
  .filter((name) => name !== '');

const contacts: fc.Arbitrary<Contact> = record(emptyContact(), {
  name: record(emptyContact().name, texts(emptyContact().name)),
  emails: list(record(emptyEmail(), { ...texts({ address: '', displayName: '', type: '' }), label, isPrimary })),
  phones: list(fc.record({ number: text(), label, isPrimary })),
  addresses: list(record(emptyAddress(''), { ...texts(addressParts), label, isPrimary })),
  organizations: list(record(emptyOrganization(), texts(emptyOrganization()))),
  dates: list(
    fc.record({ label: fc.oneof(fc.constantFrom('birthday', 'anniversary'), label), date: fc.oneof(text(), fc.constant('1980-03-22')) }),
  ),
  urls: list(fc.record({ url: fc.oneof(fc.webUrl(), text()), label, isPrimary })),
  messengers: list(
    fc.record({
      protocol: fc.oneof(
        fc.constantFrom('xmpp', 'kakaotalk', 'skype', '', 'im'),
        text(3).map((one) => one.toLowerCase().trim()),
      ),
      handle: text(),
      label,
      isPrimary,
    }),
  ),
  relations: list(fc.record({ label: fc.oneof(fc.constantFrom('spouse', 'manager', 'child'), label), name: text() })),
  notes: text(40),
  groups: list(text()),
  photo: fc.oneof(
    text(),
    fc.webUrl(),
    fc.base64String().map((data) => `data:image/png;base64,${data}`),
  ),
  others: list(fc.record({ name: fieldName, value: text() })),
});

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const readAll = async (bytes: Buffer, size = 4096, encoding = 'utf-8'): Promise<ReadRow[]> => {
  const rows: ReadRow[] = [];
  for await (const batch of VCARD_FORMATS[0]?.read(inPieces(bytes, size), { encoding }) ?? []) rows.push(...batch);
  return rows;
};

const onlyContact = (rows: readonly ReadRow[]): Contact => {
  const [row] = rows;
  if (rows.length !== 1 || row === undefined || isRejected(row)) throw new Error(`${rows.length} rows`);
  return row.contact;
};

describe.each(VCARD_FORMATS.map((format) => [format.id, format] as const))('%s', (_, format) => {
  const { print } = format.createWriter(OPTIONS);

  it('says what the contact says', () => {
    fc.assert(
      fc.property(contacts, (contact) => {
        expect(missingFacts(contact, print(contact).held)).toEqual([]);
      }),
    );
  });

  it('is read as it was told to be, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(contacts, fc.integer({ min: 1, max: 200 }), async (contact, size) => {
        const { text: card, held } = print(contact);
        expect(onlyContact(await readAll(Buffer.from(card), size))).toEqual(held);
        const wide = Buffer.from(`\ufeff${card}`, 'utf16le');
        expect(onlyContact(await readAll(wide, size, 'utf-16le'))).toEqual(held);
      }),
    );
  });

  it('says the same when written again', () => {
    fc.assert(
      fc.property(contacts, (contact) => {
        const { held } = print(contact);
        expect(missingFacts(held, print(held).held)).toEqual([]);
      }),
    );
  });

  it('has lines of at most 75 octets where it is folded, and no properties but its own', () => {
    fc.assert(
      fc.property(contacts, (contact) => {
        const lines = print(contact).text.split('\r\n');
        expect(lines.filter((line) => line.includes('\n') || line.includes('\r'))).toEqual([]);
        expect(lines.filter((line) => line.startsWith('END:VCARD'))).toHaveLength(1);
        if (format.id !== 'vcard-2.1') expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
      }),
    );
  });

  it('holds a note of 10 MB', async () => {
    const notes = `${'abc def;,\\'.repeat(9)}가\n`.repeat(100_000);
    const { text: card, held } = print({ ...emptyContact(), notes });
    expect(held.notes).toBe(notes);
    expect(onlyContact(await readAll(Buffer.from(card), 65_536)).notes).toBe(notes);
  });
});
