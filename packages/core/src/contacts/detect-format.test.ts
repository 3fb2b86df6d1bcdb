import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { ReadOptions } from './contact-format.ts';
import { CONTACT_FORMATS } from './contact-formats.ts';
import { CSV_FORMS } from './csv/csv-forms.ts';
import { type DetectedFormat, detectFormat } from './detect-format.ts';
import { detectEncoding } from './text-encoding.ts';

const HEADER_ROWS = resolve(import.meta.dirname, '../../../../../shared/data/address-book-headers.json');

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const detect = async (content: string | Buffer, told?: string, options: Partial<ReadOptions> = {}): Promise<DetectedFormat> => {
  const bytes = Buffer.from(content);
  const { encoding } = await detectEncoding(() => once(bytes), options.encoding);
  return detectFormat('book.csv', once(bytes), told, { ...options, encoding });
};

const quoted = (cells: readonly string[], delimiter = ','): string => cells.map((cell) => `"${cell}"`).join(delimiter);

const headersOf = (id: string): readonly string[] => CSV_FORMS.find((form) => form.id === id)?.headers ?? [];

/** The first form with the same header row, which is the one that is found. */
const detectedAs = (id: string): string => CSV_FORMS.find(({ headers }) => String(headers) === String(headersOf(id)))?.id ?? id;

const alikeOf = (id: string): string[] =>
  CSV_FORMS.filter((form) => form.id !== detectedAs(id) && String(form.headers) === String(headersOf(id))).map((form) => form.id);

const GOOGLE_NEW = [
  ...headersOf('google').slice(0, 17),
  ...['E-mail 1 - Label', 'E-mail 1 - Value', 'E-mail 2 - Label', 'E-mail 2 - Value', 'Phone 1 - Label', 'Phone 1 - Value'],
];
const GOOGLE_OLD = [
  ...headersOf('google-old').slice(0, 29),
  ...['E-mail 1 - Type', 'E-mail 1 - Value', 'Phone 1 - Type', 'Phone 1 - Value', 'Organization 1 - Name'],
];

describe('the form of a CSV file', () => {
  it.each(CSV_FORMS.map(({ id }) => id))('C7, C8: is told by its own header row: %s', async (id) => {
    for (const lineEnd of ['\r\n', '\n', '\r']) {
      for (const [mark, delimiter] of [
        ['', ','],
        ['\ufeff', ','],
        ['', ';'],
        ['\ufeff', '\t'],
      ] as const) {
        const text = `${mark}${quoted(headersOf(id), delimiter)}${lineEnd}${quoted(
          headersOf(id).map((_, n) => `${n}`),
          delimiter,
        )}`;
        expect(await detect(text)).toEqual({
          ...{ format: detectedAs(id), family: 'csv', reason: 'headers', alike: alikeOf(id) },
          ...{ matched: headersOf(id).length, columns: headersOf(id).length },
          ...{ delimiter, delimiterReason: 'header-row' },
        });
      }
    }
  });

  it.each(CSV_FORMS.map(({ id }) => id))('C8: is told whatever the order of its columns: %s', async (id) => {
    // Repeated headers are told apart by their order alone.
    const headers = headersOf(id).toReversed();
    expect(await detect(quoted(headers))).toMatchObject({ format: detectedAs(id), matched: headers.length });
  });

  it.each(CSV_FORMS.map(({ id }) => id))('C10: is told in CP949 and in UTF-16 with tabs: %s', async (id) => {
    const text = `${headersOf(id).join('\t')}\r\n똠방각하\tx\r\n`;
    expect(await detect(iconv.encode(text, 'cp949'))).toMatchObject({ format: detectedAs(id), delimiter: '\t' });
    expect(await detect(Buffer.from(`\ufeff${text}`, 'utf16le'))).toMatchObject({ format: detectedAs(id), delimiter: '\t' });
    expect(await detect(Buffer.from(`\ufeff${text}`, 'utf16le').swap16())).toMatchObject({ format: detectedAs(id), delimiter: '\t' });
  });

  it('C8: forms with one and the same header row are named', async () => {
    expect(await detect(headersOf('excel').join(','))).toMatchObject({ format: 'ecount', alike: ['excel'] });
    expect(await detect(headersOf('naver').join(','))).toMatchObject({ format: 'hiworks', alike: ['whois', 'naver', 'daum'] });
    expect(await detect(headersOf('mailplug-book').join(','))).toMatchObject({ format: 'mailplug-book', alike: [] });
  });

  it('C7: Google is told whatever numbered columns there are', async () => {
    expect(await detect(GOOGLE_NEW.join(','))).toMatchObject({ format: 'google', matched: GOOGLE_NEW.length });
    expect(await detect(GOOGLE_OLD.join(','))).toMatchObject({ format: 'google-old', matched: GOOGLE_OLD.length });
  });

  it.each(['이름', '성명', '표시명', '전체 이름', '고객명', ' 이 름 ', '이름\u00a0'])('C9: is told by aliases: %s', async (name) => {
    const others = [
      ['이메일', '휴대폰', '직위'],
      ['이메일주소', '핸드폰', '직급'],
      ['전자 메일 주소', '휴대전화', '직책'],
      ['메일', '모바일', '직함'],
      ['E-mail', '휴대폰', '직위'],
      ['e-MAIL', '핸드폰', '직급'],
    ];
    for (const rest of others) {
      const { format } = await detect(`${[name, ...rest].join(',')}\n`);
      const bytes = Buffer.from(`${[name, ...rest].join(',')}\n홍길동,a@b,010-0000-0000,과장\n`);
      const rows = [];
      for await (const batch of CONTACT_FORMATS.get(format)?.read(once(bytes), { encoding: 'utf-8' }) ?? []) rows.push(...batch);
      expect(rows).toMatchObject([
        {
          contact: {
            emails: [{ address: 'a@b' }],
            phones: [{ label: 'mobile', number: '010-0000-0000' }],
            organizations: [{ title: '과장' }],
          },
        },
      ]);
    }
  });

  it('is told where the header is in upper case, has blanks, decomposed Hangul, or empty rows above it', async () => {
    expect(await detect('NAME, E-MAIL ,PHONE\n')).toMatchObject({ columns: 3 });
    expect(await detect('이름,이메일,휴대폰'.normalize('NFD'))).toMatchObject({ columns: 3 });
    expect(await detect('\r\n\n;;\r\n이름;이메일;휴대폰\r\n')).toMatchObject({ columns: 3, delimiter: ';' });
    expect(await detect('\r\n\n이름;이메일;휴대폰\r\n')).toMatchObject({ columns: 3, delimiter: ';' });
  });

  it('is told by a person, whatever the header row is', async () => {
    expect(await detect('a,b\n1,2', 'naver')).toMatchObject({ format: 'naver', reason: 'told', matched: 0, columns: 2 });
    expect(await detect('이름,이메일,비고란', 'whois')).toMatchObject({ format: 'whois', reason: 'told', matched: 2, alike: [] });
  });

  it.each([
    ['sep=;\r\n이름;이메일\r\n', ';'],
    ['\ufeffsep=;\n이름;이메일\n', ';'],
    ['SEP=\t\r이름\t이메일\r', '\t'],
    ['sep=|\r\n이름|이메일\r\n', '|'],
    ['sep=,\r\n이름,이메일\r\n', ','],
  ])('C10: has the delimiter of the line that tells it: %j', async (text, delimiter) => {
    expect(await detect(text)).toMatchObject({ columns: 2, delimiter, delimiterReason: 'separator-line' });
  });

  it('has the delimiter of the header row, not of its quoted cells or of rows below', async () => {
    expect(await detect('"이름; 성명; 별명; 호",이메일\n')).toMatchObject({ columns: 2, delimiter: ',' });
    expect(await detect('이름,이메일\na;b;c;d;e;f,\n')).toMatchObject({ columns: 2, delimiter: ',' });
  });

  it('a wrong delimiter that was told leaves no known column, and says so', async () => {
    const told = detect('이름,이메일,휴대폰\n홍길동,a@b,010\n', undefined, { delimiter: ';' });
    await expect(told).rejects.toMatchObject({ code: 'contacts-format-unknown', details: { headers: '이름,이메일,휴대폰' } });
    expect(await detect('이름,이메일\n', 'excel', { delimiter: ';' })).toMatchObject({ matched: 0, columns: 1, delimiterReason: 'told' });
  });

  it.each([
    ['no header that is known', 'foo,bar,baz\n1,2,3\n', 'foo | bar | baz'],
    ['rows and no header', '홍길동,user1@a.example,010-0000-0001\n', '홍길동 | user1@a.example | 010-0000-0001'],
    ['no column of names or addresses', '휴대폰,팩스,메모\n', '휴대폰 | 팩스 | 메모'],
    ['names of columns that every object has', 'constructor,__proto__,toString\n', 'constructor | __proto__ | toString'],
    ['plain words', 'Dear all, this is a letter.\n', 'Dear all | this is a letter.'],
  ])('is not guessed: %s', async (_, text, headers) => {
    await expect(detect(text)).rejects.toMatchObject({ code: 'contacts-format-unknown', details: { path: 'book.csv', headers } });
  });

  it('is not guessed of a very long header row, which is told in short', async () => {
    const unknown = detect(Array.from({ length: 900 }, (_, n) => `column ${n} ${'x'.repeat(60)}`).join(','));
    await expect(unknown).rejects.toSatisfy(({ message }: Error) => message.length < 1000);
    await expect(detect(`이름,${'a,'.repeat(16_384)}이메일\n`)).rejects.toMatchObject({ code: 'contacts-unreadable' });
  });

  it.each([
    ['misplaced quotes', '\n\n"이름"x,이메일\n', 3],
    ['a quote that is never closed', '\n이름,"이메일\n', 2],
    ['nothing but empty cells', ',,,\n,\n', 1],
  ])('is not guessed of a header row with %s; the row is told', async (_, text, row) => {
    await expect(detect(text)).rejects.toMatchObject({ code: 'contacts-unreadable', details: { row } });
    await expect(detect(text, 'excel')).rejects.toMatchObject({ code: 'contacts-unreadable', details: { row } });
  });

  it('is told by columns that a person maps', async () => {
    const map = new Map([
      ['who', 'name'],
      ['where', 'email'],
    ]);
    expect(await detect('who,where,메모\n', undefined, { map })).toMatchObject({ columns: 3 });
  });
});

describe.skipIf(!existsSync(HEADER_ROWS))('C7: header rows of other programs', () => {
  const rows: Record<string, string[]> = existsSync(HEADER_ROWS) ? JSON.parse(readFileSync(HEADER_ROWS, 'utf8')) : {};

  it.each([
    ['outlook_en_92', 'outlook-en', 92],
    ['outlook_ko_92', 'outlook-ko', 92],
    ['outlook_com_61', 'outlook-com', 61],
    ['outlook_express_ko_29', 'outlook-express-ko', 29],
    ['google_new_fixed17', 'google', 17],
    ['google_old_fixed29', 'google-old', 29],
    ['thunderbird_en_37', 'thunderbird-en', 37],
    ['thunderbird_ko_37', 'thunderbird-ko', 37],
  ])('%s is that of %s, and is found', async (name, id, columns) => {
    const headers = rows[name] ?? [];
    expect(headers).toHaveLength(columns);
    expect(headersOf(id).slice(0, columns)).toEqual(headers);
    const text = quoted(headers);
    expect(await detect(text)).toMatchObject({ format: id, matched: columns, columns });
    const head = await CONTACT_FORMATS.get(id)?.readHead?.(once(Buffer.from(text)), { encoding: 'utf-8' });
    expect(head?.unknownColumns).toEqual([]);
  });

  it('are all there', () => {
    expect(Object.keys(rows)).toHaveLength(8);
  });
});

describe('a file that is no address book', () => {
  const zip = Buffer.concat([Buffer.from('PK\x03\x04'), deflateRawSync(Buffer.from('xl/workbook.xml'))]);
  const noMark = (text: string): Buffer => Buffer.from(text, 'utf16le');

  it.each([
    ['empty', Buffer.alloc(0), 'empty'],
    ['XLSX', zip, 'Excel workbook'],
    ['XLS', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'old Excel workbook'],
    ['PST', Buffer.from('!BDN\x00\x00'), 'Outlook data file'],
    ['database', Buffer.from('SQLite format 3\0'), 'database'],
    ['PDF', Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'), 'PDF'],
    ['gzip', gzipSync('이름,이메일'), 'compressed'],
    ['HTML', Buffer.from('\ufeff\r\n <!DOCTYPE html><html>'), 'HTML'],
    ['HTML without doctype', Buffer.from('<HTML><body>로그인'), 'HTML'],
    ['Excel as a table of HTML', Buffer.from('<table><tr><td>이름</td></tr></table>'), 'HTML'],
    ['XML', Buffer.from('<?xml version="1.0"?><Workbook/>'), 'XML'],
    ['NUL', Buffer.alloc(65_536), 'no text'],
    ['64 KB of NUL behind nothing but a header', Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(65_536)]), 'no text'],
    ['UTF-16LE without a mark', noMark('Name\tE-mail\r\nKim\tkim@a.example\r\n'), 'no text'],
    ['UTF-16LE without a mark, Korean', noMark('이름\t이메일\r\n홍길동\thong@a.example\r\n'), 'no text'],
    ['UTF-16BE without a mark', noMark('Name,E-mail\r\nKim,kim@a.example\r\n').swap16(), 'no text'],
  ])('is refused with its reason, told form or not: %s', async (_, bytes, reason) => {
    for (const told of [undefined, 'excel', 'outlook-ko']) {
      await expect(detect(bytes, told)).rejects.toMatchObject({
        code: 'contacts-not-text',
        details: { path: 'book.csv', reason: expect.stringContaining(reason) },
      });
    }
  });

  it.each([
    ['vCard', 'BEGIN:VCARD\r\nVERSION:4.0\r\n', 'vcard-4.0'],
    ['vCard of a version that is none', 'begin:vcard\r\nversion:9\r\n', 'vcard-3.0'],
    ['LDIF', 'version: 1\r\ndn: cn=a\r\n', 'ldif'],
    ['LDIF behind comments', '# hello\n\ndn: cn=a\n', 'ldif'],
  ])('of another family is told by its first line: %s', async (_, text, format) => {
    expect(await detect(text)).toMatchObject({ format, reason: 'first-line' });
  });
});
