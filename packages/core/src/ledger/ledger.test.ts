import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailferryError } from '../errors.ts';
import type { MailboxPath, UidValidity } from '../mail/mailbox.ts';
import type { MailboxId, PartNumber } from './ids.ts';
import { Ledger } from './ledger.ts';
import type { StoredMessage } from './message-records.ts';
import { MESSAGE_STATES, TRANSITIONS } from './message-state.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-ledger-'));
  path = join(directory, '.mailferry', 'ledger.sqlite');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const FIRST = 1 as UidValidity;
const inbox = { path: 'INBOX' as MailboxPath, delimiter: '/', specialUse: null, selectable: true, folder: 'INBOX' };
const listed = (...uids: number[]) => uids.map((locator) => ({ locator, sizeBytes: 100 }));

const withInbox = (): { ledger: Ledger; id: MailboxId } => {
  const ledger = new Ledger(path);
  ledger.mailboxes.record([inbox]);
  return { ledger, id: ledger.mailboxes.all()[0]?.id as MailboxId };
};

const storedAs = (id: StoredMessage['id'], name: string, byteOffset: number): StoredMessage => ({
  id,
  name,
  byteOffset,
  method: 'deflate',
  sizeBytes: 100,
  compressedBytes: 50,
  crc32: 1,
  sha256: byteOffset.toString(16).padStart(64, '0'),
  modifiedAt: new Date(0),
  internalDate: new Date('2024-01-02T03:04:05Z'),
  flags: ['\\Seen'],
  messageId: null,
});

const storeAll = (ledger: Ledger, id: MailboxId): PartNumber => {
  const part = ledger.parts.begin(ledger.parts.nextNumber(), `part-${ledger.parts.nextNumber()}.zip`, null);
  const stored = ledger.messages.pending(id).map((message, i) => storedAs(message.id, `${part.number}-${i}.eml`, i * 100));
  ledger.messages.commitBatch({ part: part.number, committedBytes: 1000, stored }, []);
  return part.number;
};

describe('discovery', () => {
  it('finds each message once, and only what is new later', () => {
    const { ledger, id } = withInbox();
    expect(ledger.messages.discover(id, FIRST, listed(1, 2), null)).toEqual({ found: 2, vanished: 0 });
    expect(ledger.messages.discover(id, FIRST, listed(1, 2, 9), null)).toEqual({ found: 1, vanished: 0 });
    expect(ledger.messages.pending(id).map((message) => message.locator)).toEqual([1, 2, 9]);
    ledger.close();
  });

  it('closes what is gone before it was fetched, and takes it up again when it is back', () => {
    const { ledger, id } = withInbox();
    ledger.messages.discover(id, FIRST, listed(1, 2), null);
    expect(ledger.messages.discover(id, FIRST, listed(2), null).vanished).toBe(1);
    expect(ledger.messages.counts().get(id)).toMatchObject({ discovered: 1, vanished: 1 });
    ledger.messages.discover(id, FIRST, listed(1, 2), null);
    expect(ledger.messages.counts().get(id)).toMatchObject({ discovered: 2, vanished: 0 });
    ledger.close();
  });

  it('keeps what is stored when the source forgets it', () => {
    const { ledger, id } = withInbox();
    ledger.messages.discover(id, FIRST, listed(1), null);
    storeAll(ledger, id);
    ledger.messages.discover(id, FIRST, [], null);
    expect(ledger.messages.counts().get(id)).toMatchObject({ stored: 1, vanished: 0 });
    ledger.close();
  });

  it('takes the same UID under a new UIDVALIDITY for another message', () => {
    const { ledger, id } = withInbox();
    ledger.messages.discover(id, FIRST, listed(1), null);
    storeAll(ledger, id);
    ledger.messages.discover(id, 2 as UidValidity, listed(1), null);
    expect(ledger.messages.counts().get(id)).toMatchObject({ stored: 1, discovered: 1 });
    ledger.close();
  });

  it('closes the messages of a filtered mailbox with the reason', () => {
    const { ledger, id } = withInbox();
    ledger.messages.discover(id, FIRST, listed(1, 2), 'view');
    expect([...ledger.messages.inState(id, 'filtered')].map((message) => message.code)).toEqual(['view', 'view']);
    expect(ledger.messages.pending(id)).toEqual([]);
    ledger.close();
  });
});

describe('closing messages', () => {
  it('keeps every field of a stored message, in file order and page by page', () => {
    const { ledger, id } = withInbox();
    ledger.messages.discover(id, FIRST, listed(...Array.from({ length: 2500 }, (_, i) => i + 1)), null);
    const part = storeAll(ledger, id);
    const entries = [...ledger.messages.ofPart(part)];
    expect(entries.map((entry) => entry.byteOffset)).toEqual(Array.from({ length: 2500 }, (_, i) => i * 100));
    expect(entries[1]).toMatchObject({
      mailbox: 'INBOX',
      uidValidity: 1,
      locator: 2,
      flags: ['\\Seen'],
      internalDate: new Date('2024-01-02T03:04:05Z'),
      method: 'deflate',
    });
    ledger.close();
  });

  it('asks again for a failure at the source, with its reason kept meanwhile', () => {
    const { ledger, id } = withInbox();
    ledger.messages.discover(id, FIRST, listed(5), null);
    const [message] = ledger.messages.pending(id);
    ledger.messages.commitBatch(null, [
      { id: message?.id as StoredMessage['id'], state: 'failed', error: new MailferryError('message-empty', {}) },
    ]);
    expect(ledger.messages.failed()).toMatchObject([{ mailbox: 'INBOX', locator: 5, code: 'message-empty' }]);
    expect(ledger.messages.pending(id)).toHaveLength(1);
    ledger.close();
  });

  it('refuses a name twice, and then keeps nothing of the batch', () => {
    const { ledger, id } = withInbox();
    ledger.messages.discover(id, FIRST, listed(1, 2), null);
    const part = ledger.parts.begin(1 as PartNumber, 'part-0001.zip', null);
    const [a, b] = ledger.messages.pending(id).map((message) => message.id);
    const stored = [storedAs(a as StoredMessage['id'], 'x.eml', 0), storedAs(b as StoredMessage['id'], 'x.eml', 100)];
    expect(() => ledger.messages.commitBatch({ part: part.number, committedBytes: 200, stored }, [])).toThrow(/UNIQUE/);
    expect(ledger.parts.open()[0]?.committedBytes).toBe(0);
    expect(ledger.messages.counts().get(id)).toMatchObject({ discovered: 2, stored: 0 });
    ledger.close();
  });

  it('allows exactly the listed moves between states', () => {
    const { ledger, id } = withInbox();
    ledger.close();
    const database = new Database(path);
    database.pragma('ignore_check_constraints = ON');
    const insert = database.prepare(
      'INSERT INTO message (id, mailbox_id, uid_validity, locator, state, announced_bytes) VALUES (1, ?, 1, 1, ?, 0)',
    );
    const allowed = TRANSITIONS.map(([from, to]) => `${from} ${to}`);
    for (const from of MESSAGE_STATES) {
      for (const to of MESSAGE_STATES) {
        database.exec('BEGIN');
        insert.run(id, from);
        const move = () => database.prepare('UPDATE message SET state = ?').run(to);
        if (allowed.includes(`${from} ${to}`)) expect(move, `${from} to ${to}`).not.toThrow();
        else expect(move, `${from} to ${to}`).toThrow(/move between states/);
        database.exec('ROLLBACK');
      }
    }
    database.close();
  });
});

describe('uploads', () => {
  it('keeps the first key of a part, records answers once, and closes', () => {
    const { ledger, id } = withInbox();
    ledger.messages.discover(id, FIRST, listed(1, 2), null);
    const number = storeAll(ledger, id);
    const [part] = ledger.parts.open();
    if (!part) throw new Error('no open part');
    ledger.parts.seal(part, { sizeBytes: 1, entryCount: 2, sha256: 'a', manifestName: 'm', manifestSha256: 'b' });
    expect(ledger.uploads.unanswered()).toEqual([number]);
    expect(ledger.uploads.intend(number, 'key-1')).toBe('key-1');
    expect(ledger.uploads.intend(number, 'key-2')).toBe('key-1');
    ledger.uploads.answer(number, [{ name: '1-0.eml', kind: 'stored' }]);
    ledger.uploads.answer(number, [
      { name: '1-0.eml', kind: 'stored' },
      { name: '1-1.eml', kind: 'failed', error: new MailferryError('upload-entry-empty', {}) },
    ]);
    expect(ledger.uploads.openEntries(number)).toEqual([]);
    ledger.uploads.complete(number);
    expect(ledger.uploads.unanswered()).toEqual([]);
    expect(ledger.messages.counts().get(id)).toMatchObject({ uploaded: 1, failed: 1, stored: 0 });
    ledger.close();
  });
});

describe('opening', () => {
  it('refuses a second process, and is free again after close', () => {
    const ledger = new Ledger(path);
    expect(() => new Ledger(path)).toThrow(expect.objectContaining({ code: 'archive-locked' }));
    ledger.close();
    new Ledger(path).close();
  });

  it('refuses another account, another layout and another target', () => {
    const ledger = new Ledger(path);
    ledger.bind({ source: 'imap:a@h', layout: 'mixed' });
    ledger.bind({ source: 'imap:a@h', layout: 'mixed' });
    expect(() => ledger.bind({ source: 'imap:b@h', layout: 'mixed' })).toThrow(expect.objectContaining({ code: 'ledger-other-job' }));
    expect(() => ledger.bind({ source: 'imap:a@h', layout: 'by-mailbox' })).toThrow(expect.objectContaining({ code: 'ledger-other-job' }));
    ledger.bind({ target: 'platform:a@h' });
    expect(() => ledger.bind({ target: 'platform:b@h' })).toThrow(expect.objectContaining({ code: 'ledger-other-job' }));
    ledger.close();
  });

  it.each([
    ['a text file', (file: string) => writeFileSync(file, 'not a database, but long enough to look at\n'.repeat(50)), 'ledger-unreadable'],
    ['another SQLite file', (file: string) => new Database(file).exec('CREATE TABLE other (x)').close(), 'ledger-unreadable'],
    ['a later version', (file: string) => new Database(file).exec('PRAGMA user_version = 99').close(), 'ledger-version'],
    ['zeroed pages', (file: string) => writeFileSync(file, readFileSync(file).fill(0, 4096, 40960)), 'ledger-unreadable'],
  ])('refuses %s and leaves it as it is', (_, damage, code) => {
    const { ledger, id } = withInbox();
    ledger.messages.discover(id, FIRST, listed(...Array.from({ length: 500 }, (_, i) => i + 1)), null);
    ledger.close();
    if (code === 'ledger-unreadable' && _ === 'another SQLite file') rmSync(path);
    damage(path);
    copyFileSync(path, `${path}.before`);
    expect(() => new Ledger(path)).toThrow(expect.objectContaining({ code }));
    expect(readFileSync(path).equals(readFileSync(`${path}.before`))).toBe(true);
  });
});
