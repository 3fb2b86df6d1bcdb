import { describe, expect, it } from 'vitest';
import { oauthBearerResponse, readOauthError, xoauth2Response } from './sasl.ts';

const text = (base64: string): string => Buffer.from(base64, 'base64').toString();
const base64 = (plain: string): string => Buffer.from(plain).toString('base64');

describe('SASL responses', () => {
  it('are built as RFC 7628 and the providers want them', () => {
    expect(text(xoauth2Response('kim@example.com', 'T'))).toBe('user=kim@example.com\x01auth=Bearer T\x01\x01');
    expect(text(oauthBearerResponse('a,b=c', 'T', 'h', 993))).toBe('n,a=a=2Cb=3Dc,\x01host=h\x01port=993\x01auth=Bearer T\x01\x01');
  });

  it('are those of the example in RFC 7628 §4.1', () => {
    expect(oauthBearerResponse('user@example.com', 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==', 'server.example.com', 143)).toBe(
      'bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB',
    );
  });
});

describe('the answer to a refused token', () => {
  it.each([
    ['the status of RFC 7628', base64('{"status":"invalid_token","scope":"example_scope"}'), 'invalid_token'],
    ["Google's", base64('{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}'), '400'],
    ['a number', base64('{"status":401}'), '401'],
  ])('is short: %s', (_, challenge, expected) => {
    expect(readOauthError(challenge)).toBe(expected);
  });

  it.each(['%%%', base64('null'), base64('[]'), base64('{"status":{}}'), base64('{"status"'), ''])(
    'is shown as it came: %j',
    (challenge) => {
      expect(readOauthError(challenge)).toBe(challenge);
    },
  );

  it('is bounded', () => {
    expect(readOauthError('x'.repeat(5000))).toHaveLength(200);
    expect(readOauthError(base64(JSON.stringify({ status: 'x'.repeat(5000) })))).toHaveLength(200);
  });
});
