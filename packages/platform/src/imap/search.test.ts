import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';
import type { RawClient } from './raw-client.testing.ts';

let house: ImapHouse;
let client: RawClient;
beforeEach(async () => {
  house = await ImapHouse.open();
});
afterEach(() => house[Symbol.asyncDispose]());

const put = (message: string | Buffer, flags: string[] = []): number =>
  house.account.append('INBOX', typeof message === 'string' ? Buffer.from(message) : message, { flags });

/** `text` as a literal, in the charset. */
const literal = (text: string, charset = 'utf-8'): string => {
  const bytes = iconv.encode(text, charset);
  return `{${bytes.length}+}\r\n${bytes.toString('latin1')}`;
};

const numbersOf = async (command: string): Promise<string> => {
  const answer = await client.command(command);
  const [, numbers] = /^\* SEARCH(.*)\r\nOK/m.exec(answer) ?? [];
  return numbers?.trim() ?? answer;
};

describe('SEARCH in content', () => {
  it('decodes bodies by their transfer encoding and charset', async () => {
    const korean = '안녕하세요 여러분';
    const body = (charset: string, encoding: string, bytes: string | Buffer): Buffer =>
      Buffer.concat([
        Buffer.from(`Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`),
        Buffer.from(bytes),
      ]);
    put(body('utf-8', 'base64', Buffer.from(korean).toString('base64')));
    put(body('ks_c_5601-1987', '8bit', iconv.encode(korean, 'cp949')));
    put(body('"euc-kr"', 'base64', iconv.encode(korean, 'cp949').toString('base64')));
    put(
      body(
        'utf-8',
        'quoted-printable',
        Buffer.from(korean)
          .toString('latin1')
          .replace(/[\x80-\xff]/g, (c) => `=${c.charCodeAt(0).toString(16).toUpperCase()}=\r\n`),
      ),
    );
    put(
      body(
        'iso-2022-kr',
        '7bit',
        Buffer.from(
          `\x1b$)C\r\n\x0e${iconv
            .encode('안녕하세요', 'cp949')
            .toString('latin1')
            .replace(/[\x80-\xff]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 128))}\x0f ${'x'}`,
          'latin1',
        ),
      ),
    );
    put(body('us-ascii', '8bit', iconv.encode(korean, 'cp949')));
    put(body('utf-8', '8bit', 'Hello'));
    client = await house.select();
    expect(await numbersOf(`SEARCH CHARSET UTF-8 BODY ${literal('안녕하세요')}`)).toBe('1 2 3 4 5 6');
    expect(await numbersOf(`SEARCH CHARSET ks_c_5601-1987 BODY ${literal('하세요', 'cp949')}`)).toBe('1 2 3 4 5 6');
    expect(await numbersOf(`SEARCH TEXT ${literal('요 여러'.normalize('NFD'))}`)).toBe('1 2 3 4 6');
    expect(await numbersOf(`SEARCH BODY HELLO`)).toBe('7');
  });

  it('ignores case beyond ASCII, and how a letter is composed', async () => {
    put(`\r\n${'Ångström ΟΔΟΣ'.normalize('NFD')}`);
    client = await house.select();
    for (const text of ['ÅNGSTRÖM', 'ångström οδος', 'οδοσ']) expect(await numbersOf(`SEARCH BODY ${literal(text)}`)).toBe('1');
    expect(await numbersOf(`SEARCH BODY ${literal('angstrom')}`)).toBe('');
  });

  it('decodes headers: words that cut a character in two, and raw 8-bit of any charset (SPEC K4)', async () => {
    const bytes = iconv.encode('회의록', 'cp949');
    const [first, second] = [bytes.subarray(0, 3), bytes.subarray(3)].map((half) => `=?EUC-KR?B?${half.toString('base64')}?=`);
    put(`Subject: ${first}\r\n ${second}\r\n\r\n`);
    put(Buffer.concat([Buffer.from('Subject: '), bytes, Buffer.from('\r\n\r\n')]));
    put('Subject: 회의록\r\n\r\n');
    put(
      Buffer.concat([
        Buffer.from('Subject: '),
        iconv.encode('会議', 'shift_jis'),
        Buffer.from('\r\nContent-Type: text/plain; charset=shift_jis\r\n\r\n'),
      ]),
    );
    client = await house.select();
    expect(await numbersOf(`SEARCH SUBJECT ${literal('회의록')}`)).toBe('1 2 3');
    expect(await numbersOf(`SEARCH TEXT ${literal('회의록')}`)).toBe('1 2 3');
    expect(await numbersOf(`SEARCH SUBJECT ${literal('会議')}`)).toBe('4');
    expect(await numbersOf(`SEARCH BODY ${literal('회의록')}`)).toBe('');
  });

  it('looks into parts and attached messages, and not into what is no text', async () => {
    const html = '--b\r\nContent-Type: text/html\r\n\r\n<b>bold</b>\r\n';
    const image = `--b\r\nContent-Type: image/png\r\n\r\nneedle in a picture\r\n`;
    const report = '--b\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.2.2\r\n';
    const attached = '--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner words\r\n\r\ninner text\r\n--b--\r\n';
    put(`Subject: outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${html}${image}${report}${attached}`);
    client = await house.select();
    const found = async (keys: string): Promise<boolean> => (await numbersOf(`SEARCH ${keys}`)) === '1';
    expect(await found('BODY <b>BOLD</b>')).toBe(true);
    expect(await found('BODY "inner words"')).toBe(true);
    expect(await found('TEXT "inner text"')).toBe(true);
    expect(await found('BODY needle')).toBe(false);
    expect(await found('BODY text/html')).toBe(false);
    expect(await found('TEXT text/html')).toBe(true);
    expect(await found('BODY 5.2.2')).toBe(true);
    expect(await found('SUBJECT inner')).toBe(false);
    expect(await found('BODY outer')).toBe(false);
    expect(await found('TEXT "subject: outer"')).toBe(true);
  });

  it('finds text that pieces of the store or of an encoding cut', async () => {
    const text = `${'é'.repeat(600_000)}NÄDEL`;
    put(
      `Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n')}`,
    );
    put(`Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`);
    client = await house.select();
    expect(await numbersOf(`SEARCH BODY ${literal('éénädel')}`)).toBe('1 2');
    expect(await numbersOf(`SEARCH NOT BODY ${literal('énädelx')}`)).toBe('1 2');
  });

  it('finds addresses as they are meant', async () => {
    put('From: "Kim, \\"K\\"" <kim (home) @ example.com>\r\nTo: team: a@x, b@y;\r\n\r\n');
    client = await house.select();
    for (const keys of ['FROM kim@example.com', 'TO team', 'TO b@y', 'FROM "Kim, \\"k\\""', 'HEADER from kim@'])
      expect(await numbersOf(`SEARCH ${keys}`)).toBe('1');
    expect(await numbersOf('SEARCH CC ""')).toBe('');
  });

  it.each([
    ['Mon, 5 Jan 2026 23:59:59 -1200', 20260105],
    ['5 Jan 26 00:00 GMT', 20260105],
    ['Mon,\r\n 05-JAN-2026 (summer) 10:00', 20260105],
  ])('takes the day of the Date field as it is written: %s', async (date) => {
    put(`Date: ${date}\r\n\r\n`);
    put('Date: yesterday\r\n\r\n');
    put('\r\n');
    client = await house.select();
    expect(await numbersOf('SEARCH SENTON 5-Jan-2026')).toBe('1');
    expect(await numbersOf('SEARCH SENTBEFORE 5-Jan-2026')).toBe('');
    expect(await numbersOf('SEARCH SENTSINCE 5-Jan-2026')).toBe('1');
  });
});

describe('SEARCH RETURN (RFC 4731)', () => {
  beforeEach(async () => {
    for (let i = 0; i < 6; i += 1) put(`Subject: ${i}\r\n\r\n`, i % 2 === 0 ? ['\\Flagged'] : []);
    client = await house.select();
  });

  it.each([
    ['SEARCH RETURN (MIN) FLAGGED', ' MIN 1'],
    ['SEARCH RETURN (MIN MAX COUNT) FLAGGED', ' MIN 1 MAX 5 COUNT 3'],
    ['SEARCH RETURN () 1:3', ' ALL 1:3'],
    ['UID SEARCH RETURN (ALL COUNT) FLAGGED', ' UID ALL 1,3,5 COUNT 3'],
    ['SEARCH RETURN (MIN COUNT) SUBJECT none', ' COUNT 0'],
    ['SEARCH RETURN (ALL) CHARSET UTF-8 SUBJECT none', ''],
  ])('answers %s', async (command, answer) => {
    expect(await client.command(command)).toMatch(new RegExp(`^\\* ESEARCH \\(TAG "t\\d+"\\)${answer.replace(/[()]/g, '\\$&')}\r\nOK`));
  });

  it('refuses what it can not return', async () => {
    expect(await client.command('SEARCH RETURN (SAVE) ALL')).toMatch(/^BAD/);
    expect(await client.command('SEARCH RETURN MIN ALL')).toMatch(/^BAD/);
  });

  it('gives the highest mod-sequence of what it names (RFC 7162 §3.1.5, RFC 4731 §3.2)', async () => {
    const changed = await client.command('STORE 2 +FLAGS.SILENT (\\Seen)');
    expect(changed).toMatch(/^OK/);
    expect(await client.command('SEARCH MODSEQ 1')).toMatch(/^\* OK \[HIGHESTMODSEQ 8\].*\r\n\* SEARCH 1 2 3 4 5 6 \(MODSEQ 8\)\r\n/);
    expect(await client.command('SEARCH MODSEQ "/flags/\\\\seen" all 8')).toContain('* SEARCH 2 (MODSEQ 8)\r\n');
    expect(await client.command('SEARCH MODSEQ 9')).toContain('* SEARCH\r\n');
    expect(await client.command('SEARCH RETURN (MIN) MODSEQ 1')).toContain(' MIN 1 MODSEQ 2\r\n');
    expect(await client.command('SEARCH RETURN (MIN MAX) MODSEQ 1')).toContain(' MIN 1 MAX 6 MODSEQ 7\r\n');
    expect(await client.command('SEARCH RETURN (MIN COUNT) MODSEQ 1')).toContain(' MIN 1 COUNT 6 MODSEQ 8\r\n');
  });
});
