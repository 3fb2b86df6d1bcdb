import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readParameters } from './header-parameters.ts';

const none = () => null;
const raw = (text: string): string => Buffer.from(text).toString('latin1');

describe('a field with parameters', () => {
  it.each([
    ['Text/Plain; charset=utf-8', 'charset', 'utf-8'],
    ['text/plain;CHARSET="euc-kr"', 'charset', 'euc-kr'],
    ['attachment; filename="a \\"b\\" c.txt"', 'filename', 'a "b" c.txt'],
    ['attachment; filename=회의 자료.hwp; size=3', 'filename', '회의 자료.hwp'],
    ["attachment; filename*=UTF-8''%ED%9A%8C%EC%9D%98.hwp", 'filename', '회의.hwp'],
    ["attachment; filename*=euc-kr'ko'%C8%B8%C0%C7.hwp", 'filename', '회의.hwp'],
    ["attachment; filename*1*=%C0%C7.hwp; filename*0*=euc-kr''%C8%B8", 'filename', '회의.hwp'],
    ['attachment; filename*0="one "; filename*1="two.txt"', 'filename', 'one two.txt'],
    ["attachment; filename*0*=UTF-8''%41; filename*1=%42", 'filename', 'A%42'],
    ['attachment; filename="=?euc-kr?B?yLjAxy5od3A=?="', 'filename', '회의.hwp'],
    ['attachment; filename="', 'filename', '"'],
    ['attachment', 'filename', null],
  ])('%s', (field, name, expected) => {
    expect(readParameters(raw(field), none).parameter(name)).toBe(expected);
  });

  it('is decoded by the charset of the message where raw bytes leave it open', () => {
    const field = `attachment; filename="${Buffer.from('c8b8c0c7', 'hex').toString('latin1')}"`;
    expect(readParameters(field, none).parameter('filename')).toBe('회의');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...';=*"\'\\%4 ax0') }), (field) => void readParameters(field, none).parameter('a')),
    );
  });
});
