import { describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';

describe('MULTIAPPEND', () => {
  it('stores all messages with their flags and dates in one go, RFC 3502', async () => {
    await using house = await ImapHouse.open();
    const client = await house.logIn();
    const answer = await client.command('APPEND INBOX (\\Seen) {3+}\r\none "01-Feb-2003 04:05:06 +0000" {3+}\r\ntwo {5+}\r\nthree');
    expect(answer).toMatch(/^OK \[APPENDUID \d+ 1:3\]/);
    const stored = [...house.account.messages('INBOX')];
    expect(stored.map((message) => message.read().toString())).toEqual(['one', 'two', 'three']);
    expect(stored.map(({ flags }) => flags)).toEqual([['\\Seen'], [], []]);
    expect(stored[1]?.internalDate).toEqual(new Date('2003-02-01T04:05:06Z'));
  });

  it('stores none where one can not be stored', async () => {
    await using house = await ImapHouse.open({ accounts: [{ user: 'kim@example.com', password: 'pw', quotaBytes: 6 }] });
    const client = await house.logIn();
    expect(await client.command('APPEND INBOX {3+}\r\none {5+}\r\nthree')).toMatch(/^NO \[OVERQUOTA\]/);
    expect(await client.command('APPEND INBOX {3+}\r\none {0+}\r\n')).toMatch(/^NO/);
    expect([...house.account.messages('INBOX')]).toEqual([]);
  });

  it('bounds all literals of a command together, RFC 5530 LIMIT', async () => {
    await using house = await ImapHouse.open({ maxMessageBytes: 10 });
    const client = await house.logIn();
    expect(await client.command('APPEND INBOX {6+}\r\n123456 {6+}\r\n123456')).toMatch(/^NO \[LIMIT\]/);
    expect(await client.command('APPEND INBOX {11+}\r\n12345678901')).toMatch(/^NO \[TOOBIG\]/);
    expect([...house.account.messages('INBOX')]).toEqual([]);
  });
});

describe('UTF8=ACCEPT', () => {
  it('takes and tells mailbox names in UTF-8 once it is enabled, RFC 6855 §3', async () => {
    await using house = await ImapHouse.open();
    const [client, plain] = [await house.logIn(), await house.logIn()];
    const name = Buffer.from('받은 & 편지').toString('latin1');
    expect(await client.command(`CREATE "${name}"`)).toMatch(/^NO \[CANNOT\]/);
    expect(await client.command('ENABLE UTF8=ACCEPT')).toMatch(/^\* ENABLED UTF8=ACCEPT\r\nOK/);
    expect(await client.command(`CREATE "${name}"`)).toMatch(/^OK/);
    expect(await client.command(`STATUS "${name}" (MESSAGES)`)).toContain(`* STATUS "${name}" (MESSAGES 0)`);
    expect(await client.command(`LIST "" "${name.slice(0, 3)}%"`)).toContain(`"/" "${name}"\r\n`);
    expect(await plain.command('LIST "" &vBvHQA-*')).toContain('"&vBvHQA- &- &07jJwA-"');
    expect(await client.command('CREATE "\xb9\xde"')).toMatch(/^NO \[CANNOT\]/);
  });

  it('searches in UTF-8 and takes no other charset, RFC 6855 §3', async () => {
    await using house = await ImapHouse.open();
    house.put('Subject: =?UTF-8?B?67CU7J2A?=\r\n\r\n');
    const client = await house.select();
    await client.command('ENABLE UTF8=ACCEPT');
    expect(await client.command(`SEARCH SUBJECT "${Buffer.from('바은').toString('latin1')}"`)).toBe('* SEARCH 1\r\nOK Searched\r\n');
    expect(await client.command('SEARCH CHARSET UTF-8 ALL')).toMatch(/^BAD/);
  });

  it('appends a message with an UTF-8 header by literal8, RFC 6855 §4', async () => {
    await using house = await ImapHouse.open();
    const client = await house.logIn();
    expect(await client.command('APPEND INBOX UTF8 (~{3+}\r\none)')).toMatch(/^BAD/);
    await client.command('ENABLE UTF8=ACCEPT');
    expect(await client.command('APPEND INBOX (\\Seen) UTF8 (~{3+}\r\none)')).toMatch(/^OK \[APPENDUID/);
    expect(await client.command('APPEND INBOX UTF8 ({3+}\r\none)')).toMatch(/^BAD/);
    expect([...house.account.messages('INBOX')].map((message) => message.read().toString())).toEqual(['one']);
  });
});
