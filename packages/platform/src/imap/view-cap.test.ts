import { describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';

const openCapped = async (): Promise<ImapHouse> => {
  const house = await ImapHouse.open();
  house.platform.office.setPolicy({ imapViewCap: 3 });
  for (let i = 1; i <= 5; i += 1) house.put(`m${i}`, i === 1 || i === 4 ? ['\\Deleted'] : i === 3 ? ['\\Seen'] : []);
  return house;
};

describe('a capped view', () => {
  it('P9: shows the newest messages only, in SELECT and STATUS alike', async () => {
    await using house = await openCapped();
    const client = await house.logIn();
    expect(await client.command('STATUS INBOX (MESSAGES UNSEEN RECENT UIDNEXT SIZE)')).toContain(
      '(MESSAGES 3 UNSEEN 2 RECENT 3 UIDNEXT 6 SIZE 6)',
    );
    expect(await client.command('SELECT INBOX')).toMatch(/\* 3 EXISTS\r\n\* 3 RECENT\r\n\* OK \[UNSEEN 2\]/);
    expect(await client.command('UID FETCH 1:* UID')).toBe('* 1 FETCH (UID 3)\r\n* 2 FETCH (UID 4)\r\n* 3 FETCH (UID 5)\r\nOK Fetched\r\n');
    expect(await client.command('UID SEARCH ALL')).toContain('* SEARCH 3 4 5\r\n');
  });

  it('P9: grows with new mail while it is open, and keeps what it hides from EXPUNGE', async () => {
    await using house = await openCapped();
    const client = await house.select();
    house.put('m6');
    expect(await client.command('NOOP')).toContain('* 4 EXISTS\r\n');
    expect(await client.command('EXPUNGE')).toContain('* 2 EXPUNGE\r\nOK');
    await client.command('CLOSE');
    expect([...house.account.messages('INBOX')].map(({ uid }) => uid)).toEqual([1, 2, 3, 5, 6]);
    expect(await client.command('SELECT INBOX')).toContain('* 3 EXISTS\r\n');
  });
});
