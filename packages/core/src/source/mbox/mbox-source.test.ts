import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mailbox, UidValidity } from '../../mail/mailbox.ts';
import type { ListedMessage, MessageListing } from '../mail-source.ts';
import { MboxSource } from './mbox-source.ts';

const { signal } = new AbortController();
const WHOLE = { since: null, mayBeDelta: true, withDetails: true };
const message = (n: number, fields = ''): string => `From: a\nSubject: ${n}\n${fields}\nbody ${n}\n`;
const mbox = (...messages: string[]): string => messages.map((one) => `From a@b Mon Jan  5 12:00:01 2026\n${one}\n`).join('');
const labelled = (n: number, labels: string): string => message(n, `X-Gmail-Labels: ${labels}\n`);

let directory: string;
let source: MboxSource;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailferry-mbox-'));
});

afterEach(async () => {
  await source.close();
  rmSync(directory, { recursive: true });
});

const put = (name: string, content: string | Buffer): string => {
  const path = join(directory, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
};

const open = (path: string): MboxSource => {
  source = new MboxSource({ path, format: null, streamAboveBytes: 1_000_000, messageLimitBytes: 2_000_000 });
  return source;
};

const mailboxes = async (): Promise<Map<string, Mailbox>> =>
  new Map((await source.listMailboxes(signal)).map((mailbox) => [mailbox.path, mailbox]));

const only = async (): Promise<Mailbox> => {
  const [first] = await source.listMailboxes(signal);
  if (!first) throw new Error('no mailbox');
  return first;
};

/** A listing, read to its end. */
interface WholeListing extends MessageListing {
  readonly messages: ListedMessage[];
}

const listOf = async (mailbox: Mailbox, since: string | null = null): Promise<WholeListing> => {
  const listing = await source.listMessages(mailbox, { ...WHOLE, since }, signal);
  return { ...listing, messages: [...listing.messages] };
};

const list = async (since: string | null = null): Promise<WholeListing> => listOf(await only(), since);

const fetchAll = async (mailbox: Mailbox, uidValidity: UidValidity, wanted: readonly ListedMessage[]): Promise<string[]> => {
  const texts: string[] = [];
  for await (const outcome of source.fetch(mailbox, uidValidity, wanted, signal))
    texts.push(outcome.kind === 'message' ? String(outcome.message.body) : outcome.kind);
  return texts;
};

/** What each mailbox holds: subjects and flags. */
const contents = async (): Promise<Record<string, string[]>> => {
  const found: Record<string, string[]> = {};
  for (const [path, mailbox] of await mailboxes()) {
    const { messages, uidValidity } = await listOf(mailbox);
    const texts = await fetchAll(mailbox, uidValidity, messages);
    found[path] = texts.map((text, i) => [/Subject: (\d+)/.exec(text)?.[1], ...(messages[i]?.flags ?? [])].join(' '));
  }
  return found;
};

describe('generations', () => {
  it('lists with offsets, dates and flags, and fetches by them in any order', async () => {
    open(put('a.mbox', mbox(message(1, 'Status: R\n'), message(2))));
    const listing = await list();
    const date = new Date('2026-01-05T12:00:01Z');
    expect(listing).toMatchObject({ uidValidity: 1, scope: 'whole', totalCount: 2, gone: [], notices: [] });
    expect(listing.messages).toEqual([
      { locator: 0, sizeBytes: 37, internalDate: date, flags: ['\\Seen'] },
      { locator: 72, sizeBytes: 27, internalDate: date, flags: [] },
    ]);
    expect(await fetchAll(await only(), listing.uidValidity, listing.messages.toReversed())).toEqual([
      message(1, 'Status: R\n'),
      message(2),
    ]);
  });

  it('reads nothing again while the file is unchanged', async () => {
    const path = put('a.mbox', mbox(message(1), message(2)));
    open(path);
    const { point } = await list();
    expect(await list(point)).toMatchObject({ uidValidity: 1, scope: 'delta', messages: [], totalCount: 2, point });
    // It still serves what was listed before.
    expect(await fetchAll(await only(), 1 as UidValidity, [{ locator: 62, sizeBytes: 27 }])).toEqual([message(2)]);
    expect(await source.listMessages(await only(), { ...WHOLE, since: point, mayBeDelta: false }, signal)).toMatchObject({
      scope: 'whole',
      uidValidity: 1,
    });
  });

  it('stays when messages are added or flags change in place', async () => {
    const path = put('a.mbox', mbox(message(1, 'X-Mozilla-Status: 0000\n'), message(2)));
    open(path);
    const { point, messages } = await list();
    writeFileSync(path, mbox(message(1, 'X-Mozilla-Status: 0001\n'), message(2), message(3)));
    const later = await list(point);
    expect(later).toMatchObject({ uidValidity: 1, scope: 'whole', totalCount: 3 });
    expect(later.messages.slice(0, 2).map(({ locator }) => locator)).toEqual(messages.map(({ locator }) => locator));
    expect(later.messages[0]?.flags).toEqual(['\\Seen']);
  });

  it.each([
    ['a message was taken out', mbox(message(2), message(3))],
    ['one became another', mbox(message(9), message(2), message(3))],
    ['the last one grew', mbox(message(1), message(2), `${message(3)}more\n`)],
  ])('is a new one when %s', async (_, content) => {
    const path = put('a.mbox', mbox(message(1), message(2), message(3)));
    open(path);
    const { point, messages } = await list();
    writeFileSync(path, content);
    const later = await list(point);
    expect(later).toMatchObject({ uidValidity: 2, scope: 'whole' });
    await expect(fetchAll(await only(), 1 as UidValidity, messages)).rejects.toMatchObject({ code: 'mailbox-replaced' });
    expect(await list(later.point)).toMatchObject({ uidValidity: 2, scope: 'delta' });
  });

  it('is unlike all before when the point is not one of ours', async () => {
    open(put('a.mbox', mbox(message(1))));
    expect((await list('broken')).uidValidity).toBeGreaterThan(1_000_000);
  });

  it('lets an appended file be fetched, and refuses a changed one', async () => {
    const path = put('a.mbox', mbox(message(1), message(2)));
    open(path);
    const { messages, uidValidity } = await list();
    const mailbox = await only();
    appendFileSync(path, mbox(message(3)));
    expect(await fetchAll(mailbox, uidValidity, messages)).toEqual([message(1), message(2)]);
    writeFileSync(path, mbox(message(1, 'Status: RO\n'), message(2), message(3)));
    await expect(fetchAll(mailbox, uidValidity, messages)).rejects.toMatchObject({ code: 'source-changed' });
    writeFileSync(path, mbox(message(1)));
    await expect(fetchAll(mailbox, uidValidity, messages)).rejects.toMatchObject({ code: 'source-changed' });
    rmSync(path);
    await expect(fetchAll(mailbox, uidValidity, messages)).rejects.toMatchObject({ code: 'source-unreadable' });
  });
});

describe('files', () => {
  it('makes a mailbox of each mbox in a tree, and tells once what it left out', async () => {
    put('Inbox', mbox(message(1)));
    put('Inbox.msf', 'index');
    put('Inbox.sbd/일.mbox', mbox(message(2), message(3)));
    put('old.mbox.gz', gzipSync(mbox(message(4))));
    put('Drafts', '');
    put('photo.jpg', Buffer.from([0xff, 0xd8, 0xff]));
    put('note.txt', 'From here on\n');
    put('letter.eml', message(5));
    put('one.mbox', message(6));
    symlinkSync('/etc/passwd', join(directory, 'link'));
    open(directory);
    expect(await contents()).toEqual({ 'Drafts': [], 'Inbox': ['1'], 'Inbox/일': ['2', '3'], 'old': ['4'], 'one': ['6'] });
    const mailbox = await only();
    const skipped = { code: 'no-mail-skipped', details: { path: directory, count: 4 } };
    expect((await source.listMessages(mailbox, WHOLE, signal)).notices).toEqual([skipped]);
    expect((await source.listMessages(mailbox, WHOLE, signal)).notices).toEqual([]);
  });

  it('says which path is missing, no mail or unreadable', async () => {
    await expect(open(join(directory, 'none')).listMailboxes(signal)).rejects.toMatchObject({ code: 'source-missing' });
    await expect(open(directory).listMailboxes(signal)).rejects.toMatchObject({ code: 'source-unknown' });
    await expect(open(put('x', 'just text\n')).listMailboxes(signal)).rejects.toMatchObject({ code: 'source-unknown' });
    await expect(open('/dev/null').listMailboxes(signal)).rejects.toMatchObject({ code: 'source-unreadable' });
    expect(await open(put('empty', '')).listMailboxes(signal)).toMatchObject([{ path: 'empty', selectable: true, delimiter: '/' }]);
    expect(await list()).toMatchObject({ totalCount: 0 });
  });

  it('is one identity by whatever path', async () => {
    const path = put('a.mbox', '');
    symlinkSync(path, join(directory, 'link'));
    expect(open(join(directory, 'link')).identity).toBe(open(path).identity);
    expect(source.identity).toBe(`mbox:${path}`);
  });

  it('reads a gzip file over several fetches', async () => {
    const messages = Array.from({ length: 2000 }, (_, i) => message(i, `X: ${'x'.repeat(i)}\n`));
    open(put('a.mbox.gz', gzipSync(mbox(...messages))));
    const { messages: listed, uidValidity } = await list();
    const mailbox = await only();
    const texts: string[] = [];
    for (let from = 0; from < listed.length; from += 300)
      texts.push(...(await fetchAll(mailbox, uidValidity, listed.slice(from, from + 300))));
    expect(texts).toEqual(messages);
    expect(await fetchAll(mailbox, uidValidity, listed.slice(5, 6))).toEqual([messages[5]]);
  });

  it('fails one message that is too large, and stops when it is told to', async () => {
    open(put('a.mbox', mbox(message(1), message(2, `X: ${'x'.repeat(2_000_000)}\n`), message(3))));
    const { messages, uidValidity } = await list();
    expect(await fetchAll(await only(), uidValidity, messages)).toEqual([message(1), 'failed', message(3)]);
    const stopped = AbortSignal.abort();
    await expect(source.listMessages(await only(), WHOLE, stopped)).rejects.toMatchObject({ code: 'cancelled' });
    const fetched = source.fetch(await only(), uidValidity, messages, stopped);
    await expect(fetched.next()).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('never changes a file', async () => {
    const path = put('a.mbox', mbox(message(1)));
    utimesSync(path, 1000, 1000);
    open(path);
    await contents();
    expect(statSync(path).mtimeMs).toBe(1_000_000);
  });
});

describe("Gmail's labels", () => {
  const takeout = [
    labelled(1, 'Inbox,Unread,업무/2024'),
    labelled(2, 'Sent,Opened'),
    labelled(3, 'Archived'),
    labelled(4, 'Inbox,Starred'),
  ];

  it('become mailboxes of an export, each message in all of its own', async () => {
    open(put('All mail.mbox', mbox(...takeout)));
    expect(await contents()).toEqual({
      'INBOX': ['1', '4 \\Seen \\Flagged'],
      '업무/2024': ['1'],
      'Sent': ['2 \\Seen'],
      'Archive': ['3 \\Seen'],
    });
  });

  it('have generations of their own', async () => {
    const path = put('All mail.mbox', mbox(...takeout));
    open(path);
    const before = new Map<string, MessageListing>();
    for (const [name, mailbox] of await mailboxes()) before.set(name, await source.listMessages(mailbox, WHOLE, signal));
    writeFileSync(path, mbox(...takeout, labelled(5, 'Sent,New')));
    const later = await mailboxes();
    expect([...later.keys()]).toEqual(['INBOX', '업무/2024', 'Sent', 'Archive', 'New']);
    for (const [name, mailbox] of later) {
      const { uidValidity, totalCount } = await source.listMessages(mailbox, { ...WHOLE, since: before.get(name)?.point ?? null }, signal);
      expect(uidValidity).toBe(1);
      expect(totalCount).toBe({ 'INBOX': 2, 'Sent': 2 }[name] ?? 1);
    }
  });

  it('of several files: one whose messages share a label is that mailbox', async () => {
    put('Work.mbox', mbox(labelled(1, 'Work,Inbox'), labelled(2, 'Work')));
    put('All-001.mbox', mbox(labelled(3, 'Inbox'), labelled(4, 'Sent')));
    put('All-002.mbox', mbox(labelled(5, 'Inbox'), labelled(6, 'Sent')));
    put('Sent', mbox(message(7)));
    open(directory);
    expect(await contents()).toEqual({
      'Sent': ['7'],
      'INBOX': ['3 \\Seen'],
      'Sent (2)': ['4 \\Seen'],
      'INBOX (2)': ['5 \\Seen'],
      'Sent (3)': ['6 \\Seen'],
      'Work': ['1 \\Seen', '2 \\Seen'],
    });
  });
});
