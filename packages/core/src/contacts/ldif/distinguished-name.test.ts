import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mozillaName, nameKey, valueInName } from './distinguished-name.ts';

describe('a distinguished name', () => {
  it.each([
    ['cn=Kim\\2C Min,mail=a@b.c', 'cn', 'Kim, Min'],
    ['uid=x, CN = Kim\\, Min ,dc=example', 'cn', 'Kim, Min'],
    ['cn=\\ED\\95\\9C\\ea\\b8\\80', 'cn', '한글'],
    ['cn=a\\\\41', 'cn', 'a\\41'],
    ['cn=a\\ ,mail=b', 'cn', 'a '],
    ['cn=a', 'mail', ''],
    ['', 'cn', ''],
  ])('%s says %s of %s', (dn, attribute, value) => {
    expect(valueInName(dn, attribute)).toBe(value);
  });

  it('holds any name and address', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(' ', '# a', 'a ', '\\ ', '\\', ',=+', '\0\n\u0085', '"'));
    fc.assert(
      fc.property(text, text, (name, address) => {
        fc.pre(name !== '' || address !== '');
        const dn = mozillaName(name, address);
        expect(valueInName(dn, 'cn')).toBe(name);
        expect(valueInName(dn, 'mail')).toBe(address);
        expect(dn).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('means the same however it is written', () => {
    expect(nameKey('CN=Kim\\, Min, Mail=A@b.c')).toBe(nameKey('cn=kim\\2c min,mail=a@b.c'));
    expect(nameKey('cn=a,mail=b')).not.toBe(nameKey('cn=a\\,mail=b'));
  });

  it('is short, and there is always one', () => {
    expect(mozillaName('x'.repeat(10_000_000), '')).toHaveLength(259);
    expect(mozillaName('', '')).toBe('cn=contact');
  });
});
