import fc from 'fast-check';
import iconv from 'iconv-lite';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { readHeaderLines, readMessageText, TEXT_LIMIT_BYTES } from './message-text.ts';

const message = (...lines: (string | Buffer)[]): Buffer =>
  Buffer.concat(lines.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, Buffer.from('\r\n')]));
const textOf = (...lines: (string | Buffer)[]): string => readMessageText(message(...lines)).text.trim();
const cp949 = (text: string): Buffer => iconv.encode(text, 'cp949');
const HELLO = '안녕하세요, 똠방각하입니다.';

describe('the text of a message', () => {
  it.each<[string, (string | Buffer)[]]>([
    ['UTF-8', ['Content-Type: text/plain; charset=utf-8', '', HELLO]],
    ['CP949 under any of its names (K3)', ['Content-Type: text/plain; charset=ks_c_5601-1987', '', cp949(HELLO)]],
    ['CP949 without a label', ['', cp949(HELLO)]],
    ['CP949 with the label of another', ['Content-Type: text/plain; charset=us-ascii', '', cp949(HELLO)]],
    ['CP949 that says it is UTF-8', ['Content-Type: text/plain; charset=utf-8', '', cp949(HELLO)]],
    ['UTF-8 that says it is EUC-KR', ['Content-Type: text/plain; charset=euc-kr', '', HELLO]],
    ['base64', ['Content-Type: text/plain; charset=euc-kr', 'Content-Transfer-Encoding: BASE64', '', cp949(HELLO).toString('base64')]],
    [
      'base64 without a label',
      ['Content-Transfer-Encoding: base64 (RFC 2045)', '', cp949(HELLO).toString('base64').replace(/.{10}/g, '$&\r\n')],
    ],
    [
      'quoted-printable',
      [
        'Content-Type: text/plain; charset=euc-kr',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        cp949(HELLO).toString('hex').toUpperCase().replace(/../g, '=$&').replace(/.{60}/g, '$&=  \r\n'),
      ],
    ],
    ['HTML that names its charset itself', ['Content-Type: text/html', '', '<meta charset="euc-kr"><p>', cp949(HELLO)]],
    ['HTML alone', ['Content-Type: text/html; charset=utf-8', '', `<p>${HELLO}</p>`]],
    ['a multipart that ends too early', ['Content-Type: multipart/mixed; boundary=x', '', '--x', '', HELLO]],
    ['a multipart without a boundary', ['Content-Type: multipart/mixed', '', HELLO]],
    [
      'a message in the message',
      ['Content-Type: multipart/mixed; boundary=x', '', '--x', 'Content-Type: message/rfc822', '', 'Subject: inner', '', HELLO, '--x--'],
    ],
    [
      'a multipart whose inner one is not closed',
      [
        'Content-Type: multipart/mixed; boundary="out er"',
        '',
        'preamble',
        '--out er  ',
        'Content-Type: multipart/alternative; boundary=in',
        '',
        '--in',
        '',
        HELLO,
        '--out er--',
        'epilogue',
      ],
    ],
  ])('is read from %s', (_, lines) => {
    expect(textOf('Subject: x', ...lines)).toBe(HELLO);
  });

  it('is the plain one of several forms; the other is kept for the search', () => {
    const forms = (plain: string): Buffer =>
      message(
        ...['Content-Type: multipart/alternative; boundary=x', '', '--x', '', plain],
        ...['--x', 'Content-Type: text/html', '', '<b>html</b>', '--x--'],
      );
    expect(readMessageText(forms('plain'))).toMatchObject({ text: 'plain', otherForms: 'html' });
    expect(readMessageText(forms(' '))).toMatchObject({ text: 'html', otherForms: '' });
  });

  it('is not that of attachments, whose names are told', () => {
    const part = (...headers: string[]): string[] => ['--x', ...headers, '', 'bytes'];
    const { text, attachments } = readMessageText(
      message(
        'Content-Type: multipart/mixed; boundary=x',
        '',
        ...part('Content-Type: text/plain'),
        ...part('Content-Type: text/plain; name="note.txt"'),
        ...part('Content-Type: text/plain; name="shown.txt"', 'Content-Disposition: inline'),
        ...part('Content-Type: image/png; name=logo.png', 'Content-ID: <1>'),
        ...part('Content-Type: image/png; name=photo.png'),
        ...part('Content-Type: application/pdf', 'Content-Disposition: attachment; filename="=?utf-8?B?6rOE7JW97ISc?=.pdf"'),
        ...part('Content-Type: application/octet-stream'),
        '--x--',
      ),
    );
    expect(text).toBe('bytes\n\nbytes');
    expect(attachments).toEqual(['note.txt', 'photo.png', '계약서.pdf', '']);
  });

  it('comes with headers on one line each, decoded', () => {
    const head = message('From: =?utf-8?B?6rmA?=', ' <kim@example.com>', 'To: a@b,', '\tc@d', 'SUBJECT: one\x00\x1b[2J two', 'X-Y: z', '');
    expect(readMessageText(head)).toMatchObject({
      from: '김 <kim@example.com>',
      to: 'a@b, c@d',
      cc: '',
      subject: 'one [2J two',
      date: null,
    });
    expect(readHeaderLines(head)).toEqual([
      { name: 'From', text: '김 <kim@example.com>' },
      { name: 'To', text: 'a@b, c@d' },
      { name: 'SUBJECT', text: 'one [2J two' },
      { name: 'X-Y', text: 'z' },
    ]);
  });

  it('says when not all of it was read', () => {
    const nested = (depth: number): string => {
      if (depth === 0) return '\r\ndeep\r\n';
      return `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nested(depth - 1)}\r\n--b${depth}--\r\n`;
    };
    expect(readMessageText(Buffer.from(nested(20)))).toMatchObject({ text: 'deep\n', isWhole: true });
    expect(readMessageText(Buffer.from(nested(1_000)))).toMatchObject({ text: '', isWhole: false });
    const many = `Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\ny\r\n'.repeat(2_000)}`;
    expect(readMessageText(Buffer.from(many)).isWhole).toBe(false);
    const long = readMessageText(message('', 'y'.repeat(TEXT_LIMIT_BYTES)));
    expect([long.isWhole, long.text.length]).toEqual([false, TEXT_LIMIT_BYTES]);
  });

  it.each([
    ['a field of a megabyte', `Subject: ${'=?a?q?'.repeat(170_000)}\r\n\r\nx`],
    ['a header of nothing but parameters', `Content-Type: text/plain${';a="'.repeat(250_000)}\r\n\r\nx`],
    [
      'many parts with hostile headers',
      `Content-Type: multipart/x; boundary=b\r\n\r\n${`--b\r\nContent-Type: a${';a="'.repeat(1_000)}\r\n\r\n`.repeat(250)}`,
    ],
    ['boundaries that are none', `Content-Type: multipart/x; boundary=b\r\n\r\n${'--b '.repeat(250_000)}`],
    ['nothing but padding', `Content-Transfer-Encoding: base64\r\n\r\n${'a=='.repeat(350_000)}`],
    ['blanks in quoted-printable', `Content-Transfer-Encoding: quoted-printable\r\n\r\n${'= \t'.repeat(350_000)}`],
    ['a megabyte of brackets', `Content-Transfer-Encoding: ${'('.repeat(1_000_000)}\r\n\r\nx`],
    ['multiparts within multiparts', 'Content-Type: multipart/x; boundary=b\r\n\r\n--b\r\n'.repeat(20_000)],
  ])('is bounded in time: %s', (_, text) => {
    const startMs = performance.now();
    readMessageText(Buffer.from(text));
    expect(performance.now() - startMs).toBeLessThan(3_000);
  });

  it('never throws, whatever the bytes', () => {
    const line = fc.constantFrom(
      ...['Content-Type: multipart/alternative; boundary=b', 'Content-Type: message/rfc822', 'Content-Type: text/html; charset=utf-16'],
      ...[
        'Content-Type: text/plain; charset=iso-2022-kr',
        'Content-Transfer-Encoding: base64',
        '--b',
        '--b--',
        '',
        '<p>',
        '\x0e\x1b$)C',
        '=ed=9',
      ],
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.array(fc.oneof(line, fc.string({ unit: 'binary' })), { maxLength: 30 }).map((lines) => Buffer.from(lines.join('\r\n'))),
    );
    fc.assert(
      fc.property(bytes, (mail) => void readMessageText(mail)),
      { numRuns: 500 },
    );
  });

  it('is what mailparser reads, of mail that both can read', async () => {
    const word = fc.string({ unit: fc.constantFrom(...'abc 가나다=?-'), minLength: 1, maxLength: 100 }).map((text) => `x${text}x`);
    const encoding = fc.constantFrom('base64', 'quoted-printable', '8bit');
    const part = fc.record({ text: word, encoding, label: fc.constantFrom('utf-8', 'euc-kr') });
    const encoded = (text: string, label: string, how: string): Buffer => {
      const bytes = iconv.encode(text, label);
      if (how === 'base64') return Buffer.from(bytes.toString('base64'));
      return how === '8bit' ? bytes : Buffer.from(bytes.toString('hex').toUpperCase().replace(/../g, '=$&').replace(/.{72}/g, '$&=\r\n'));
    };
    const property = fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      const lines = parts.flatMap(({ text, encoding: how, label }) => [
        ...['--b', `Content-Type: text/plain; charset=${label}`, `Content-Transfer-Encoding: ${how}`, ''],
        encoded(text, label, how),
      ]);
      const mail = message('MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', ...lines, '--b--');
      expect(readMessageText(mail).text.split('\n\n')).toEqual((await simpleParser(mail)).text?.split('\n'));
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
