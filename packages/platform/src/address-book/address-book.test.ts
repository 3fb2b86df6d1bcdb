import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';
import { CONTACT_FIELDS, EMPTY_CONTACT } from './contact.ts';
import { readCsv } from './csv-table.ts';
import { writeContacts } from './export-contacts.ts';
import { FORMS } from './form-table.ts';
import { readContacts } from './import-contacts.ts';

const BOSS = { user: 'boss@example.com', password: 'pw', role: 'super-admin' } as const;
const KIM = { user: 'kim@example.com', password: 'pw' };
const ECOUNT = '이름,이메일,휴대폰,전화,팩스,회사,부서,직위,주소,메모,그룹\r\n';

let platform: Platform;

const call = async (method: string, path: string, user: string, body?: string | Buffer | object) => {
  const isFile = typeof body === 'string' || Buffer.isBuffer(body);
  const headers = {
    'authorization': `Bearer ${platform.account(user).issueToken()}`,
    'content-type': isFile ? 'text/csv' : 'application/json',
  };
  const sent = body === undefined ? {} : { body: isFile ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body) };
  const response = await fetch(`${platform.httpUrl}/api/v1${path}`, { method, headers, ...sent });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, bytes, body: isJson ? (JSON.parse(bytes.toString()) as Record<string, unknown>) : null };
};
const importing = (book: string, file: string | Buffer, user = KIM.user, query = '') =>
  call('POST', `/address-books/${book}/imports${query}`, user, file);

beforeEach(async () => {
  platform = await startPlatform({ accounts: [BOSS, KIM], failedLogInMs: 0 });
});
afterEach(() => platform.stop());

describe('importing', () => {
  it.each([
    ['ecount', ECOUNT],
    ['mailplug-book', '이름,이메일,휴대폰,회사전화,팩스,회사,부서,직급,주소,메모,그룹\r\n'],
  ])('C1, C8: takes the %s form, its columns by name in any order', async (form, header) => {
    const columns = header.trimEnd().split(',').toReversed();
    const value: Readonly<Record<string, string>> = {
      '이름': '김철수',
      '이메일': 'kim@x.kr',
      '휴대폰': '010-0012',
      '직위': '과장',
      '직급': '과장',
      '그룹': '거래처',
    };
    const row = columns.map((column) => value[column] ?? `${column} 값`).join(',');
    expect(await importing('mine', `${columns.join(',')}\r\n${row}\r\n`)).toMatchObject({
      status: 201,
      body: { form, imported: 1, rejected: [] },
    });
    expect((await call('GET', '/address-books/mine/contacts', KIM.user)).body).toMatchObject({
      contacts: [{ name: '김철수', email: 'kim@x.kr', mobile: '010-0012', title: '과장', group: '거래처', fax: '팩스 값' }],
      total: 1,
      next: null,
    });
  });

  it('C9: knows the aliases of headers, and keeps columns that it does not know', async () => {
    const file = '고객명;전자 메일 주소;핸드폰;직책;취미\n박;p@x.kr;010;부장;"등산;\n낚시"\n';
    expect(await importing('mine', file, KIM.user, '?form=excel')).toMatchObject({ body: { imported: 1, unknownColumns: ['취미'] } });
    expect((await call('GET', '/address-books/mine/contacts', KIM.user)).body).toMatchObject({
      contacts: [{ name: '박', email: 'p@x.kr', mobile: '010', title: '부장', others: { '취미': '등산;\n낚시' } }],
    });
  });

  it('C3: takes 1,000 rows and refuses 1,001 as a whole', async () => {
    const rows = (count: number): string => ECOUNT + Array.from({ length: count }, (_, i) => `n${i},n${i}@x.kr`).join('\r\n');
    expect(await importing('mine', rows(1001))).toMatchObject({ status: 422, body: { error: { code: 'too-many-rows' } } });
    expect((await call('GET', '/address-books/mine/contacts', KIM.user)).body).toMatchObject({ total: 0 });
    expect(await importing('mine', rows(1000))).toMatchObject({ status: 201, body: { imported: 1000 } });
  });

  it('C4: rejects rows without a name or an address with number, column and reason; the others go on', async () => {
    const file = `${ECOUNT}김,kim@x.kr\r\n,none@x.kr\r\n\r\n이,\r\n박,no address\r\n최,choi@x.kr\r\n김2,KIM@x.kr`;
    expect((await importing('mine', file)).body).toMatchObject({
      imported: 3,
      rejected: [
        { row: 3, column: '이름', reason: 'name-missing' },
        { row: 5, column: '이메일', reason: 'email-missing' },
        { row: 6, column: '이메일', reason: 'email-invalid' },
      ],
      duplicates: [{ row: 8, firstRow: 2 }],
    });
  });

  it.each([
    ['utf-8', (text: string) => Buffer.from(text)],
    ['utf-8', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['cp949', (text: string) => iconv.encode(text, 'cp949')],
    ['utf-16le', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16be', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('C10: decides for %s', async (encoding, encode) => {
    const file = encode('이름\t이메일\t메모\r\n똠방각하\ta@x.kr\t"한 줄\r\n두 줄"\r\n');
    expect((await importing('mine', file)).body).toMatchObject({ encoding, imported: 1 });
    expect((await call('GET', '/address-books/mine/contacts?search=똠방', KIM.user)).body).toMatchObject({
      contacts: [{ name: '똠방각하', memo: '한 줄\r\n두 줄' }],
    });
  });

  it('C10: reads the golden CP949 bytes', () => {
    const bytes = Buffer.concat([iconv.encode('이름,이메일\n', 'cp949'), Buffer.from('8c63b9e6b0a2c7cf', 'hex'), Buffer.from(',a@b\n')]);
    expect(readContacts(readCsv(bytes, {}), undefined).contacts[0]?.contact.name).toBe('똠방각하');
  });

  it('C4: rejects a row with more cells than columns, for its values may stand in wrong ones', async () => {
    expect((await importing('mine', 'sep=;\n이름;이메일\n김;k@x\n이;l@x;;\n박;p@x;더\n')).body).toMatchObject({
      imported: 2,
      rejected: [{ row: 5, column: null, reason: 'too-many-cells' }],
    });
  });

  it.each([
    ['이름,이메일,이름\n김,k@x,김', 'csv-invalid'],
    ['이름,이메일\n"김,k@x\n', 'csv-invalid'],
    ['', 'csv-invalid'],
    ['a,b\n1,2\n', 'csv-invalid'],
    [Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 1, 2]), 'csv-invalid'],
    [Buffer.alloc(17 * 1024 * 1024, 'a'), 'body-too-large'],
  ])('refuses what is no file of contacts (%#)', async (file, code) => {
    expect((await importing('mine', file)).body).toMatchObject({ error: { code } });
  });
});

describe('address books', () => {
  it('C5: one is of each user, one is shared: administrators write it, all read it', async () => {
    expect(await importing('shared', `${ECOUNT}공용,all@x.kr`)).toMatchObject({ status: 403 });
    expect(await importing('shared', `${ECOUNT}공용,all@x.kr`, BOSS.user)).toMatchObject({ status: 201 });
    expect((await call('GET', '/address-books/shared/contacts', KIM.user)).body).toMatchObject({ contacts: [{ name: '공용' }] });
    expect((await call('GET', '/address-books/mine/contacts', KIM.user)).body).toMatchObject({ contacts: [] });
    expect(await call('POST', '/address-books/shared/contacts', KIM.user, { name: 'x', email: 'x@y' })).toMatchObject({ status: 403 });
  });

  it('keep contacts that are added, changed, searched by folder and text, and removed', async () => {
    const { body } = await call('POST', '/address-books/mine/contacts', KIM.user, {
      name: 'Kim',
      email: 'k@x',
      group: 'VIP',
      phone: '+82-2',
    });
    const { id } = body as { id: number };
    expect((await call('GET', '/address-books/mine/groups', KIM.user)).body).toEqual({ groups: [{ name: 'VIP', contacts: 1 }] });
    expect((await call('GET', '/address-books/mine/contacts?group=VIP&search=%2B82', KIM.user)).body).toMatchObject({ contacts: [{ id }] });
    expect((await call('GET', '/address-books/mine/contacts?group=Other', KIM.user)).body).toMatchObject({ contacts: [] });
    expect(await call('PUT', `/address-books/mine/contacts/${id}`, KIM.user, { name: 'Lee', email: 'l@x' })).toMatchObject({
      status: 200,
      body: { id, name: 'Lee', group: '' },
    });
    expect(await call('PUT', `/address-books/mine/contacts/${id}`, BOSS.user, { name: 'Lee', email: 'l@x' })).toMatchObject({
      status: 404,
    });
    expect(await call('POST', '/address-books/mine/contacts', KIM.user, { name: '', email: 'l@x' })).toMatchObject({ status: 400 });
    expect(await call('DELETE', `/address-books/mine/contacts/${id}`, KIM.user)).toMatchObject({ status: 204 });
  });
});

describe('exporting', () => {
  it("C2, C10: writes Ecount's and Outlook's form, blank where the contact lacks something, and reports what the form lacks", async () => {
    await importing('mine', '이름,이메일,휴대폰,취미\n김,k@x,010,등산\n');
    const { bytes } = await call('GET', '/address-books/mine/export?form=ecount', KIM.user);
    expect(bytes.toString()).toBe(`\ufeff${ECOUNT}김,k@x,010,,,,,,,,\r\n`);
    const outlook = (await call('GET', '/address-books/mine/export?form=outlook&encoding=cp949', KIM.user)).bytes;
    const [header = '', row = ''] = iconv.decode(outlook, 'cp949').split('\r\n');
    expect([header.split(',').length, row.split(',').filter((cell) => cell !== '')]).toEqual([92, ['김', '010', 'k@x']]);
    expect((await call('GET', '/address-books/mine/export-report?form=outlook', KIM.user)).body).toEqual({
      contacts: 1,
      lost: [{ field: '취미', contacts: 1 }],
    });
  });

  it('C10: fails loudly on what CP949 can not hold, and names the rows', async () => {
    await importing('mine', '이름,이메일\n김,k@x\n😀,e@x\n');
    expect((await call('GET', '/address-books/mine/export?form=ecount&encoding=cp949', KIM.user)).body).toMatchObject({
      error: { code: 'not-encodable', message: expect.stringMatching(/1 rows: 3/) },
    });
  });

  it('C11: keeps leading zeros and defuses formulas, unless they are wanted raw', async () => {
    await importing('mine', '이름,이메일,전화,메모\n김,k@x,0212345678,"=HYPERLINK(1)"\n');
    const text = async (raw: string) => (await call('GET', `/address-books/mine/export?form=ecount&raw=${raw}`, KIM.user)).bytes.toString();
    expect(await text('false')).toContain("0212345678,,,,,,'=HYPERLINK(1),");
    expect(await text('true')).toContain(',=HYPERLINK(1),');
  });

  it.each(Object.keys(FORMS))('C6: has a template of the form %s', async (form) => {
    const { status, bytes } = await call('GET', `/address-book-forms/${form}`, KIM.user);
    const headers = FORMS[form as keyof typeof FORMS].headers;
    expect([status, bytes.toString()]).toEqual([200, `\ufeff${headers.join(',')}\r\n`]);
  });

  it('gives back what was imported, whatever stands in the cells', () => {
    const cell = fc.string({
      unit: fc.oneof(fc.constantFrom(...'=+-@\'",;\t\n 가ㄱ0'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
      maxLength: 12,
    });
    const safe = cell.map((text) => text.replaceAll('\0', '').replace(/\r/g, '').trim());
    const contact = fc.record(
      Object.fromEntries(CONTACT_FIELDS.map((field) => [field, safe])) as Record<(typeof CONTACT_FIELDS)[number], typeof safe>,
    );
    fc.assert(
      fc.property(fc.array(contact, { minLength: 1, maxLength: 5 }), (contacts) => {
        const wanted = contacts.map((one, index) => ({ ...EMPTY_CONTACT, ...one, name: `n${one.name}`.trim(), email: `e${index}@x` }));
        const file = writeContacts(FORMS.ecount, wanted, { encoding: 'utf-8', isRaw: false });
        const read = readContacts(readCsv(file, {}), 'ecount');
        expect(read.contacts.map((one) => one.contact)).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the org chart', () => {
  it('C1, A7: is imported in the form of Mailplug: departments are made, accounts placed, others rejected', async () => {
    const file =
      '소속,이름,아이디,이메일,직급,휴대폰,내선번호\n영업부>1팀,김,kim,kim@example.com,과장,,1\n영업부,박,park,park@example.com,,,\n본부,이,,,,,\n';
    expect(await call('POST', '/org-chart/imports', KIM.user, file)).toMatchObject({ status: 403 });
    expect((await call('POST', '/org-chart/imports', BOSS.user, file)).body).toEqual({
      placed: 1,
      rejected: [
        { row: 3, column: '이메일', reason: 'account-unknown' },
        { row: 4, column: '이메일', reason: 'email-missing' },
      ],
    });
    expect((await call('GET', '/org-chart', KIM.user)).body).toMatchObject({
      departments: [{ name: '영업부', departments: [{ name: '1팀', people: [{ user: KIM.user, name: '김', rank: '과장' }] }] }],
    });
  });
});
