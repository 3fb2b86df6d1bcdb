import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NEW_ACCOUNT_SETTINGS } from './accounts.ts';
import { headerLength } from './bodies.ts';
import type { MailboxChange } from './changes.ts';
import { storedFlags } from './flags.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { openStore, type Store } from './store.ts';

const NOW = new Date('2026-01-02T03:04:05Z');

const withAccount = (directory: string | null): { store: Store; accountId: number } => {
  const store = openStore(directory, () => NOW);
  if (!store.accounts.find('kim@example.com')) {
    store.accounts.add('kim@example.com', '', NEW_ACCOUNT_SETTINGS);
    store.mailboxes.createStandard(store.accounts.find('kim@example.com')?.id ?? 0);
  }
  return { store, accountId: store.accounts.find('kim@example.com')?.id ?? 0 };
};

describe('mailboxes and messages', () => {
  let store: Store;
  let accountId: number;
  let inbox: number;
  const append = (text: string, flags: string[] = [], mailboxId = inbox): number =>
    store.messages.append(mailboxId, { bytes: Buffer.from(text), flags, internalDate: NOW }).uid;
  const paths = (): string[] => store.mailboxes.list(accountId).map(({ path }) => path);

  beforeEach(() => {
    ({ store, accountId } = withAccount(null));
    inbox = store.mailboxes.open(accountId, 'inbox').id;
  });
  afterEach(() => store.close());

  it('keeps counters that match the messages, whatever is done', () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom('append', 'flag', 'unflag', 'expunge', 'copy', 'move'), fc.integer({ min: 1, max: 12 })),
      {
        maxLength: 30,
      },
    );
    const sent = store.mailboxes.open(accountId, 'Sent').id;
    const run: Record<string, (uid: number) => unknown> = {
      append: (n) => append('x'.repeat(n), n % 2 ? ['\\seen'] : []),
      flag: (uid) => store.messages.flag(inbox, [uid], 'add', ['\\Seen'], null),
      unflag: (uid) => store.messages.flag(inbox, [uid], 'replace', [], null),
      expunge: (uid) => store.messages.expunge(inbox, [uid]),
      copy: (uid) => store.messages.copy(inbox, [uid], sent),
      move: (uid) => store.messages.move(inbox, [uid], sent),
    };
    fc.assert(
      fc.property(steps, (sequence) => {
        for (const [step, n] of sequence) run[step]?.(n);
        for (const mailbox of store.mailboxes.list(accountId)) {
          const messages = store.messages.page(mailbox.id, 0, 100_000);
          expect(mailbox.messageCount).toBe(messages.length);
          expect(mailbox.unseenCount).toBe(messages.filter(({ flags }) => !flags.includes('\\Seen')).length);
          expect(mailbox.sizeBytes).toBe(messages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('gives every byte of a big message back, in pieces', () => {
    const bytes = Buffer.alloc(2_500_000);
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = i % 251;
    const { uid } = store.messages.append(inbox, { bytes, flags: [], internalDate: NOW });
    const bodyId = store.messages.find(inbox, uid)?.bodyId ?? 0;
    const pieces = [...store.messages.bodies.read(bodyId, 0, bytes.length)];
    expect(pieces.length).toBe(3);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(Buffer.concat([...store.messages.bodies.read(bodyId, 1_048_570, 1_048_580)])).toEqual(bytes.subarray(1_048_570, 1_048_580));
  });

  it('keeps a body that is held while its message is expunged, and removes it afterwards', () => {
    const uid = append('held');
    const bodyId = store.messages.find(inbox, uid)?.bodyId ?? 0;
    const release = store.messages.bodies.hold([bodyId]);
    store.messages.expunge(inbox, [uid]);
    expect(Buffer.concat([...store.messages.bodies.read(bodyId, 0, 4)]).toString()).toBe('held');
    release();
    expect(() => [...store.messages.bodies.read(bodyId, 0, 4)]).toThrow();
  });

  it.each([
    ['all', (uids: number[]) => uids],
    ['most, some of which are gone', (uids: number[]) => uids.filter((uid) => uid % 3 > 0)],
    ['a few far apart', (uids: number[]) => uids.filter((uid) => uid % 97 === 0)],
    ['none', () => []],
  ])('reads the messages of %s by UID, in batches', (_, choose) => {
    const uids = Array.from({ length: 500 }, (_, index) => append(`m${index}`, index % 2 === 0 ? ['\\Seen', '$K'] : []));
    const asked = choose(uids);
    store.messages.expunge(inbox, [7, 201, 202]);
    const expected = asked.filter((uid) => ![7, 201, 202].includes(uid));
    expect([...store.messages.each(inbox, asked)].map(({ uid }) => uid)).toEqual(expected);
    const listed = [...store.messages.eachFlags(inbox, asked)].flat();
    expect(listed.map(({ uid }) => uid)).toEqual(expected);
    expect(listed.every(({ uid, flagsText }) => flagsText === (uid % 2 === 1 ? '\\Seen $K' : ''))).toBe(true);
  });

  it('keeps what is being read, even if it is expunged meanwhile', () => {
    const uids = ['one', 'two'].map((text) => append(text));
    for (const { bodyId, sizeBytes } of store.messages.each(inbox, uids)) {
      store.messages.expunge(inbox, uids);
      expect(Buffer.concat([...store.messages.bodies.read(bodyId, 0, sizeBytes)]).toString()).toMatch(/one|two/);
    }
    expect([...store.messages.each(inbox, uids)]).toEqual([]);
  });

  it('keeps a body as long as one copy of the message is left', () => {
    const uid = append('shared');
    const sent = store.mailboxes.open(accountId, 'Sent').id;
    const [copied] = store.messages.copy(inbox, [uid], sent);
    store.messages.expunge(inbox, [uid]);
    const bodyId = store.messages.find(sent, copied?.uid ?? 0)?.bodyId ?? 0;
    expect(Buffer.concat([...store.messages.bodies.read(bodyId, 0, 6)]).toString()).toBe('shared');
  });

  it('never gives a mailbox made anew an old UIDVALIDITY, within one second too', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 5; i += 1) {
      const { uidValidity } = store.mailboxes.create(accountId, 'again');
      expect(seen.has(uidValidity)).toBe(false);
      seen.add(uidValidity);
      store.mailboxes.delete(accountId, 'again');
    }
  });

  it('bounds the mailboxes of an account', () => {
    store.writes.run(() => {
      for (let i = store.mailboxes.list(accountId).length; i < 10_000; i += 1) store.mailboxes.create(accountId, `m${i}`);
    });
    for (const path of ['more', 'm9/more']) {
      expect(() => store.mailboxes.create(accountId, path)).toThrow(expect.objectContaining({ code: 'mailbox-limit' }));
    }
    store.mailboxes.delete(accountId, 'm9');
    store.mailboxes.create(accountId, 'more');
  });

  it('does not give a UID twice', () => {
    const first = append('a');
    store.messages.expunge(inbox, [first]);
    expect(append('b')).toBe(first + 1);
  });

  it('makes the mailboxes above a new one and keeps a deleted parent as a name', () => {
    store.mailboxes.create(accountId, 'a/b/c');
    expect(paths()).toEqual(expect.arrayContaining(['a', 'a/b', 'a/b/c']));
    store.mailboxes.delete(accountId, 'a/b');
    expect(store.mailboxes.find(accountId, 'a/b')?.selectable).toBe(false);
    store.mailboxes.delete(accountId, 'a/b/c');
    expect(paths()).not.toContain('a/b');
    expect(paths()).toContain('a');
  });

  it('renames a mailbox with those below it, and INBOX by moving its messages', () => {
    store.mailboxes.create(accountId, 'a/b');
    store.mailboxes.rename(accountId, 'a', 'x/y');
    expect(paths()).toEqual(expect.arrayContaining(['x', 'x/y', 'x/y/b']));
    append('m');
    store.mailboxes.rename(accountId, 'INBOX', 'old');
    expect(store.mailboxes.open(accountId, 'old').messageCount).toBe(1);
    expect(store.mailboxes.open(accountId, 'INBOX').messageCount).toBe(0);
  });

  it.each(['', 'a//b', '/a', 'a/', '../a', 'a/./b', 'a\nb', '\ud800', 'x'.repeat(2001), 'a/'.repeat(33)])('refuses the name %j', (path) => {
    expect(() => store.mailboxes.create(accountId, path)).toThrow(expect.objectContaining({ code: 'mailbox-name-invalid' }));
  });

  it.each(['한글', 'R&D', '😀', 'trailing ', '2024', 'SENT', '50% *', 'x'.repeat(200), 'inbox/below'])(
    'takes the name %j as it is',
    (path) => {
      const { path: stored } = store.mailboxes.create(accountId, path);
      expect(stored).toBe(path.replace(/^inbox/, 'INBOX'));
    },
  );

  it('tells changes after they are durable, and none of a transaction that failed', () => {
    const told: MailboxChange[] = [];
    store.changes.subscribe(inbox, (change) => told.push(change));
    expect(() =>
      store.writes.run(() => {
        append('lost');
        throw new Error('no');
      }),
    ).toThrow('no');
    const uid = append('kept');
    expect(told).toEqual([{ mailboxId: inbox, kind: 'appended', uids: [uid], origin: null }]);
    expect(store.mailboxes.open(accountId, 'INBOX').messageCount).toBe(1);
  });

  it('refuses what goes over the quota, and copies in whole or not at all', () => {
    store.accounts.update(accountId, { ...NEW_ACCOUNT_SETTINGS, quotaBytes: 10 });
    const uids = [append('1234'), append('56')];
    expect(() => append('12345')).toThrow(expect.objectContaining({ code: 'over-quota' }));
    expect(() => store.messages.copy(inbox, uids, store.mailboxes.open(accountId, 'Sent').id)).toThrow(
      expect.objectContaining({ code: 'over-quota' }),
    );
    expect(store.accounts.usage(accountId)).toEqual({ bytes: 6, messages: 2 });
  });
});

describe('a store on disk', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mailferry-store-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('has everything after it was opened again', () => {
    const first = withAccount(directory);
    const inbox = first.store.mailboxes.open(first.accountId, 'INBOX');
    const { uid } = first.store.messages.append(inbox.id, { bytes: Buffer.from('a\0b'), flags: ['$X'], internalDate: NOW });
    first.store.close();
    const { store, accountId } = withAccount(directory);
    expect(store.mailboxes.open(accountId, 'INBOX')).toMatchObject({ uidValidity: inbox.uidValidity, messageCount: 1 });
    expect(store.messages.find(inbox.id, uid)).toMatchObject({ flags: ['$X'], internalDate: NOW, sizeBytes: 3 });
    store.close();
  });

  it('refuses a second platform on the same directory', () => {
    const { store } = withAccount(directory);
    const script = `import(${JSON.stringify(new URL('./store.ts', import.meta.url).href)}).then(({ openStore }) => openStore(${JSON.stringify(directory)}, () => new Date())).catch((error) => { console.log(error.code); })`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('directory-in-use');
    store.close();
  });

  it('refuses a file that is no database', () => {
    writeFileSync(join(directory, 'platform.db'), 'x'.repeat(5000));
    expect(() => openStore(directory, () => NOW)).toThrow(expect.objectContaining({ code: 'directory-unreadable' }));
  });
});

describe('small things', () => {
  it('knows a password from another, and no password from none', async () => {
    const hash = await hashPassword('비밀');
    expect(hash).not.toContain('비밀');
    expect(await verifyPassword('비밀', hash)).toBe(true);
    expect(await verifyPassword('비밀번호', hash)).toBe(false);
    expect(await verifyPassword('', null)).toBe(false);
  });

  it('stores flags once, in their usual spelling, without \\Recent', () => {
    expect(storedFlags(['\\Extension'])).toEqual(['\\Extension']);
    expect(storedFlags(['\\SEEN', '$Forwarded', '\\recent', '$forwarded', '\\Seen'])).toEqual(['\\Seen', '$Forwarded']);
    for (const flag of ['\\*', '\\', 'a b', '', 'a(', '한', 'a*', 'x'.repeat(201)]) {
      expect(() => storedFlags([flag])).toThrow(expect.objectContaining({ code: 'flag-invalid' }));
    }
  });

  it.each([
    ['A: b\r\n\r\nbody', 8],
    ['A: b\n\nbody', 6],
    ['A: b\n\r\nbody', 7],
    ['\r\nbody', 2],
    ['A: b\r\n', 6],
    ['A: b', 4],
  ])('finds the end of the header in %j', (text, length) => {
    expect(headerLength(Buffer.from(text))).toBe(length);
  });
});
