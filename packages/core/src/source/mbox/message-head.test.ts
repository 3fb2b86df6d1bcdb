import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_HEADER_BYTES, readMessageHead } from './message-head.ts';

const FROM_LINE = 'From a@b Mon Jan  5 12:00:00 2026\n';

const read = (message: string) => {
  const bytes = Buffer.from(FROM_LINE + message);
  return readMessageHead(bytes, 0, FROM_LINE.length, bytes.length);
};

describe('flags', () => {
  it.each([
    ['Status: RO\nX-Status: AF', ['\\Seen', '\\Answered', '\\Flagged']],
    ['Status: O', []],
    ['X-Status: DT', ['\\Deleted', '\\Draft']],
    ['X-Mozilla-Status: 0009', ['\\Seen', '\\Deleted']],
    ['X-Mozilla-Status: 1006', ['\\Answered', '\\Flagged', '$Forwarded']],
    ['X-Mozilla-Keys: $label1 중요   work  ', ['$label1', '중요', 'work']],
    ['X-Keywords: Junk', ['Junk']],
    ['x-status : a', []],
    ['X-Mozilla-Status: zz', []],
  ])('of %s', (field, flags) => {
    expect(read(`Subject: x\n${field}\nTo: y\n\nStatus: R\n`).flags).toEqual(flags);
  });
});

it("reads Gmail's labels from folded encoded words", () => {
  const { labels, flags } = read(
    'X-Gmail-Labels: =?UTF-8?Q?=EB=B0=9B=EC=9D=80=ED=8E=B8?=\r\n =?UTF-8?Q?=EC=A7=80=ED=95=A8,Unread?=\r\n\r\n',
  );
  expect(labels).toEqual(['INBOX']);
  expect(flags).toEqual([]);
});

it.each([
  ['12', 12],
  ['12  ', 12],
  ['-5', Number.NaN],
  ['x', Number.NaN],
  ['9999999999999999', Number.NaN],
])('reads Content-Length: %s', (value, length) => {
  expect(read(`Content-Length: ${value}\n\n`).contentLength).toBe(length);
});

it('has one checksum, however the flags change in place, and another for any other change', () => {
  const crc = (fields: string) => read(`${fields}\n\nbody`).crc;
  const before = crc('Subject: x\nStatus: O\nTo: y\nX-Mozilla-Status: 0000');
  expect(crc('Subject: x\nStatus: RO\nTo: y\nX-Mozilla-Status: 0001\n folded')).toBe(before);
  expect(crc('Subject: x\nTo: y')).toBe(before);
  expect(crc('Subject: x\nTo: z')).not.toBe(before);
});

it('tells a mail server’s own data from a message with its subject', () => {
  const subject = "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n";
  expect(read(`${subject}X-IMAP: 1 1\n\n`).isFolderData).toBe(true);
  expect(read(`${subject}\n`).isFolderData).toBe(false);
});

it('finds the body, and the first line that is no field', () => {
  expect(read('A: b\n c\nD: e\r\n\r\nbody')).toMatchObject({ bodyStart: FROM_LINE.length + 16, oddLineAt: null });
  expect(read('A: b\nno field\n\n')).toMatchObject({ oddLineAt: FROM_LINE.length + 5 });
  expect(read('>From x@y Mon\nA: b\n\n')).toMatchObject({ oddLineAt: null });
  expect(read('\nbody')).toMatchObject({ oddLineAt: FROM_LINE.length });
  expect(read(`A: ${'x'.repeat(MAX_HEADER_BYTES)}\n\n`)).toMatchObject({ bodyStart: null });
});

it('never throws', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('', 'Status: ', 'X-Gmail-Labels: =?', 'Content-Length:'),
      (bytes, start) => {
        readMessageHead(Buffer.concat([Buffer.from(start), bytes]), 0, 0, bytes.length + start.length);
      },
    ),
  );
});
