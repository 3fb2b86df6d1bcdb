import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFetchItems, parseInternalDate } from './fetch-response.ts';

const PREFIX = '* 1 FETCH ';
const parse = (...segments: (string | Buffer)[]) => parseFetchItems(segments, PREFIX.length);

describe('FETCH response', () => {
  it('reads items in any order, with the body as a literal', () => {
    const body = Buffer.from('Subject: x\r\n\r\n\0\xff', 'latin1');
    const items = parse('* 1 FETCH (FLAGS (\\Seen $Forwarded) BODY[] ', body, ' UID 7 INTERNALDATE "17-Jul-1996 02:44:25 -0700")');
    expect(items?.get('BODY[]')).toEqual(body);
    expect(items?.get('UID')).toBe('7');
    expect(items?.get('FLAGS')).toEqual(['\\Seen', '$Forwarded']);
  });

  it('tells NIL, a quoted string and an empty literal apart', () => {
    expect(parse('* 1 FETCH (BODY[] NIL)')?.get('BODY[]')).toBeNull();
    expect(parse('* 1 FETCH (BODY[] "a\\"b")')?.get('BODY[]')).toBe('a"b');
    expect(parse('* 1 FETCH (BODY[] ', Buffer.alloc(0), ')')?.get('BODY[]')).toEqual(Buffer.alloc(0));
  });

  it.each(['', '(', '(UID', '(UID 1', '(FLAGS (\\Seen)', '(UID 1 "', '((', `(FLAGS ${'('.repeat(40)}${')'.repeat(40)})`])(
    'gives nothing for the malformed %j',
    (text) => {
      expect(parse(PREFIX + text)).toBeUndefined();
    },
  );

  it('neither throws nor hangs on any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('(', ')', '"', '\\', ' ', 'A', '[', ']', '1', '<', '>', '{', '\t') }),
        (text) => void parse(PREFIX + text),
      ),
    );
  });
});

describe('INTERNALDATE', () => {
  it('is read to the second with its zone', () => {
    expect(parseInternalDate('17-Jul-1996 02:44:25 -0700')?.toISOString()).toBe('1996-07-17T09:44:25.000Z');
    expect(parseInternalDate(' 1-Feb-2038 00:00:00 +0900')?.toISOString()).toBe('2038-01-31T15:00:00.000Z');
  });

  it.each([undefined, null, '', 'yesterday', '17-Foo-1996 02:44:25 -0700', '1996-07-17T02:44:25Z'])('is null for %j', (value) => {
    expect(parseInternalDate(value)).toBeNull();
  });
});
