import { describe, expect, it } from 'vitest';
import { type Contact, emptyAddress, emptyContact, type OtherField } from '../contact.ts';
import { missingFacts } from '../contact-facts.ts';
import { type ContactRow, type ContactWriter, isRejected } from '../contact-format.ts';
import { VCARD_FORMATS } from './vcard-formats.ts';

const OPTIONS = { isRaw: false, withNationalId: false };

const writerOf = (version: string, options = OPTIONS): ContactWriter => {
  const format = VCARD_FORMATS.find(({ id }) => id === `vcard-${version}`);
  if (format === undefined) throw new Error(version);
  return format.createWriter(options);
};

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const readOne = async (lines: readonly string[]): Promise<ContactRow> => {
  const file = Buffer.from(`BEGIN:VCARD\r\n${lines.join('\r\n')}\r\nEND:VCARD\r\n`, 'latin1');
  for await (const [row] of VCARD_FORMATS[0]?.read(once(file), { encoding: 'utf-8' }) ?? []) {
    if (row !== undefined && !isRejected(row)) return row;
  }
  throw new Error('no contact');
};

const withOthers = (...others: readonly OtherField[]): Contact => ({ ...emptyContact(), others: [...others] });

describe('formats', () => {
  it('are three, and ask for no e-mail address', () => {
    expect(VCARD_FORMATS.map(({ id, requires }) => [id, requires])).toEqual([
      ['vcard-4.0', []],
      ['vcard-3.0', []],
      ['vcard-2.1', []],
    ]);
  });
});

describe('a card', () => {
  it.each(['2.1', '3.0', '4.0'])('of %s has N and FN even without a name', (version) => {
    expect(writerOf(version).print(emptyContact())).toEqual({
      text: `BEGIN:VCARD\r\nVERSION:${version}\r\nFN:\r\nN:;;;;\r\nEND:VCARD\r\n`,
      held: emptyContact(),
    });
  });

  it.each(['2.1', '3.0', '4.0'])('of %s takes no property from a value, label or name', (version) => {
    const evil = 'x\r\nTEL:666\r\nEND:VCARD\r\nBEGIN:VCARD';
    const contact: Contact = {
      ...emptyContact(),
      name: { ...emptyContact().name, full: evil },
      phones: [{ label: evil, isPrimary: false, number: evil }],
      messengers: [{ label: '', isPrimary: false, protocol: evil, handle: evil }],
      addresses: [{ ...emptyAddress(evil), formatted: evil, city: evil }],
      others: [
        { name: evil, value: evil },
        { name: `X-A;X-B="${evil}"`, value: evil },
        { name: 'X-C', value: evil },
      ],
    };
    const lines = writerOf(version)
      .print(contact)
      .text.split(/[\r\n]+/);
    expect(lines.filter((line) => /^(?:TEL:666|BEGIN:VCARD|END:VCARD)/.test(line))).toEqual(['BEGIN:VCARD', 'END:VCARD']);
  });

  it('of 2.1 is ASCII', () => {
    const contact = { ...emptyContact(), notes: '똠방각하\n둘', groups: ['친구'] };
    const { text } = writerOf('2.1').print(contact);
    expect(Buffer.from(text).every((byte) => byte < 0x80)).toBe(true);
    expect(text).toContain('CATEGORIES;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=EC=B9=9C=EA=B5=AC\r\n');
  });

  it('has one text that is an address where programs look for it', () => {
    const { text } = writerOf('3.0').print({ ...emptyContact(), addresses: [{ ...emptyAddress('work'), formatted: '서울시 강남구' }] });
    expect(text).toContain('ADR;TYPE=WORK:;;서울시 강남구;;;;\r\n');
  });
});

describe('an address that is written out', () => {
  const contact = {
    ...emptyContact(),
    addresses: [{ ...emptyAddress('work'), street: '1 Main St', city: 'Seoul', formatted: '1 Main St\nSeoul' }],
  };

  it.each([
    ['2.1', 'item1.ADR;WORK:;;1 Main St;Seoul;;;\r\nitem1.LABEL;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:1=20Main=20St'],
    ['3.0', 'item1.ADR;TYPE=WORK:;;1 Main St;Seoul;;;\r\nitem1.LABEL;TYPE=WORK:1 Main St\\nSeoul\r\n'],
    ['4.0', 'ADR;LABEL="1 Main St\\nSeoul";TYPE=work:;;1 Main St;Seoul;;;\r\n'],
  ])('has its label in %s', (version, written) => {
    const { text, held } = writerOf(version).print(contact);
    expect(text).toContain(written);
    expect(held).toEqual(contact);
  });
});

describe('other fields', () => {
  const photo = 'data:image/png;base64,iVBORw==';

  it.each([
    ['2.1', 'PHOTO;PNG;ENCODING=BASE64:iVBORw==\r\n\r\n'],
    ['3.0', 'PHOTO;TYPE=PNG;ENCODING=b:iVBORw==\r\n'],
    ['4.0', 'PHOTO:data:image/png;base64,iVBORw==\r\n'],
  ])('are pictures in the way of %s', (version, written) => {
    const { text, held } = writerOf(version).print({ ...emptyContact(), photo });
    expect(text).toContain(written);
    expect(held.photo).toBe(photo);
  });

  it('go back under their names, with their parameters', async () => {
    const row = await readOne([
      'VERSION:4.0',
      'FN:A',
      'N:B;A;;;',
      'EMAIL;X-ID=7:a@b.c',
      'X-THING;X-P="a,b":c\\,d',
      'KEY:data:x/y;base64,AA==',
    ]);
    for (const version of ['4.0', '3.0', '2.1']) {
      const { text, held } = writerOf(version).print(row.contact);
      expect(missingFacts(row.contact, held)).toEqual([]);
      expect(text).toContain('EMAIL;X-ID=7:a@b.c\r\n');
      expect(text).toContain('X-THING;X-P="a,b":c\\,d\r\n');
    }
  });

  it('of other formats keep their names and values', () => {
    const contact = withOthers(
      { name: 'User 1', value: 'a;b' },
      { name: 'TEL', value: '1' },
      { name: 'ID', value: '7' },
      { name: 'Hobby', value: '바둑' },
    );
    for (const version of ['4.0', '3.0', '2.1']) {
      const { text, held } = writerOf(version).print(contact);
      expect(text).toContain('X-MAILFERRY-FIELD:User 1;a\\;b\r\n');
      expect(held.others).toHaveLength(4);
      expect(missingFacts(contact, held)).toEqual([]);
      expect(held.phones).toEqual([]);
    }
  });

  it('that are national ids are written only where they are asked for', () => {
    const contact = withOthers({ name: '주민등록번호', value: '000101-3000000' });
    const { text, held } = writerOf('4.0').print(contact);
    expect([text.includes('000101'), held.others]).toEqual([false, []]);
    expect(writerOf('4.0', { ...OPTIONS, withNationalId: true }).print(contact).held.others).toEqual(contact.others);
  });

  it.each([
    ['3.0', 'X-ADDRESSBOOKSERVER-KIND:group\r\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1\r\n'],
    ['4.0', 'KIND:group\r\nMEMBER:urn:uuid:1\r\n'],
  ])('make a group card of %s', (version, written) => {
    const contact = withOthers({ name: 'KIND', value: 'group' }, { name: 'MEMBER', value: 'urn:uuid:1' });
    const { text, held } = writerOf(version).print(contact);
    expect(text).toContain(written);
    expect(held.others).toEqual(contact.others);
  });
});

describe('types', () => {
  it('that read like an encoding stay types in 2.1', async () => {
    const row = await readOne(['VERSION:3.0', 'FN:A', 'TEL;TYPE=work,b:1']);
    expect(missingFacts(row.contact, writerOf('2.1').print(row.contact).held)).toEqual([]);
    expect(writerOf('2.1').print(row.contact).text).toContain('TEL;TYPE=WORK,b:1\r\n');
  });
});

describe('a card of the same version', () => {
  it('is passed through, its texts in UTF-8', async () => {
    const { record } = await readOne([
      'VERSION:2.1',
      'N;CHARSET=SHIFT_JIS:\x88\xc9\x94\\;\x8c\\\x88\xea',
      'item1.X-Odd;HOME:a\\b',
      'TEL;X-NEC-HOTEL:1',
    ]);
    expect(writerOf('2.1').printRecord(record)).toBe(
      [
        'BEGIN:VCARD',
        'VERSION:2.1',
        'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E4=BC=8A=E8=83=BD;=E5=9C=AD=E4=\r\n=B8=80',
        'item1.X-Odd;HOME:a\\b',
        'TEL;X-NEC-HOTEL:1',
        'END:VCARD',
        '',
      ].join('\r\n'),
    );
    expect(writerOf('3.0').printRecord(record)).toBeNull();
    expect(writerOf('2.1').printRecord({ of: 'another format' })).toBeNull();
  });

  it('is not passed through with a national id that must be withheld', async () => {
    const { record } = await readOne(['VERSION:4.0', 'FN:A', 'X-MAILFERRY-FIELD:SSN;1']);
    expect(writerOf('4.0').printRecord(record)).toBeNull();
    expect(writerOf('4.0', { ...OPTIONS, withNationalId: true }).printRecord(record)).toContain('SSN;1');
  });
});
