import { describe, expect, it } from 'vitest';
import { Secrets } from './secrets.ts';

describe('Secrets', () => {
  it('takes a password out in every form in which a server may echo it', () => {
    const secrets = new Secrets();
    secrets.add('kim', 'p@ss/$+w.rd');
    const plain = Buffer.from('\0kim\0p@ss/$+w.rd').toString('base64');
    const echoes = [
      'BAD LOGIN kim p@ss/$+w.rd',
      '/login?p%40ss%2F%24%2Bw.rd',
      `BAD AUTHENTICATE PLAIN ${plain}`,
      Buffer.from('p@ss/$+w.rd').toString('base64'),
    ];
    for (const echo of echoes) expect(secrets.redact(echo)).toMatch(/\*\*\*$/);
  });

  it('takes passwords out of URLs that it was never told of', () => {
    expect(new Secrets().redact('Unknown argument: imaps://kim:s3c:r@t@mail.example/')).toBe(
      'Unknown argument: imaps://kim:***@mail.example/',
    );
    expect(new Secrets().redact('imaps://kim@mail.example:993')).toBe('imaps://kim@mail.example:993');
  });

  it('does not give a short password away by cutting it out of other words', () => {
    const secrets = new Secrets();
    secrets.add('kim', 'pass');
    expect(secrets.redact('wrong password for "pass", bypassed')).toBe('wrong password for "***", bypassed');
  });

  it('leaves texts alone when the password is empty', () => {
    const secrets = new Secrets();
    secrets.add('kim', '');
    expect(secrets.redactDetails({ reply: 'no', port: 993 })).toEqual({ reply: 'no', port: 993 });
  });
});
