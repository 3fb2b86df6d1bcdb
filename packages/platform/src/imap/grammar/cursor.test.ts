import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlatformError } from '../../platform-error.ts';
import { WallClock } from '../../wall-clock.ts';
import { Cursor } from './cursor.ts';
import { readDateTime, readDay } from './date-time.ts';
import { type FetchItem, readFetchItems } from './fetch-items.ts';
import { ImapSyntaxError } from './imap-syntax-error.ts';
import { readSearchKeys, type SearchKey } from './search-key.ts';
import { formatSequenceSet, readSequenceSet } from './sequence-set.ts';

const on = (text: string, ...literals: string[]): Cursor => new Cursor({ text, literals: literals.map((literal) => Buffer.from(literal)) });

describe('strings', () => {
  it('reads atoms, quoted strings and literals alike', () => {
    const cursor = on('abc] "a \\"b\\\\" {3}\r\n {4+}\r\n', 'x\0y', '한 ');
    const read: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      if (i > 0) cursor.space();
      read.push(cursor.astring().toString());
    }
    expect(read).toEqual(['abc]', 'a "b\\', 'x\0y', '한 ']);
    expect(cursor.isAtEnd).toBe(true);
  });

  it.each(['"open', '"back\\', '{3}', '{3}\r\n', '', '(', '%'])('refuses %j', (text) => {
    expect(() => on(text).astring()).toThrow(ImapSyntaxError);
  });

  it('reads a mailbox name from modified UTF-7 and refuses raw 8-bit', () => {
    expect(on('"&vBvHQA-"').mailboxName()).toBe('받은');
    expect(() => on('{3}\r\n', '받').mailboxName()).toThrow(PlatformError);
  });

  it('reads a mailbox name from UTF-8 once that is switched on, and nothing that is none', () => {
    const name = (bytes: Buffer): string => new Cursor({ text: `{${bytes.length}}\r\n`, literals: [bytes] }, true).mailboxName();
    expect(name(Buffer.from('받은&-'))).toBe('받은&-');
    expect(() => name(Buffer.from([0xb9, 0xde]))).toThrow(PlatformError);
  });

  it('reads mod-sequences of 63 bits', () => {
    expect(on('9223372036854775807').modSequence()).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => on('9223372036854775808').modSequence()).toThrow(ImapSyntaxError);
  });
});

describe('sequence sets', () => {
  it('reads numbers, ranges in either direction and the star', () => {
    expect(readSequenceSet(on('1,5:3,7:*,*'))).toEqual([
      { from: 1, to: 1 },
      { from: 3, to: 5 },
      { from: 7, to: Number.POSITIVE_INFINITY },
      { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY },
    ]);
  });

  it.each(['0', '1:', ',1', '4294967296', 'a'])('refuses %s', (text) => {
    expect(() => readSequenceSet(on(text))).toThrow(ImapSyntaxError);
  });

  it('writes what it reads', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1 }), (numbers) => {
        const written = readSequenceSet(on(formatSequenceSet(numbers)));
        expect(written.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i))).toEqual(numbers);
      }),
    );
  });
});

describe('fetch items', () => {
  const label = (item: FetchItem | undefined): string | undefined => (item && 'label' in item ? item.label : item?.kind);

  it.each([
    ['FAST', ['flags', 'internal-date', 'size']],
    ['(UID flags RFC822.SIZE)', ['uid', 'flags', 'size']],
    ['BODY[]', ['BODY[]']],
    ['body.peek[header]<10.20>', ['BODY[HEADER]<10>']],
    ['(BODY[HEADER.FIELDS (Subject "X \\"Y")] BODY[TEXT])', ['BODY[HEADER.FIELDS (Subject "X \\"Y")]', 'BODY[TEXT]']],
    ['ALL', ['flags', 'internal-date', 'size', 'envelope']],
    ['FULL', ['flags', 'internal-date', 'size', 'envelope', 'structure']],
    ['(BODY BODYSTRUCTURE MODSEQ)', ['structure', 'structure', 'modseq']],
    ['(BODY[1] BODY[1.2.MIME] BODY.PEEK[2.HEADER.FIELDS.NOT (A)])', ['BODY[1]', 'BODY[1.2.MIME]', 'BODY[2.HEADER.FIELDS.NOT (A)]']],
    ['(RFC822 RFC822.HEADER RFC822.TEXT)', ['RFC822', 'RFC822.HEADER', 'RFC822.TEXT']],
  ])('reads %s', (text, labels) => {
    const cursor = on(text);
    expect(readFetchItems(cursor).map(label)).toEqual(labels);
    expect(cursor.isAtEnd).toBe(true);
  });

  it.each([
    '',
    '()',
    'BODY[',
    'BODY[FOO]',
    'BODY[HEADER.FIELDS ()]',
    'BODY[]<1>',
    'BODY[]<1.0>',
    'BODY[MIME]',
    'BODY[0]',
    'BODY[1.]',
    'BODY[.TEXT]',
    'BODY[1.HEADER.FIELDS]',
    '(UID',
  ])('refuses %j', (text) => {
    expect(() => readFetchItems(on(text))).toThrow(ImapSyntaxError);
  });
});

describe('search keys', () => {
  const keysOf = (text: string, ...literals: string[]): SearchKey => readSearchKeys(on(text, ...literals), (bytes) => bytes.toString());

  it('reads nested keys', () => {
    expect(keysOf('UNSEEN OR (1:3 LARGER 10) NOT FROM {3}\r\n', 'Kim')).toEqual({
      kind: 'and',
      keys: [
        { kind: 'not', key: { kind: 'flag', flag: '\\Seen' } },
        {
          kind: 'or',
          keys: [
            {
              kind: 'and',
              keys: [
                { kind: 'numbers', set: [{ from: 1, to: 3 }] },
                { kind: 'larger', bytes: 10 },
              ],
            },
            { kind: 'not', key: { kind: 'header', name: 'from', text: 'Kim' } },
          ],
        },
      ],
    });
  });

  it.each([
    '',
    'FOO',
    'OR ALL',
    'SINCE 31-Feb-2020',
    'SINCE 1-Foo-2020',
    'LARGER x',
    '(ALL',
    'ALL)',
    '()',
    'KEYWORD \\Seen',
    `${'ALL '.repeat(2000)}ALL`,
    `${'NOT '.repeat(60)}ALL`,
  ])('refuses %j', (text) => {
    expect(() => keysOf(text)).toThrow(ImapSyntaxError);
  });
});

describe('dates', () => {
  it('reads a date with time and zone to the second', () => {
    expect(readDateTime(on('" 7-Feb-2038 23:59:58 +0900"')).toISOString()).toBe('2038-02-07T14:59:58.000Z');
    expect(readDateTime(on('"31-Dec-1969 20:00:00 -0530"')).toISOString()).toBe('1970-01-01T01:30:00.000Z');
  });

  it.each(['"30-Feb-2020 00:00:00 +0000"', '"01-Jan-2020 24:00:00 +0000"', '"01-Jan-2020"', '"1-Jan-20 00:00:00 +0000"', '01-Jan-2020'])(
    'refuses %s',
    (text) => {
      expect(() => readDateTime(on(text))).toThrow(ImapSyntaxError);
    },
  );

  it('reads a day that can be compared', () => {
    expect(readDay(on('1-jan-2026'))).toBe(20260101);
    expect(readDay(on('"31-Dec-2025"'))).toBe(20251231);
  });

  it.each(['Asia/Seoul', 'America/New_York', 'UTC'])('writes what it reads in %s', (timeZone) => {
    const clock = new WallClock(timeZone);
    const instants = fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, (instant) => {
        const seconds = Math.floor(instant.getTime() / 1000) * 1000;
        expect(readDateTime(on(clock.dateTime(new Date(seconds)))).getTime()).toBe(seconds);
      }),
    );
  });

  it('tells days apart by the zone of the clock', () => {
    const instant = new Date('2026-01-31T15:00:00Z');
    expect(new WallClock('Asia/Seoul').day(instant)).toBe(20260201);
    expect(new WallClock('UTC').day(instant)).toBe(20260131);
  });
});

describe('hostile text', () => {
  const ALPHABET = fc.string({
    unit: fc.constantFrom(...'aZ09 ()[]<>{}+*%:,."\\\r\n\0&-/', 'BODY', 'HEADER.FIELDS', 'OR ', 'NOT ', '{1}\r\n', 'é'),
    maxLength: 60,
  });

  it('is either read or refused on purpose', () => {
    const readers: ((cursor: Cursor) => unknown)[] = [
      (cursor) => cursor.astring(),
      (cursor) => cursor.mailboxPattern(),
      (cursor) => cursor.list(() => cursor.flag()),
      readSequenceSet,
      readFetchItems,
      (cursor) => readSearchKeys(cursor, (bytes) => bytes.toString()),
      readDateTime,
    ];
    fc.assert(
      fc.property(ALPHABET, fc.constantFrom(...readers), (text, read) => {
        try {
          read(on(text, 'x', 'y'));
        } catch (error) {
          expect(error).toSatisfy((thrown) => thrown instanceof ImapSyntaxError || thrown instanceof PlatformError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
