import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMailboxName, encodeMailboxName } from './modified-utf7.ts';

describe('modified UTF-7', () => {
  it.each([
    ['INBOX', 'INBOX'],
    ['R&D', 'R&-D'],
    ['받은 편지함', '&vBvHQA- &07jJwNVo-'],
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['😀', '&2D3eAA-'],
    ['a\\"b', 'a\\"b'],
  ])('writes %s as %s and back', (name, encoded) => {
    expect(encodeMailboxName(name)).toBe(encoded);
    expect(decodeMailboxName(encoded)).toBe(name);
  });

  it.each(['&', 'a&b', '&vBs', '&!!-', '&A-', '&AA-', '&2D0-', '&vBvHQB-', 'é', 'a\x00b', '&-&'])('refuses %j', (encoded) => {
    expect(decodeMailboxName(encoded)).toBeNull();
  });

  it('is ASCII on the wire and gives every name back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const encoded = encodeMailboxName(name);
        expect(encoded).toMatch(/^[ -~]*$/);
        expect(decodeMailboxName(encoded)).toBe(name);
      }),
    );
  });
});
