import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decodeMailboxName, encodeMutf7 } from './mailbox-name.ts';

const raw = (bytes: Buffer): string => bytes.toString('latin1');

describe('a mailbox name', () => {
  it.each([
    ['한글', '&1VyuAA-'],
    ['R&D', 'R&-D'],
    ['받은편지함', '&vBvHQNO4ycDVaA-'],
    ['📬 new', '&2D3c7A- new'],
    ['trailing ', 'trailing '],
    ['2024', '2024'],
    ['日本語/台北', '&ZeVnLIqe-/&U,BTFw-'],
  ])('%s is %s in modified UTF-7', (name, encoded) => {
    expect(encodeMutf7(name)).toBe(encoded);
    expect(decodeMailboxName(encoded)).toBe(name);
  });

  it.each([
    ['a&b', 'not closed'],
    ['&Jjo!', 'no base64'],
    ['&AA-', 'half a character'],
    ['&2D0-', 'half a pair'],
    ['&1VyuAB-', 'bits left over'],
    ['&AGE-', 'an a'],
    ['&AC8-', 'a delimiter'],
    ['&AEkATgBCAE8AWA-', 'INBOX'],
  ])('%s stays as it stands: %s', (text) => {
    expect(decodeMailboxName(text)).toBe(text);
  });

  it('is read run by run', () => {
    expect(decodeMailboxName('&-&1VyuAA-&AGE-&&1VyuAA-')).toBe('&한글&AGE-&한글');
    expect(decodeMailboxName('&vPSwuAAg07jJwNVo-')).toBe('보낸 편지함');
  });

  it('comes back from modified UTF-7, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        expect(decodeMailboxName(encodeMutf7(name))).toBe(name);
      }),
    );
  });

  it('is read from raw UTF-8 and from raw CP949', () => {
    expect(decodeMailboxName(raw(Buffer.from('보낸메일함')))).toBe('보낸메일함');
    expect(decodeMailboxName(raw(iconv.encode('보낸메일함', 'cp949')))).toBe('보낸메일함');
    // A syllable that EUC-KR lacks (K2).
    expect(decodeMailboxName(raw(Buffer.from('8c63b9e6b0a2c7cf', 'hex')))).toBe('똠방각하');
  });

  it('in 8-bit bytes has its & as it is', () => {
    expect(decodeMailboxName(raw(Buffer.from('연구&-개발 R&D')))).toBe('연구&-개발 R&D');
    expect(decodeMailboxName(raw(iconv.encode('연구 R&D', 'cp949')))).toBe('연구 R&D');
  });

  it('of bytes that fit nothing keeps them apart', () => {
    expect(decodeMailboxName('\xff\xff')).not.toBe(decodeMailboxName('\xff\xfe'));
  });
});
