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

  it.each(['&Jjo!', '&', '&AA-', '&AGE-', '&2D0-', 'a&b', '&-&', '&U,BTFw-&ZeVnLIqe'])(
    '%s stays as far as no encoder writes it so',
    (text) => {
      const decoded = decodeMailboxName(text);
      expect(decoded).not.toBe('');
      expect(decoded).not.toContain('\0');
    },
  );

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

  it('of bytes that fit nothing keeps them apart', () => {
    expect(decodeMailboxName('\xff\xff')).not.toBe(decodeMailboxName('\xff\xfe'));
  });
});
