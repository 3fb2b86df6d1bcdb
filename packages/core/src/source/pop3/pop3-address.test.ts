import { describe, expect, it } from 'vitest';
import { parsePop3Url } from './pop3-address.ts';

describe('a POP3 URL', () => {
  it.each([
    [
      'pop3s://kim%40example.com@pop.example.com',
      { host: 'pop.example.com', port: 995, user: 'kim@example.com', security: 'tls', loginMethod: null },
    ],
    ['pop3://kim@pop.example.com', { host: 'pop.example.com', port: 110, user: 'kim', security: 'starttls', loginMethod: null }],
    ['pop3://kim;AUTH=APOP@h:1110', { host: 'h', port: 1110, user: 'kim', security: 'starttls', loginMethod: 'APOP' }],
    ['pop3://kim;AUTH=+APOP@h', { host: 'h', port: 110, user: 'kim', security: 'starttls', loginMethod: 'APOP' }],
    ['pop3s://kim;AUTH=user@[::1]', { host: '::1', port: 995, user: 'kim', security: 'tls', loginMethod: 'USER' }],
  ])('%s', (text, expected) => {
    expect(parsePop3Url(text)).toEqual(expected);
  });

  it.each(['pop3s://kim:secret@h', 'pop3s://h', 'http://kim@h', 'pop3://kim;AUTH=NTLM@h', 'pop3s://kim@h/INBOX', 'pop3'])(
    'refuses %s',
    (text) => {
      expect(() => parsePop3Url(text)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
    },
  );
});
