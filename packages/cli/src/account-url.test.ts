import { MailferryError } from '@mailferry/core/errors';
import { describe, expect, it } from 'vitest';
import { readSourceUrl, readTargetUrl } from './account-url.ts';
import { textsOf } from './texts.ts';

const texts = textsOf('en');
const refusalOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof MailferryError && error.code === 'option-invalid') return error.message;
    throw error;
  }
  return 'accepted';
};

describe('account addresses', () => {
  it('keep the whole address as user, with its @ encoded or not', () => {
    for (const url of ['imaps://kim%40example.com@mail.example', 'imaps://kim@example.com@mail.example'])
      expect(readSourceUrl(url, texts)).toMatchObject({ url, user: 'kim@example.com', host: 'mail.example' });
  });

  it.each([
    'imaps://kim:s3cret@mail.example',
    'imaps://kim@example.com:s3cret@mail.example:993',
    'imap://kim:@s3cret@[bad',
    'kim:s3cret@mail.example',
    'https://s3cret@mail.example',
    'imaps://@mail.example',
    'imaps://%ff@mail.example',
    's3cret',
    '',
  ])('%j is refused without being shown', (url) => {
    const refusal = refusalOf(() => readSourceUrl(url, texts));
    expect(refusal).toMatch(/^--from: /);
    expect(refusal).not.toContain('s3cret');
  });

  it('let plain http through only to this machine, or when it is accepted', () => {
    expect(refusalOf(() => readTargetUrl('http://kim@mail.example', false, texts))).toContain('--allow-insecure');
    expect(refusalOf(() => readTargetUrl('http://kim@127.0.0.1.evil.example', false, texts))).toContain('--allow-insecure');
    for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:80'])
      expect(readTargetUrl(`http://kim@${host}`, false, texts).user).toBe('kim');
    expect(readTargetUrl('http://kim@mail.example', true, texts).host).toBe('mail.example');
    expect(readTargetUrl('https://kim@mail.example', false, texts).host).toBe('mail.example');
  });
});
