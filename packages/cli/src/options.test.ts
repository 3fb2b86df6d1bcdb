import { MailferryError } from '@mailferry/core/errors';
import { describe, expect, it } from 'vitest';
import { backupOptions, readOptions, serveOptions } from './options.ts';
import { textsOf } from './texts.ts';

const backup = (more: object) => readOptions(backupOptions, { from: 'imaps://kim@mail.example', out: 'kim', ...more }, textsOf('en'));

const refusal = (read: () => unknown): Readonly<Record<string, string | number>> => {
  try {
    read();
  } catch (error) {
    if (error instanceof MailferryError && error.code === 'option-invalid') return error.details;
    throw error;
  }
  return { option: 'accepted' };
};

describe('options', () => {
  it.each([
    ['1000000', 1_000_000],
    ['500MB', 500_000_000],
    ['500 mb', 500_000_000],
    ['1.5GB', 1_500_000_000],
    ['4GiB', 4_294_967_295],
    ['64KiB', 65_536],
  ])('read the size %s', (text, bytes) => {
    expect(backup({ 'part-size': text })['part-size']).toBe(bytes);
  });

  it.each(['abc', 'NaN', '-5MB', '4G', '1e9', '5 0MB', '٥MB', '65535', '5GiB', '9'.repeat(15), '', 'Infinity', '0x10'])(
    'refuse the size %j',
    (text) => {
      expect(refusal(() => backup({ 'part-size': text })).option).toBe('--part-size');
    },
  );

  it('refuse parts for upload that no platform takes', () => {
    expect(refusal(() => backup({ 'part-size': '2GB', 'for-upload': true }))).toEqual({
      option: '--part-size',
      reason: 'a part for upload has at most 1,999,999,999 bytes',
    });
    expect(backup({ 'part-size': '1999999999', 'for-upload': true })['part-size']).toBe(1_999_999_999);
  });

  it.each(['0', '17', '1.5', 'four', '', '１'])('refuse %j connections', (text) => {
    expect(refusal(() => backup({ connections: text })).option).toBe('--connections');
  });

  it('refuse an option that was given twice', () => {
    expect(refusal(() => backup({ out: ['a', 'b'] }))).toEqual({ option: '--out', reason: 'given more than once' });
  });

  it('have defaults for what may be left out', () => {
    expect(readOptions(serveOptions, {}, textsOf('en'))).toEqual({
      'imap-port': 0,
      'http-port': 0,
      'host': '127.0.0.1',
      'account': [],
      'quota': 10e9,
    });
  });
});
