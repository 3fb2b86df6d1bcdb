import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startPlatform } from '@mailferry/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBreakingProxy } from '../fixtures/breaking-proxy.ts';
import { runCli } from '../fixtures/cli.ts';

const ADMIN = { user: 'admin@example.co.kr', password: 'admin-secret' };
const HEADER = '이름,이메일,휴대폰,전화,회사,부서,직책,주소,메모,그룹';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-contacts-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = (name: string, content: string | Buffer): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

const contacts = (...args: string[]) =>
  runCli(['contacts', ...args], { env: { MAILFERRY_TO_PASSWORD: ADMIN.password, MAILFERRY_FROM_PASSWORD: ADMIN.password } });

const book = (rows: readonly string[]): string => file('book.csv', `\ufeff${HEADER}\r\n${rows.map((row) => `${row}\r\n`).join('')}`);

describe('mailferry contacts', () => {
  it('C10: says what a file is, and why', async () => {
    const path = book(['홍길동,hong@example.com,010-1234-5678,,,,,,,']);
    const { exitCode, stdout } = await contacts('detect', path, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      detected: { format: 'hiworks', reason: 'headers', matched: 10, columns: 10, alike: ['whois', 'naver', 'daum'], delimiter: ',' },
      encoding: { encoding: 'utf-8', reason: 'byte-order-mark' },
    });
  });

  it('C4: checks a file, and lists every row that a hoster would not take', async () => {
    const path = book([
      '홍길동,hong@example.com,,,,,,,,',
      ',no@example.com,,,,,,,,',
      '김,,,,,,,,,',
      '이,HONG@example.com,,,,,,,,',
      '박,p@example.com,,,,,,,,,too,many',
    ]);
    const { exitCode, stdout } = await contacts('check', path, '--json');
    expect(exitCode).toBe(3);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ rows: 5, contacts: 2, rejected: 3, duplicates: 1, imports: 1 });
    expect(report.problems).toMatchObject([
      { kind: 'rejected', row: 3, column: '이름', reason: 'name-missing' },
      { kind: 'rejected', row: 4, column: '이메일', reason: 'email-missing' },
      { kind: 'duplicate', row: 5, firstRow: 2 },
      { kind: 'rejected', row: 6, column: null, reason: 'too-many-cells' },
    ]);
  });

  it('S44: converts, tells what it could not carry, and lists it row by row', async () => {
    const path = book(['홍길동,hong@example.com,010-1234-5678,02-1,(주)한빛,영업,과장,"서울 1, 2층","한 줄\r\n두 줄",거래처;친구']);
    const [out, details] = [join(directory, 'users.csv'), join(directory, 'losses.csv')];
    const { exitCode, stdout } = await contacts('convert', path, '--to', 'mailplug-users', '--out', out, '--details', details, '--json');
    expect(exitCode).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(
      '\ufeff이름,기존메일아이디,비밀번호,새아이디,소속,직급\r\n홍길동,hong@example.com,,,영업,과장\r\n',
    );
    const fields = JSON.parse(stdout).losses.map(({ field, label }: { field: string; label: string }) => `${field} ${label}`.trim());
    expect(fields.toSorted()).toEqual(['address work', 'group', 'notes', 'organization.name', 'phone mobile', 'phone work']);
    expect(readFileSync(details, 'utf8').split('\r\n')).toContain(`${path},2,lost,no-place,phone,mobile,010-1234-5678`);
  });

  it('keeps the passwords of a list of users to itself', async () => {
    const path = file(
      'users.csv',
      '이름,기존메일아이디,비밀번호,새아이디,소속,직급\r\n홍길동,hong@example.com,top-secret,hong,영업,과장\r\n',
    );
    const [out, details] = [join(directory, 'google.csv'), join(directory, 'losses.csv')];
    const { exitCode, stdout } = await contacts('convert', path, '--to', 'google', '--out', out, '--details', details, '--json');
    expect(exitCode).toBe(0);
    expect(`${stdout}${readFileSync(out, 'utf8')}${readFileSync(details, 'utf8')}`).not.toContain('top-secret');
    expect(JSON.parse(stdout).losses).toMatchObject([{ field: 'other', label: '비밀번호', reason: 'withheld', contacts: 1 }]);
  });

  it('C3: cuts 1,001 contacts into 1,000 and one', async () => {
    const path = book(Array.from({ length: 1001 }, (_, index) => `사람${index},u${index}@example.com,,,,,,,,`));
    mkdirSync(join(directory, 'parts'));
    const { exitCode } = await contacts('split', path, '--out', join(directory, 'parts/book.csv'));
    expect(exitCode).toBe(0);
    const lines = readdirSync(join(directory, 'parts'))
      .toSorted()
      .map(
        (name) =>
          readFileSync(join(directory, 'parts', name), 'utf8')
            .trimEnd()
            .split('\r\n').length,
      );
    expect(lines).toEqual([1001, 2]);
  });

  it('C3: splits what it converts for a hoster, and keeps the rest in one file', async () => {
    const path = book(Array.from({ length: 1001 }, (_, index) => `사람${index},u${index}@example.com,,,,,,,,`));
    const convert = (to: string, ...rest: string[]) =>
      contacts('convert', path, '--to', to, '--out', join(directory, `${to}.csv`), '--json', ...rest);
    const countsOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout).files.map((one: { contacts: number }) => one.contacts);
    expect(countsOf(await convert('mailplug-book'))).toEqual([1000, 1]);
    expect(readdirSync(directory).toSorted()).toEqual(['book.csv', 'mailplug-book-001.csv', 'mailplug-book-002.csv']);
    expect((await convert('mailplug-book')).exitCode).toBe(2);
    expect(countsOf(await convert('mailplug-book', '--rows', '5000'))).toEqual([1001]);
    expect(countsOf(await convert('google'))).toEqual([1001]);
  });

  it('shows duplicates first, and makes one contact of them when it is told to', async () => {
    const path = book(['홍길동,hong@example.com,010-1,,,,,,,친구', '홍길동,HONG@example.com,,02-2,한빛,,,,,가족']);
    const preview = await contacts('dedupe', path);
    expect(preview.stdout).toContain('홍길동 <hong@example.com>');
    expect(readdirSync(directory)).toEqual(['book.csv']);
    const out = join(directory, 'one.csv');
    expect((await contacts('dedupe', path, '--out', out)).exitCode).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(`\ufeff${HEADER}\r\n홍길동,hong@example.com,010-1,02-2,한빛,,,,,친구;가족\r\n`);
  });

  it('takes a short address book for no org chart', async () => {
    const path = file('short.csv', '이름,이메일,휴대폰\r\n홍길동,hong@example.com,010-1\r\n');
    expect(JSON.parse((await contacts('detect', path, '--json')).stdout).detected.format).toBe('hiworks');
  });

  it('lists what duplicates say against each other with the other losses, and rows that were not looked at', async () => {
    const path = book(['홍길동,hong@example.com,,,,,과장,,,', '홍길동,hong@example.com,,,,,부장,,,', '김,k@example.com,,,,,,,,,x']);
    const details = join(directory, 'details.csv');
    expect((await contacts('dedupe', path, '--details', details)).exitCode).toBe(2);
    const preview = await contacts('dedupe', path);
    expect(preview.exitCode).toBe(3);
    expect(preview.stdout).toContain('more cells');
    expect((await contacts('dedupe', path, '--out', join(directory, 'out.csv'), '--details', details)).exitCode).toBe(3);
    expect(readFileSync(details, 'utf8').split('\r\n')).toContain(`${path},3,lost,conflict,organization.title,,부장`);
  });

  it('puts files of several formats into one', async () => {
    const path = book(['홍길동,hong@example.com,,,,,,,,']);
    const card = file('lee.vcf', 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:이;영희;;;\r\nFN:이영희\r\nEMAIL:lee@example.com\r\nEND:VCARD\r\n');
    const out = join(directory, 'all.csv');
    const { exitCode } = await contacts('merge', path, card, '--to', 'mailplug-book', '--out', out);
    expect(exitCode).toBe(0);
    expect(readFileSync(out, 'utf8').split('\r\n').slice(1, 3)).toEqual([
      '홍길동,hong@example.com,,,,,,,,,',
      '이영희,lee@example.com,,,,,,,,,',
    ]);
  });

  it('C6: writes an empty form', async () => {
    const out = join(directory, 'form.csv');
    await contacts('template', 'mailplug-org-chart', '--out', out);
    expect(readFileSync(out, 'utf8')).toBe('\ufeff소속,이름,아이디,이메일,직급,휴대폰,내선번호\r\n');
  });

  it('C6: tells a form as one JSON document', async () => {
    const { stdout } = await contacts('template', 'naver', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'contact-template', format: 'naver', path: null, head: `${HEADER}\r\n` });
  });

  it('draws an org chart, as a picture and as data', async () => {
    const path = file(
      'chart.csv',
      '소속,이름,아이디,이메일,직급,휴대폰,내선번호\r\n본사>영업,홍길동,hong,hong@example.com,과장,,\r\n본사>>x,김,k,k@example.com,,,\r\n',
    );
    const [svg, json] = [join(directory, 'chart.svg'), join(directory, 'chart.json')];
    expect((await contacts('org-chart', path, '--out', svg)).exitCode).toBe(3);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg[\s\S]*영업[\s\S]*<\/svg>\s*$/);
    const { stdout } = await contacts('org-chart', path, '--out', json, '--json');
    expect(JSON.parse(stdout).problems).toMatchObject([{ row: 3, reason: 'segment-empty' }]);
    expect(JSON.parse(readFileSync(json, 'utf8')).departments).toMatchObject([
      { name: '본사', departments: [{ name: '영업', people: 1 }] },
    ]);
  });

  it.each([
    ['a workbook', 'PK\u0003\u0004\u0014\u0000\u0006\u0000', 'contacts-not-text'],
    ['columns that nothing is known of', 'a,b,c\r\n1,2,3\r\n', 'contacts-format-unknown'],
    ['a quote that is never closed', `${HEADER}\r\n"홍길동,hong@example.com\r\n`, 'contacts-unreadable'],
  ])('refuses %s, and writes nothing', async (_, content, code) => {
    const out = join(directory, 'out.csv');
    const { exitCode, stdout } = await contacts('convert', file('bad.csv', content), '--to', 'google', '--out', out, '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe(code);
    expect(existsSync(out)).toBe(false);
  });

  it('never writes over a file without being told to, nor over the one that it reads', async () => {
    const path = book(['홍길동,hong@example.com,,,,,,,,']);
    const out = file('there.csv', 'precious');
    expect((await contacts('convert', path, '--to', 'google', '--out', out)).exitCode).toBe(2);
    expect((await contacts('convert', path, '--to', 'google', '--out', path, '--overwrite')).exitCode).toBe(2);
    expect(readFileSync(out, 'utf8')).toBe('precious');
  });

  it('never splits a file over itself, nor over files that are there', async () => {
    const path = file('book-001.csv', `${HEADER}\r\n김,a@example.com,,,,,,,,\r\n이,b@example.com,,,,,,,,\r\n`);
    const before = readFileSync(path, 'utf8');
    const out = join(directory, 'book.csv');
    expect((await contacts('split', path, '--rows', '1', '--out', out)).exitCode).toBe(2);
    expect((await contacts('split', path, '--rows', '1', '--out', out, '--overwrite')).exitCode).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(directory)).toEqual(['book-001.csv']);
  });

  it('never reads the file that is written under a temporary name', async () => {
    const path = file('book.csv.new', `${HEADER}\r\n김,a@example.com,,,,,,,,\r\n`);
    const before = readFileSync(path, 'utf8');
    expect((await contacts('convert', path, '--to', 'google', '--out', join(directory, 'book.csv'))).exitCode).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('never writes the list of losses over the file of contacts', async () => {
    const path = book(['홍길동,hong@example.com,,,,,,,,']);
    const out = join(directory, 'out.csv');
    expect((await contacts('convert', path, '--to', 'google', '--out', out, '--details', out)).exitCode).toBe(2);
    expect(existsSync(out)).toBe(false);
  });

  it('says that the folder of a file is not there', async () => {
    const path = book(['홍길동,hong@example.com,,,,,,,,']);
    const { exitCode, stderr } = await contacts('convert', path, '--to', 'google', '--out', join(directory, 'none/out.csv'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(join(directory, 'none'));
  });

  it('C10: a split into whole files says what CP949 lacks', async () => {
    const path = book(['김,a@example.com,,,,,,,,', '이,b@example.com,,,,,,,😀,']);
    const out = join(directory, 'out.csv');
    const { exitCode, stderr } = await contacts('split', path, '--rows', '2', '--out', out, '--output-encoding', 'cp949');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('contacts-not-encodable');
    expect(existsSync(join(directory, 'out-001.csv'))).toBe(false);
  });

  it('counts the losses of several files apart', async () => {
    const card = (name: string): string =>
      `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:${name}\r\nEMAIL:${name}@example.com\r\nX-FOO:1\r\nEND:VCARD\r\n`;
    const out = join(directory, 'out.csv');
    const { stdout } = await contacts(
      'merge',
      file('a.vcf', card('a')),
      file('b.vcf', card('b')),
      '--to',
      'ecount',
      '--out',
      out,
      '--json',
    );
    expect(JSON.parse(stdout).losses).toMatchObject([{ field: 'other', label: 'X-FOO', contacts: 2 }]);
  });

  it('takes as many numbered columns as can be read again, and tells what is beyond', async () => {
    const phones = Array.from({ length: 1100 }, (_, index) => `TEL:010-${index}\r\n`).join('');
    const path = file('many.vcf', `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:a\r\nEMAIL:a@example.com\r\n${phones}END:VCARD\r\n`);
    const out = join(directory, 'out.csv');
    const { stdout } = await contacts('convert', path, '--to', 'google', '--out', out, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ written: 1, losses: [{ field: 'phone', contacts: 1 }] });
    expect((await contacts('check', out)).exitCode).toBe(0);
  });
});

describe('mailferry contacts and the platform', () => {
  let platform: Platform;

  beforeEach(async () => {
    platform = await startPlatform({ accounts: [{ ...ADMIN, role: 'super-admin' }] });
  });

  afterEach(() => platform.stop());

  const url = (port = platform.httpPort): string => `http://${encodeURIComponent(ADMIN.user)}@127.0.0.1:${port}`;
  const rows = Array.from(
    { length: 1200 },
    (_, index) => `사람${index},u${index}@example.com,010-0000-${index},02-${index},회사,영업,과장,"서울 ${index}, 1층","메모\r\n둘",친구`,
  );

  it('C3, C5: uploads 1,000 at a time, changes nothing the second time, and gets everything back', async () => {
    const path = book([...rows, ',nameless@example.com,,,,,,,,']);
    const upload = async () => {
      const { exitCode, stdout } = await contacts('upload', path, '--to', url(), '--shared', '--json');
      return { exitCode, report: JSON.parse(stdout) };
    };
    const first = await upload();
    expect(first).toMatchObject({
      exitCode: 3,
      report: { rows: 1201, imported: 1200, present: 0, rejected: 1, refused: 0, missing: [], losses: [] },
    });
    expect((await upload()).report).toMatchObject({ imported: 0, present: 1200, rejected: 1, missing: [] });
    const out = join(directory, 'back.csv');
    const { exitCode, stdout } = await contacts('download', '--from', url(), '--shared', '--to', 'hiworks', '--out', out, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ contacts: 1200, leftOut: [], written: { written: 1200, losses: [] } });
    expect(exitCode).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(`\ufeff${HEADER}\r\n${rows.map((row) => `${row}\r\n`).join('')}`);
  });

  it('C11: tells a formula from one with an apostrophe in front, so that nothing is uploaded twice', async () => {
    const path = book(["홍길동,hong@example.com,+82-10,,,,,,''=x,", '김,k@example.com,,,,,,,=1+1,']);
    expect((await contacts('upload', path, '--to', url())).exitCode).toBe(0);
    const again = await contacts('upload', path, '--to', url(), '--json');
    expect([again.exitCode, JSON.parse(again.stdout)]).toMatchObject([0, { imported: 0, present: 2 }]);
    const out = join(directory, 'down.csv');
    const details = join(directory, 'details.csv');
    expect((await contacts('download', '--from', url(), '--out', out, '--details', details)).exitCode).toBe(0);
    expect(existsSync(details)).toBe(true);
    expect(readFileSync(out, 'utf8').split('\r\n').slice(1, 3)).toEqual([
      "홍길동,hong@example.com,'+82-10,,,,,,,''=x,",
      "김,k@example.com,,,,,,,,'=1+1,",
    ]);
    expect((await contacts('download', '--from', url(), '--out', out, '--overwrite', '--raw')).exitCode).toBe(0);
    expect(readFileSync(out, 'utf8').split('\r\n')[2]).toBe('김,k@example.com,,,,,,,,=1+1,');
  });

  it('doubles nothing when the answer to an import is lost', async () => {
    const path = book(rows.slice(0, 10));
    const importing = new Set<number>();
    let lost = 0;
    await using proxy = await startBreakingProxy({
      targetPort: platform.httpPort,
      fromClient: (text, { number }) => {
        if (text.includes('/address-books/mine/imports')) importing.add(number);
        return text;
      },
      fromServer: (text, connection) => {
        if (lost > 0 || !importing.has(connection.number)) return text;
        lost += 1;
        connection.cut();
        return '';
      },
    });
    const { exitCode, stdout } = await contacts('upload', path, '--to', url(proxy.port), '--json');
    expect(lost).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ imported: 10, missing: [] });
    expect(exitCode).toBe(0);
    const again = await contacts('upload', path, '--to', url(), '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, present: 10 });
  });

  it('C1: puts accounts into the departments of an org chart, and names rows that the platform refuses', async () => {
    const path = file(
      'chart.csv',
      `소속,이름,아이디,이메일,직급,휴대폰,내선번호\r\n본사>영업,관리자,admin,${ADMIN.user},부장,,\r\n본사,없음,none,none@example.co.kr,,,\r\n`,
    );
    const { exitCode, stdout } = await contacts('upload', path, '--to', url(), '--json');
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      book: 'org-chart',
      imported: 1,
      refused: 1,
      refusedRows: [{ row: 3, reason: 'account-unknown' }],
    });
  });

  it('takes a wrong password for what it is', async () => {
    const path = book(rows.slice(0, 1));
    const { exitCode } = await runCli(['contacts', 'upload', path, '--to', url()], { env: { MAILFERRY_TO_PASSWORD: 'wrong' } });
    expect(exitCode).toBe(5);
  });
});
