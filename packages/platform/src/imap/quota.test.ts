import { describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';

const LIMITED = { accounts: [{ user: 'kim@example.com', password: 'pw', quotaBytes: 20 * 1024 }] };

describe('QUOTA', () => {
  it('tells use and limit in units of 1,024 octets, RFC 9208 §5.1', async () => {
    await using house = await ImapHouse.open(LIMITED);
    house.put('x'.repeat(1025));
    const client = await house.logIn();
    const line = '* QUOTA "Account" (STORAGE 2 20)\r\n';
    expect(await client.command('GETQUOTAROOT inbox')).toBe(`* QUOTAROOT "INBOX" "Account"\r\n${line}OK That is the quota\r\n`);
    expect(await client.command('GETQUOTA Account')).toBe(`${line}OK That is the quota\r\n`);
    expect(await client.command('GETQUOTA ""')).toMatch(/^NO \[NONEXISTENT\]/);
    expect(await client.command('GETQUOTAROOT none')).toMatch(/^NO \[NONEXISTENT\]/);
    expect(await client.command('SETQUOTA Account (STORAGE 99)')).toMatch(/^NO \[NOPERM\]/);
  });

  it('has no root for an account without a limit', async () => {
    await using house = await ImapHouse.open();
    expect(await (await house.logIn()).command('GETQUOTAROOT INBOX')).toBe('* QUOTAROOT "INBOX"\r\nOK That is the quota\r\n');
  });

  it('refuses APPEND and COPY over the limit', async () => {
    await using house = await ImapHouse.open(LIMITED);
    house.put('x'.repeat(15 * 1024));
    const client = await house.select();
    expect(await client.command('COPY 1 Sent')).toMatch(/^NO \[OVERQUOTA\]/);
    expect(await client.command('MOVE 1 Sent')).toContain('COPYUID');
  });
});
