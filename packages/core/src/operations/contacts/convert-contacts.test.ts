import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, type DiskFile, nodeDisk } from '../../archive/disk.ts';
import { type ContactRow, isRejected } from '../../contacts/contact-format.ts';
import { CSV_FORMS } from '../../contacts/csv/csv-forms.ts';
import { printRow } from '../../contacts/csv/print-row.ts';
import { openContacts } from './contact-source.ts';
import type { ConvertContactsOptions, ConvertContactsReport } from './conversion-report.ts';
import { convertContacts } from './convert-contacts.ts';
import { dedupeContacts } from './dedupe-contacts.ts';

const SHARED = resolve(import.meta.dirname, '../../../../../../shared');
const CORPUS = join(SHARED, 'corpus');
const BAD_CSVS = join(SHARED, 'checks/bad-csvs');

const MARK = '\ufeff';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailferry-convert-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const out = (): string => join(folder, 'out.csv');
const written = (): string => readFileSync(out(), 'utf8');

const convert = (paths: string | readonly string[], options: Partial<ConvertContactsOptions> = {}): Promise<ConvertContactsReport> =>
  convertContacts({ paths: [paths].flat(), out: out(), signal: new AbortController().signal, ...options });

const headersOf = (id: string): readonly string[] => CSV_FORMS.find((form) => form.id === id)?.headers ?? [];

/** A file of a form, each row by the headers of its cells; of a repeated header the first one, unless a list says more. */
const book = (id: string, ...rows: Readonly<Record<string, string | readonly string[]>>[]): string => {
  const headers = headersOf(id);
  return printRow(headers) + rows.map((row) => printRow(rowOf(headers, row))).join('');
};

const rowOf = (headers: readonly string[], row: Readonly<Record<string, string | readonly string[]>>): string[] =>
  headers.map((header, index) => {
    const nth = headers.slice(0, index).filter((other) => other === header).length;
    return [row[header] ?? ''].flat()[nth] ?? '';
  });

const ECOUNT = headersOf('ecount').join(',');
const ecountRow = (n: number | string, name = '홍길동'): string => `${name}${n},user${n}@a.example,010-0000-000${n},,,,,,,,\r\n`;

const contactsIn = async (path: string): Promise<ContactRow[]> => {
  const source = await openContacts(path, {}, new AbortController().signal);
  const rows: ContactRow[] = [];
  for await (const batch of source.rows()) for (const row of batch) if (!isRejected(row)) rows.push(row);
  return rows;
};

describe('S44: an address book of another program', () => {
  it('Outlook in CP949 becomes one of Ecount: nothing is lost without a word', async () => {
    const path = file(
      'outlook.csv',
      iconv.encode(
        book(
          'outlook-ko',
          {
            '성': '똠',
            '이름': '방각하',
            '전자 메일 주소': 'ttom@a.example',
            '전자 메일 유형': 'SMTP',
            '휴대폰': '010-0000-0001',
            '메모': '첫 줄\r\n둘째 "줄"',
          },
          {
            '성': '김',
            '이름': '철수',
            '전자 메일 주소': 'kim@a.example',
            '근무처 전화': '02-000-0000',
            '취미': '바둑',
            '주민 등록 번호': '800101-1234567',
          },
        ),
        'cp949',
      ),
    );
    const report = await convert(path, { to: 'ecount' });
    expect(written()).toBe(
      `${MARK}${ECOUNT}\r\n똠방각하,ttom@a.example,010-0000-0001,,,,,,,"첫 줄\r\n둘째 ""줄""",\r\n김철수,kim@a.example,,02-000-0000,,,,,,,\r\n`,
    );
    expect(report).toMatchObject({
      sources: [{ detected: { format: 'outlook-ko' }, encoding: { encoding: 'cp949', reason: 'only-valid' } }],
      ...{ rows: 2, written: 2, rejected: 0, isPassedThrough: false },
    });
    expect(report.losses).toEqual(
      expect.arrayContaining([
        { field: 'name.family', label: '', reason: 'merged', contacts: 2, rows: [2, 3] },
        { field: 'other', label: 'Hobby', reason: 'no-place', contacts: 1, rows: [3] },
        { field: 'other', label: 'Government ID Number', reason: 'withheld', contacts: 1, rows: [3] },
      ]),
    );
    expect(report.losses).toHaveLength(4);
  });

  it('Google with several values in a cell becomes one of Outlook', async () => {
    const head = [
      'First Name',
      'Last Name',
      'Notes',
      'Labels',
      'E-mail 1 - Label',
      'E-mail 1 - Value',
      'Phone 1 - Label',
      'Phone 1 - Value',
    ];
    const cells = ['길동', '홍', '두\n줄', '* myContacts ::: 친구', '* Work', 'a@a.example ::: b@a.example', 'Mobile', '010-1 ::: 010-2'];
    const report = await convert(file('google.csv', printRow(head) + printRow(cells)), { to: 'outlook-en' });
    const [row] = await contactsIn(out());
    expect(row?.contact.emails.map(({ address }) => address)).toEqual(['a@a.example', 'b@a.example']);
    expect(row?.contact.phones.map(({ number }) => number).toSorted()).toEqual(['010-1', '010-2']);
    expect(row?.contact).toMatchObject({ notes: '두\n줄', groups: ['* myContacts', '친구'], name: { given: '길동', family: '홍' } });
    expect(report.losses.map(({ field }) => field).toSorted()).toEqual(['email.label', 'phone.label']);
  });

  it('Thunderbird with headers in Korean becomes one of Google and comes back', async () => {
    const row = {
      '이름': '길동',
      '성': '홍',
      '표시명': '홍길동',
      '기본 메일': 'h@a.example',
      '추가 메일': 'i@a.example',
      '태어난 해': '1980',
      '태어난 달': '05',
      '생일': '02',
    };
    const full = {
      ...row,
      '자택 주소1': '집길 1',
      '직장 주소1': '일길 2',
      '구/군': ['집구', '일구'],
      '시/도': ['집도', '일도'],
      '국가': ['', '대한민국'],
    };
    const path = file('tb.csv', MARK + book('thunderbird-ko', full));
    await convert(path, { to: 'google' });
    const google = join(folder, 'google.csv');
    writeFileSync(google, readFileSync(out()));
    const back = await convert(google, { to: 'thunderbird-ko' });
    expect(back.sources).toMatchObject([{ detected: { format: 'google' } }]);
    expect(written()).toBe(readFileSync(path, 'utf8'));
  });

  it('UTF-16 with tabs is read, line breaks in cells and all', async () => {
    const text = `${MARK}${headersOf('outlook-en').join('\t')}\r\n${rowOf(headersOf('outlook-en'), { 'First Name': '길동', 'E-mail Address': 'h@a.example', 'Notes': '"a\r\nb\tc"' }).join('\t')}\r\n`;
    for (const bytes of [Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()]) {
      const report = await convert(file('u.txt', bytes), { to: 'excel' });
      expect(report).toMatchObject({ sources: [{ detected: { format: 'outlook-en', delimiter: '\t' } }], written: 1, losses: [] });
      expect(written()).toContain('길동,h@a.example,,,,,,,,"a\r\nb\tc",\r\n');
    }
  });
});

describe('rows that can not be taken', () => {
  it('C4: are rejected with row, column and reason; the others go on, and the list is a file', async () => {
    const path = file(
      'book.csv',
      Buffer.concat([
        Buffer.from(`${ECOUNT}\r\n${ecountRow(2).replace(',,\r', `,${'긴 메모 '.repeat(2000)},\r`)}`),
        Buffer.from(`,user3@a.example,,,,,,,,,\r\n김철수,,,,,,,,,,\r\n\r\n김철수,"no address",,,,,,,,,\r\n`),
        Buffer.from(`${ecountRow(7).trimEnd()},,surplus\r\n"김" 철수,user8@a.example,,,,,,,,,\r\n`),
        Buffer.concat([Buffer.from([0xb0, 0xa1]), Buffer.from(',user9@a.example,,,,,,,,,\r\n')]),
        Buffer.from(`=cmd,user10@a.example,,,,,,,,,\r\n${ecountRow(11)}김,user12@a.example,010`),
        Buffer.alloc(40),
        Buffer.from('\r\n\0\0'),
      ]),
    );
    const details = join(folder, 'details.csv');
    const report = await convert(path, { to: 'naver', details });
    expect(report.rejectedRows.map(({ row, column, reason }) => [row, column, reason])).toEqual([
      [3, '이름', 'name-missing'],
      [4, '이메일', 'email-missing'],
      [6, '이메일', 'email-invalid'],
      [7, null, 'too-many-cells'],
      [8, null, 'quote-malformed'],
      [9, '이름', 'not-in-encoding'],
      [12, '휴대폰', 'damaged'],
      [13, null, 'damaged'],
    ]);
    expect(report).toMatchObject({ rows: 11, written: 3, rejected: 8 });
    expect((await contactsIn(out())).map(({ contact }) => contact.name.full)).toEqual(['홍길동2', '=cmd', '홍길동11']);
    const list = readFileSync(details, 'utf8');
    expect(list.startsWith(`${MARK}file,row,kind,reason,field,label,value\r\n`)).toBe(true);
    expect(list).toContain(`${path},8,rejected,quote-malformed,,,\r\n`);
    expect(list.match(/rejected/g)).toHaveLength(8);
  });

  it('C4: are kept where the form takes them, or a person says so', async () => {
    const path = file('book.csv', `${ECOUNT}\r\n,,010-0000-0001,,,,,,,,\r\n`);
    expect(await convert(path, { to: 'outlook-en' })).toMatchObject({ written: 1, rejected: 0, incomplete: 1, incompleteRows: [2] });
    expect(await convert(path, { to: 'naver', incomplete: 'keep' })).toMatchObject({ written: 1, rejected: 0, incomplete: 1 });
    expect(await convert(path, { to: 'outlook-en', incomplete: 'reject' })).toMatchObject({ written: 0, rejected: 1 });
  });

  it('stop the run where nothing behind them can be told apart; the old file stays', async () => {
    writeFileSync(out(), 'old');
    const path = file('book.csv', `${ECOUNT}\r\n${ecountRow(2)}"김,user3@a.example\r\n${ecountRow(4)}`);
    await expect(convert(path)).rejects.toMatchObject({ code: 'contacts-unreadable', details: { row: 3 } });
    expect(written()).toBe('old');
    expect(readdirSync(folder).toSorted()).toEqual(['book.csv', 'out.csv']);
  });
});

describe('several files out of one', () => {
  const many = (count: number): string => `${ECOUNT}\r\n${Array.from({ length: count }, (_, n) => ecountRow(n + 2)).join('')}`;

  it('C3: 1,001 rows are 1,000 and 1', async () => {
    const report = await convert(file('book.csv', many(1001)), { rowsPerFile: 1000 });
    expect(report.files).toEqual([
      { path: join(folder, 'out-001.csv'), contacts: 1000 },
      { path: join(folder, 'out-002.csv'), contacts: 1 },
    ]);
    const texts = report.files.map(({ path }) => readFileSync(path, 'utf8').replace(MARK, ''));
    expect(texts.every((text) => text.startsWith(`${ECOUNT}\r\n`))).toBe(true);
    expect(texts[0] + (texts[1] ?? '').slice(ECOUNT.length + 2)).toBe(many(1001));
  });

  it('C3: 1,000 rows are one file, and none are one with a header row', async () => {
    expect((await convert(file('book.csv', many(1000)), { rowsPerFile: 1000 })).files).toHaveLength(1);
    expect((await convert(file('book.csv', `${ECOUNT}\r\n`), { rowsPerFile: 1000 })).files).toMatchObject([{ contacts: 0 }]);
    expect(readFileSync(join(folder, 'out-001.csv'), 'utf8')).toBe(`${MARK}${ECOUNT}\r\n`);
  });

  it.each([0, -1, 1.5, Number.NaN])('of %s rows each are refused', async (rowsPerFile) => {
    await expect(convert(file('book.csv', many(1)), { rowsPerFile })).rejects.toMatchObject({ code: 'option-invalid' });
  });

  it.each([
    [3, [1]],
    [3, [2]],
    [3, [3]],
    [3, [1, 2, 3]],
    [6, [6]],
    [7, [1, 7]],
  ])('C10: none is left behind where CP949 can not hold one of their rows: %s rows, %j', async (count, bad) => {
    const rows = Array.from({ length: count }, (_, n) => ecountRow(n + 2, bad.includes(n + 1) ? '😀' : '홍길동'));
    const path = file('book.csv', `${ECOUNT}\r\n${rows.join('')}`);
    for (const rowsPerFile of [undefined, 1, 3]) {
      await expect(convert(path, { to: 'naver', outputEncoding: 'cp949', rowsPerFile })).rejects.toMatchObject({
        code: 'contacts-not-encodable',
        details: { encoding: 'CP949', count: bad.length, rows: bad.map((n) => n + 1).join(', ') },
      });
      expect(readdirSync(folder)).toEqual(['book.csv']);
    }
  });

  it('C10: none is left behind where CP949 can not hold the header row', async () => {
    const path = file('book.csv', `${ECOUNT},😀\r\n${ecountRow(2)}${ecountRow(3)}`);
    for (const rowsPerFile of [undefined, 1]) {
      await expect(convert(path, { outputEncoding: 'cp949', rowsPerFile })).rejects.toMatchObject({ details: { count: 1, rows: '1' } });
      expect(readdirSync(folder)).toEqual(['book.csv']);
    }
  });

  it('C10: CP949 holds every Hangul syllable, and no mark is in front', async () => {
    const path = file('book.csv', `${ECOUNT}\r\n${ecountRow(2, '똠방각하뷁')}${ecountRow(3)}`);
    await convert(path, { outputEncoding: 'cp949' });
    expect(iconv.decode(readFileSync(out()), 'cp949')).toBe(readFileSync(path, 'utf8'));
    await convert(path, { outputEncoding: 'cp949', rowsPerFile: 1 });
    expect(iconv.decode(readFileSync(join(folder, 'out-002.csv')), 'cp949')).toBe(`${ECOUNT}\r\n${ecountRow(3)}`);
  });
});

describe('columns that a form numbers', () => {
  it('are as many as the row needs that has the most, wherever it is', async () => {
    const row = (n: number, more = {}): Record<string, string> => ({ '이름': `길동${n}`, '전자 메일 주소': `u${n}@a.example`, ...more });
    const phones = { '휴대폰': '010', '근무처 전화': '02', '집 전화 번호': '031', '취미': '바둑', '근무지 주소 번지': '길 1' };
    const rows = Array.from({ length: 2500 }, (_, n) => row(n, n === 2400 ? phones : {}));
    const path = file('book.csv', MARK + book('outlook-ko', ...rows));
    for (const rowsPerFile of [undefined, 1000]) {
      const report = await convert(path, { to: 'google', rowsPerFile });
      expect(report).toMatchObject({ rows: 2500, written: 2500, rejected: 0, losses: [] });
      const read = await contactsIn(report.files.at(-1)?.path ?? '');
      const found = read.find(({ contact }) => contact.name.given === '길동2400');
      expect(found?.contact).toMatchObject({
        phones: [{ label: 'work' }, { label: 'home' }, { label: 'mobile' }],
        addresses: [{ label: 'work', street: '길 1' }],
        others: [{ name: 'Hobby', value: '바둑' }],
      });
      const heads = report.files.map((one) => readFileSync(one.path, 'utf8').split('\r\n', 1)[0]);
      expect(new Set(heads.map((head) => head?.replace(MARK, ''))).size).toBe(1);
      expect(heads.every((head) => head?.startsWith(MARK))).toBe(true);
    }
  });

  const GOOGLE = printRow([
    'First Name',
    'E-mail 1 - Label',
    'E-mail 1 - Value',
    'Phone 1 - Label',
    'Phone 1 - Value',
    'Custom Field 1 - Label',
    'Custom Field 1 - Value',
  ]);

  it('are added where two contacts of a file of the same form become one', async () => {
    const path = file(
      'google.csv',
      `${GOOGLE}${printRow(['a', '', 'a@b', 'Mobile', '1', '', ''])}${printRow(['a', '', 'a@b', 'Work', '2', '', ''])}`,
    );
    const report = await dedupeContacts({ paths: [path], out: out(), by: 'email', signal: new AbortController().signal });
    expect(report).toMatchObject({ groups: 1, joined: 1, conflicts: 0, written: { written: 1, joined: 1, losses: [] } });
    expect((await contactsIn(out())).map(({ contact }) => contact.phones)).toMatchObject([[{ number: '1' }, { number: '2' }]]);
  });

  it('are added where a row of the same form is written anew without its national id', async () => {
    const path = file('google.csv', `${GOOGLE}${printRow(['a', '', 'a@b', 'Mobile', '1 ::: 2', '주민등록번호', '800101-1234567'])}`);
    const report = await convert(path);
    expect(report).toMatchObject({ written: 1, losses: [{ label: '주민등록번호', reason: 'withheld' }] });
    expect(written()).not.toContain('800101');
    expect((await contactsIn(out())).map(({ contact }) => contact.phones)).toMatchObject([[{ number: '1' }, { number: '2' }]]);
  });
});

describe('files of one form', () => {
  it.each(CSV_FORMS.map(({ id }) => id))('go through byte for byte: %s', async (id) => {
    const headers = headersOf(id);
    const rows = Array.from({ length: 3 }, (_, n) =>
      headers.map((header, at) => (/이메일|메일아이디|mail/i.test(header) ? `u${n}@a.example` : at % 3 ? `값 "${n}",\n${at}` : '')),
    );
    const text = MARK + printRow(headers) + rows.map((row) => printRow(['이름', ...row.slice(1)])).join('');
    const report = await convert(file('book.csv', text), { from: id, incomplete: 'keep', withNationalId: true });
    expect(report).toMatchObject({ to: id, written: 3, rejected: 0, isPassedThrough: true, losses: [] });
    expect(written()).toBe(text);
    const again = file('again.csv', written());
    expect((await convert(again, { from: id, incomplete: 'keep', withNationalId: true })).written).toBe(3);
    expect(written()).toBe(text);
  });

  it('are put together, one behind the other', async () => {
    const first = file('1.csv', `${MARK}${ECOUNT}\r\n${ecountRow(2)}`);
    const second = file('2.csv', iconv.encode(`${ECOUNT}\r\n${ecountRow(3, '똠방각하')},,,,\r\n`, 'cp949'));
    const report = await convert([first, second], { details: join(folder, 'details.csv') });
    expect(written()).toBe(`${MARK}${ECOUNT}\r\n${ecountRow(2)}${ecountRow(3, '똠방각하')}`);
    expect(report).toMatchObject({ rows: 2, written: 2, isPassedThrough: true, sources: [{ path: first }, { path: second }] });
  });

  it('are put together with files of other forms and in another order of columns', async () => {
    const first = file('1.csv', '이메일,이름\r\na@a.example,김\r\n');
    const second = file('2.csv', book('outlook-en', { 'First Name': 'Lee', 'E-mail Address': 'b@a.example' }));
    const third = file('3.vcf', 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Park\r\nN:Park;;;;\r\nEMAIL:c@a.example\r\nEND:VCARD\r\n');
    const report = await convert([first, second, third], { to: 'naver' });
    expect((await contactsIn(out())).map(({ contact }) => [contact.name.full, contact.emails[0]?.address])).toEqual([
      ['김', 'a@a.example'],
      ['Lee', 'b@a.example'],
      ['Park', 'c@a.example'],
    ]);
    expect(report).toMatchObject({ rows: 3, written: 3, isPassedThrough: false });
  });

  it('C11: guard what a spreadsheet would run, in the list of what was lost too', async () => {
    const path = file('book.csv', `${ECOUNT},별칭\r\n=1+1,a@a.example,,,,,,,,,,=HYPERLINK()\r\n`);
    const details = join(folder, 'details.csv');
    await convert(path, { to: 'naver', details });
    expect(written()).toContain("\r\n'=1+1,a@a.example");
    expect(readFileSync(details, 'utf8')).toContain(",'=HYPERLINK()\r\n");
    await convert(path, { to: 'naver', isRaw: true });
    expect(written()).toContain('\r\n=1+1,a@a.example');
  });

  it.each(['"', '\n', '', ',,'])('no delimiter but one character is taken: %j', async (delimiter) => {
    await expect(convert(file('book.csv', ECOUNT), { delimiter })).rejects.toMatchObject({ code: 'option-invalid' });
  });
});

/** Fails before, after or in the middle of its n-th change. `isDead`: and in every change from then on. */
class FailingDisk implements Disk {
  #changes = 0;
  readonly #at: number;
  readonly #moment: 'before' | 'after' | 'torn';
  readonly #isDead: boolean;

  constructor(at: number, moment: 'before' | 'after' | 'torn', isDead: boolean) {
    this.#at = at;
    this.#moment = moment;
    this.#isDead = isDead;
  }

  get changes(): number {
    return this.#changes;
  }

  create: Disk['create'] = async (path) => {
    let made: DiskFile | null = null;
    try {
      return await this.#change(async () => {
        made = await nodeDisk.create(path);
        return this.#wrap(made);
      });
    } catch (error) {
      await (made as DiskFile | null)?.close();
      throw error;
    }
  };
  open: Disk['open'] = async (path) => this.#wrap(await nodeDisk.open(path));
  rename: Disk['rename'] = (from, to) => this.#change(() => nodeDisk.rename(from, to));
  remove: Disk['remove'] = (path) => this.#change(() => nodeDisk.remove(path));
  replace: Disk['replace'] = (path, content) =>
    this.#change(
      () => nodeDisk.replace(path, content),
      async () => {
        for await (const piece of content) {
          writeFileSync(`${path}.new`, Buffer.from(piece as Uint8Array).subarray(0, 20));
          return;
        }
      },
    );

  #wrap(one: DiskFile): DiskFile {
    return {
      write: (pieces, byteOffset) => this.#change(() => one.write(pieces, byteOffset)),
      truncate: (sizeBytes) => this.#change(() => one.truncate(sizeBytes)),
      sync: () => this.#change(() => one.sync()),
      close: () => one.close(),
    };
  }

  async #change<Result>(work: () => Promise<Result>, half?: () => Promise<void>): Promise<Result> {
    this.#changes += 1;
    if (this.#changes < this.#at || (this.#changes > this.#at && !this.#isDead)) return work();
    if (this.#changes === this.#at && this.#moment === 'torn') await half?.();
    if (this.#changes === this.#at && this.#moment === 'after') await work();
    throw new Error('the disk is gone');
  }
}

describe('a conversion that is stopped', () => {
  const setUp = (): string => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    writeFileSync(out(), 'old');
    writeFileSync(join(folder, 'details.csv'), 'old details');
    return file('book.csv', book('outlook-ko', { '이름': '길동', '취미': '바둑', '전자 메일 주소': 'a@a.example' }, { '이름': '철수' }));
  };
  const run = (path: string, disk: Disk): Promise<ConvertContactsReport> =>
    convert(path, { to: 'naver', incomplete: 'reject', details: join(folder, 'details.csv'), disk });

  it.each([true, false])('leaves the old file or the new one, and can be run again, wherever it stops; for good: %s', async (isDead) => {
    const undisturbed = new FailingDisk(0, 'before', false);
    await run(setUp(), undisturbed);
    const [whole, list] = [written(), readFileSync(join(folder, 'details.csv'), 'utf8')];
    expect(undisturbed.changes).toBeGreaterThan(4);
    for (let at = 1; at <= undisturbed.changes; at += 1) {
      for (const moment of ['before', 'after', 'torn'] as const) {
        const path = setUp();
        await expect(run(path, new FailingDisk(at, moment, isDead))).rejects.toThrow();
        expect(['old', whole]).toContain(written());
        expect(['old details', list]).toContain(readFileSync(join(folder, 'details.csv'), 'utf8'));
        if (!isDead) expect(readdirSync(folder).toSorted()).toEqual(['book.csv', 'details.csv', 'out.csv']);
        await run(path, nodeDisk);
        expect([written(), readFileSync(join(folder, 'details.csv'), 'utf8')]).toEqual([whole, list]);
        expect(readdirSync(folder).toSorted()).toEqual(['book.csv', 'details.csv', 'out.csv']);
      }
    }
  });

  it('by a person is cancelled, and leaves the old file and nothing else', async () => {
    writeFileSync(out(), 'old');
    const path = file('book.csv', `${ECOUNT}\r\n${Array.from({ length: 20_000 }, (_, n) => ecountRow(n)).join('')}`);
    const stop = new AbortController();
    const details = join(folder, 'details.csv');
    const stopped = convert(path, { to: 'naver', details, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(written()).toBe('old');
    expect(readdirSync(folder).toSorted()).toEqual(['book.csv', 'out.csv']);
  });

  it('because its source is gone says so', async () => {
    await expect(convert(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'contacts-not-text' });
    await expect(convert(folder)).rejects.toMatchObject({ code: 'contacts-not-text' });
    await expect(convert([])).rejects.toMatchObject({ code: 'option-invalid' });
  });
});

const CORPUS_FILES = existsSync(CORPUS) ? globSync('**/*.csv', { cwd: CORPUS }).sort() : [];

describe.skipIf(CORPUS_FILES.length === 0)('address books of other programs', () => {
  it.each(CORPUS_FILES)('%s goes to every form: every row is written or rejected', async (name) => {
    const path = join(CORPUS, name);
    const rows = (await contactsIn(path)).length;
    expect(rows).toBeGreaterThan(0);
    for (const { id } of CSV_FORMS) {
      const report = await convert(path, { to: id });
      expect(report.rows).toBe(rows);
      expect(report.written + report.rejected).toBe(rows);
      expect((await contactsIn(out())).length).toBe(report.written);
    }
  });
});

/** What becomes of the files that `bad-csvs` makes of accounts, where an address book is another thing. */
const OWN_VERDICTS: Readonly<Record<string, { written: number; rejected: readonly unknown[] }>> = {
  // Their first two columns are no name and address.
  'ok-quotes.csv': { written: 0, rejected: [[2, '이메일', 'email-invalid']] },
  'ok-password-odd.csv': { written: 0, rejected: [[2, '이메일', 'email-invalid']] },
  // Nobody needs a telephone.
  'missing-column.csv': { written: 5, rejected: [] },
  // The second one of a header is another field.
  'dup-header.csv': { written: 0, rejected: [2, 3, 4, 5, 6].map((row) => [row, null, 'email-missing']) },
  'nul.csv': { written: 5, rejected: [] },
  // The same person twice is for `dedupe` and `check`.
  'dup-rows.csv': { written: 4, rejected: [] },
  'cell-10mb.csv': { written: 5, rejected: [] },
  'header-injection.csv': { written: 5, rejected: [] },
  'short-row.csv': { written: 4, rejected: [[4, '이메일', 'email-missing']] },
  'long-row.csv': { written: 4, rejected: [[4, null, 'too-many-cells']] },
  'mixed-encoding.csv': { written: 4, rejected: [[4, '이름', 'not-in-encoding']] },
  'bad-utf8.csv': { written: 4, rejected: [[4, '이름', 'not-in-encoding']] },
};

describe.skipIf(!existsSync(BAD_CSVS))('C4, C10, C11: bad files', () => {
  it('are taken or refused as they deserve', { timeout: 180_000 }, async () => {
    const bad = join(folder, 'bad');
    mkdirSync(bad);
    execFileSync('python3', [BAD_CSVS, bad, '--header', '이름,이메일,휴대폰', '--row', '홍길동{n},user{n}@a.example,010-0000-000{n}']);
    const [, ...lines] = readFileSync(join(bad, 'expected.tsv'), 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThan(50);
    for (const line of lines) {
      const [name = '', verdict, rows] = line.split('\t');
      rmSync(out(), { force: true });
      const own = OWN_VERDICTS[name];
      if (verdict === 'reject' && !own) {
        await expect(convert(join(bad, name), { to: 'ecount' }), name).rejects.toMatchObject({ code: expect.stringMatching(/^contacts-/) });
        expect([name, existsSync(out()), existsSync(`${out()}.new`)]).toEqual([name, false, false]);
        continue;
      }
      const report = await convert(join(bad, name), { to: 'ecount' });
      const isFormula = /^formula-/.test(name);
      // A formula is guarded, its row is as good as any.
      const expected = own ?? { written: isFormula ? 5 : Number(rows), rejected: [] };
      expect([name, report.written, report.rejectedRows.map(({ row, column, reason }) => [row, column, reason])]).toEqual([
        name,
        expected.written,
        expected.rejected,
      ]);
      if (isFormula) expect(parse(written(), { bom: true }).flat()).not.toContainEqual(expect.stringMatching(/^[=+\-@\t\r＝]/));
      expect([basename(name), (await contactsIn(out())).length]).toEqual([name, report.written]);
    }
  });
});
