import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readHeaders } from './message-headers.ts';

const head = (...lines: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat([...lines, '', 'body'].map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\r\n')])));
const subjectOf = (value: string | Buffer, ...more: string[]): string =>
  readHeaders(head(Buffer.concat([Buffer.from('Subject: '), Buffer.from(value)]), ...more)).subject;
const dateOf = (value: string): string | null => readHeaders(head(`Date: ${value}`)).date?.toISOString() ?? null;

/** 똠방각하: its first syllable is in CP949 and not in EUC-KR. */
const CP949 = Buffer.from('8c63b9e6b0a2c7cf', 'hex');

describe('the subject', () => {
  it.each([
    'euc-kr',
    'euckr',
    'euc_kr',
    'EUC-KR',
    'ks_c_5601-1987',
    'ks_c_5601-1989',
    'ksc5601',
    'ksc_5601',
    'korean',
    'cp949',
    'ms949',
    'uhc',
    'windows-949',
    'x-windows-949',
  ])('is CP949 by the label %s', (label) => {
    expect(subjectOf(`=?${label}?B?${CP949.toString('base64')}?=`)).toBe('똠방각하');
    expect(subjectOf(`=?${label}?q?=8Cc=B9=E6=B0=A2=C7=CF?=`)).toBe('똠방각하');
  });

  it.each([
    ['plain text', 'Hello, world', 'Hello, world'],
    ['nothing', '', ''],
    ['encoded words with text around', 'Re: =?utf-8?Q?caf=C3=A9_=26_bar?= (2)', 'Re: café & bar (2)'],
    ['a language in the word', '=?utf-8*ko?B?7JWI64WV?=', '안녕'],
    ['blanks between words, dropped', '=?utf-8?B?7JWI?=  =?utf-8?Q?=EB=85=95?=', '안녕'],
    ['a character cut in two by words', '=?utf-8?B?7JWI64U=?= =?utf-8?B?lQ==?=', '안녕'],
    ['a base64 group cut in two by words', '=?utf-8?B?7JWI64?= =?utf-8?B?WV?=', '안녕'],
    ['padded base64 words of one charset', '=?utf-8?B?YQ==?= =?utf-8?B?Yg==?=', 'ab'],
    ['a word whose last character was cut off', '=?utf-8?B?7JWI64U=?=', '안'],
    ['raw UTF-8 with a stray shift', '회의\x0e자료', '회의 자료'],
    ['control characters as blanks', 'a\x1b[2J\x00=?utf-8?Q?b=07c?=', 'a [2J b c'],
    ['words of different charsets', `=?utf-8?B?7JWI?= =?euc-kr?B?${CP949.toString('base64')}?=`, '안똠방각하'],
    ['a question mark left raw in a word', '=?utf-8?Q?really??=', 'really?'],
    ['a word that claims UTF-8 and is CP949', `=?utf-8?B?${CP949.toString('base64')}?=`, '똠방각하'],
    ['a word of an unknown charset', `=?unknown-8bit?B?${CP949.toString('base64')}?=`, '똠방각하'],
    ['a word that never ends', '=?utf-8?B?7JWI', '=?utf-8?B?7JWI'],
    ['Japanese in 7 bits, in a word', '=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['Korean in 7 bits, in a word', '=?iso-2022-kr?B?GyQpQw4/TSVIDw==?=', iconv.decode(Buffer.from('bfcda5c8', 'hex'), 'cp949')],
    ['Korean in 7 bits, raw', '\x1b$)C\x0eGQ1[\x0f!', '한글!'],
    ['Japanese in 7 bits, raw', '\x1b$BF|K\\\x1b(B', '日本'],
    ['raw UTF-8', '회의 자료', '회의 자료'],
  ])('reads %s', (_, value, expected) => {
    expect(subjectOf(value)).toBe(expected);
  });

  it('takes raw bytes for UTF-8, else the charset of the body, else CP949, else Latin-1', () => {
    expect(subjectOf(CP949)).toBe('똠방각하');
    expect(subjectOf(Buffer.from('caf\xe9!', 'latin1'))).toBe('café!');
    const cyrillic = iconv.encode('Привет', 'koi8-r');
    expect(subjectOf(cyrillic, 'Content-Type: text/plain; charset="koi8-r"')).toBe('Привет');
    const multipart = ['Content-Type: multipart/mixed; boundary=x', '', '--x', 'Content-Type: text/plain; charset=koi8-r'];
    expect(subjectOf(cyrillic, ...multipart)).toBe('Привет');
    expect(subjectOf(CP949, 'Content-Type: text/plain; charset=utf-8')).toBe('똠방각하');
    expect(subjectOf(CP949, 'Content-Type: text/plain; charset=no-such-thing')).toBe('똠방각하');
  });

  it('unfolds it onto one line, and takes the first of two', () => {
    expect(readHeaders(head('subject :  one', '\ttwo', '  three', 'Subject: other')).subject).toBe('one two three');
    expect(readHeaders(Buffer.from('X: 1\nSubject: bare\n feeds\n\nSubject: body\n')).subject).toBe('bare feeds');
  });

  it('does not look into the body', () => {
    expect(readHeaders(head('X: 1', '', 'Subject: body')).subject).toBe('');
    expect(readHeaders(Buffer.from('\nSubject: body\n')).subject).toBe('');
  });
});

describe('the date', () => {
  it.each([
    ['Wed, 31 Jan 2024 18:30:05 +0900', '2024-01-31T09:30:05.000Z'],
    ['31 Jan 2024 09:30 GMT', '2024-01-31T09:30:00.000Z'],
    ['Wed, 31 Jan 2024 18:30:05 +0900 (KST)', '2024-01-31T09:30:05.000Z'],
    ['Wed (day (nested)), 31 (d) Jan 2024 (y) 18:30:05 (\\)) +0900', '2024-01-31T09:30:05.000Z'],
    ['Fri, 21 Nov 97 09:55:06 -0600', '1997-11-21T15:55:06.000Z'],
    ['21 Nov 49 09:55:06 Z', '2049-11-21T09:55:06.000Z'],
    ['21 Nov 105 09:55:06 UT', '2005-11-21T09:55:06.000Z'],
    ['Mon, 1 Jul 2002 10:00:00 EDT', '2002-07-01T14:00:00.000Z'],
    ['Mon, 1 Jul 2002 10:00:00 A', '2002-07-01T10:00:00.000Z'],
    ['Mon, 1 Jul 2002 10:00:00', '2002-07-01T10:00:00.000Z'],
    ['Mon, 1 Jul 2002 10:00:00 GMT+0900', '2002-07-01T01:00:00.000Z'],
    ['Mon,1 July 2002 1:2:3 -00:30', '2002-07-01T01:32:03.000Z'],
    ['Mon Jul  1 10:00:00 2002', '2002-07-01T10:00:00.000Z'],
    ['Mon Jul  1 10:00:00 KST 2002', '2002-07-01T01:00:00.000Z'],
    ['Tue, 19 Jan 2038 03:14:08 +0000', '2038-01-19T03:14:08.000Z'],
    ['Sat, 31 Dec 2016 23:59:60 +0000', '2017-01-01T00:00:00.000Z'],
    ['Thu, 29 Feb 2024 00:00:00 +0000', '2024-02-29T00:00:00.000Z'],
    ['Fri, 31 Dec 9999 23:59:59 +0000', '9999-12-31T23:59:59.000Z'],
  ])('reads %s', (value, expected) => {
    expect(dateOf(value)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '30 Feb 2024 00:00:00 +0000',
    '31 Foo 2024 00:00:00 +0000',
    '31 Jan 2024 24:00:00 +0000',
    '31 Jan 2024 10:60:00 +0000',
    'Thu, 01 Jan 1970 00:00:00 +0900',
    'Mon, 26 Aug 0102 23:12:40 -0700',
    'Mon, 1 Jan 0099 00:00:00 +0000',
    'Fri, 31 Dec 9999 23:59:59 -0100',
    '1'.repeat(100_000),
    `${'('.repeat(50_000)}31 Jan 2024 10:00:00 +0000`,
  ])('is null for what is none: %.40s', (value) => {
    expect(dateOf(value)).toBeNull();
  });
});

describe('the Message-ID', () => {
  it.each([
    [' <abc@example.com>', '<abc@example.com>'],
    ['\r\n <abc@example.com> (added by gateway)', '<abc@example.com>'],
    ['abc@example.com', 'abc@example.com'],
    ['<a\x1b[2J@example.com>', '<a [2J@example.com>'],
    ['<=?utf-8?Q?a=40b?=@example.com>', '<=?utf-8?Q?a=40b?=@example.com>'],
    ['', null],
    [`<${'a'.repeat(997)}>`, null],
  ])('reads %j', (value, expected) => {
    expect(readHeaders(head(`Message-Id:${value}`)).messageId).toBe(expected);
  });
});

describe('hostile bytes', () => {
  const field = fc.constantFrom('Subject: ', 'Date: ', 'Message-ID: ', 'Content-Type: text/plain; charset=', '\t', '');
  const word = fc.constantFrom('=?euc-kr?B?', '=?utf-8?Q?', '=?iso-2022-kr?q?', '?=', '\x1b$)C\x0e', '\x1b$B', '=?utf-7?B?', '=?a?b?', '(');
  const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array).toString('latin1'));
  const line = fc.tuple(field, fc.array(fc.oneof(word, bytes), { maxLength: 6 })).map(([name, values]) => name + values.join(''));

  it('never make it throw', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const { subject, date, messageId } = readHeaders(Buffer.from(lines.join('\r\n'), 'latin1'));
        expect(subject).not.toMatch(/\p{Cc}/u);
        expect(messageId ?? '').not.toMatch(/\p{Cc}/u);
        if (date) expect(date.toISOString()).toMatch(/^\d{4}-/);
      }),
      { numRuns: 500 },
    );
  });

  it('cost little time, however long', () => {
    const long = 1024 * 1024;
    const monsters = ['=?a?q?', '=?', '(', ' \r\n', '\r\n ', '=?utf-8?B?QQ==?= ', 'charset=', ':', '\x1b$B', '한'];
    for (const monster of monsters) {
      for (const name of ['Subject', 'Date', 'Message-ID', 'X']) {
        const start = performance.now();
        const { subject } = readHeaders(Buffer.from(`${name}: ${monster.repeat(long / monster.length)}\r\n\r\n`));
        expect(subject.length).toBeLessThanOrEqual(4096);
        expect(performance.now() - start, `${name}: ${JSON.stringify(monster)}`).toBeLessThan(500);
      }
    }
  });

  it('are not read beyond 256 KiB of header', () => {
    const filler = `X: ${'x'.repeat(70)}\r\n`.repeat(4000);
    expect(readHeaders(Buffer.from(`${filler}Subject: far\r\n`)).subject).toBe('');
  });
});
