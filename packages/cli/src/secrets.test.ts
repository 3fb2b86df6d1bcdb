import { describe, expect, it } from 'vitest';
import { Secrets } from './secrets.ts';

describe('Secrets', () => {
  it('takes a password out in every form in which a server may echo it', () => {
    const secrets = new Secrets();
    secrets.add('p@ss/$+w.rd');
    const plain = Buffer.from('\0kim\0p@ss/$+w.rd').toString('base64');
    const echoes = [
      'BAD LOGIN kim p@ss/$+w.rd',
      '/login?p%40ss%2F%24%2Bw.rd',
      `BAD AUTHENTICATE PLAIN ${plain}`,
      Buffer.from('p@ss/$+w.rd').toString('base64'),
    ];
    for (const echo of echoes) expect(secrets.redact(echo)).toMatch(/\*\*\*$/);
  });

  it.each<[string, string]>([
    ['PLAIN of a master user', '\0kim*admin\0whatever'],
    ['PLAIN with an authorization', 'kim\0admin\0whatever'],
    ['PLAIN cut short', '\0kim@example.com\0what'],
    ['XOAUTH2', 'user=kim@example.com\x01auth=Bearer ya29.token\x01\x01'],
    ['OAUTHBEARER', 'n,a=kim,\x01host=mail.example\x01port=993\x01auth=Bearer ya29.token\x01\x01'],
    ['XOAUTH2 cut short', 'user=kim@example.com\x01auth=Bearer ya29.t'],
  ])('takes out the response of a log-in that it was never told of: %s', (_which, response) => {
    const echo = `BAD AUTHENTICATE ${Buffer.from(response).toString('base64')} unknown`;
    expect(new Secrets().redact(echo)).toBe('BAD AUTHENTICATE *** unknown');
  });

  it('leaves words, hashes and paths as they are', () => {
    const text = 'OVERQUOTA Authentication /mail/보낸메일함/0123456789abcdef0123456789abcdef part-0001.zip AAAAAAAAAAA=';
    expect(new Secrets().redact(text)).toBe(text);
  });

  it('takes passwords out of URLs that it was never told of', () => {
    expect(new Secrets().redact('Unknown argument: imaps://kim:s3c:r@t@mail.example/')).toBe(
      'Unknown argument: imaps://kim:***@mail.example/',
    );
    expect(new Secrets().redact('imaps://kim@mail.example:993')).toBe('imaps://kim@mail.example:993');
  });

  it('does not give a short password away by cutting it out of other words', () => {
    const secrets = new Secrets();
    secrets.add('pass');
    expect(secrets.redact('wrong password for "pass", bypassed')).toBe('wrong password for "***", bypassed');
  });

  it('leaves texts alone when the password is empty', () => {
    const secrets = new Secrets();
    secrets.add('');
    expect(secrets.redactDetails({ reply: 'no', port: 993 })).toEqual({ reply: 'no', port: 993 });
  });
});
