import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailferryError } from '../errors.ts';
import type { MailboxPath, UidValidity } from '../mail/mailbox.ts';
import type { Sieve } from './discovery.ts';
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

const ALL: Sieve = { fingerprint: '', reasonFor: () => null };

/** Takes over a whole listing. */
const discover = (ledger: Ledger, id: MailboxId, messages: ReturnType<typeof listed>, uidValidity = FIRST, sieve = ALL) =>
  ledger.messages.discover(id, { uidValidity, scope: 'whole', messages, gone: [], totalCount: messages.length, point: null }, sieve);

/** Takes over what came and went. */
const discoverDelta = (ledger: Ledger, id: MailboxId, came: number[], gone: number[], totalCount: number) =>
  ledger.messages.discover(id, { uidValidity: FIRST, scope: 'delta', messages: listed(...came), gone, totalCount, point: 'p' }, ALL);

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
  const part = ledger.parts.begin({
    number: ledger.parts.nextNumber(),
    fileName: `part-${ledger.parts.nextNumber()}.zip`,
    mailboxId: null,
    period: null,
  });
  const stored = [...ledger.messages.pending(id)].map((message, i) => storedAs(message.id, `${part.number}-${i}.eml`, i * 100));
  ledger.messages.commitBatch({ part: part.number, committedBytes: 1000, stored }, []);
  return part.number;
};

describe('discovery', () => {
  it('finds each message once, and only what is new later', () => {
    const { ledger, id } = withInbox();
    expect(discover(ledger, id, listed(1, 2))).toEqual({ found: 2, vanished: 0, left: 0, remade: 0 });
    expect(discover(ledger, id, listed(1, 2, 9))).toEqual({ found: 1, vanished: 0, left: 0, remade: 0 });
    expect([...ledger.messages.pending(id)].map((message) => message.locator)).toEqual([1, 2, 9]);
    ledger.close();
  });

  it('closes what is gone before it was fetched, and takes it up again when it is back', () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1, 2));
    expect(discover(ledger, id, listed(2))?.vanished).toBe(1);
    expect(ledger.messages.counts().get(id)).toMatchObject({ discovered: 1, vanished: 1 });
    discover(ledger, id, listed(1, 2));
    expect(ledger.messages.counts().get(id)).toMatchObject({ discovered: 2, vanished: 0 });
    ledger.close();
  });

  it('keeps what is stored when the source forgets it', () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1));
    storeAll(ledger, id);
    discover(ledger, id, []);
    expect(ledger.messages.counts().get(id)).toMatchObject({ stored: 1, vanished: 0 });
    ledger.close();
  });

  it('takes the same UID under a new UIDVALIDITY for another message', () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1));
    storeAll(ledger, id);
    discover(ledger, id, listed(1), 2 as UidValidity);
    expect(ledger.messages.counts().get(id)).toMatchObject({ stored: 1, discovered: 1 });
    ledger.close();
  });

  it('closes the messages of a filtered mailbox with the reason', () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1, 2), FIRST, { fingerprint: 'v', reasonFor: () => 'view' });
    expect([...ledger.messages.inState(id, 'filtered')].map((message) => message.code)).toEqual(['view', 'view']);
    expect([...ledger.messages.pending(id)]).toEqual([]);
    ledger.close();
  });
});

describe('discovery of what changed', () => {
  it("adds what came and unlists what went, when that makes the source's own count", () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1, 2, 3));
    storeAll(ledger, id);
    expect(discoverDelta(ledger, id, [7, 8], [2, 5], 4)).toEqual({ found: 2, vanished: 0, left: 1, remade: 0 });
    expect([...ledger.messages.pending(id)].map((message) => message.locator)).toEqual([7, 8]);
    expect(ledger.mailboxes.all()[0]).toMatchObject({ listedMessages: 4, listingPoint: 'p' });
    ledger.close();
  });

  it("changes nothing when it doesn't add up", () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1, 2));
    expect(discoverDelta(ledger, id, [7], [], 4)).toBeNull();
    expect([...ledger.messages.pending(id)].map((message) => message.locator)).toEqual([1, 2]);
    expect(ledger.mailboxes.all()[0]?.listedMessages).toBe(2);
    ledger.close();
  });

  it('knows what a mailbox showed before it was made anew', () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1, 2));
    storeAll(ledger, id);
    expect(ledger.messages.hasGone(id)).toBe(false);
    expect(discover(ledger, id, listed(1), 2 as UidValidity)).toEqual({ found: 1, vanished: 0, left: 2, remade: 2 });
    expect(ledger.messages.hasGone(id)).toBe(true);
    const [original] = ledger.messages.findGoneTwins(storedAs(0 as StoredMessage['id'], '', 100).sha256, id);
    const [message] = [...ledger.messages.pending(id)];
    if (!message || original === undefined) throw new Error('nothing to close');
    ledger.messages.commitBatch(null, [{ id: message.id, state: 'duplicate', duplicateOf: original }]);
    expect(ledger.messages.findGoneTwins(storedAs(0 as StoredMessage['id'], '', 100).sha256, id)).toEqual([]);
    ledger.close();
  });
});

describe('a sieve', () => {
  const leaveOut = (fingerprint: string, reasons: Record<number, string | undefined>): Sieve => ({
    fingerprint,
    reasonFor: ({ locator }) => (Number(locator) in reasons ? reasons[Number(locator)] : null),
  });

  it("takes up again what another one doesn't leave out", () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1, 2), FIRST, leaveOut('a', { 1: 'size' }));
    expect([...ledger.messages.pending(id)].map((message) => message.locator)).toEqual([2]);
    discover(ledger, id, listed(1, 2), FIRST, leaveOut('b', { 2: 'size' }));
    expect([...ledger.messages.pending(id)].map((message) => message.locator)).toEqual([1]);
    ledger.close();
  });

  it('asks again for what only a fetch could judge when it is another one, and only then', () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1), FIRST, leaveOut('a', { 1: undefined }));
    const [message] = [...ledger.messages.pending(id)];
    if (!message) throw new Error('nothing to close');
    ledger.messages.commitBatch(null, [{ id: message.id, state: 'filtered', reason: 'period' }]);
    discover(ledger, id, listed(1), FIRST, leaveOut('a', { 1: undefined }));
    expect([...ledger.messages.pending(id)]).toEqual([]);
    discover(ledger, id, listed(1), FIRST, leaveOut('b', { 1: undefined }));
    expect([...ledger.messages.pending(id)]).toHaveLength(1);
    ledger.close();
  });
});

describe('closing messages', () => {
  it('keeps every field of a stored message, in file order and page by page', () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(...Array.from({ length: 2500 }, (_, i) => i + 1)));
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
    discover(ledger, id, listed(5));
    const [message] = [...ledger.messages.pending(id)];
    ledger.messages.commitBatch(null, [
      { id: message?.id as StoredMessage['id'], state: 'failed', error: new MailferryError('message-empty', {}) },
    ]);
    expect(ledger.messages.failed()).toMatchObject([{ mailbox: 'INBOX', locator: 5, code: 'message-empty' }]);
    expect([...ledger.messages.pending(id)]).toHaveLength(1);
    ledger.close();
  });

  it('refuses a name twice, and then keeps nothing of the batch', () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1, 2));
    const part = ledger.parts.begin({ number: 1 as PartNumber, fileName: 'part-0001.zip', mailboxId: null, period: null });
    const [a, b] = [...ledger.messages.pending(id)].map((message) => message.id);
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
      'INSERT INTO message (id, mailbox_id, era, uid_validity, locator, state, announced_bytes) VALUES (1, ?, 0, 1, 1, ?, 0)',
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
  it('takes another key as long as nothing was answered, records answers once, and closes', () => {
    const { ledger, id } = withInbox();
    discover(ledger, id, listed(1, 2));
    const number = storeAll(ledger, id);
    const [part] = ledger.parts.open();
    if (!part) throw new Error('no open part');
    const sums = { sha256: 'a', manifestSha256: 'b', linkSha256: 'b', merkleRoot: 'c' };
    ledger.parts.seal(part, { fileName: part.fileName, sizeBytes: 1, entryCount: 2, manifestName: 'm', ...sums });
    expect(ledger.uploads.unanswered()).toEqual([number]);
    expect(ledger.uploads.intend(number, 'key-1')).toBe('key-1');
    expect(ledger.uploads.intend(number, 'key-2')).toBe('key-2');
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
    discover(ledger, id, listed(...Array.from({ length: 500 }, (_, i) => i + 1)));
    ledger.close();
    if (code === 'ledger-unreadable' && _ === 'another SQLite file') rmSync(path);
    damage(path);
    copyFileSync(path, `${path}.before`);
    expect(() => new Ledger(path)).toThrow(expect.objectContaining({ code }));
    expect(readFileSync(path).equals(readFileSync(`${path}.before`))).toBe(true);
  });
});
