import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddresses } from './addresses.ts';
import { decodeCharset } from './charset.ts';
import { decodeWords } from './encoded-words.ts';
import { readFields } from './header.ts';
import { readParameterized } from './parameters.ts';
import { openTransferEncoding } from './transfer-encoding.ts';

describe('header fields', () => {
  it('are unfolded, and lines that are none have no name', () => {
    const header = Buffer.from('From x\r\nA: 1\r\n 2\r\n\t3\nno field\r\n folded\r\nb : 4\r\n\r\nC: 5\r\n');
    expect(readFields(header)).toEqual([
      { name: '', value: 'From x' },
      { name: 'a', value: '1 2\t3' },
      { name: '', value: 'no field folded' },
      { name: 'b', value: '4' },
    ]);
  });
});

describe('parameters', () => {
  it.each([
    ['text/plain', 'text/plain', []],
    [
      'text/plain; charset="us-ascii" (comment); format=flowed',
      'text/plain',
      [
        ['charset', 'us-ascii'],
        ['format', 'flowed'],
      ],
    ],
    ['attachment; filename="a\\"b;c.txt"', 'attachment', [['filename', 'a"b;c.txt']]],
    ['attachment; filename*0="long "; filename*1=name.txt', 'attachment', [['filename', 'long name.txt']]],
    ["attachment; filename*1*=%EA%B3%A0; filename*0*=utf-8''%EB%B3%B4", 'attachment', [['filename*', "utf-8''%EB%B3%B4%EA%B3%A0"]]],
    ['multipart/mixed; boundary = "x"', 'multipart/mixed', [['boundary', 'x']]],
    ['; ; x=', '', [['x', '']]],
    ['a; b="unclosed', 'a', [['b', 'unclosed']]],
  ])('of %j', (text, value, parameters) => {
    expect(readParameterized(text)).toEqual({ value, parameters });
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'a;="\\( )*0') }), (text) => readParameterized(text) !== null));
  });
});

describe('addresses', () => {
  const one = (name: string | null, mailbox: string | null, host: string | null, route: string | null = null) => ({
    name,
    route,
    mailbox,
    host,
  });

  it.each([
    ['kim@example.com', [one(null, 'kim', 'example.com')]],
    ['"Kim, C." <kim@example.com>, Lee <lee@x>', [one('Kim, C.', 'kim', 'example.com'), one('Lee', 'lee', 'x')]],
    ['kim@example.com (Kim (K))', [one('Kim (K)', 'kim', 'example.com')]],
    ['Joe Q. Public <john.q.public@example.com>', [one('Joe Q. Public', 'john.q.public', 'example.com')]],
    ['<@a.example,@b.example:kim@c.example>', [one(null, 'kim', 'c.example', '@a.example,@b.example')]],
    [
      'team: a@x, b@x; , c@y',
      [one(null, 'team', null), one(null, 'a', 'x'), one(null, 'b', 'x'), one(null, null, null), one(null, 'c', 'y')],
    ],
    ['undisclosed-recipients:;', [one(null, 'undisclosed-recipients', null), one(null, null, null)]],
    ['root', [one(null, 'root', 'MISSING_DOMAIN')]],
    ['Joe Public', [one('Joe Public', 'MISSING_MAILBOX', 'MISSING_DOMAIN')]],
    ['a.b c (x)d <e@f>', [one('a.b c d', 'e', 'f')]],
    ['Name <>', [one('Name', 'MISSING_MAILBOX', 'MISSING_DOMAIN')]],
    ['', []],
    [', ,', []],
  ])('of %j', (text, addresses) => {
    expect(readAddresses(text)).toEqual(addresses);
  });

  it('are the same alone and in a list', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab.@<>" -=?', 'a@b', ' <a@b>', '"c d"'), maxLength: 12 });
    fc.assert(
      fc.property(text, (address) => {
        fc.pre(!/,|"[^"]*$|<[^>]*$/.test(address.replace(/"[^"]*"/g, '')));
        expect(readAddresses(address)).toEqual(readAddresses(`${address},`));
      }),
      { numRuns: 3000 },
    );
  });

  it('never throw, and take time as the text is long', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'a@<>,;:"\\( )[].') }), (text) => readAddresses(text) !== null));
    expect(readAddresses('<'.repeat(200_000)).length).toBeLessThan(2);
    expect(readAddresses('a@b,'.repeat(50_000))).toHaveLength(10_000);
  });
});

describe('charsets', () => {
  it.each([
    ['8c63b9e6b0a2c7cf', 'ks_c_5601-1987', '똠방각하'],
    ['8c63b9e6b0a2c7cf', undefined, '똠방각하'],
    ['1b242943' + '0e' + '4751' + '0f' + '21', 'ISO-2022-KR', '한!'],
    ['ed959c', 'utf-8', '한'],
    ['ed959c', 'us-ascii', '한'],
    ['e9', 'iso-8859-1', 'é'],
    ['b0a1', 'x-unknown', '가'],
  ])('of %s as %s', (hex, label, text) => {
    expect(decodeCharset(Buffer.from(hex, 'hex'), label)).toBe(text);
  });
});

describe('transfer encodings', () => {
  const decoded = (encoding: string, text: string, pieceLength: number): string => {
    const decoding = openTransferEncoding(encoding);
    const pieces: Buffer[] = [];
    for (let start = 0; start < text.length; start += pieceLength)
      pieces.push(decoding.write(Buffer.from(text.slice(start, start + pieceLength), 'latin1')));
    return Buffer.concat([...pieces, decoding.end()]).toString('latin1');
  };

  it.each([
    ['base64', 'aGVs\r\nbG8g d29y!bGQ=\r\n', 'hello world'],
    ['Quoted-Printable', 'a=3Db=\r\nc  \r\n=zz=', 'a=bc\r\n=zz='],
    ['8bit', 'a=3D\xff', 'a=3D\xff'],
    ['x-unknown', 'x', 'x'],
  ])('%s is undone, however it is cut', (encoding, text, plain) => {
    for (let pieceLength = 1; pieceLength <= text.length; pieceLength += 1) expect(decoded(encoding, text, pieceLength)).toBe(plain);
  });

  it('take time as the text is long', () => {
    const blanks = `${' '.repeat(1_000_000)}x`;
    expect(decoded('quoted-printable', blanks, 1_000_001)).toBe(blanks);
  });
});

describe('encoded words', () => {
  it('take time as the value is long', () => {
    for (const value of ['=?a?Q?'.repeat(150_000), `=?a?Q?${'x'.repeat(1_000_000)}`, '=?utf-8?Q?x?= '.repeat(70_000), '=?'.repeat(500_000)])
      expect(decodeWords(value).length).toBeGreaterThan(0);
  });

  it.each([
    ['=?utf-8?Q?=EC=A3?= =?UTF-8?q?=BC?=', '주'],
    ['=?euc-kr?B?vsiz5w==?= (x)', '안녕 (x)'],
    ['a =?utf-8?Q?b_c?= d', 'a b c d'],
    ['=?utf-8?X?no?=', '=?utf-8?X?no?='],
    ['=?utf-8?Q?a?b?=', 'a?b'],
    ['\xbe\xc8\xb3\xe7', '안녕'],
  ])('of %j', (value, text) => {
    expect(decodeWords(value)).toBe(text);
  });
});
