import { describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';
import { TEST_USER as USER } from './raw-client.testing.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('AUTHENTICATE', () => {
  it('LOGIN asks for the name and the password', async () => {
    await using house = await ImapHouse.open();
    const client = await house.connect();
    client.send('x AUTHENTICATE LOGIN\r\n');
    expect(await client.until(/^\+ .*\r\n/)).toBe(`+ ${base64('Username:')}\r\n`);
    client.send(`${base64(USER)}\r\n`);
    expect(await client.until(/^\+ .*\r\n/)).toBe(`+ ${base64('Password:')}\r\n`);
    client.send(`${base64('pw')}\r\n`);
    expect(await client.until(/x .*\r\n/)).toMatch(/^x OK/);
  });

  it('XOAUTH2 takes a bearer token, and explains a refusal before it ends', async () => {
    await using house = await ImapHouse.open();
    const token = house.account.issueToken();
    const response = (value: string): string => base64(`user=${USER}\x01auth=Bearer ${value}\x01\x01`);
    expect(await (await house.connect()).command(`AUTHENTICATE XOAUTH2 ${response(token)}`)).toMatch(/^OK \[CAPABILITY/);
    const client = await house.connect();
    client.send(`x AUTHENTICATE XOAUTH2 ${response('wrong')}\r\n`);
    const challenge = (await client.until(/^\+ .*\r\n/)).slice(2);
    expect(JSON.parse(Buffer.from(challenge, 'base64').toString())).toMatchObject({ status: '401', schemes: 'bearer' });
    client.send('\r\n');
    expect(await client.until(/x .*\r\n/)).toMatch(/^x NO \[AUTHENTICATIONFAILED\]/);
  });

  it('OAUTHBEARER takes a bearer token, RFC 7628', async () => {
    await using house = await ImapHouse.open();
    const response = base64(`n,a=${USER},\x01host=localhost\x01port=143\x01auth=Bearer ${house.account.issueToken()}\x01\x01`);
    expect(await (await house.connect()).command(`AUTHENTICATE OAUTHBEARER ${response}`)).toMatch(/^OK/);
  });

  it('refuses what it does not know, and what is not of the form', async () => {
    await using house = await ImapHouse.open();
    const client = await house.connect();
    expect(await client.command('AUTHENTICATE FROB')).toMatch(/^NO \[CANNOT\]/);
    expect(await client.command('AUTHENTICATE PLAIN !')).toMatch(/^BAD/);
    expect(await client.command(`AUTHENTICATE PLAIN ${base64(`\0${USER}`)}`)).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
    expect(await client.command(`AUTHENTICATE PLAIN ${base64(`other@example.com\0${USER}\0pw`)}`)).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
  });
});

describe('an account that is switched off', () => {
  it('P10: is told why, and loses its sessions at their next command', async () => {
    await using house = await ImapHouse.open();
    const client = await house.select();
    house.platform.office.setPolicy({ imap: false });
    client.send('x NOOP\r\n');
    expect(await client.until(/\(closed\)/)).toMatch(/^\* BYE \[CONTACTADMIN\] .*\r\n\(closed\)$/);
    expect(await (await house.connect()).command(`LOGIN ${USER} pw`)).toMatch(/^NO \[CONTACTADMIN\] IMAP is switched off/);
  });
});
