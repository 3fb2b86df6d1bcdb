import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contact, ContactDraft } from '../contact.ts';
import { emptyAddress, emptyContact, emptyEmail, emptyOrganization } from '../contact.ts';
import { type ContactFact, forEachFact, missingFacts } from '../contact-facts.ts';
import { type ContactFormat, type ContactRow, type ContactWriter, isRejected, type ReadRow, type Widths } from '../contact-format.ts';
import { type ContactLoss, contactLosses } from '../contact-losses.ts';
import { csvFormat } from './csv-format.ts';
import { CSV_FORMS } from './csv-forms.ts';
import { guardFormula, unguardFormula } from './formula-guard.ts';
import { printRow } from './print-row.ts';

const WIDE: Widths = {
  ...{ email: 3, phone: 3, address: 2, organization: 2, messenger: 2 },
  ...{ relation: 2, website: 2, event: 2, custom: 3 },
};

const FORMATS = new Map(CSV_FORMS.map((form) => [form.id, csvFormat(form)]));
const IDS = [...FORMATS.keys()];

const formatOf = (id: string): ContactFormat => {
  const format = FORMATS.get(id);
  if (!format) throw new Error(`no form ${id}`);
  return format;
};

const writerOf = (id: string, widths = WIDE, options = { isRaw: false, withNationalId: true }): ContactWriter =>
  formatOf(id).createWriter({ ...options, widths });

async function* inPieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

const readRows = async (id: string, text: string): Promise<ReadRow[]> => {
  const rows: ReadRow[] = [];
  for await (const batch of formatOf(id).read(inPieces(text), { encoding: 'utf-8' })) for (const row of batch) rows.push(row);
  return rows;
};

const readTaken = async (id: string, text: string): Promise<ContactRow[]> => {
  const rows = await readRows(id, text);
  expect(rows.filter(isRejected)).toEqual([]);
  return rows.filter((row): row is ContactRow => !isRejected(row));
};

const readOne = async (id: string, text: string): Promise<Contact> => {
  const [row] = await readTaken(id, text);
  if (!row) throw new Error('no row');
  return row.contact;
};

const headersOf = (id: string, widths = WIDE): string[] =>
  writerOf(id, widths)
    .head.trimEnd()
    .split(',')
    .map((header) => header.replaceAll('"', ''));

/** What `contact` says, as texts. */
const valuesOf = (contact: Contact): string[] => {
  const values: string[] = [];
  forEachFact(contact, (_field, value) => values.push(value));
  return values;
};

const others = (name: string, value: string): Contact => ({ ...emptyContact(), others: [{ name, value }] });

/** Text of every kind that has broken an address book. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.string({
    unit: fc.constantFrom('"', ',', '\n', '\r', ' ', ';', ':', "'", '=', '가', '뷁', '😀', '\u202e', '\0', '0', '-', '*'),
    maxLength: 8,
  }),
  fc.constantFrom(
    '똠방각하',
    '010-0000-0001',
    '00123',
    '=1+1',
    "'=1+1",
    "''@x",
    '-2+3',
    '＝1',
    'a ::: b',
    '* Work',
    '* ',
    'SMTP',
    '0/0/00',
  ),
  fc.constantFrom(
    '1980-05-02',
    '5',
    '13',
    '2/29/1980',
    'constructor',
    '__proto__',
    'Mobile',
    '주민등록번호',
    'مرحبا',
    '\t=x',
    '\u00a0x\u3000',
  ),
);

/** Rows of a form's columns, more cells empty than not. */
const rowOf = (columns: number): fc.Arbitrary<string[]> =>
  fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 2, arbitrary: text }), { minLength: columns, maxLength: columns })
    .filter((cells) => cells.some((cell) => cell.trim() !== '') && !cells.some((cell) => cell.includes('\ufeff')));

const label = fc.oneof(fc.constantFrom('', 'mobile', 'work', 'home', 'work-fax', 'other', 'extension', 'constructor', '* x'), text);
const isPrimary = fc.constant(false);

const contact: fc.Arbitrary<Contact> = fc
  .record({
    name: fc.record({ full: text, given: text, family: text, middle: text, nickname: text, suffix: text }, { requiredKeys: [] }),
    emails: fc.array(fc.record({ label, isPrimary, address: text, displayName: text, type: text }), { maxLength: 4 }),
    phones: fc.array(fc.record({ label, isPrimary, number: text }), { maxLength: 5 }),
    addresses: fc.array(
      fc.record({ label, formatted: text, street: text, extended: text, city: text, country: text }, { requiredKeys: ['label'] }),
      { maxLength: 3 },
    ),
    organizations: fc.array(fc.record({ name: text, department: text, title: text }, { requiredKeys: [] }), { maxLength: 2 }),
    dates: fc.array(fc.record({ label: fc.constantFrom('birthday', 'anniversary', 'x'), date: text }), { maxLength: 3 }),
    urls: fc.array(fc.record({ label, isPrimary, url: text }), { maxLength: 3 }),
    messengers: fc.array(fc.record({ label, isPrimary, protocol: fc.constantFrom('', 'skype'), handle: text }), { maxLength: 2 }),
    relations: fc.array(fc.record({ label: fc.constantFrom('spouse', 'child', 'x'), name: text }), { maxLength: 2 }),
    notes: text,
    groups: fc.array(text, { maxLength: 3 }),
    others: fc.array(fc.record({ name: fc.constantFrom('Hobby', 'User 1', '__proto__', 'x'), value: text }), { maxLength: 3 }),
  })
  .map(
    (one): ContactDraft => ({
      ...emptyContact(),
      ...one,
      name: { ...emptyContact().name, ...one.name },
      emails: one.emails.map((email) => ({ ...emptyEmail(), ...email })),
      addresses: one.addresses.map((address) => ({ ...emptyAddress(''), ...address })),
      organizations: one.organizations.map((organization) => ({ ...emptyOrganization(), ...organization })),
    }),
  );

/** Whether a loss tells of a fact: of the fact itself, or of the value that it is about. */
const isTold = (fact: ContactFact, losses: readonly ContactLoss[]): boolean =>
  losses.some(
    (loss) =>
      (loss.field === fact.field && loss.value === fact.value) ||
      (fact.of !== '' && loss.field === fact.field.split('.', 1)[0] && loss.value === fact.of),
  );

describe.each(IDS)('%s', (id) => {
  const headers = headersOf(id);

  it('passes any cells through, and reads them as it did before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowOf(headers.length), { minLength: 1, maxLength: 4 }), async (rows) => {
        const file = writerOf(id).head + rows.map(printRow).join('');
        const read = await readTaken(id, file);
        expect(read.map(({ record }) => (record as { cells: unknown }).cells)).toEqual(rows);
        for (const isRaw of [true, false]) {
          const writer = formatOf(id).createWriter({ isRaw, withNationalId: true, headers });
          const passed = writer.head + read.map(({ record }) => writer.printRecord(record)).join('');
          if (isRaw) expect(passed).toBe(file);
          const again = await readTaken(id, passed);
          expect(again.map((row) => row.contact)).toEqual(read.map((row) => row.contact));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tells of everything that a contact says and its row does not; what is read back is what was said to be held', async () => {
    await fc.assert(
      fc.asyncProperty(contact, fc.boolean(), async (one, isRaw) => {
        const writer = writerOf(id, WIDE, { isRaw, withNationalId: true });
        const { text: row, held } = writer.print(one);
        const blank = row.replace(/[\s,"]/g, '') === '';
        if (!blank) expect(await readOne(id, writer.head + row)).toEqual(held);
        const losses = contactLosses(one, held);
        for (const fact of missingFacts(one, held)) expect(isTold(fact, losses)).toBe(true);
        expect(held.emails.filter((email) => email.isPrimary).length).toBeLessThan(2);
      }),
      { numRuns: 100 },
    );
  });

  it('has a column for every header, and each one comes back in its own', async () => {
    for (const [index, header] of headers.entries()) {
      const isLabel = / - (?:Label|Type|Service)$/.test(header);
      if (isLabel) continue;
      const cells = headers.map(() => '');
      cells[index] = /birth year|태어난 해/i.test(header) ? '1980' : /birth|생일|태어난/i.test(header) ? '05' : `값 ${index}`;
      const read = await readOne(id, writerOf(id).head + printRow(cells));
      const { text: row, held } = writerOf(id).print(read);
      expect(missingFacts(read, held)).toEqual([]);
      const written = row.trimEnd().split(',');
      expect(written).toContain(cells[index]);
      // The first one of several goes where the first one belongs.
      const isOneOfSeveral = / [2-9] - |Phone 2|전화 2|E-mail [23]|전자 메일 [23]|^Secondary|^추가/.test(header);
      if (!isOneOfSeveral) expect([header, written[index]]).toEqual([header, cells[index]]);
    }
  });

  it('reads a whole row back cell by cell', async () => {
    const cells = headers.map((header, index) => {
      if (/birth year|태어난 해/i.test(header)) return '1980';
      if (/^birth (?:month|day)|태어난 달/i.test(header)) return '05';
      if (header === '생일' && id === 'thunderbird-ko') return '02';
      return `값 ${index}`;
    });
    const read = await readOne(id, writerOf(id).head + printRow(cells));
    const { text: row, held } = writerOf(id).print(read);
    expect(missingFacts(read, held)).toEqual([]);
    const said = new Set(valuesOf(read).flatMap((value) => [value, ...value.split('-')]));
    const labels = new Set([...read.others, ...read.relations, ...read.dates].map((one) => ('label' in one ? one.label : one.name)));
    expect(cells.filter((cell) => !said.has(cell) && !labels.has(cell))).toEqual([]);
    expect(row).toBe(printRow(cells));
  });

  it('C11: keeps leading zeros', async () => {
    const phones = [{ label: 'mobile', isPrimary: false, number: '00820100000001' }];
    const { text: row, held } = writerOf(id).print({ ...emptyContact(), phones, name: { ...emptyContact().name, full: '0' } });
    if (id === 'mailplug-users') return;
    expect(row).toContain('00820100000001');
    expect(held.phones).toMatchObject([{ number: '00820100000001' }]);
  });

  it('C11: writes no cell that a spreadsheet would run, unless it is to, and takes the guard off again', async () => {
    for (const value of ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '＝1', "'=1", "''+1"]) {
      const one = { ...emptyContact(), name: { ...emptyContact().name, full: value, given: value } };
      const { text: row, held } = writerOf(id).print(one);
      expect(row).toContain(`'${value}`);
      expect(missingFacts(one, held)).toEqual([]);
      expect(writerOf(id, WIDE, { isRaw: true, withNationalId: true }).print(one).text).not.toContain(`'${value}`);
    }
  });

  it('C11: leaves national ids out, in passed rows too, and says so', async () => {
    const secret = '800101-1234567';
    for (const name of ['Government ID Number', '주민등록번호', '주민 등록 번호', '주민등록번호(뒷자리 포함)', 'SSN']) {
      const withheld = writerOf(id, WIDE, { isRaw: false, withNationalId: false });
      const { text: row, held } = withheld.print(others(name, secret));
      expect(row).not.toContain(secret);
      expect(contactLosses(others(name, secret), held)).toMatchObject([{ label: name, value: secret, reason: 'withheld' }]);
      const own = [...headers.slice(0, 3), name];
      const passing = formatOf(id).createWriter({ isRaw: false, withNationalId: false, headers: own });
      const [read] = await readTaken(id, printRow(own) + printRow(['a', 'b', 'c', secret]));
      expect(passing.printRecord(read?.record)).toBeNull();
      if (read) expect(passing.print(read.contact).text).toBe('a,b,c,\r\n');
      const [none] = await readTaken(id, printRow(own) + printRow(['a', 'b', 'c', '']));
      expect(passing.printRecord(none?.record)).toBe('a,b,c,\r\n');
    }
  });

  it('says of no value that is lost or changed on the way to another form and back that it is still there', async () => {
    await fc.assert(
      fc.asyncProperty(rowOf(headers.length), fc.constantFrom(...IDS), async (cells, other) => {
        const before = await readOne(id, writerOf(id).head + printRow(cells));
        const away = writerOf(other).print(before).held;
        const back = writerOf(id).print(away).held;
        const losses = [...contactLosses(before, away), ...contactLosses(away, back)];
        for (const fact of missingFacts(before, back)) expect([fact, isTold(fact, losses)]).toEqual([fact, true]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('cells that spreadsheets run', () => {
  it('C11: are guarded, and exactly undone, whatever they are', () => {
    fc.assert(
      fc.property(text, (cell) => {
        expect(unguardFormula(guardFormula(cell))).toBe(cell);
        expect(guardFormula(cell)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a cell of 10 MB', () => {
  it.each(['outlook-ko', 'google'])('goes through %s', async (id) => {
    const big = '가"나,\n'.repeat(1_000_000);
    const headers = headersOf(id, {});
    const cells = ['a', 'b', 'c'].concat(Array<string>(headers.length - 4).fill(''), big);
    const writer = formatOf(id).createWriter({ isRaw: false, withNationalId: true, headers });
    const [row] = await readTaken(id, printRow(headers) + printRow(cells));
    expect(writer.printRecord(row?.record) === printRow(cells)).toBe(true);
    if (row) expect(missingFacts(row.contact, writer.print(row.contact).held).length).toBe(0);
  });
});

describe('Thunderbird', () => {
  it.each(['thunderbird-ko', 'thunderbird-en'])('C7: home and work stay apart: %s', async (id) => {
    const headers = headersOf(id);
    const cells = headers.map((_, index) => (index >= 12 && index < 24 ? `값 ${index}` : ''));
    const { addresses } = await readOne(id, printRow(headers) + printRow(cells));
    expect(addresses).toMatchObject([
      { label: 'home', street: '값 12', extended: '값 13', city: '값 14', region: '값 15', postalCode: '값 16', country: '값 17' },
      { label: 'work', street: '값 18', extended: '값 19', city: '값 20', region: '값 21', postalCode: '값 22', country: '값 23' },
    ]);
  });

  it.each([
    [['1980', '5', '2'], '1980-05-02'],
    [['', '05', '02'], '--05-02'],
    [['1980', '', ''], '1980'],
    [['', '', '2'], '---02'],
    [['1980', '5', ''], '1980-05'],
  ])('reads birthdays of three cells: %j', async (cells, date) => {
    const read = await readOne(
      'thunderbird-en',
      printRow(['First Name', 'Birth Year', 'Birth Month', 'Birth Day']) + printRow(['a', ...cells]),
    );
    expect(read.dates).toEqual([{ label: 'birthday', date }]);
    const { held } = writerOf('thunderbird-en').print(read);
    expect(held.dates).toEqual([{ label: 'birthday', date }]);
  });

  it('C8: three cells may be mapped to another day', async () => {
    const rows: ReadRow[] = [];
    const map = new Map([
      ['y', 'date.anniversary.year'],
      ['m', 'date.anniversary.month'],
      ['d', 'date.anniversary.day'],
    ]);
    const file = printRow(['First Name', 'y', 'm', 'd', 'Birth Year']) + printRow(['a', '2001', '2', '3', '1980']);
    for await (const batch of formatOf('thunderbird-en').read(inPieces(file), { encoding: 'utf-8', map })) rows.push(...batch);
    expect(rows).toMatchObject([
      {
        contact: {
          dates: [
            { label: 'anniversary', date: '2001-02-03' },
            { label: 'birthday', date: '1980' },
          ],
        },
      },
    ]);
  });
});

describe('Google', () => {
  const head = ['First Name', 'E-mail 1 - Label', 'E-mail 1 - Value', 'Phone 1 - Label', 'Phone 1 - Value', 'Labels'];
  const read = (cells: readonly string[]): Promise<Contact> => readOne('google', printRow(head) + printRow(cells));

  it('several values of a cell are several values, of which one is the primary one', async () => {
    const one = await read(['a', '* Work', 'a@b ::: c@d', 'Mobile', '010 ::: 020 ::: 030', '* myContacts ::: 친구']);
    expect(one.emails).toMatchObject([
      { label: 'work', isPrimary: true, address: 'a@b' },
      { label: 'work', isPrimary: false, address: 'c@d' },
    ]);
    expect(one.phones.map(({ label: word, number }) => [word, number])).toEqual([
      ['mobile', '010'],
      ['mobile', '020'],
      ['mobile', '030'],
    ]);
    expect(one.groups).toEqual(['* myContacts', '친구']);
    expect(missingFacts(one, writerOf('google').print(one).held)).toEqual([]);
  });

  it('labels that are names of every object stay texts', async () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const one = await read(['a', name, 'a@b', name, '010', '']);
      expect(writerOf('google').print(one).held).toEqual(one);
    }
  });

  it('asks for the columns that a contact needs, but not for more than a reader takes', async () => {
    const phones = Array.from({ length: 3 }, (_, n) => ({ label: '', isPrimary: false, number: `${n}` }));
    const narrow = writerOf('google', { phone: 1 });
    narrow.print({ ...emptyContact(), phones });
    expect(narrow.needed).toEqual({ phone: 3 });
    for (const id of ['google', 'google-old']) {
      const very = {
        ...emptyContact(),
        emails: Array.from({ length: 5000 }, (_, n) => ({ ...emptyEmail(), address: `${n}@b` })),
        addresses: Array.from({ length: 5000 }, (_, n) => ({ ...emptyAddress(''), street: `${n}` })),
        organizations: Array.from({ length: 5000 }, (_, n) => ({ ...emptyOrganization(), name: `${n}` })),
        others: Array.from({ length: 5000 }, (_, n) => ({ name: `n${n}`, value: `${n}` })),
      };
      const first = writerOf(id, {});
      first.print(very);
      const wide = writerOf(id, first.needed ?? {});
      const { text: row, held } = wide.print(very);
      expect(wide.needed).toBeNull();
      expect(await readOne(id, wide.head + row)).toEqual(held);
      expect(contactLosses(very, held).length).toBe(missingFacts(very, held).length);
    }
  });
});
