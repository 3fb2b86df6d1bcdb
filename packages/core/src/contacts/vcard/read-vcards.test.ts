import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { Contact } from '../contact.ts';
import { isRejected, type ReadRow } from '../contact-format.ts';
import { readVcards } from './read-vcards.ts';
import { toCard } from './to-card.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const readRows = async (file: string | Buffer, encoding = 'utf-8', size = 65_536): Promise<ReadRow[]> => {
  const rows: ReadRow[] = [];
  for await (const batch of readVcards(inPieces(Buffer.from(file), size), { encoding })) rows.push(...batch);
  return rows;
};

const card = (version: string, ...lines: string[]): string => ['BEGIN:VCARD', `VERSION:${version}`, ...lines, 'END:VCARD', ''].join('\r\n');

const contactsOf = async (file: string | Buffer, encoding = 'utf-8', size = 65_536): Promise<Contact[]> =>
  (await readRows(file, encoding, size)).flatMap((row) => (isRejected(row) ? [] : [row.contact]));

const contactOf = async (...args: Parameters<typeof contactsOf>): Promise<Contact> => {
  const [contact, ...others] = await contactsOf(...args);
  if (contact === undefined || others.length > 0) throw new Error('not one contact');
  return contact;
};

const rejectedOf = async (file: string | Buffer, encoding = 'utf-8') => (await readRows(file, encoding)).filter(isRejected);

/** Quoted-printable of bytes, every one of them. */
const quoted = (bytes: Buffer): string => [...bytes].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

describe('values in their own charset', () => {
  const korean = iconv.encode('똠방각하', 'cp949');

  it.each(['EUC-KR', 'euckr', 'KS_C_5601-1987', 'CP949', 'windows-949', 'UHC'])('%s is CP949', async (charset) => {
    const file = card('2.1', `FN;CHARSET=${charset};ENCODING=QUOTED-PRINTABLE:${quoted(korean)}`);
    expect((await contactOf(file)).name.full).toBe('똠방각하');
  });

  it('is found out where quoted-printable hides it', async () => {
    expect((await contactOf(card('2.1', `FN;ENCODING=QUOTED-PRINTABLE:${quoted(korean)}`))).name.full).toBe('똠방각하');
    expect((await contactOf(card('2.1', `FN;QUOTED-PRINTABLE:${quoted(Buffer.from('똠방각하'))}`))).name.full).toBe('똠방각하');
  });

  it('stands beside others in one file', async () => {
    const japanese = Buffer.concat([Buffer.from('N;CHARSET=SHIFT_JIS:'), iconv.encode('伊能;圭一;', 'shift_jis')]).toString('latin1');
    const plain = Buffer.concat([Buffer.from('NOTE:'), korean]).toString('latin1');
    const contact = await contactOf(Buffer.from(card('2.1', japanese, plain), 'latin1'), 'cp949');
    expect([contact.name.family, contact.name.given, contact.notes]).toEqual(['伊能', '圭一', '똠방각하']);
  });

  it('keeps quoted-printable that is in no charset as it stands', async () => {
    const contact = await contactOf(card('2.1', 'FN:A', 'NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91=FF=FF'));
    expect(contact.others).toEqual([{ name: 'NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE', value: '=C3=91=FF=FF' }]);
  });

  it('does not lose a character that is none', async () => {
    const latin = Buffer.from(card('3.0', 'FN:José'), 'latin1');
    expect(await rejectedOf(latin)).toEqual([{ row: 1, line: 1, column: 'FN', reason: 'not-in-encoding' }]);
    expect((await contactOf(latin, 'latin1')).name.full).toBe('José');
  });

  it('rejects a card whose bytes are not in the encoding of the file, and goes on', async () => {
    const bytes = Buffer.concat([Buffer.from('BEGIN:VCARD\nNOTE:'), korean, Buffer.from(`\nEND:VCARD\n${card('3.0', 'FN:B')}`)]);
    expect(await rejectedOf(bytes)).toEqual([{ row: 1, line: 1, column: 'NOTE', reason: 'not-in-encoding' }]);
    expect((await contactsOf(bytes)).map(({ name }) => name.full)).toEqual(['B']);
  });

  it.each(['utf-16le', 'utf-16be'])('is %s of the whole file', async (encoding) => {
    const file = iconv.encode(`\ufeff${card('3.0', 'FN:똠방각하 😀')}`, encoding);
    expect((await contactOf(file, encoding, 3)).name.full).toBe('똠방각하 😀');
  });
});

describe('lines', () => {
  it.each([
    ['CR LF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
    ['CR CR LF', '\r\r\n'],
  ])('end in %s', async (_, end) => {
    const file = card('3.0', 'FN:A', 'NOTE:one', '  two', 'TEL:1').replaceAll('\r\n', end);
    for (const size of [1, 2, 3, 7, 1000]) {
      const contact = await contactOf(file, 'utf-8', size);
      expect([contact.notes, contact.phones[0]?.number]).toEqual(['one two', '1']);
    }
    expect(await rejectedOf(`${file}BEGIN:VCARD${end}FN:B`)).toEqual([{ row: 2, line: 8, column: null, reason: 'damaged' }]);
  });

  it('keep the blank that 2.1 folds at', async () => {
    expect((await contactOf(card('2.1', 'NOTE:one', ' two'))).notes).toBe('one two');
  });

  it('are folded inside a character', async () => {
    const bytes = Buffer.from('각');
    const file = Buffer.concat([
      Buffer.from('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:'),
      bytes.subarray(0, 1),
      Buffer.from('\r\n '),
      bytes.subarray(1),
    ]);
    expect((await contactOf(Buffer.concat([file, Buffer.from('\r\nEND:VCARD')]))).name.full).toBe('각');
  });

  it.each([
    ['an empty line', ['PHOTO;ENCODING=BASE64;TYPE=PNG:', ' iVBO', ' Rw==', '']],
    ['the next property', ['PHOTO;ENCODING=BASE64;TYPE=PNG:iVBO', 'Rw==']],
    ['the fold', ['PHOTO;ENCODING=b;TYPE=PNG:iVBO', ' Rw==']],
  ])('of base64 end with %s', async (_, photo) => {
    const contact = await contactOf(card('2.1', ...photo, 'TEL:1'));
    expect([contact.photo, contact.phones.length]).toEqual(['data:image/png;base64,iVBORw==', 1]);
  });

  it('that are no property are kept', async () => {
    expect((await contactOf(card('2.1', 'FN:A', '# a comment'))).others).toEqual([{ name: 'X-MAILFERRY-LINE', value: '# a comment' }]);
  });
});

describe('cards', () => {
  it('are told apart from text between them', async () => {
    const file = `\ufeffnonsense\n${card('3.0', 'FN:A')}\nmore: nonsense\n\ufeff${card('3.0', 'FN:B')}the end`;
    expect((await contactsOf(file)).map(({ name }) => name.full)).toEqual(['A', 'B']);
    expect(await rejectedOf(file)).toEqual([]);
  });

  it('that do not end are damaged, and the next one goes on', async () => {
    const file = `BEGIN:VCARD\nFN:A\n${card('3.0', 'FN:B')}BEGIN:VCARD\nFN:C`;
    expect((await contactsOf(file)).map(({ name }) => name.full)).toEqual(['B']);
    expect(await rejectedOf(file)).toEqual([
      { row: 1, line: 1, column: null, reason: 'damaged' },
      { row: 3, line: 7, column: null, reason: 'damaged' },
    ]);
  });

  it('that begin nowhere are damaged', async () => {
    expect(await rejectedOf('FN:A\nEND:VCARD\n')).toEqual([{ row: 1, line: 1, column: null, reason: 'damaged' }]);
  });

  it('of an agent are the value of AGENT', async () => {
    const [contact] = await contactsOf(card('2.1', 'FN:A', 'AGENT:', 'BEGIN:VCARD', 'FN:B', 'END:VCARD', 'TEL:1'));
    expect(contact?.others).toEqual([{ name: 'AGENT', value: 'BEGIN:VCARD\nFN:B\nEND:VCARD' }]);
    expect(contact?.phones).toHaveLength(1);
  });

  it('of more than 32 MiB are too large, and the next one goes on', async () => {
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('BEGIN:VCARD\r\nNOTE:');
      for (let mebibyte = 0; mebibyte < 33; mebibyte += 1) yield Buffer.alloc(1024 * 1024, 'a');
      yield Buffer.from(`\r\nEND:VCARD\r\n${card('3.0', 'FN:B')}`);
    }
    const rows: ReadRow[] = [];
    for await (const batch of readVcards(file(), { encoding: 'utf-8' })) rows.push(...batch);
    expect(rows).toMatchObject([{ row: 1, line: 1, reason: 'too-large' }, { contact: { name: { full: 'B' } } }]);
  });

  it('of too many properties are too large', async () => {
    const lines = Array.from({ length: 10_001 }, () => 'TEL:1');
    expect(await rejectedOf(card('3.0', ...lines))).toEqual([{ row: 1, line: 1, column: null, reason: 'too-large' }]);
  });

  it('with a property of too many parameters are too large', async () => {
    expect(await rejectedOf(card('3.0', `TEL${';X=1'.repeat(300_000)}:1`))).toEqual([
      { row: 1, line: 1, column: null, reason: 'too-large' },
    ]);
  });

  it('keep a property of too many types as a line', async () => {
    const line = `TEL;TYPE=${'a,'.repeat(1000)}a:1`;
    expect((await contactOf(card('3.0', line))).others).toEqual([{ name: 'X-MAILFERRY-LINE', value: line }]);
  });

  it('made to be slow are not', async () => {
    const many = (count: number, line: (index: number) => string): string[] => Array.from({ length: count }, (_, index) => line(index));
    const cards = [
      card('3.0', `CATEGORIES:${','.repeat(4_000_000)}`),
      card('3.0', `N:${'\\;'.repeat(1_000_000)}`),
      card('2.1', `NOTE;ENCODING=QUOTED-PRINTABLE:${'= '.repeat(1_000_000)}`),
      card('3.0', `item1.ADR;TYPE=${'a,'.repeat(400_000)}:;;a`, `item1.LABEL${';TYPE=b'.repeat(100_000)}:a`),
      card('4.0', ...many(9000, (index) => `TEL;PREF=2;X-A=${index}:1`)),
      card('2.1', ...many(4500, () => 'ADR;HOME:;;a'), ...many(4500, () => 'LABEL;HOME:a')),
      card('2.1', ...many(4500, (index) => `item${index}.TEL;X-B=1:1`), ...many(4500, (index) => `item${index}.X-ABLabel:a`)),
      `${'\r'.repeat(1_000_000)}\n`,
    ];
    const rows = await readRows(cards.join(''));
    for (const row of rows) {
      if (isRejected(row)) throw new Error(row.reason);
      for (const version of ['2.1', '3.0', '4.0'] as const) toCard(row.contact, version, false);
    }
    expect(rows).toHaveLength(7);
  }, 20_000);

  it('cut off anywhere are rejected, never half', async () => {
    const file = card('3.0', 'FN:A', 'TEL;TYPE=CELL:010-1234-5678', 'NOTE:one', ' two');
    for (let length = 1; length < file.length - 3; length += 1) expect(await contactsOf(file.slice(0, length))).toEqual([]);
  });

  it('made of noise throw nothing', async () => {
    const noise = fc.array(
      fc.constantFrom(
        'BEGIN:VCARD',
        'END:VCARD',
        'VERSION:2.1',
        'AGENT:',
        ':',
        ';',
        '=',
        '"',
        '\\',
        '\r',
        '\n',
        ' ',
        'TEL',
        'N;',
        'ENCODING=b',
        'CHARSET=x',
        '\xff',
        '.',
      ),
    );
    await fc.assert(
      fc.asyncProperty(noise, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const rows = await readRows(Buffer.from(`BEGIN:VCARD\n${parts.join('')}`, 'latin1'), 'utf-8', size);
        for (const row of rows) if (!isRejected(row)) toCard(row.contact, '2.1', false);
      }),
    );
  });
});

describe('fields', () => {
  it('have the label of their group', async () => {
    const contact = await contactOf(
      card('3.0', 'item1.EMAIL;type=INTERNET;type=HOME:a@b.c', 'item1.X-ABLabel:_$!<Home>!$_', 'item2.TEL:1', 'item2.X-ABLabel:내선'),
    );
    expect(contact.emails).toMatchObject([{ label: 'home', address: 'a@b.c' }]);
    expect(contact.phones).toEqual([{ label: '내선', isPrimary: false, number: '1' }]);
    expect(contact.others).toEqual([]);
  });

  it.each([
    ['TEL;CELL;VOICE:1', 'mobile'],
    ['TEL;TYPE=WORK,FAX:1', 'work-fax'],
    ['TEL;TYPE="home,voice":1', 'home'],
    ['TEL;TYPE=fax:1', 'other-fax'],
    ['TEL;X-NEC-HOTEL:1', 'X-NEC-HOTEL'],
    ['X-MS-TEL;VOICE;CALLBACK:1', 'callback'],
  ])('%s is %s', async (line, label) => {
    expect((await contactOf(card('2.1', line))).phones).toEqual([{ label, isPrimary: false, number: '1' }]);
  });

  it('have one primary value, of the highest preference', async () => {
    const contact = await contactOf(card('4.0', 'EMAIL;PREF=2:b@x', 'EMAIL;PREF=1:a@x', 'EMAIL:c@x'));
    expect(contact.emails.map(({ isPrimary }) => isPrimary)).toEqual([false, true, false]);
    expect(contact.others).toEqual([{ name: 'EMAIL;PREF=2', value: 'b@x' }]);
  });

  it('leave a label that they have no place for', async () => {
    const contact = await contactOf(card('3.0', 'item1.BDAY:1980-03-22', 'item1.X-ABLabel:lunar', 'X-ABDATE;TYPE=pref:2000-01-01'));
    expect(contact.dates.map(({ label }) => label)).toEqual(['birthday', '']);
    expect(contact.others).toEqual([
      { name: 'X-ABDATE;TYPE=pref', value: '2000-01-01' },
      { name: 'item1.X-ABLabel', value: 'lunar' },
    ]);
  });

  it('leave nothing that they do not stand for', async () => {
    const contact = await contactOf(card('4.0', 'FN;DERIVED=TRUE:A', 'UID:urn:x', 'X-Thing;X-P="a,b":c\\,d', 'item9.X-LABEL:Custom'));
    expect(contact.others).toEqual([
      { name: 'FN;DERIVED=TRUE', value: 'A' },
      { name: 'UID', value: 'urn:x' },
      { name: 'X-Thing;X-P="a,b"', value: 'c\\,d' },
      { name: 'item9.X-LABEL', value: 'Custom' },
    ]);
  });

  it('of a group card are its members', async () => {
    const contact = await contactOf(card('3.0', 'FN:G', 'X-ADDRESSBOOKSERVER-KIND:group', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1'));
    expect(contact.others).toEqual([
      { name: 'KIND', value: 'group' },
      { name: 'MEMBER', value: 'urn:uuid:1' },
    ]);
  });

  it('pair organizations and titles', async () => {
    const contact = await contactOf(card('2.1', 'ORG:A;B;C', 'TITLE:one', 'ORG:D', 'TITLE:two'));
    expect((await contactOf(card('3.0', 'item1.TITLE:one', 'item1.TITLE:two'))).organizations).toHaveLength(2);
    expect(contact.organizations).toMatchObject([
      { name: 'A', department: 'B>C', title: 'one' },
      { name: 'D', department: '', title: 'two' },
    ]);
  });

  it('give an address the label that is written for it', async () => {
    const contact = await contactOf(
      card('2.1', 'ADR;WORK:;;1 Main St;Seoul;;;', 'LABEL;WORK;ENCODING=QUOTED-PRINTABLE:1 Main St=0D=0ASeoul'),
    );
    expect(contact.addresses).toMatchObject([{ label: 'work', street: '1 Main St', city: 'Seoul', formatted: '1 Main St\nSeoul' }]);
  });
});
