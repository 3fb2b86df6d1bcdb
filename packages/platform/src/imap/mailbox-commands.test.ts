import { describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';
import type { RawClient } from './raw-client.testing.ts';

const openWithMailboxes = async (house: ImapHouse): Promise<RawClient> => {
  const client = await house.logIn();
  for (const path of ['a', 'a/b', 'a/b/c', 'd']) await client.command(`CREATE ${path}`);
  for (const path of ['a/b/c', 'd', 'gone/away']) await client.command(`SUBSCRIBE ${path}`);
  for (const path of ['INBOX', 'Sent', 'Drafts', 'Trash', 'Junk']) await client.command(`UNSUBSCRIBE ${path}`);
  return client;
};

describe('LIST-EXTENDED', () => {
  it('selects what is subscribed, with or without a mailbox', async () => {
    await using house = await ImapHouse.open();
    const client = await openWithMailboxes(house);
    expect(await client.command('LIST (SUBSCRIBED) "" *')).toBe(
      '* LIST (\\HasNoChildren \\Subscribed) "/" "a/b/c"\r\n* LIST (\\HasNoChildren \\Subscribed) "/" "d"\r\n' +
        '* LIST (\\NonExistent \\HasNoChildren \\Subscribed) "/" "gone/away"\r\nOK Listed\r\n',
    );
  });

  it('tells the names above what was selected and is not told, RFC 5258 §3.5', async () => {
    await using house = await ImapHouse.open();
    const client = await openWithMailboxes(house);
    expect(await client.command('LIST (SUBSCRIBED RECURSIVEMATCH) "" %')).toBe(
      '* LIST (\\HasChildren) "/" "a" ("CHILDINFO" ("SUBSCRIBED"))\r\n* LIST (\\HasNoChildren \\Subscribed) "/" "d"\r\n' +
        '* LIST (\\NonExistent \\HasNoChildren) "/" "gone" ("CHILDINFO" ("SUBSCRIBED"))\r\nOK Listed\r\n',
    );
    expect(await client.command('LIST (SUBSCRIBED RECURSIVEMATCH) "" *')).not.toContain('CHILDINFO');
  });

  it('takes several patterns, and marks what is subscribed on request', async () => {
    await using house = await ImapHouse.open();
    const client = await openWithMailboxes(house);
    expect(await client.command('LIST "" (a d x) RETURN (SUBSCRIBED CHILDREN)')).toBe(
      '* LIST (\\HasChildren) "/" "a"\r\n* LIST (\\HasNoChildren \\Subscribed) "/" "d"\r\nOK Listed\r\n',
    );
    expect(await client.command('LIST (SPECIAL-USE) "" % RETURN (SPECIAL-USE)')).toMatch(/^(\* LIST \(\\HasNoChildren \\\w+\).*\r\n){4}OK/);
    expect(await client.command('LIST () "" d')).toContain('"d"');
    expect(await client.command('LIST (REMOTE) "" ""')).toBe('OK Listed\r\n');
  });

  it('gives the status of each mailbox, RFC 5819', async () => {
    await using house = await ImapHouse.open();
    house.put('one', ['\\Seen']);
    house.put('twoo', ['\\Deleted']);
    const client = await openWithMailboxes(house);
    await client.command('DELETE a/b');
    expect(await client.command('LIST "" (INBOX a/%) RETURN (STATUS (MESSAGES UNSEEN SIZE DELETED DELETED-STORAGE))')).toBe(
      '* LIST (\\HasNoChildren) "/" "INBOX"\r\n' +
        '* STATUS "INBOX" (MESSAGES 2 UNSEEN 1 SIZE 7 DELETED 1 DELETED-STORAGE 4)\r\n' +
        '* LIST (\\Noselect \\HasChildren) "/" "a/b"\r\nOK Listed\r\n',
    );
  });

  it.each([
    'LIST (RECURSIVEMATCH) "" *',
    'LIST (FROB) "" *',
    'LIST "" * RETURN (FROB)',
    'LIST "" ()',
    `LIST "" (${'x'.repeat(1500)} ${'y'.repeat(600)})`,
    'LIST "" * RETURN (STATUS ())',
    'LIST "" * RETURN',
  ])('refuses %s', async (command) => {
    await using house = await ImapHouse.open();
    expect(await (await house.logIn()).command(command)).toMatch(/^BAD/);
  });
});

describe('CREATE', () => {
  it('gives a mailbox its use, RFC 6154 §3', async () => {
    await using house = await ImapHouse.open();
    const client = await house.logIn();
    expect(await client.command('CREATE Old (USE (\\archive))')).toMatch(/^OK/);
    expect(await client.command('LIST (SPECIAL-USE) "" Old')).toContain('\\Archive');
    for (const uses of ['\\Sent', '\\All', '\\Frob', '\\Archive', '\\Junk \\Trash']) {
      expect(await client.command(`CREATE New (USE (${uses}))`)).toMatch(/^NO \[USEATTR\]/);
    }
    expect(await client.command('LIST "" New')).toBe('OK Listed\r\n');
  });

  it('refuses a name in bad modified UTF-7 and in raw 8-bit', async () => {
    await using house = await ImapHouse.open();
    const client = await house.logIn();
    for (const name of ['a&b', '&AGE-', '"\xb9\xde"', '&vBt-x']) expect(await client.command(`CREATE ${name}`)).toMatch(/^(NO|BAD)/);
    expect(await client.command('LIST "" a&b')).toBe('OK Listed\r\n');
  });
});

describe('RENAME', () => {
  it('gives a new and higher UIDVALIDITY, below too, RFC 3501 §2.3.1.1', async () => {
    await using house = await ImapHouse.open();
    const client = await house.logIn();
    const validity = async (path: string): Promise<number> =>
      Number(/UIDVALIDITY (\d+)/.exec(await client.command(`STATUS ${path} (UIDVALIDITY)`))?.[1]);
    for (const path of ['a/b', 'x']) await client.command(`CREATE ${path}`);
    const before = [await validity('x'), await validity('a/b')];
    await client.command('DELETE x');
    expect(await client.command('RENAME a x')).toMatch(/^OK/);
    expect(Math.min(await validity('x'), await validity('x/b'))).toBeGreaterThan(Math.max(...before));
  });

  it('moves the messages of INBOX, which stays, RFC 3501 §6.3.5', async () => {
    await using house = await ImapHouse.open();
    house.put('one');
    const client = await house.logIn();
    expect(await client.command('RENAME inbox old')).toMatch(/^OK/);
    expect(await client.command('LIST "" (INBOX old) RETURN (STATUS (MESSAGES))')).toMatch(
      /"INBOX" \(MESSAGES 0\)[\s\S]*"old" \(MESSAGES 1\)/,
    );
    expect(await client.command('RENAME inbox a&-b')).toMatch(/^OK/);
  });
});
