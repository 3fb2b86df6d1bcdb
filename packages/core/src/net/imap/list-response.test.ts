import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseListAnswer, parsePersonalPrefixes } from './list-response.ts';

const parse = (...segments: (string | Buffer)[]) => parseListAnswer(segments);

describe('a LIST answer', () => {
  it.each([
    ['* LIST (\\HasNoChildren \\Sent) "/" "Sent Items"', 'Sent Items', '/', ['\\HasNoChildren', '\\Sent']],
    ['* list () "." INBOX', 'INBOX', '.', []],
    ['* LIST () NIL "a/b"', 'a/b', null, []],
    ['* LIST () "" flat', 'flat', null, []],
    ['* LIST () "\\\\" "a\\\\b\\"c"', 'a\\b"c', '\\', []],
    ['* LIST () "/" "trailing "', 'trailing ', '/', []],
    ['* LIST () "/" "\xb9\xde"', '\xb9\xde', '/', []],
    ['* LIST () "/" "foo" ("CHILDINFO" ("SUBSCRIBED"))', 'foo', '/', []],
    ['* LIST () "/" foo ("CHILDINFO" ("SUBSCRIBED"))', 'foo', '/', []],
    ['* LIST () "/" Sent Items (old)', 'Sent Items (old)', '/', []],
    ['* LIST (\\Noselect) "/" ""', '', '/', ['\\Noselect']],
  ])('%s', (text, rawName, delimiter, attributes) => {
    expect(parse(text)).toEqual({ rawName, delimiter, attributes });
  });

  it('takes any byte in a literal', () => {
    const name = Buffer.from('cr\r\nlf\0"\\\xff', 'latin1');
    expect(parse('* LIST () "/" ', name, '')?.rawName).toBe(name.toString('latin1'));
    expect(parse('* LIST () "/" ~', name, ' ("OLDNAME" ("x"))')?.rawName).toBe(name.toString('latin1'));
  });

  it.each([
    '* LIST',
    '* LIST ()',
    '* LIST () "/"',
    '* LIST () "/" ',
    '* LIST () "//" x',
    '* LIST () "/" "x',
    '* LIST () "/" "a"b"',
    '* LIST (\\Sent "/" x',
    `* LIST (${'\\a '.repeat(2000)}) "/" x`,
  ])('gives nothing for the malformed %j', (text) => {
    expect(parse(text)).toBeNull();
  });

  it('comes back from quotes, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (name) => {
        expect(parse(`* LIST () "/" "${name.replace(/["\\]/g, '\\$&')}"`)?.rawName).toBe(name);
      }),
    );
  });
});

describe('a NAMESPACE answer', () => {
  it.each([
    ['* NAMESPACE (("INBOX." ".")("#mh/" "/" "X-P" ("a" "b"))) (("user." ".")) NIL', ['INBOX.', '#mh/']],
    ['* NAMESPACE (("" "/")) NIL NIL', []],
    ['* NAMESPACE (("a))\\"(" NIL)) NIL NIL', ['a))"(']],
    ['* NAMESPACE NIL NIL (("shared/" "/"))', []],
    ['* LIST () "/" NAMESPACE', []],
    ['* NAMESPACE ((("', []],
    [`* NAMESPACE (${'("a" "/")'.repeat(3)})`, ['a', 'a', 'a']],
  ])('%s', (text, prefixes) => {
    expect(parsePersonalPrefixes(text)).toEqual(prefixes);
  });
});

describe('a hostile line', () => {
  const LENGTH = 256 * 1024;
  it.each(['(', '"', '\\"', ' ("a" (', '))', ')) ', ' ', '("', 'a'])('of %j over and over takes no time', (text) => {
    const long = text.repeat(LENGTH / text.length);
    const start = performance.now();
    for (const opening of ['', '"', 'a']) parse(`* LIST () "/" ${opening}${long}`);
    parse(`* LIST ${long}`);
    parsePersonalPrefixes(`* NAMESPACE ${long}`);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
