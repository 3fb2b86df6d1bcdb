import { expect, it } from 'vitest';
import { parseImapUrl } from './imap-address.ts';

it('reads host, port, user and security', () => {
  expect(parseImapUrl('imaps://kim%40example.co.kr@imap.example.co.kr')).toEqual({
    host: 'imap.example.co.kr',
    port: 993,
    user: 'kim@example.co.kr',
    security: 'tls',
    loginMethod: null,
  });
  expect(parseImapUrl('imap://kim@[::1]:1143/')).toMatchObject({ host: '::1', port: 1143, security: 'starttls' });
});

it('takes the log-in method behind the user', () => {
  expect(parseImapUrl('imaps://kim%40a.kr;AUTH=LOGIN@a.kr')).toMatchObject({ user: 'kim@a.kr', loginMethod: 'LOGIN' });
  expect(parseImapUrl('imaps://kim;auth=plain@a.kr')).toMatchObject({ user: 'kim', loginMethod: 'AUTH=PLAIN' });
});

it.each([
  '',
  'imap.example.com',
  'http://kim@a.kr',
  'imaps://a.kr',
  'imaps://kim@a.kr/INBOX',
  'imaps://kim;AUTH=NTLM@a.kr',
  'imaps://%zz@a.kr',
])('refuses %j', (url) => {
  expect(() => parseImapUrl(url)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
});

it('refuses a password without repeating it', () => {
  expect(() => parseImapUrl('imaps://kim:hunter2@a.kr')).toThrow(
    expect.objectContaining({ code: 'option-invalid', message: expect.not.stringContaining('hunter2') }),
  );
});
